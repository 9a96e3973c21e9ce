"""Working days of China, the European Union and the United States. Pure.

Renewal windows are counted in working days (食品经营许可和备案管理办法: "90个工作日至15个工作日"), and
China's weekends are worked when a holiday was joined to them. What no notice has announced yet
is provisional, and says so. A day is a date in the market; nobody's time zone is known here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from suppliers.requirements import tables
from suppliers.requirements.shapes import MARKETS, Malformed

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Year:
    """``off``: days that are not worked although they may be weekdays; ``work``: weekend days that are."""

    off: frozenset[date]
    work: frozenset[date]
    provisional: bool


def is_working_day(day: date, market: str) -> bool:
    """Raises Malformed for a market that has no calendar, as all of this room does."""
    worked, ordinal = _worked(market, day.year), day.toordinal()
    place = bisect_left(worked, ordinal)
    return place < len(worked) and worked[place] == ordinal


def working_days_between(start: date, end: date, market: str) -> int:
    """How many working days come after ``start``, up to and with ``end``: a period does not count the
    day it begins on. 0 when ``end`` is not after ``start``."""
    if end <= start:
        _worked(market, start.year)
        return 0
    years = [_worked(market, year) for year in range(start.year, end.year + 1)]
    before, after = bisect_right(years[0], start.toordinal()), len(years[-1]) - bisect_right(years[-1], end.toordinal())
    return sum(map(len, years)) - before - after


def working_days_before(day: date, n: int, market: str) -> date:
    """The latest working day from which ``n`` working days still follow, up to and with ``day``. With ``n``
    = 0 the latest working day that is not after ``day``. Never before the beginning of the calendar."""
    if n < 0:
        raise ValueError("n: not below 0")
    year, worked = day.year, _worked(market, day.year)
    place = bisect_right(worked, day.toordinal()) - 1 - n
    while place < 0:
        if year == date.min.year:
            return date.min
        year -= 1
        worked = _worked(market, year)
        place += len(worked)
    return date.fromordinal(worked[place])


def is_provisional(first: date, last: date, market: str) -> bool:
    """Whether the working days of this period may still be changed by a notice, or differ by state."""
    return any(_year(market, year).provisional for year in range(first.year, last.year + 1))


@lru_cache(maxsize=512)
def _worked(market: str, year: int) -> tuple[int, ...]:
    """The working days of a year as ordinals, ascending."""
    known = _year(market, year)
    days = (date.fromordinal(ordinal) for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    return tuple(day.toordinal() for day in days if day in known.work or (day.weekday() < 5 and day not in known.off))


@lru_cache(maxsize=512)
def _year(market: str, year: int) -> Year:
    if market not in MARKETS:
        raise Malformed(f"calendar.toml: no calendar for {market!r}")
    calendar = tables.content("calendar.toml")[market]
    for announced in calendar.get("announced", ()):
        if announced["year"] == year:
            return Year(frozenset(_days(announced["off"])), frozenset(_days(announced["work"])), False)
    if "rule" in calendar:
        return Year(frozenset(_by_rule(calendar["rule"], year)), frozenset(), False)
    guess = calendar["provisional"]
    yearly = {date.fromisoformat(f"{year:04}-{each}") for each in guess["yearly"]}
    return Year(frozenset(yearly | {each for each in _days(guess.get("off", ())) if each.year == year}), frozenset(), True)


def _days(texts: Iterable[str]) -> Iterator[date]:
    for text in texts:
        first, _, last = text.partition("/")
        start = date.fromisoformat(first)
        for ahead in range((date.fromisoformat(last or first) - start).days + 1):
            yield start + DAY * ahead


def _by_rule(rule: tables.Table, year: int) -> Iterator[date]:
    """The next New Year's Day may be kept on the last day of this year."""
    for each in rule["observed"]:
        for of in (year, year + 1):
            if of > date.max.year:
                continue
            day = date.fromisoformat(f"{of:04}-{each}")
            kept = day + DAY * {5: -1, 6: 1}.get(day.weekday(), 0)
            if kept.year == year:
                yield kept
    for month, weekday, which in rule["weekdays"]:
        days = [day for ahead in range(31) if (day := date(year, month, 1) + DAY * ahead).month == month and day.weekday() == weekday]
        yield days[which - 1 if which > 0 else which]
