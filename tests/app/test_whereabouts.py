"""Where a request comes from: by a table that the test writes, by a proxy's word, and never by an error."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path

import pytest

from app import whereabouts
from app.config import Settings
from app.factory import create_app
from tests.conftest import House

V4 = (
    ("1.0.1.0", "1.0.3.255", "中国|福建省|福州市|电信|CN"),
    ("1.0.8.0", "1.0.15.255", "中国|0|浙江省|杭州市|电信"),
    ("1.1.0.0", "1.1.0.255", "中国|湖北省|仙桃市|0|CN"),
    ("1.2.0.0", "1.2.0.255", "中国|香港|0|电讯盈科|HK"),
    ("1.3.0.0", "1.3.0.255", "英国|0|0|0|BT"),
    ("1.4.0.0", "1.4.0.255", "Japan|Tokyo|Tokyo|0|JP"),
    ("1.5.0.0", "1.5.0.255", "月球|0|0|0|0"),
    ("1.6.0.0", "1.6.0.255", "坏"),
    ("10.0.0.0", "10.0.0.255", "中国|浙江省|杭州市|电信|CN"),
)
V6 = (("2400:3200::", "2400:3200:ffff:ffff:ffff:ffff:ffff:ffff", "中国|浙江省|杭州市|阿里云|CN"),)


def xdb(path: Path, rows: Sequence[tuple[str, str, str]], version: int = 4, structure: int = 3) -> Path:
    """A table as ip2region writes them: 256 bytes of head, an index of the first two bytes, the texts, the segments."""
    width, first = (4 if version == 4 else 16), 256 + 256 * 256 * 8
    texts = b"".join(row[2].encode() for row in rows)
    index, segments = bytearray(256 * 256 * 8), b""
    text_at, begin = first, first + len(texts)
    for low, high, said in rows:
        ends = [ip_address(end).packed for end in (low, high)]
        place = (ends[0][0] * 256 + ends[0][1]) * 8
        at = begin + len(segments)
        if not struct.unpack_from("<I", index, place)[0]:
            struct.pack_into("<I", index, place, at)
        struct.pack_into("<I", index, place + 4, at)
        size = len(said.encode())
        order = -1 if width == 4 else 1
        segments += ends[0][::order] + ends[1][::order] + struct.pack("<HI", size, text_at)
        text_at += size
    last = begin + len(segments) - (width * 2 + 6)
    head = struct.pack("<HHIIIHH", structure, 1, 0, begin, last, version if structure == 3 else 0, 4 if structure == 3 else 0)
    path.write_bytes(head.ljust(256, b"\0") + bytes(index) + texts + segments)
    return path


def asked(where: whereabouts.Where, address: str) -> str | None:
    return where({"REMOTE_ADDR": address})


@pytest.fixture
def where(tmp_path: Path) -> whereabouts.Where:
    v4, v6 = xdb(tmp_path / "v4.xdb", V4), xdb(tmp_path / "v6.xdb", V6, 6)
    return whereabouts.make(f"ip2region://{v4}?v6={v6}")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("1.0.2.77", "CN-3501"),
        ("1.0.9.1", "CN-3301"),
        ("1.1.0.9", "CN-42"),
        ("1.2.0.9", "CN-81"),
        ("1.3.0.9", "GB"),
        ("1.4.0.9", "JP"),
        ("1.5.0.9", None),
        ("1.6.0.9", None),
        ("1.0.200.1", None),
        ("9.9.9.9", None),
        ("2400:3200::1", "CN-3301"),
        ("2400:3300::1", None),
        ("::ffff:1.0.2.77", "CN-3501"),
        ("10.0.0.7", None),
        ("127.0.0.1", None),
        ("100.64.0.1", None),
        ("fe80::1%eth0", None),
        ("", None),
        ("unix:", None),
        ("1.2.3", None),
    ],
)
def test_an_address_leads_to_a_city_at_most(where: whereabouts.Where, address: str, region: str | None) -> None:
    assert asked(where, address) == region
    assert asked(where, address) == region  # now from memory


def test_a_request_without_an_address_has_no_region(where: whereabouts.Where) -> None:
    assert where({}) is None


def test_an_older_table_is_read_too_and_without_a_second_one_ipv6_is_unknown(tmp_path: Path) -> None:
    where = whereabouts.make(f"ip2region://{xdb(tmp_path / 'old.xdb', V4, structure=2)}")
    assert asked(where, "1.0.9.1") == "CN-3301"
    assert asked(where, "2400:3200::1") is None


def test_many_threads_may_ask_at_once(where: whereabouts.Where) -> None:
    addresses = ["1.0.2.1", "1.0.9.1", "1.4.0.1", "2400:3200::1"] * 250
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda address: asked(where, address), addresses))
    assert found == ["CN-3501", "CN-3301", "JP", "CN-3301"] * 250


def _shortened(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-40])
    return path


def test_what_is_no_table_is_said_at_the_start(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("not a table")
    four, six = xdb(tmp_path / "v4.xdb", V4), xdb(tmp_path / "v6.xdb", V6, 6)
    for url, why in (
        (f"ip2region://{tmp_path}/gone.xdb", "gone.xdb': No such file"),
        ("ip2region://", "cannot read ''"),
        (f"ip2region://{note}", "no whole xdb"),
        (f"ip2region://{_shortened(xdb(tmp_path / 'short.xdb', V4))}", "no whole xdb"),
        (f"ip2region://{xdb(tmp_path / 'newer.xdb', V4, structure=9)}", "no whole xdb"),
        (f"ip2region://{six}", "no IPv4"),
        (f"ip2region://{four}?v6={four}", "no IPv6"),
        ("maxmind:///x.mmdb", "unknown scheme 'maxmind'"),
        ("header:", "no name of a header"),
        ("header:X Region", "no name of a header"),
    ):
        with pytest.raises(ValueError, match="GEO_URL") as told:
            whereabouts.make(url, proxies=1)
        assert why in str(told.value), url


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("330106", "CN-3301"),
        ("3301", "CN-3301"),
        ("429004", "CN-42"),
        ("110105", "CN-11"),
        ("CN-3301", "CN-3301"),
        ("jp", "JP"),
        ("CN", "CN"),
        ("浙江省,杭州市", "CN-3301"),
        ("浙江省，杭州市", "CN-3301"),
        ("上海市,上海市", "CN-31"),
        ("中国,浙江,杭州", "CN-3301"),
        ("CN,浙江", "CN-33"),
        ("Zhejiang, Hangzhou", "CN-3301"),
        ("US,CA", "US"),
        ("香港,", "CN-81"),
        ("%E6%B5%99%E6%B1%9F%E7%9C%81,%E6%9D%AD%E5%B7%9E%E5%B8%82", "CN-3301"),
        ("", None),
        (",", None),
        ("990000", None),
        ("12345", None),
        ("²²", None),
        ("<script>", None),
        ("\xff\xfe", None),
        ("浙" * 5000, None),
    ],
)
def test_a_proxy_says_it_in_a_header(said: str, region: str | None) -> None:
    where = whereabouts.make("header:X-Region", proxies=1)
    as_sent = said if said == "\xff\xfe" else said.encode().decode("latin-1")
    assert where({"HTTP_X_REGION": as_sent}) == region


def test_a_header_that_no_proxy_could_have_set_is_not_believed() -> None:
    where = whereabouts.make("header:X-Region", proxies=0)
    assert where({"HTTP_X_REGION": "330100", "REMOTE_ADDR": "1.0.2.1"}) is None


def test_by_default_nobody_knows() -> None:
    assert whereabouts.make("")({"REMOTE_ADDR": "1.0.2.1", "HTTP_X_REGION": "330100"}) is None


def test_the_web_asks_whom_the_settings_name(house: House) -> None:
    given = Settings(home=house.settings.home, database_url=house.settings.database_url, geo_url="header:X-Region", proxies="1")
    app = create_app(given.filled(), house.database)
    assert app.extensions["suyuan.whereabouts"]({"HTTP_X_REGION": "330106"}) == "CN-3301"
