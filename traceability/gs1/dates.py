"""Days and times of day as GS1 writes them. Pure, and without a clock.

Years of two digits stand for 49 years past to 50 ahead (General Specifications 7.12). Only year
00 could differ between two centuries: read as 2000, a leap year, it is right until 2050.
"""

from __future__ import annotations

from calendar import monthrange


def is_day(text: str) -> bool:
    """YYMMDD."""
    return is_full_day(f"20{text}")


def is_day_or_month(text: str) -> bool:
    """YYMMDD, or YYMM00 for a month."""
    return is_day(f"{text[:-2]}01" if text.endswith("00") else text)


def is_full_day(text: str) -> bool:
    """YYYYMMDD."""
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def is_hour(text: str) -> bool:
    """00 to 23."""
    return int(text) < 24


def is_sixtieth(text: str) -> bool:
    """A minute or second: 00 to 59."""
    return int(text) < 60


def is_hour_and_minute(text: str) -> bool:
    """HHMM."""
    return is_hour(text[:2]) and is_sixtieth(text[2:])
