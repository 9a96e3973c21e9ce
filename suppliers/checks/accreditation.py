"""May the laboratory or certifier behind the paper issue it: is its own accreditation there, and in force? Pure.

A laboratory's report is evidence in China only under CMA (检验检测机构资质认定管理办法); CNAS is optional. The number
has no check digit, so that only the trust list can confirm it. Where the number has to stand on the page it must have
been read there: the trust list's own, typed, would confirm itself.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, Paper
from suppliers.checks.entries import entry_of
from suppliers.checks.printed import accreditations, stands
from suppliers.checks.register import vouched

ASKED: Final = frozenset({"asf_test", "inspection_report"})
"""Kinds whose issuer must show a number of its own on the page."""
SCHEMES: Final = frozenset({"gfsi_brcgs", "gfsi_fssc22000", "gfsi_globalgap", "gfsi_ifs", "gfsi_sqf", "haccp", "iso22000"})
LISTED: Final = ASKED | SCHEMES | {"eu_organic", "organic"}
"""Kinds whose issuer may issue only while it is accredited itself."""


class Accreditation:
    def ask(self, paper: Paper, day: date) -> Finding:
        if paper.kind not in LISTED:
            return Finding("passed", "check.accreditation.not_asked")
        shown = (paper.accreditation or paper.words_read("accreditation") or "").strip()
        entry = entry_of(paper)
        evidence: dict[str, Any] = {"accreditation": shown[:80] or None}
        if entry is not None and entry.accredited_until is not None:
            evidence["until"] = entry.accredited_until.isoformat()
            if entry.accredited_until < (paper.issued_on or paper.valid_from):
                return Finding("failed", "check.accreditation.lapsed", evidence)
        if not shown and paper.kind in ASKED:
            return Finding("inconclusive", "check.accreditation.unnamed", evidence)
        if entry is not None and entry.accreditation:
            found = _compared(shown, entry.accreditation, evidence)
            relied = paper.kind not in ASKED or stands(paper, "accreditation") or vouched(paper, day)
            return found if relied or found.result != "passed" else Finding("inconclusive", "check.accreditation.unread", evidence)
        if vouched(paper, day):
            return Finding("passed", "check.accreditation.register", evidence)
        return Finding("inconclusive", "check.accreditation.not_known", evidence)


def _compared(shown: str, listed: str, evidence: dict[str, Any]) -> Finding:
    if shown and not accreditations(shown) & accreditations(listed):
        return Finding("inconclusive", "check.accreditation.other", evidence | {"listed": listed})
    return Finding("passed", "check.accreditation.holds", evidence | {"listed": listed})
