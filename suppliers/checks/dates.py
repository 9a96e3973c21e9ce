"""Did the dates make sense, and was the paper good, on the day it was handed in? Pure.

That it lapses later is the calendar's business (suppliers.standing). All dates are local dates in
Shanghai; the last one is good until midnight. How long a kind may run stands in suppliers.requirements.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, Paper
from suppliers.requirements import KINDS, PaperKind

EARLIEST: Final = date(1949, 10, 1)
AHEAD: Final = 24
"""Months that a paper may begin after it was handed in."""


class Dates:
    def ask(self, paper: Paper, day: date) -> Finding:
        kind, until, shown = KINDS.get(paper.kind), paper.valid_until, paper.handed_in(day)
        evidence: dict[str, Any] = {"from": paper.valid_from.isoformat(), "until": until.isoformat() if until else None}
        if paper.issued_on is not None:
            evidence["issued_on"] = paper.issued_on.isoformat()
        flaw = _impossible(paper, shown) or _too_long(paper, kind)
        if flaw:
            return Finding("failed", f"check.dates.{flaw}", evidence)
        if until is not None and until < shown:
            return Finding("failed", "check.dates.lapsed", evidence)
        if until is None and not (kind is not None and kind.open_end):
            return Finding(*_no_end(kind), evidence)
        if _unusual(paper, kind):
            return Finding("inconclusive", "check.dates.long", evidence)
        return Finding("passed", "check.dates.not_yet" if paper.valid_from > shown else "check.dates.good", evidence)


def _impossible(paper: Paper, shown: date) -> str | None:
    """What cannot be so on any paper."""
    until, issued = paper.valid_until, paper.issued_on
    if paper.valid_from < EARLIEST or paper.valid_from > later(shown, AHEAD):
        return "absurd"
    if until is not None and until < paper.valid_from:
        return "reversed"
    if issued is None:
        return None
    if until is not None and issued > until:
        return "issued_after_end"
    return "issued_ahead" if issued > shown else None


def _too_long(paper: Paper, kind: PaperKind | None) -> str | None:
    """Longer than anybody may write, counted from its first day and from the day it was issued."""
    if kind is None or kind.longest_months is None or paper.valid_until is None:
        return None
    begins = [paper.valid_from, *([paper.issued_on] if paper.issued_on else [])]
    return "span" if any(paper.valid_until > later(begin, kind.longest_months) for begin in begins) else None


def _unusual(paper: Paper, kind: PaperKind | None) -> bool:
    """Longer than such papers usually run, with a month to spare: a person looks."""
    if kind is None or kind.usual_months is None or paper.valid_until is None:
        return False
    return paper.valid_until > later(paper.valid_from, kind.usual_months + 1)


def _no_end(kind: PaperKind | None) -> tuple[Any, str]:
    """No last day where there has to be one, or where nobody knows whether there has to be."""
    return ("failed" if kind is not None and kind.longest_months is not None else "inconclusive", "check.dates.no_end")


def later(day: date, months: int) -> date:
    """The same day of the month that many months later, or the last one that month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
