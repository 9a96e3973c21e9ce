"""Which lots does a report prove? Pure. A paper of a supplier is never limited by lots; one of lots that names none proves nothing."""

from __future__ import annotations

from datetime import date
from typing import Final

from suppliers.checks.base import Finding, Paper
from suppliers.requirements import KINDS

LOTS_ASKED_SINCE: Final = date(2026, 11, 22)
"""The day in Shanghai since which whoever hands in a report is asked for its lots. Of one from before nobody wrote them down."""


class Lots:
    def ask(self, paper: Paper, day: date) -> Finding:
        if not per_lot(paper.kind):
            return Finding("passed", "check.lots.not_limited")
        named = [lot for lot in (each.strip() for each in paper.lots) if lot]
        if not named and paper.handed_in(day) < LOTS_ASKED_SINCE:
            return Finding("inconclusive", "check.lots.none_asked")
        if not named:
            return Finding("failed", "check.lots.none")
        return Finding("passed", "check.lots.named", {"lots": named})


def per_lot(kind: str) -> bool:
    """Do papers of this kind speak of lots, and never of a supplier in general?"""
    known = KINDS.get(kind)
    return known is not None and known.scope == "lot"
