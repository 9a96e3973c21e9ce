"""A calendar file of whole days. Pure.

Source: RFC 5545 (iCalendar): §3.1 content lines (CRLF, folded at 75 octets), §3.3.11 TEXT (backslash, semicolon, comma and
line break escaped), §3.6.1 VEVENT (a DATE without an end lasts that day), §3.8.4.7 UID (the same day keeps its id, so that a
calendar that asks again replaces it), §3.6.6 VALARM; RFC 7986 §5.3 NAME, §5.7 REFRESH-INTERVAL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

FOLD: Final = 75
"""Octets of a line without its end."""
PRODUCT: Final = "-//Suyuan//Supplier papers//ZH"


@dataclass(frozen=True)
class Day:
    """One whole day: ``uid`` is the same whenever the file is made anew. ``alarm``: rung on that day, at nine in the morning."""

    uid: str
    on: date
    title: str
    text: str
    alarm: bool = False


def written(days: Iterable[Day], *, name: str, at: datetime) -> str:
    """The calendar as a text with CRLF; ``at`` (aware) is when it was made."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    head += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:P1D"]
    lines = [*head, *(line for day in days for line in _event(day, at)), "END:VCALENDAR"]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """A TEXT value; characters that no calendar may hold are left out."""
    plain = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or (c >= " " and c != "\x7f"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, no character of UTF-8 torn."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def _event(day: Day, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(day.uid)}"
    yield f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_plain(day.on)}"
    if day.on < date.max:
        yield f"DTEND;VALUE=DATE:{_plain(day.on + timedelta(days=1))}"
    yield f"SUMMARY:{escaped(day.title)}"
    yield f"DESCRIPTION:{escaped(day.text)}"
    yield "TRANSP:TRANSPARENT"
    if day.alarm:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(day.title)}", "TRIGGER:PT9H", "END:VALARM")
    yield "END:VEVENT"


def _plain(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"
