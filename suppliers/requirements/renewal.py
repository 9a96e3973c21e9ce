"""When to renew a paper: the steps before its end, as days. Pure.

A statutory step is the day that the law sets, counted cautiously: the day itself is not counted,
and a last day that nobody works helps nobody.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from suppliers.requirements.calendar import is_provisional, working_days_before
from suppliers.requirements.kinds import KINDS
from suppliers.requirements.shapes import Rung


@dataclass(frozen=True)
class Step:
    """``due``: the day to act on, or the last day to do it for a ``statutory`` step. ``code``: the word
    that says what to do. ``provisional``: the calendar up to the end is not announced yet."""

    name: str
    due: date
    code: str
    statutory: bool
    provisional: bool


@lru_cache(maxsize=65_536)
def ladder(kind: str, valid_until: date | None, market: str) -> tuple[Step, ...]:
    """The steps for a paper of this kind that ends on ``valid_until`` (its last day), the earliest
    first; none for a paper without an end, for papers of lots and for unknown kinds."""
    known = KINDS.get(kind)
    if known is None or valid_until is None or known.scope == "lot":
        return ()
    steps = []
    for rung in known.ladder:
        due = _due(rung, valid_until, market)
        guessed = rung.unit == "working_days" and is_provisional(due, valid_until, market)
        steps.append(Step(rung.name, due, rung.code, rung.statutory, guessed))
    return tuple(sorted(steps, key=lambda step: step.due))


def soon(kind: str, valid_until: date, market: str) -> date:
    """The day from which the paper counts as expiring: the first step of its ladder. A kind without a
    ladder never expires soon: the day after its end."""
    steps = ladder(kind, valid_until, market)
    if steps:
        return steps[0].due
    return valid_until + timedelta(days=1) if valid_until < date.max else date.max


def months_before(day: date, months: int) -> date:
    """The same day of the month, or the month's last; never before the beginning of the calendar."""
    count = day.year * 12 + day.month - 1 - months
    if count < 12:
        return date.min
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _due(rung: Rung, end: date, market: str) -> date:
    if rung.unit == "working_days":
        return working_days_before(end, rung.before, market)
    if rung.unit == "months":
        return months_before(end, rung.before)
    return end - timedelta(days=min(rung.before, (end - date.min).days))
