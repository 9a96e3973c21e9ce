"""What a data carrier on an item says, in any of its forms, and which code that is.

A label may bear a GS1 Digital Link or a compact link; a hand scanner reports an element string, a person
types one in brackets, and an inner code is often told by its serial alone. Asking here is no scan.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kernel.errors import Missing, flaw
from kernel.unit import Unit
from traceability import codes, gs1, seal
from traceability.codes import CodeRef

_BLANK: Final = " \t\r\n"
"""Not GS (U+001D), which Python takes for a blank as well."""
_BARE: Final = re.compile(rf"(?:https?://[^/?#]+(?:/[^/?#]+)?/)?([{seal.ALPHABET}]{{{seal.LETTERS}}})/?", re.IGNORECASE)
"""A serial, with at most an address and a short name before it."""
_LAST: Final = re.compile(r"/([0-9]{2,4})/[^/]+/?$")
"""The key or qualifier that stands last in a path, before its value."""
_EMPTY: Final = re.compile(r"/01/[0-9]{14}(?:/10/[^/]+)?/(?:10|21)/*$")
_BROKEN: Final = re.compile("%(?![0-9A-Fa-f]{2})")


class Meant(NamedTuple):
    """A code of the brand, and its serial as the text says it."""

    ref: CodeRef
    serial: str


def find(unit: Unit, text: str) -> CodeRef:
    """The code of the brand that a text means; see ``read``."""
    return read(unit, text).ref


def read(unit: Unit, text: str) -> Meant:
    """What a text means: a GS1 Digital Link, an element string with FNC1 or in brackets, a compact
    link or a bare serial of compact and inner codes. Raises Missing, gs1.NotALink or gs1.NotGS1, which point to ``/link``."""
    text = text.strip(_BLANK)
    gtin, serial = said(text)
    found = codes.resolve(unit, serial=serial) if gtin is None else codes.find(unit, gtin=gtin, serial=serial)
    if found is None:
        if gtin is not None and _is_link(text) and _BROKEN.search(text):
            raise _no("gs1-percent", "a % in a link must be followed by two hexadecimal digits")
        raise Missing("no code of ours")
    return Meant(found, serial)


def said(text: str) -> tuple[str | None, str]:
    """GTIN and serial that a text says, without asking whether they are a code of ours; no GTIN where a serial stands
    alone. Raises gs1.NotALink or gs1.NotGS1."""
    text = text.strip(_BLANK)
    if bare := _BARE.fullmatch(text):
        return None, bare[1].upper()
    return _said(text)


def _is_link(text: str) -> bool:
    return text[:1] not in ("(", "]", "^", "\x1d")


def _said(text: str) -> tuple[str, str]:
    """GTIN and serial; either may be empty."""
    if _is_link(text):
        try:
            link = gs1.parse(text)
        except gs1.NotALink as error:
            raise _nearer(text) or error from None
        return link.gtin, link.serial or ""
    # Only here: the table of application identifiers is needed by few.
    from traceability.gs1 import strings

    try:
        elements = strings.read_bracketed(text) if text.startswith("(") else strings.read_message(text)
    except gs1.NotGS1 as error:
        raise type(error)(errors=[each | {"pointer": "/link", "ai": each["pointer"][1:]} for each in error.errors]) from None
    return elements.get(gs1.GTIN) or "", elements.get(gs1.SERIAL) or ""


def _nearer(text: str) -> gs1.NotALink | None:
    """What keeps a link from being read, where more can be said than that it has no GTIN."""
    from traceability.gs1.table import AIS

    if not text.startswith(("http://", "https://", "/")):
        return None
    path = text.partition("#")[0].partition("?")[0]
    found = _LAST.search(path)
    if found and found[1] not in AIS:
        return _no("gs1-ai", f"({found[1]}) is no application identifier")
    if _EMPTY.search(path):
        return _no("gs1-short", "a lot or a serial is empty")
    return None


def _no(rule: str, detail: str) -> gs1.NotALink:
    return gs1.NotALink(errors=[flaw("/link", rule, detail)])
