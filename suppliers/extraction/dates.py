"""Dates and spans of time as papers print them, Chinese and English. Pure; knows no today."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final, NamedTuple

_MONTHS: Final = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_NUMERALS: Final = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0", "O": "0", "两": "2"}
_D: Final = r"[0-9OoIl|〇○一二三四五六七八九零十]"
_MONTH: Final = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PATTERNS: Final = (
    ("ymd", re.compile(rf"({_D}{{4}})\s*年\s*({_D}{{1,3}})\s*[月日]\s*({_D}{{1,3}})\s*[日号]?")),
    ("ymd", re.compile(r"(?<!\d)([12O][\dOo]{3})\s*[-./‐–—]\s*([\dOoIl]{1,2})\s*[-./‐–—]\s*([\dOoIl]{1,2})(?!\d)")),
    ("dmy", re.compile(r"(?<!\d)(\d{1,2})\s*[-./‐–]\s*(\d{1,2})\s*[-./‐–]\s*((?:19|20)\d{2})(?!\d)")),
    ("dMy", re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s.,/-]*{_MONTH}[\s.,/-]*((?:19|20)\d{{2}})", re.IGNORECASE)),
    ("Mdy", re.compile(rf"{_MONTH}[\s.]*(\d{{1,2}})(?:st|nd|rd|th)?[\s,]+((?:19|20)\d{{2}})", re.IGNORECASE)),
    ("ymd", re.compile(r"(?<!\d)((?:19|20)\d{2})([01]\d)([0-3]\d)(?!\d)")),
)
_ENDLESS: Final = re.compile(
    r"长\s*期|永\s*久|无\s*固\s*定\s*期\s*限|不\s*约\s*定|indefinite|unlimited|until\s+(?:revoked|withdrawn|further)|no\s+expir",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """``day``; where it stands in the text; ``doubtful``: day and month might be the other way round."""

    day: date
    start: int
    end: int
    doubtful: bool


def found(text: str) -> list[Found]:
    """Every date in ``text``, in the order of the text. 03/04/2025 is the third of April, and doubtful."""
    text = _plain(text)
    hits: list[Found] = []
    for order, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < hit.end and hit.start < match.end() for hit in hits):
                continue
            day = _day(order, match)
            if day is not None:
                hits.append(day)
    return sorted(hits, key=lambda hit: hit.start)


def first(text: str) -> date | None:
    return next((hit.day for hit in found(text)), None)


def endless(text: str) -> bool:
    """Whether the text says that there is no end (长期, indefinite)."""
    return _ENDLESS.search(unicodedata.normalize("NFKC", text)) is not None


def span(text: str) -> tuple[str | None, str | None]:
    """(from, until) as ISO dates; until "" without an end; None for what is not said.

    Two dates are from and until; one date with 至 or until before it is an end, with 起 or from a beginning.
    """
    hits = found(text)
    plain = _plain(text)
    if len(hits) >= 2:
        return hits[0].day.isoformat(), hits[1].day.isoformat()
    if endless(text):
        return (hits[0].day.isoformat() if hits else None), ""
    if not hits:
        return None, None
    before, after = plain[: hits[0].start].strip().lower(), plain[hits[0].end :].strip().lower()
    if re.search(r"(自|从|from|since|起)\s*:?$", before) or re.match(r"(起|至|-|—|~|to\b|until)", after):
        return hits[0].day.isoformat(), None
    return None, hits[0].day.isoformat()


def _plain(text: str) -> str:
    """Half width, of the same length, so that places stay places."""
    return "".join(c if len(n := unicodedata.normalize("NFKC", c)) != 1 else n for c in text)


def _day(order: str, match: re.Match[str]) -> Found | None:
    parts = match.groups()
    doubtful = False
    try:
        if order == "ymd":
            year, month, day = (_number(part) for part in parts)
        elif order == "dmy":
            day, month, year = (int(part) for part in parts)
            if month > 12 >= day:
                day, month = month, day
            else:
                doubtful = day <= 12 and day != month
        elif order == "dMy":
            day, month, year = int(parts[0]), _MONTHS[parts[1].lower()], int(parts[2])
        else:
            month, day, year = _MONTHS[parts[0].lower()], int(parts[1]), int(parts[2])
        if not 1900 <= year <= 2199:
            return None
        return Found(date(year, month, day), match.start(), match.end(), doubtful)
    except ValueError:
        return None


def _number(text: str) -> int:
    """An Arabic or Chinese number of a date: 2025, 二〇二五, 十二, 二十一; O and l that were read for 0 and 1."""
    text = re.sub(r"[Oo○]", "0", re.sub(r"[Il|]", "1", text))
    if "十" in text:
        tens, _, ones = text.partition("十")
        return int(_NUMERALS.get(tens, tens or "1")) * 10 + int(_NUMERALS.get(ones, ones or "0"))
    return int("".join(_NUMERALS.get(c, c) for c in text))
