"""The link on an item: GTIN, lot and serial as a GS1 Digital Link. Pure.

It knows application identifiers 01, 10 and 21 and no others, is quick, and forgives what a
door should: a path before the key, one trailing slash. ``uri`` reads every key, by the letter.

Sources: GS1 General Specifications 7.11 (character set 82); GS1 Digital Link URI Syntax 1.4, 4
(path order 01, 10, 21; key and qualifiers only in the path).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from kernel.errors import flaw
from traceability.gs1.keys import CSET82, GTIN, LOT, SERIAL, NotALink, holds

LONGEST = 2000
_CSET82 = re.compile(f"[{CSET82}]{{1,20}}")


@dataclass(frozen=True)
class Link:
    """``gtin`` of 14 digits; ``serial`` and ``lot`` of 1 to 20 characters of set 82, in their own case."""

    gtin: str
    serial: str | None = None
    lot: str | None = None

    def __post_init__(self) -> None:
        if len(self.gtin) != 14 or not holds(self.gtin):
            raise _no("check-digit", "the GTIN must be 14 digits with a right check digit")
        for value in (self.serial, self.lot):
            if value is not None and not _CSET82.fullmatch(value):
                raise _no("gs1-characters", "a lot or serial is 1 to 20 characters of GS1's set 82")

    @property
    def human(self) -> str:
        """Human-readable interpretation (General Specifications 4.14): ``(01)… (10)… (21)…``."""
        parts = ((GTIN, self.gtin), (LOT, self.lot), (SERIAL, self.serial))
        return " ".join(f"({key}){value}" for key, value in parts if value is not None)


def write(link: Link, base_url: str) -> str:
    """``HTTPS://HOST/01/<gtin>/10/<lot>/21/<serial>``.

    Scheme and host are case-insensitive (RFC 3986, 6.2.2.1); in upper case they stay inside a QR
    code's alphanumeric set, which takes 5.5 bits a character instead of 8 and so keeps the
    symbol one error correction level stronger at the same size. Any path of ``base_url`` keeps its case.
    """
    base = urlsplit(base_url)
    path = f"/{GTIN}/{link.gtin}"
    for key, value in ((LOT, link.lot), (SERIAL, link.serial)):
        if value is not None:
            path += f"/{key}/{quote(value, safe='')}"
    return f"{base.scheme.upper()}://{base.netloc.upper()}{base.path.rstrip('/')}{path}"


def parse(text: str) -> Link:
    """The link in a URL or in a path that begins with ``/``.

    A path before ``/01/``, a query of other keys, a fragment and one trailing slash are allowed.
    Raises NotALink.
    """
    path = _path(text.strip())
    parts = path.removesuffix("/").split("/")
    for start in range(len(parts) - 2, 0, -2):
        if parts[start] == GTIN:
            return _link(parts[start:])
    raise _no("key", "there is no /01/ with a GTIN in it")


def _path(text: str) -> str:
    if len(text) > LONGEST or not text.isprintable():
        raise _no("url", "the text is too long or not printable")
    try:
        url = urlsplit(text)
    except ValueError:
        raise _no("url", "the text is not a URL") from None
    in_place = (url.scheme.lower() in ("http", "https") and url.netloc) or (not url.scheme and not url.netloc and text.startswith("/"))
    if not in_place:
        raise _no("url", "a link is an http or https address, or a path")
    if {key for key, _ in parse_qsl(url.query, keep_blank_values=True)} & {GTIN, LOT, SERIAL}:
        raise _no("query", "GTIN, lot and serial belong into the path")
    return url.path


def _link(parts: list[str]) -> Link:
    keys, values = parts[::2], [unquote(part) for part in parts[1::2]]
    if keys not in ([GTIN], [GTIN, LOT], [GTIN, SERIAL], [GTIN, LOT, SERIAL]):
        raise _no("path-order", "after the GTIN come a lot (10) and a serial (21), in this order, and nothing else")
    known = dict(zip(keys, values, strict=True))
    return Link(known[GTIN], serial=known.get(SERIAL), lot=known.get(LOT))


def _no(rule: str, detail: str) -> NotALink:
    return NotALink(errors=[flaw("/link", rule, detail)])
