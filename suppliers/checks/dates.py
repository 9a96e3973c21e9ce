"""Do the dates make sense, and is the paper still good? Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from suppliers.checks.base import Finding, Paper
from suppliers.standing import SOON

EARLIEST: Final = date(1949, 10, 1)
FIVE_YEARS: Final = timedelta(days=5 * 366)
YEAR: Final = timedelta(days=366)
STATUTORY: Final = {"food_production": FIVE_YEARS, "food_trade": FIVE_YEARS, "organic": YEAR}
"""No authority writes a longer span: 食品生产许可管理办法 and 食品经营许可和备案管理办法 give licences
five years, 有机产品认证管理办法 gives certificates one."""
USUAL: Final = {"inspection_report": YEAR, "quarantine": timedelta(days=30)}
"""House rule: longer than this, a person looks."""


class Dates:
    def ask(self, paper: Paper, day: date) -> Finding:
        until = paper.valid_until
        evidence: dict[str, Any] = {"from": paper.valid_from.isoformat(), "until": until.isoformat() if until else None}
        if paper.valid_from < EARLIEST or paper.valid_from > day + 2 * YEAR:
            return Finding("failed", "check.dates.absurd", evidence)
        if until is None:
            return self._open_end(paper, day, evidence)
        span = until - paper.valid_from
        if span < timedelta(0):
            return Finding("failed", "check.dates.reversed", evidence)
        if span > STATUTORY.get(paper.kind, 100 * YEAR):
            return Finding("failed", "check.dates.span", evidence)
        if until < day:
            return Finding("failed", "check.dates.lapsed", evidence)
        if span > USUAL.get(paper.kind, 100 * YEAR):
            return Finding("inconclusive", "check.dates.long", evidence)
        if paper.valid_from > day:
            return Finding("passed", "check.dates.not_yet", evidence)
        if until - day <= SOON:
            return Finding("passed", "check.dates.lapsing", evidence | {"days": (until - day).days})
        return Finding("passed", "check.dates.good", evidence)

    def _open_end(self, paper: Paper, day: date, evidence: dict[str, Any]) -> Finding:
        """Only a business licence may run without an end (长期)."""
        if paper.kind in STATUTORY:
            return Finding("failed", "check.dates.no_end", evidence)
        if paper.kind != "business_licence":
            return Finding("inconclusive", "check.dates.no_end", evidence)
        return Finding("passed", "check.dates.not_yet" if paper.valid_from > day else "check.dates.good", evidence)
