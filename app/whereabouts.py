"""Where a request comes from, as coarsely as a scan may know it: a city at most, or nothing.

GEO_URL chooses who is asked. Nobody (empty): then no scan has a region. A table of addresses in ip2region's
xdb format, read into memory once for each process: ``ip2region:///folder/v4.xdb?v6=/folder/v6.xdb``. Or the proxy in front,
which says it in a header of its own: ``header:X-Region``, believed only where PROXIES says that there is one, because
anybody can send a header. No address is kept here: what is remembered for speed is the region of a network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import structlog
from ip2region import util
from ip2region.searcher import Searcher

from traceability import regions

Where = Callable[[Mapping[str, Any]], str | None]
log = structlog.get_logger(__name__)
KEPT: Final = 65_536
"""Networks, or texts of a header, whose region is remembered."""
LONGEST: Final = 120
_NETWORKS: Final = {4: 8, 6: 80}
"""Bits of an address that are left out of the question: /24 and /48, as for devices (app.clients)."""


def make(geo_url: str, *, proxies: int = 0) -> Where:
    """Who is asked for the region (a code of ``regions``) of a request, by its WSGI environ; the answer never raises.

    Raises ValueError when the setting cannot be used: an unknown scheme, a file that is not there or is no xdb.
    """
    if not geo_url:
        return _nobody
    scheme, _, rest = geo_url.partition(":")
    if scheme == "header":
        return _of_header(rest, proxies)
    if scheme == "ip2region":
        return _of_tables(geo_url)
    raise ValueError(f"GEO_URL: unknown scheme {scheme!r}; ip2region:///file.xdb and header:Name are known")


def _nobody(environ: Mapping[str, Any]) -> str | None:
    return None


def _of_header(name: str, proxies: int) -> Where:
    plain = name.strip()
    if not plain.replace("-", "").isalnum() or not plain.isascii():
        raise ValueError(f"GEO_URL: {name!r} is no name of a header; header:X-Region is meant")
    if proxies < 1:
        log.warning("regions are not known: GEO_URL names a header, and PROXIES says that no proxy could set it", header=plain)
        return _nobody
    key = "HTTP_" + plain.upper().replace("-", "_")
    return lambda environ: _said(str(environ.get(key, ""))[:LONGEST])


@lru_cache(maxsize=KEPT)
def _said(text: str) -> str | None:
    """The region of a header: a number of GB/T 2260 (330106), a code (CN-3301, JP), or names: 浙江省,杭州市 with or without
    the country before them; as UTF-8, as it is or percent-encoded."""
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode()  # PEP 3333: a header comes as the characters of its bytes
    parts = [part.strip() for part in unquote(text).replace("，", ",").split(",")]
    if len(parts) == 1:
        return _numbered(parts[0]) if parts[0].isdigit() else regions.find(parts[0])
    if not any(parts):
        return None
    land = regions.of_names(parts[0])
    is_country = land is not None and regions.parent(land) is None
    return regions.of_names(*parts[:3]) if is_country or len(parts) > 2 else regions.of_names("CN", *parts)


def _numbered(digits: str) -> str | None:
    """A county by its prefecture, or by its province where it answers to that straight."""
    codes = (f"CN-{digits[:4]}", f"CN-{digits[:2]}") if len(digits) in (2, 4, 6) else ()
    return next((code for code in codes if regions.known(code)), None)


def _of_tables(geo_url: str) -> Where:
    parts = urlsplit(geo_url)
    files = {4: unquote(parts.path), 6: dict(parse_qsl(parts.query)).get("v6", "")}
    tables = {version: _opened(path, version) for version, path in files.items() if path or version == 4}

    @lru_cache(maxsize=KEPT)
    def of_network(version: int, network: int) -> str | None:
        width = 4 if version == 4 else 16
        try:
            return _placed(tables[version].search((network << _NETWORKS[version]).to_bytes(width, "big")))
        except (KeyError, IndexError, ValueError):  # no table of this kind, or a row that leads nowhere
            return None

    return partial(_of_address, of_network)


def _of_address(of_network: Callable[[int, int], str | None], environ: Mapping[str, Any]) -> str | None:
    try:
        address = ip_address(str(environ.get("REMOTE_ADDR", "")).partition("%")[0])
    except ValueError:
        return None
    plain: IPv4Address | IPv6Address = (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
    return of_network(plain.version, int(plain) >> _NETWORKS[plain.version]) if plain.is_global else None


def _opened(path: str, version: int) -> Searcher:
    """A whole table in memory: a searcher without a file may be asked by many threads at once."""
    wanted = util.IPv4 if version == 4 else util.IPv6
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"GEO_URL: cannot read {path!r}: {error.strerror}") from None
    least = util.HeaderInfoLength + util.VectorIndexLength
    header = util.Header(content[: util.HeaderInfoLength]) if len(content) > least else None
    if header is None or header.version not in (util.XdbStructure20, util.XdbStructure30) or header.endIndexPtr > len(content):
        raise ValueError(f"GEO_URL: {path!r} is no whole xdb file of ip2region")
    if util.version_from_header(header) is not wanted:
        raise ValueError(f"GEO_URL: {path!r} holds no {wanted.name} addresses")
    return Searcher(wanted, None, None, content)


@lru_cache(maxsize=KEPT)
def _placed(row: str) -> str | None:
    """What a row of the table says: 中国|浙江省|杭州市|电信|CN, or as older tables have it 中国|0|浙江省|杭州市|电信."""
    parts = row.split("|")
    if len(parts) < 4:
        return None
    land, code = regions.of_names(parts[0]), parts[-1]
    is_coded = len(code) == 2 and code.isascii() and code.isupper()
    named = regions.of_names(code) if is_coded else None
    if named is not None and (land is None or regions.within(named, (land,))):
        return regions.of_names(code, parts[1], parts[2])
    return regions.of_names(parts[0], parts[2], parts[3])
