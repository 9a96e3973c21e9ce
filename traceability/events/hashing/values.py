"""One value of an event as its hash says it: times, numbers, words, identifiers. Pure. Source: CBV 2.0 8.9.2."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from traceability.events.epcs import canonical

CBV: Final = "https://ref.gs1.org/cbv/"
GS1: Final = "https://gs1.org/voc/"
"""The namespace that the vectors have, whatever that of the context is."""
_GS1_TODAY: Final = "https://ref.gs1.org/voc/"

_STARTS: Final = {
    "urn:epcglobal:cbv:bizstep:": CBV + "BizStep-",
    "urn:epcglobal:cbv:disp:": CBV + "Disp-",
    "urn:epcglobal:cbv:btt:": CBV + "BTT-",
    "urn:epcglobal:cbv:sdt:": CBV + "SDT-",
    "urn:epcglobal:cbv:er:": CBV + "ER-",
    "cbv:": CBV,
    "gs1:": GS1,
}
_SPELT: Final = tuple(_STARTS)
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MAYBE_NUMBER: Final = frozenset("0123456789.+-")
_HALF: Final = timedelta(microseconds=500)

BARE: Final = {
    "bizStep": CBV + "BizStep-",
    "disposition": CBV + "Disp-",
    "btt": CBV + "BTT-",
    "sdt": CBV + "SDT-",
    "measurement": GS1,
    "component": CBV + "Comp-",
}
"""What a bare word of each kind stands behind."""


def value(told: Any) -> str:
    """Any scalar: a number without idle zeros, an identifier in canonical form, a word of the CBV in full."""
    if type(told) is not str:
        return _not_text(told)
    text = told.strip()
    if text[:4] == "http" or text[:8] == "urn:epc:":
        return canonical(text).uri
    if text[:1] in _MAYBE_NUMBER:
        return _number(text) if _NUMBER.fullmatch(text) else text
    return _in_full(text) if text.startswith(_SPELT) else canonical(text).uri


def instant(told: Any) -> str:
    """In UTC with three decimals, rounded half up by the fourth; as it stands where it is no time."""
    try:
        at = datetime.fromisoformat(told.strip())
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC) + _HALF
    except (ValueError, OverflowError, AttributeError, TypeError):
        return value(told)
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def word(kind: str, told: Any) -> str:
    """A word of one ``kind`` of BARE in full, in whatever spelling it came."""
    return _word(kind, told) if type(told) is str else value(told)


@lru_cache(maxsize=4096)
def _word(kind: str, text: str) -> str:
    text = text.strip()
    if text.startswith(_GS1_TODAY):
        return GS1 + text[len(_GS1_TODAY) :]
    return value(text) if not text or ":" in text else BARE[kind] + text


def _in_full(text: str) -> str:
    start = next(start for start in _SPELT if text.startswith(start))
    return _STARTS[start] + text[len(start) :]


def _number(text: str) -> str:
    """By way of a double, as every implementation has it: long strings of digits lose their tail alike."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        return text
    return str(int(number)) if number == int(number) else repr(number)


def _not_text(told: Any) -> str:
    if told is None:
        return ""
    if isinstance(told, bool):
        return "true" if told else "false"
    return _number(str(told)) if _NUMBER.fullmatch(str(told)) else str(told)
