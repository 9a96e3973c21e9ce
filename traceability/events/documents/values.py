"""What a single value of an event may be. Pure.

A check takes a value and gives None when it is good, else what is wrong: pairs of rule and sentence, each
after the rest of the pointer, "" for the value itself. Nothing is built while all is well.

Source: EPCIS 2.0 §7.3 (what a field holds), its JSON Schema 2.0.1 (spelling of times, offsets, units and hexadecimal digits),
RFC 3986 (URIs), RFC 3339 (times).
"""

from __future__ import annotations

import re
import sys
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from traceability.events import epcs, vocabulary

Found = list[tuple[str, str, str]] | None
"""(rest of the pointer, rule, sentence) of each thing that is wrong; None when nothing is."""
Check = Callable[[Any], Found]

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_TIME = re.compile(
    r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:[Zz]|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)",
    re.ASCII,
)
_OFFSET = re.compile(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_HEX = re.compile(r"[A-Fa-f0-9]+")
MOST_URI = 2_048
_MOST: Final = sys.float_info.max
"""A whole number beyond it is none to other machines (RFC 8259 §6: a number is a double)."""
_FARTHEST: Final = timedelta(hours=14)
"""From UTC, of any offset."""
_ENDS: Final = frozenset({"0001", "9999"})


def escaped(name: str) -> str:
    """A name as a part of a JSON pointer (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _short(value: object) -> str:
    """A value in a sentence, not longer than a line."""
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def text(value: Any) -> Found:
    """Any text."""
    return None if isinstance(value, str) else [("", "text", f"{_short(value)} is not text")]


@lru_cache(maxsize=16_384)
def _uri(value: str) -> str | None:
    if len(value) > MOST_URI:
        return f"a URI has at most {MOST_URI} characters"
    return None if _URI.fullmatch(value) else f"{_short(value)} is no absolute URI (RFC 3986)"


def uri(value: Any) -> Found:
    """An absolute URI (RFC 3986 §4.3)."""
    if not isinstance(value, str):
        return [("", "uri", f"{_short(value)} is no URI")]
    why = _uri(value)
    return [("", "uri", why)] if why else None


def epc(value: Any) -> Found:
    """An identifier of an object; one of GS1's must be well formed (EPCIS 2.0 §7.3.3.2, §8.2)."""
    return _named(value, "epc", epcs.flaw_of_epc)


def epc_class(value: Any) -> Found:
    """An identifier of a class, a lot among them; one of GS1's must be well formed (EPCIS 2.0 §7.3.3.3)."""
    return _named(value, "epc-class", epcs.flaw_of_class)


def _named(value: Any, rule: str, flaw_of: Callable[[str], str | None]) -> Found:
    if not isinstance(value, str):
        return [("", "uri", f"{_short(value)} is no URI")]
    why = _uri(value)
    if why:
        return [("", "uri", why)]
    why = flaw_of(value)
    return [("", rule, why)] if why else None


def moment(value: Any) -> Found:
    """An instant with its offset from UTC (RFC 3339 §5.6; the schema's date-time)."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return [("", "date-time", f"{_short(value)} is no date and time with an offset from UTC, such as 2026-04-03T20:33:31.116-06:00")]
    year, month, day = match.groups()
    if year == "0000" or (day > "28" and int(day) > monthrange(int(year), int(month))[1]):
        return [("", "date-time", f"there is no such day as {value[:10]}")]
    return _beyond(value, timedelta()) if year in _ENDS else None


def event_time(value: Any) -> Found:
    """An instant that can be told in any offset, as the time of an event is told in that of its place (EPCIS 2.0 §7.4.1)."""
    return moment(value) or (_beyond(value, _FARTHEST) if value[:4] in _ENDS else None)


def _beyond(value: str, margin: timedelta) -> Found:
    """Whether an instant at an end of the calendar falls off it in UTC, or so far before or after."""
    try:
        at = datetime.fromisoformat(value.upper()).astimezone(UTC)
        _ = at - margin, at + margin
    except OverflowError:
        return [("", "date-time", f"{_short(value)} lies beyond the years 1 to 9999")]
    return None


def offset(value: Any) -> Found:
    """The offset from UTC of the place of the event, "+08:00" (EPCIS 2.0 §7.4.1)."""
    if isinstance(value, str) and _OFFSET.fullmatch(value):
        return None
    return [("", "time-zone-offset", f"{_short(value)} is no offset from UTC such as +08:00")]


def number(value: Any) -> Found:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [("", "number", f"{_short(value)} is not a number")]
    return None if -_MOST <= value <= _MOST else [("", "number", "this is more than a number may be")]


def no_less_than_zero(value: Any) -> Found:
    """A quantity or a deviation: none is less than nothing."""
    return number(value) or ([("", "negative", f"{value} is less than zero")] if value < 0 else None)


def percent(value: Any) -> Found:
    """A percentile rank, from 0 to 100 (EPCIS 2.0 §7.3.7.4)."""
    return number(value) or (None if 0 <= value <= 100 else [("", "range", f"{value} does not lie between 0 and 100")])


def unit(value: Any) -> Found:
    """A common code of UN/ECE Recommendation 20, by its shape (EPCIS 2.0 §7.3.3.3.1)."""
    if isinstance(value, str) and _UNIT.fullmatch(value):
        return None
    return [("", "uom", f"{_short(value)} is no code of UN/ECE Recommendation 20, two or three capital letters or digits")]


def boolean(value: Any) -> Found:
    """True or false."""
    return None if isinstance(value, bool) else [("", "flag", f"{_short(value)} is neither true nor false")]


def hexadecimal(value: Any) -> Found:
    """Hexadecimal digits, at least one."""
    return None if isinstance(value, str) and _HEX.fullmatch(value) else [("", "hexadecimal", f"{_short(value)} is not hexadecimal")]


def action(value: Any) -> Found:
    """ADD, OBSERVE or DELETE (EPCIS 2.0 §7.3.2)."""
    if isinstance(value, str) and value in vocabulary.ACTIONS:
        return None
    return [("", "action", f"{_short(value)} is none of ADD, OBSERVE and DELETE")]


def word(kind: str, rule: str = "vocabulary") -> Check:
    """A word of one table of the vocabulary, or a URI of somebody else's (CBV 2.0 §7)."""
    words = vocabulary.KINDS[kind].words

    def check(value: Any) -> Found:
        if not isinstance(value, str):
            return [("", rule, f"{_short(value)} is no word of the vocabulary")]
        if value in words:
            return None
        why = vocabulary.strange(kind, value)
        return [("", rule, why)] if why else uri(value)

    return check


def each(check: Check, least: int = 0) -> Check:
    """A list whose every member passes."""

    def checked(value: Any) -> Found:
        if not isinstance(value, list):
            return [("", "list", f"{_short(value)} is no list")]
        found: list[tuple[str, str, str]] = []
        for at, one in enumerate(value):
            wrong = check(one)
            if wrong:
                found += [(f"/{at}{rest}", rule, detail) for rest, rule, detail in wrong]
        if len(value) < least:
            found.append(("", "empty-list", f"this list needs at least {least}"))
        return found or None

    return checked


def one_or_each(check: Check) -> Check:
    """One value, or a list of them."""
    several = each(check)

    def checked(value: Any) -> Found:
        return several(value) if isinstance(value, list) else check(value)

    return checked
