"""How a supplier has kept its papers over the last twelve months, gathered for the score.

Counts and judges nothing: what it costs is ``score``'s table. Lots are counted above, where they are known, and come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import certificates, directory, gate
from suppliers.models import Certificate, PaperOverride, StandingChange
from suppliers.requirements import KINDS, MARKETS, ladder
from suppliers.score import Asked, Conduct, Renewal, Score, score

YEAR: Final = timedelta(days=365)
CONFLICT: Final = "check.duplicate.conflict"


def scored(unit: Unit, supplier_id: str, *, lots: int = 0, lots_held: int = 0) -> Score:
    """The score of a supplier with its reasons. ``lots``: received in the last twelve months; ``lots_held``: of these, held for its
    papers. Raises Missing."""
    return score(of(unit, supplier_id, lots=lots, lots_held=lots_held))


def of(unit: Unit, supplier_id: str, *, lots: int = 0, lots_held: int = 0) -> Conduct:
    """What the score is made of. Raises Missing."""
    who, since = directory.supplier(unit, supplier_id), unit.now - YEAR
    papers = certificates.of_supplier(unit, who.id)
    late = [paper for paper in papers if paper.submitted_at >= since]
    return Conduct(
        asked=tuple(_asked(unit, who.id)),
        renewals=tuple(_renewals(papers, since)),
        handed_in=len(late),
        rejected=sum(paper.standing == "rejected" for paper in late),
        revoked=_revoked(unit, who.id, since),
        overridden=_overridden(unit, who.id, since),
        conflicts=sum(any(said[1] == CONFLICT for said in (paper.found or {}).values()) for paper in late),
        lots=lots,
        lots_held=lots_held,
    )


def _asked(unit: Unit, supplier_id: str) -> Iterator[Asked]:
    today = day_of(unit.now)
    for each in certificates.todo(unit, supplier_id):
        if not each.requirement.optional and each.requirement.per == "supplier":
            yield Asked(each.certificate.kind if each.certificate else each.requirement.kind, gate.state_on(today, each.certificate))


def _renewals(papers: Sequence[Certificate], since: datetime) -> Iterator[Renewal]:
    """Papers that took the place of another in time, or not."""
    known = {paper.id: paper for paper in papers}
    for old in papers:
        new = known.get(old.superseded_by or "")
        if new is not None and new.submitted_at >= since and old.valid_until is not None:
            yield Renewal(old.kind, (old.valid_until - day_of(new.submitted_at)).days, _last_rung(old))


def _last_rung(paper: Certificate) -> int:
    """How many days before its end the last step of its ladder stood; 0 where it has none."""
    if paper.valid_until is None or paper.kind not in KINDS:
        return 0
    market = KINDS[paper.kind].market
    steps = ladder(paper.kind, paper.valid_until, market if market in MARKETS else "CN")
    return min(((paper.valid_until - step.due).days for step in steps if step.due < paper.valid_until), default=0)


def _revoked(unit: Unit, supplier_id: str, since: datetime) -> int:
    changes = select(func.count(StandingChange.certificate_id.distinct())).join(
        Certificate, Certificate.id == StandingChange.certificate_id
    )
    mine = changes.where(Certificate.supplier_id == supplier_id, StandingChange.standing == "revoked", StandingChange.at >= since)
    return unit.session.scalar(mine) or 0


def _overridden(unit: Unit, supplier_id: str, since: datetime) -> int:
    asked = select(func.count(PaperOverride.certificate_id.distinct())).join(Certificate, Certificate.id == PaperOverride.certificate_id)
    mine = asked.where(Certificate.supplier_id == supplier_id, PaperOverride.state == "approved", PaperOverride.decided_at >= since)
    return unit.session.scalar(mine) or 0
