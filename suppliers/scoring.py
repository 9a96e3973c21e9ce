"""How well each supplier keeps its papers: what the pure ``score`` wants to know, gathered from the tables in a few statements.

Which lots were held is known a floor above: whoever asks brings it along.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from kernel.errors import Refused
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory, gate, requirements, rules
from suppliers.models import Certificate, CheckOutcome, Material, PaperOverride, StandingChange, Supplier, Supply
from suppliers.score import Asked, Conduct, Renewal, Score, score
from suppliers.standing import GOOD

YEAR: Final = timedelta(days=365)
CONFLICTS: Final = ("check.duplicate.bytes", "check.duplicate.conflict")
"""What the check for twins says of a paper that another supplier shows as its own."""
Lots = Mapping[str, tuple[int, int]]
_COLUMNS: Final = ("id", "supplier_id", "kind", "standing", "because", "valid_from", "valid_until", "submitted_at", "superseded_by")


@dataclass(frozen=True)
class Kept:
    """How a supplier keeps its papers: its score, what is asked of it for certain and how the best paper for each stands, how many
    papers stand how, and the next last day among those that stand (None: none ends)."""

    score: Score
    asked: tuple[Asked, ...]
    standings: Mapping[str, int]
    next_end: date | None

    @property
    def open(self) -> tuple[Asked, ...]:
        """What is asked and not met."""
        return tuple(each for each in self.asked if each.standing not in GOOD)


def scored(unit: Unit, supplier_id: str, *, lots: Lots | None = None) -> Score:
    """One supplier's score with its reasons. ``lots``: by supplier, how many came in the last year and how many of them were
    held for their papers. Raises Missing."""
    who = directory.supplier(unit, supplier_id)
    return _kept(unit, [who], lots or {})[who.id].score


def overview(unit: Unit, *, lots: Lots | None = None) -> dict[str, Kept]:
    """Every supplier at a glance, by its id, from as few statements as one."""
    if unit.actor.kind == "supplier":
        raise Refused("a supplier sees its own score only")
    return _kept(unit, directory.suppliers(unit), lots or {})


def _kept(unit: Unit, firms: list[Supplier], lots: Lots) -> dict[str, Kept]:
    ids, since = [each.id for each in firms], unit.now - YEAR
    mine = _of(ids)
    columns = [getattr(Certificate, name) for name in _COLUMNS]
    papers: dict[str, list[Any]] = {id: [] for id in ids}
    for paper in unit.session.execute(select(*columns).where(*mine).order_by(Certificate.id)):
        papers[paper.supplier_id].append(paper)
    asked = _asked(unit, firms, papers)
    fell = _fell(unit, mine, since)
    overridden = _counted(unit, PaperOverride.certificate_id, mine, PaperOverride.state == "approved", PaperOverride.decided_at >= since)
    conflicts = _counted(unit, CheckOutcome.certificate_id, mine, CheckOutcome.because.in_(CONFLICTS), Certificate.submitted_at >= since)
    conducts = {
        id: Conduct(
            asked=asked[id],
            renewals=tuple(_renewals(papers[id], since)),
            handed_in=sum(paper.submitted_at >= since for paper in papers[id]),
            rejected=fell.get((id, "rejected"), 0),
            revoked=fell.get((id, "revoked"), 0),
            overridden=overridden.get(id, 0),
            conflicts=conflicts.get(id, 0),
            lots=lots.get(id, (0, 0))[0],
            lots_held=lots.get(id, (0, 0))[1],
        )
        for id in ids
    }
    return {
        id: Kept(score(conduct), asked[id], Counter(paper.standing for paper in papers[id]), _next_end(papers[id]))
        for id, conduct in conducts.items()
    }


def _next_end(papers: Iterable[Any]) -> date | None:
    return min((paper.valid_until for paper in papers if paper.standing in GOOD and paper.valid_until is not None), default=None)


def _asked(unit: Unit, firms: Iterable[Supplier], papers: Mapping[str, list[Any]]) -> dict[str, tuple[Asked, ...]]:
    """What is asked of each for certain, once for each group of kinds, and how the best paper for it stands."""
    today, extra = day_of(unit.now), rules.extra(unit)  # noqa: S610 (no ORM of another house)
    supplies: dict[str, list[Material]] = {}
    listed = select(Supply.supplier_id, Material).join(Material, Material.id == Supply.material_id).order_by(Supply.id)
    for supplier_id, what in unit.session.execute(listed.where(Supply.supplier_id.in_(list(papers)))):
        supplies.setdefault(supplier_id, []).append(what)
    told: dict[str, tuple[Asked, ...]] = {}
    for who in firms:
        certain = {
            each.kinds
            for what in supplies.get(who.id, [])
            for each in requirements.required(
                who.kind, who.market, what.category, day=today, claims=frozenset(what.claims or ()), extra=extra
            )
            if not each.optional and each.per == "supplier"
        }
        best = {kinds: gate.best_on(today, (paper for paper in papers[who.id] if paper.kind in kinds)) for kinds in sorted(certain)}
        told[who.id] = tuple(Asked(paper.kind if paper else kinds[0], gate.state_on(today, paper)) for kinds, paper in best.items())
    return told


def _renewals(papers: Iterable[Any], since: datetime) -> Iterable[Renewal]:
    """Papers whose successor came in the last year: how long before the end, and where the ladder's last rung stood."""
    shown = {paper.id: paper for paper in papers}
    for old in shown.values():
        new = shown.get(old.superseded_by or "")
        if new is None or old.valid_until is None or new.submitted_at < since:
            continue
        yield Renewal(old.kind, (old.valid_until - day_of(new.submitted_at)).days, _last_rung(old.kind, old.valid_until))


def _last_rung(kind: str, until: date) -> int:
    """Days before the end at which the last reminder stands; 0 without a ladder."""
    before = [(until - step.due).days for step in requirements.ladder(kind, until, requirements.market_of(kind))]
    return min((days for days in before if days > 0), default=0)


def _fell(unit: Unit, mine: tuple[Any, ...], since: datetime) -> dict[tuple[str, str], int]:
    """Papers handed in within the year that were rejected, and papers that were revoked within it, by supplier."""
    query = (
        select(Certificate.supplier_id, StandingChange.standing, func.count(func.distinct(Certificate.id)))
        .select_from(StandingChange)
        .join(Certificate, Certificate.id == StandingChange.certificate_id)
        .where(*mine, StandingChange.at >= since, StandingChange.standing.in_(("rejected", "revoked")))
        .where((StandingChange.standing == "revoked") | (Certificate.submitted_at >= since))
        .group_by(Certificate.supplier_id, StandingChange.standing)
    )
    return {(supplier_id, standing): count for supplier_id, standing, count in unit.session.execute(query)}


def _counted(unit: Unit, id: Any, mine: tuple[Any, ...], *conditions: Any) -> dict[str, int]:
    query = select(Certificate.supplier_id, func.count(func.distinct(Certificate.id))).where(Certificate.id == id)
    return dict(unit.session.execute(query.where(*mine, *conditions).group_by(Certificate.supplier_id)).tuples().all())


def _of(ids: list[str]) -> tuple[Any, ...]:
    """Only of these suppliers; where one is asked, an index finds it, and where all are, none is needed."""
    return (Certificate.supplier_id == ids[0],) if len(ids) == 1 else ()
