"""The scan page through its real door."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from app.auth import tickets
from app.pages import scan
from members import consent
from tests.app.conftest import Web
from tests.factories.recalls import a_recall
from tests.members.goods import GTIN, lot_id, shelf
from tests.members.people import join
from traceability import codes, holds, imports, lots, products
from traceability.models import ItemScans, Scan


def _released(web: Web, code: str = "L1", size: int = 3) -> list[str]:
    """Serials of a released lot."""
    serials = shelf(web.house, **{code: size})[code]
    with web.house.begin() as unit:
        lots.get(unit, lot_id(web.house, code)).state = "released"
    return serials


def _path(serial: str, gtin: str = GTIN) -> str:
    return f"/01/{gtin}/21/{serial}"


def _get(web: Web, path: str) -> Any:
    """As a phone does: through the resolver to the page."""
    return web.client.get(path, follow_redirects=True)


def test_a_genuine_item_is_told_so_first_and_then_with_its_first_time(web: Web) -> None:
    serial = _released(web)[0]
    first = _get(web, _path(serial))
    assert first.status_code == 200
    assert "正品 · 首次查询" in first.text
    assert "鲜牛奶" in first.text
    assert "正品 · 首次查询" not in _get(web, _path(serial)).text


def test_a_hold_and_a_recall_outweigh_a_ready_story(web: Web) -> None:
    serial = _released(web)[0]
    _get(web, _path(serial))
    with web.house.begin() as unit:
        holds.place(unit, lot_id=lot_id(web.house, "L1"), cause="person", cause_id="test", reason="温度")
    assert "暂停销售" in _get(web, _path(serial)).text
    with web.house.begin() as unit:
        a_recall(unit, lot_ids=[lot_id(web.house, "L1")], reason="温度偏低", advice="请带回店家<b>退款</b>")
    page = _get(web, _path(serial)).text
    assert "已召回" in page
    assert "请带回店家&lt;b&gt;退款" in page
    assert "温度偏低" in page


def test_a_code_may_be_typed_in_small_letters(web: Web) -> None:
    serial = _released(web)[0]
    assert "正品 · 首次查询" in _get(web, _path(serial.lower())).text


def test_what_is_not_ours_gets_one_calm_page(web: Web) -> None:
    serial = _released(web)[0]
    wrong = ("A" if serial[0] != "A" else "B") + serial[1:]
    for path in (_path(wrong), _path(serial, "09521234500018"), f"/see/{GTIN}/{wrong}", f"/see/123/{serial}"):
        answer = _get(web, path)
        assert answer.status_code == 404, path
        assert "查无此码" in answer.text, path


def test_what_is_no_digital_link_says_so(web: Web) -> None:
    serial = _released(web)[0]
    for path in (
        _path(serial, "123"),
        _path(serial, "06901234567891"),
        _path("%F0%9F%A5%9B"),
        _path("x" * 300),
        _path("a%00b"),
        "/01/" + "9" * 8192,
    ):
        answer = web.client.get(path)
        assert answer.status_code == 400, path
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 0


def test_nobody_may_keep_the_page_or_learn_its_address(web: Web) -> None:
    serial = _released(web)[0]
    answer = _get(web, _path(serial))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    for address in re.findall(r'(?:href|src|action)="([^"]+)"', answer.text):
        assert re.match(r"[#?]|/[^/]", address), address
        assert serial not in address.partition("?")[2], address


def test_the_page_speaks_english_and_remembers_it(web: Web) -> None:
    serials = _released(web)
    assert "Genuine, first check" in _get(web, _path(serials[0]) + "?lang=en").text
    english = _get(web, _path(serials[1])).text
    assert '<html lang="en">' in english
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"岚牧乳业|杭州|中文|中", "", english)), "Chinese on an English page"


def test_the_other_language_is_no_second_look_but_tells_what_has_changed(web: Web) -> None:
    first, second = _released(web)[:2]
    page = _get(web, _path(first))
    switch = re.search(r'href="([^"]+lang=en[^"]*)"', page.text)
    assert switch
    english = page.request.path + unescape(switch[1])
    assert "Genuine, first check" in web.client.get(english).text
    with web.house.begin() as unit:
        holds.place(unit, lot_id=lot_id(web.house, "L1"), cause="person", cause_id="test", reason="温度")
    assert "On hold" in web.client.get(english).text
    borrowed = _get(web, english.replace(first, second))  # its view is not good here: a look of its own
    assert borrowed.status_code == 200
    with web.house.look() as unit:
        assert [item.times for item in unit.session.scalars(select(ItemScans).order_by(ItemScans.counter))] == [1, 1]


def test_a_robots_glance_is_no_look_at_an_item(web: Web) -> None:
    serial = _released(web)[0]
    assert web.client.head(_path(serial)).status_code == 307
    assert web.client.head(f"/see/{GTIN}/{serial}").status_code == 200
    assert "正品 · 首次查询" in _get(web, _path(serial)).text


def test_a_serial_made_elsewhere_keeps_its_case_and_its_signs(web: Web) -> None:
    shelf(web.house, L1=1)
    with web.house.begin() as unit:
        product = products.by_gtin(unit, GTIN)
        order = imports.bring_in(unit, product_id=product.id, reference="IMP", serials=["a/1%+", "a-2"], printed=True)
        links = codes.links(unit, order.id)
    for link in links:
        assert _get(web, link.removeprefix("HTTPS://ID.EXAMPLE")).status_code == 200
    assert _get(web, _path("A-2")).status_code == 404


def test_a_page_asked_for_again_is_the_same_look_and_one_from_elsewhere_a_new_one(web: Web) -> None:
    serial = _released(web)[0]
    page = web.client.get(_path(serial)).headers["Location"]
    assert "正品 · 首次查询" in web.client.get(page).text
    assert "正品 · 首次查询" in web.client.get(page).text
    assert "正品 · 首次查询" not in _get(web, f"/see/{GTIN}/{serial}").text
    with web.house.look() as unit:
        assert [item.times for item in unit.session.scalars(select(ItemScans))] == [2]
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 2


@pytest.mark.parametrize("harm", ["cut", "foreign", "empty", "old"])
def test_a_view_that_is_not_good_is_led_back_to_a_look_of_its_own(web: Web, harm: str) -> None:
    first, second = _released(web)[:2]
    page = web.client.get(_path(first)).headers["Location"]
    secret = tickets.secret_of(web.house.settings.secret_key)
    broken = {
        "cut": page[:-1],
        "foreign": page.replace(first, second),
        "empty": f"/see/{GTIN}/{first}?v=",
        "old": f"/see/{GTIN}/{first}?v={tickets.mint_view(GTIN, first, at=datetime.now(UTC) - timedelta(minutes=11), secret=secret)}",
    }[harm]
    answer = web.client.get(broken)
    assert answer.status_code == 307
    assert answer.headers["Location"].startswith("/01/")
    assert _get(web, broken).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("Sec-Fetch-Mode", "no-cors"),
        ("User-Agent", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"),
        ("User-Agent", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"),
    ],
)
def test_what_nobody_reads_is_no_look(web: Web, header: str, value: str) -> None:
    serials = _released(web)
    _get(web, _path(serials[1]))  # the lane has learnt its headers
    for client in (web.client, web.app.test_client(use_cookies=False)):
        answer = client.get(_path(serials[0]), headers={header: value}, follow_redirects=True)
        assert (answer.status_code, answer.text, answer.headers["Cache-Control"]) == (204, "", "no-store")
    phone = {"Sec-Fetch-Mode": "navigate", "User-Agent": "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) baiduboxapp/13"}
    assert "正品 · 首次查询" in web.client.get(_path(serials[0]), headers=phone, follow_redirects=True).text


def test_what_became_of_a_typed_code_is_said_to_its_own_page_alone() -> None:
    secret = b"s" * 32
    view, other = (tickets.mint_view(GTIN, "A", at=datetime.now(UTC), secret=secret)[:26] for _ in range(2))
    said = tickets.sign_outcome(view, "locked", secret)
    assert tickets.read_outcome(said, view, secret) == "locked"
    crafted = ("locked", "locked.", said.replace("locked", "wrong"), tickets.sign_outcome(view, "won", secret), "", "\u00e9.\u00e9")
    assert {tickets.read_outcome(text, view, secret) for text in crafted} == {""}
    assert tickets.read_outcome(said, other, secret) == ""


@pytest.mark.parametrize(("ahead", "is_good"), [(4, True), (6, False)])
def test_a_view_of_a_machine_whose_clock_is_a_little_ahead_is_good(ahead: int, is_good: bool) -> None:
    now, secret = datetime.now(UTC), b"s" * 32
    view = tickets.mint_view(GTIN, "A", at=now + timedelta(minutes=ahead), secret=secret)
    assert (tickets.read_view(view, GTIN, "A", at=now, secret=secret) is not None) is is_good


def test_only_a_look_that_is_kept_for_a_member_is_said_to_be(web: Web) -> None:
    serials = _released(web)
    member_id = join(web.house).member_id
    with web.client.session_transaction() as kept:
        kept["member"] = [member_id, web.house.brand_id]
    page = _get(web, _path(serials[0]))
    assert "已记入您的会员页" in page.text
    assert "已记入您的会员页" in web.client.get(page.request.full_path).text, "the same look again"
    with web.house.begin("member") as unit:
        consent.change(unit, member_id=str(member_id), purpose="membership", given=False, language="zh", surface="my-page")
    assert "已记入您的会员页" not in _get(web, _path(serials[1])).text


def test_pages_of_different_lots_are_drawn_anew_at_different_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"LOT{number}" for number in range(8)]

    def turns(lot_id: str) -> int:
        """The second at which its next stretch begins."""
        stretches = []
        for second in range(scan.KEPT_FOR + 1):
            monkeypatch.setattr(scan.time, "time", lambda second=second: 1_000_000_200.0 + second)
            stretches.append(scan._stretch(lot_id))
        assert stretches[-1] == stretches[0] + 1
        return stretches.index(stretches[-1])

    assert len({turns(each) for each in ids}) > 4
