"""What an identifier in an event names: the value that reading one gives. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

CANONICAL: Final = "https://id.gs1.org"
ITEM, LOT, CLASS, UNIT, PLACE, OTHER = "item", "lot", "class", "unit", "place", "other"


class Named(NamedTuple):
    """What a text names.

    ``uri``: canonical; of something said more finely and more coarsely at once, the finest (an item's
    link keeps no lot). ``kind``: ``item`` (one instance of any key but the next two), ``unit`` (an SSCC),
    ``place`` (a GLN, also of a party), ``lot``, ``class`` (of things, otherwise) or ``other`` (not GS1's).
    ``gtin``: 14 digits; ``lot`` and ``serial``: decoded, as they were said, so that ``lot`` may tell that
    of an item. ``flaw``: why the text is none of GS1's although it claims to be.
    """

    uri: str
    kind: str
    gtin: str | None = None
    lot: str | None = None
    serial: str | None = None
    flaw: str | None = None


def digit(digits: str) -> str:
    """The check digit to append: that of ``gs1.keys``, three times as fast, of ASCII digits only."""
    codes = digits.encode()
    count = len(codes)
    return "0123456789"[-(3 * sum(codes[::-2]) + sum(codes[-2::-2]) + 2 * (2 * count + count % 2)) % 10]


def on_canonical_host(text: str) -> bool:
    """Whether ``text`` is an address at GS1's own resolver, where nothing but Digital Links stand."""
    return text.startswith((CANONICAL + "/", "http://id.gs1.org/"))
