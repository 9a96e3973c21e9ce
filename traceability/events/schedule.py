"""When a query that stands is asked again: a schedule in the standard's six fields. Pure, in UTC.

Each field says which values match: ``1,5`` a list, ``[1-5]`` a range, ``*`` any. All must match. Of the fields that
are left out, those coarser than the finest one given match anything, and finer ones match their first value: hour 1
and minute 5 mean once, at 01:05:00, as the standard's own example says, not on each of sixty seconds.

Source: EPCIS 2.0 §8.2.5.3 (QuerySchedule), query-schedule.json.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as Clock
from typing import Any, Final

from kernel.errors import Invalid, flaw

_FIELDS: Final = {"second": (0, 59), "minute": (0, 59), "hour": (0, 23), "dayOfMonth": (1, 31), "month": (1, 12), "dayOfWeek": (1, 7)}
"""Field → least and greatest value; 1 is Monday. The finest first."""
_OF_DAY: Final = ("second", "minute", "hour")
_ELEMENT: Final = re.compile(r"(\d{1,2})|\[(\d{1,2})-(\d{1,2})\]", re.ASCII)
_LONGEST_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MOST_TEXT: Final = 500
_FARTHEST: Final = 41 * 366
"""Days: no weekday meets the 29th of February more than 40 years apart."""


@dataclass(frozen=True)
class Schedule:
    """The values that match, ascending, of each field."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Schedule:
        """The schedule that ``{"hour": "1", "minute": "5"}`` says.

        Raises Invalid (rules ``unknown-field``, ``schedule``, ``empty``): other fields, values out of range, none at
        all, days that no month has.
        """
        flaws = [flaw(f"/{name}", "unknown-field", f"{name!r} is no field of a schedule") for name in given if name not in _FIELDS]
        found: dict[str, tuple[int, ...] | None] = {}
        for name in _FIELDS:
            try:
                found[name] = _values(name, given.get(name))
            except ValueError as why:
                flaws.append(flaw(f"/{name}", "schedule", str(why)))
        if flaws:
            raise Invalid(errors=flaws)
        if not any(found.values()):
            raise Invalid(errors=[flaw("", "empty", "a schedule names at least one field")])
        schedule = cls(*_whole(found).values())
        if not any(day <= _LONGEST_MONTHS[month - 1] for day in schedule.days for month in schedule.months):
            raise Invalid(errors=[flaw("/dayOfMonth", "schedule", "no month of this schedule has such a day")])
        return schedule

    def next(self, after: datetime) -> datetime:
        """The first moment of the schedule later than ``after`` (which knows its offset), in UTC."""
        start = after.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        day = start.date()
        if self._on(day):
            found = self._from(start)
            if found is not None:
                return datetime.combine(day, found, UTC)
        for _ in range(_FARTHEST):
            day += timedelta(days=1)
            if self._on(day):
                return datetime.combine(day, Clock(self.hours[0], self.minutes[0], self.seconds[0]), UTC)
        raise AssertionError("a schedule that was read has a day")

    def _on(self, day: date) -> bool:
        return day.month in self.months and day.day in self.days and day.isoweekday() in self.weekdays

    def _from(self, start: datetime) -> Clock | None:
        """The first time of day not before that of ``start``."""
        hour, minute, second = start.hour, start.minute, start.second
        if hour in self.hours:
            if minute in self.minutes:
                at = bisect_left(self.seconds, second)
                if at < len(self.seconds):
                    return Clock(hour, minute, self.seconds[at])
            at = bisect_left(self.minutes, minute + 1)
            if at < len(self.minutes):
                return Clock(hour, self.minutes[at], self.seconds[0])
        at = bisect_left(self.hours, hour + 1)
        return Clock(self.hours[at], self.minutes[0], self.seconds[0]) if at < len(self.hours) else None


def _values(name: str, raw: object) -> tuple[int, ...] | None:
    """The values that a field says; None where it is left out. Raises ValueError, with the sentence."""
    if raw is None or raw == "":
        return None
    least, most = _FIELDS[name]
    text = str(raw) if isinstance(raw, (str, int)) and not isinstance(raw, bool) else ""
    if text == "*":
        return tuple(range(least, most + 1))
    found: set[int] = set()
    for element in text[:_MOST_TEXT].split(","):
        match = _ELEMENT.fullmatch(element)
        low, high = (int(match[1] or match[2]), int(match[1] or match[3])) if match else (1, 0)
        if not least <= low <= high <= most:
            raise ValueError(f"{element[:20]!r} is no value from {least} to {most}, no range such as [{least}-{most}] and not *")
        found |= set(range(low, high + 1))
    return tuple(sorted(found))


def _whole(found: Mapping[str, tuple[int, ...] | None]) -> dict[str, tuple[int, ...]]:
    """All six fields: what was left out is any value, or the first where something coarser was the finest given."""
    finest = next((at for at, name in enumerate(_OF_DAY) if found[name] is not None), len(_OF_DAY))
    return {
        name: found[name] or ((least,) if at < finest and name in _OF_DAY else tuple(range(least, most + 1)))
        for at, (name, (least, most)) in enumerate(_FIELDS.items())
    }
