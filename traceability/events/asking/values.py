"""What the value of a query parameter may be: as text of an address, or as JSON of a named query. Pure.

Each reader takes what was given and gives the value in its own type, or raises ``Wrong``. Lists are OR.
Source: EPCIS 2.0 §8.2.7.1 (types of the parameters), §12 (their spelling in addresses: ``explode=false``), RFC 3339.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

NUMBER: Final = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,3})?", re.ASCII)
"""Bounded, because an exponent of nine digits would be a number of as many."""
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x20\x7f<>\"{}|\\^`]+")
_BETWEEN_URIS: Final = re.compile(r",(?=[A-Za-z][A-Za-z0-9+.\-]*:)")
"""A comma is a letter that serials may hold, so between URIs only one before a scheme parts."""
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+|[0-9A-Fa-f]+")
_LOST_PLUS: Final = re.compile(r"(\d) (\d\d:\d\d)")
MOST: Final = 2**31 - 1


class Wrong(Exception):
    """A value that cannot be: the name of the rule, a sentence in English."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule, self.detail = rule, detail


def single(raw: object) -> object:
    """The one value of a parameter that is no list."""
    if isinstance(raw, (list, tuple)):
        if len(raw) != 1:
            raise Wrong("once", "takes one value")
        return raw[0]
    return raw


def texts(raw: object) -> tuple[str, ...]:
    """A list of texts. One text is split at ``|`` (as the OpenAPI parts lists) or else at commas; a list stays as it is."""
    return _listed((raw.split("|") if "|" in raw else raw.split(",")) if isinstance(raw, str) else raw)


def uris(raw: object) -> tuple[str, ...]:
    """A list of absolute URIs, in which a comma may be part of a serial."""
    found = _listed((raw.split("|") if "|" in raw else _BETWEEN_URIS.split(raw)) if isinstance(raw, str) else raw)
    for text in found:
        if not _URI.fullmatch(text):
            raise Wrong("uri", f"{text[:80]!r} is no absolute URI")
    return found


def moment(raw: object) -> datetime:
    """A moment with its offset, in UTC. A plus that an address turned into a space is put back."""
    given = single(raw)
    text = _LOST_PLUS.sub(r"\1+\2", given) if isinstance(given, str) else ""
    found = instant(text)
    if found is None:
        raise Wrong("date-time", "must be a date and time with its offset, such as 2026-11-21T08:00:00+08:00")
    return found


def instant(text: object) -> datetime | None:
    """The moment, in UTC, that an RFC 3339 text says; None where it says none."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def numbers(raw: object) -> tuple[Fraction, ...]:
    """A list of decimals, exact."""
    given = texts(raw) if isinstance(raw, str) else raw if isinstance(raw, (list, tuple)) else (raw,)
    if not given:
        raise Wrong("empty", "names no value")
    return tuple(number(one) for one in given)


def number(raw: object) -> Fraction:
    found = figure(single(raw))
    if found is None:
        raise Wrong("number", "must be a number")
    return found


def figure(value: object) -> Fraction | None:
    """The number, exact, that a JSON number or its text says: 0.1 is a tenth, whatever the float behind it."""
    if isinstance(value, bool):
        return None
    text = str(value) if isinstance(value, (int, float, Decimal)) else value
    return Fraction(text) if isinstance(text, str) and NUMBER.fullmatch(text) else None


def whole(raw: object) -> int:
    """A whole number from 1."""
    found = number(raw)
    if found.denominator != 1 or not 1 <= found <= MOST:
        raise Wrong("whole", f"must be a whole number from 1 to {MOST}")
    return int(found)


def flag(raw: object) -> bool:
    given = single(raw)
    found = {"true": True, "false": False, "1": True, "0": False}.get(str(given).lower()) if isinstance(given, (str, int)) else None
    if found is None:
        raise Wrong("flag", "must be true or false")
    return found


def presence(raw: object) -> bool:
    """The value of an ``EXISTS_`` parameter, which means something by being there: nothing, null, true or a number."""
    given = single(raw)
    return True if given is None or given == "" else flag(given) if isinstance(given, (str, bool)) else number(given) != 0


def digits(raw: object) -> frozenset[str]:
    """A list of hexadecimal values, in upper case."""
    found = texts(raw)
    for text in found:
        if not _HEX.fullmatch(text):
            raise Wrong("hexadecimal", f"{text[:80]!r} is not hexadecimal")
    return frozenset(text.upper() for text in found)


def choice(raw: object, among: tuple[str, ...]) -> str:
    given = single(raw)
    if given not in among:
        raise Wrong("choice", "must be one of " + ", ".join(among))
    return str(given)


def _listed(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, (list, tuple)) or not all(isinstance(one, str) for one in raw):
        raise Wrong("text", "must be a list of texts")
    if not raw or not all(raw):
        raise Wrong("empty", "names no value")
    return tuple(raw)
