"""May this supplier deliver that material today? The question intake asks before anything is received.

Reads standings and the table of requirements; knows no lot. Closed unless everything asked
for is there: no listing, no rule or no paper all mean no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from kernel.errors import Refused
from kernel.unit import Unit
from suppliers import directory
from suppliers.models import Certificate, Supply
from suppliers.requirements import required
from suppliers.standing import GOOD

_WORST_FIRST = ("revoked", "rejected", "lapsed", "unverified", "lapsing", "accepted")


class GateClosed(Refused):
    """This supplier may not deliver this material now: a paper that the rules ask for is missing,
    still being looked at, lapsed or rejected. ``because`` names each."""

    code = "gate-closed"
    title = "This supplier may not deliver this now"


@dataclass(frozen=True)
class Decision:
    """``because`` holds ``gate.unlisted``, ``gate.no_rule`` or ``gate.<state>:<paper kind>`` with state
    missing, unverified, lapsed, rejected or revoked; it is empty when the gate is open.
    ``certificate_ids`` are the papers that carried the decision: one for each that is asked."""

    open: bool
    because: list[str]
    certificate_ids: list[str]


def may(unit: Unit, *, supplier_id: str, material_id: str, day: date) -> Decision:
    """``day`` is a date in Shanghai. The papers read are locked against a new judgement until the
    unit ends, so a delivery received on a paper is always seen by whoever revokes that paper."""
    who, what = directory.supplier(unit, supplier_id), directory.material(unit, material_id)
    listed = select(Supply.id).where(Supply.supplier_id == who.id, Supply.material_id == what.id)
    if unit.session.scalar(listed) is None:
        return Decision(False, ["gate.unlisted"], [])
    asked = [requirement.kind for requirement in required(who.kind, who.market, what.category) if not requirement.optional]
    if not asked:
        return Decision(False, ["gate.no_rule"], [])
    papers = unit.session.scalars(
        select(Certificate)
        .where(Certificate.supplier_id == who.id, Certificate.kind.in_(asked))
        .order_by(Certificate.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).all()
    best = {kind: best_on(day, (paper for paper in papers if paper.kind == kind)) for kind in asked}
    because = [f"gate.{state_on(day, best[kind])}:{kind}" for kind in asked if not _stands(best[kind], day)]
    carrying = [paper.id for paper in best.values() if paper is not None and _stands(paper, day)]
    return Decision(not because, because, [] if because else carrying)


def best_on(day: date, papers: Iterable[Certificate]) -> Certificate | None:
    """The paper that stands best on ``day``: the better standing, then the later end, then the newer."""
    return max(papers, key=lambda paper: (_rank(paper, day), paper.valid_until or date.max, paper.id), default=None)


def state_on(day: date, paper: Certificate | None) -> str:
    """How the paper stands on ``day``: the nightly chore may not have come by yet."""
    if paper is None:
        return "missing"
    if paper.standing in GOOD and paper.valid_until is not None and paper.valid_until < day:
        return "lapsed"
    if paper.standing in GOOD and paper.valid_from > day:
        return "unverified"
    return paper.standing


def _stands(paper: Certificate | None, day: date) -> bool:
    return state_on(day, paper) in GOOD


def _rank(paper: Certificate, day: date) -> int:
    return _WORST_FIRST.index(state_on(day, paper))
