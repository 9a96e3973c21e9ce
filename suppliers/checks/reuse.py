"""Is this an old report on a new lot? Pure.

The same report number, or the same results to the last digit, with other lots: somebody took a report
that was made for something else. One report on several lots is handed in once, naming all of them.
"""

from __future__ import annotations

from datetime import date

from suppliers.checks.base import Finding, Paper
from suppliers.checks.duplicate import rivals, same_number
from suppliers.checks.lots import per_lot


class Reuse:
    def ask(self, paper: Paper, day: date) -> Finding:
        if not per_lot(paper.kind):
            return Finding("passed", "check.reuse.not_limited")
        others = [twin for twin in paper.twins if "lots" in twin.differs and twin.standing != "rejected"]
        foreign = rivals(paper, [twin for twin in others if not twin.own], day)
        others = [twin for twin in others if twin.own or twin in foreign]
        same = [twin for twin in others if twin.how == "bytes" or same_number(twin, paper.kind)]
        alike = [twin for twin in others if twin.how == "report" and "number" in twin.differs]
        evidence = {"papers": [twin.certificate_id for twin in same or alike][:10], "lots": list(paper.lots)}
        if same:
            return Finding("failed", "check.reuse.other_lots", evidence)
        if alike:
            return Finding("inconclusive", "check.reuse.same_results", evidence)
        return Finding("passed", "check.reuse.none")
