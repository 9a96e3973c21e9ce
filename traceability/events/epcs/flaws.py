"""Whether a text may stand where an event names one thing, or a class of things. Pure.

Any absolute URI may (EPCIS 2.0 8.2.1 and 8.2.2); one that claims to be GS1's must be one of GS1's.
"""

from __future__ import annotations

import re
from typing import Final

from traceability.events.epcs.named import CLASS, LOT, OTHER
from traceability.events.epcs.naming import canonical

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x20\x7f<>\"{}|\\^`]+")
"""A scheme and something behind it (RFC 3986, 4.3), letters of RFC 3987 allowed."""
_CLASSES: Final = frozenset({LOT, CLASS})


def flaw_of_epc(text: str) -> str | None:
    """Why ``text`` cannot name one thing, in English; None where it can."""
    named = canonical(text)
    if named.kind in _CLASSES:
        return named.flaw or "names a class of things, not one of them"
    return named.flaw or (_flaw_of_uri(text) if named.kind == OTHER else None)


def flaw_of_class(text: str) -> str | None:
    """Why ``text`` cannot name a class of things, in English; None where it can."""
    named = canonical(text)
    if named.kind == OTHER:
        return named.flaw or _flaw_of_uri(text)
    return named.flaw or (None if named.kind in _CLASSES else "names one thing, not a class of things")


def _flaw_of_uri(text: str) -> str | None:
    if not text:
        return "is empty"
    return None if _ABSOLUTE.fullmatch(text) else "is not an absolute URI"
