"""Has another supplier shown this very paper, or one of the same number? Pure.

Two firms cannot both hold one paper. Which of them does is not for a machine to say: both papers go to two
persons, unless the paper plainly is the other firm's, which is the question of holder.py and fails there. What a
signature, a credential or the register vouches for is not drawn into doubt by a paper that only claims as much:
then that one waits alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from suppliers.checks.authenticity import Authenticity
from suppliers.checks.base import Finding, Paper, Twin
from suppliers.checks.holder import Holder
from suppliers.checks.identifier import must_hold

SETTLED: Final = ("rejected",)
"""A twin that was turned away claims nothing any more. One that was revoked still does."""


class Duplicate:
    def ask(self, paper: Paper, day: date) -> Finding:
        others = [twin for twin in paper.twins if not twin.own and twin.standing not in SETTLED]
        same = [twin for twin in others if twin.how == "bytes"]
        numbered = [twin for twin in others if twin.how != "bytes" and same_number(twin, paper.kind)]
        if not (same or numbered):
            return Finding("passed", "check.duplicate.none")
        evidence = _evidence(same or numbered)
        held = Holder().ask(paper, day).because
        if held == "check.holder.principal" and not any(words_apart(twin) for twin in (*same, *numbered)):
            return Finding("passed", "check.duplicate.producers", evidence)
        if same and held not in ("check.holder.same_code", "check.holder.same_identifier", "check.holder.principal"):
            return Finding("failed", "check.duplicate.bytes", evidence)
        if not rivals(paper, [*same, *numbered], day):
            return Finding("passed", "check.duplicate.unproven", evidence)
        return Finding("inconclusive", "check.duplicate.conflict", evidence)


def rivals(paper: Paper, twins: list[Twin], day: date) -> list[Twin]:
    """Those of these papers of other suppliers that may draw this one into doubt: where something vouches for this one,
    none for which nothing does."""
    if all(twin.proven is not False for twin in twins) or Authenticity().ask(paper, day).result != "passed":
        return twins
    return [twin for twin in twins if twin.proven is not False]


def same_number(twin: Twin, kind: str) -> bool:
    """Do both claim to be one paper? Numbers with check characters are given once; of all others each issuer has its own."""
    return "number" not in twin.differs and (must_hold(kind) or "issuer_name" not in twin.differs)


def words_apart(twin: Twin) -> list[str]:
    """The words that differ; another picture of the same paper is no difference."""
    return sorted(set(twin.differs) - {"sha256"})


def _evidence(twins: list[Twin]) -> dict[str, Any]:
    """Without the other supplier's name: its papers are nobody else's business."""
    return {
        "papers": [twin.certificate_id for twin in twins][:10],
        "differs": sorted({name for twin in twins for name in words_apart(twin)}),
    }
