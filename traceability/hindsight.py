"""What was known then, held against what is known now: which lots a correction brought into a family, and which recalls would differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability import genealogy, lots
from traceability.batches import batched
from traceability.events.flows import Window
from traceability.models import Lot, Recall, RecallLot


@dataclass(frozen=True)
class Apart:
    """Lots that were found later and not before, and those that were found before and not later; oldest first."""

    gained: list[Lot]
    lost: list[Lot]

    @property
    def same(self) -> bool:
        return not self.gained and not self.lost


@dataclass(frozen=True)
class OtherRecall:
    """The same recall, from the same lots on, would call back ``apart.gained`` as well and ``apart.lost`` not.
    ``uncovered``: those of ``apart.gained`` that no recall covers."""

    recall: Recall
    apart: Apart
    uncovered: list[Lot]


@dataclass(frozen=True)
class Changes:
    """``upstream``: what the lots came from, ``downstream``: what became of them."""

    upstream: Apart
    downstream: Apart
    recalls: list[OtherRecall]

    @property
    def none(self) -> bool:
        return self.upstream.same and self.downstream.same and not self.recalls


def diff(unit: Unit, lot_ids: Collection[str], *, before: datetime, after: datetime) -> Changes:
    """What was known at one moment and at a later one of where these lots came from and what became of them.

    Both as known: an event told later, or declared in error since, counts at ``after`` alone. Raises Invalid, Missing.
    """
    if before > after:
        raise Invalid(errors=[flaw("/before", "before-after", "must not lie after the other moment")])
    start = {lots.get(unit, each).id for each in lot_ids}
    then, now = Window(known_at=before), Window(known_at=after)
    back = genealogy.back(unit, start, then), genealogy.back(unit, start, now)
    forward = genealogy.forward(unit, start, then), genealogy.forward(unit, start, now)
    family = start.union(*back, *forward)
    changed = [each for each in (_recall(unit, recall, then, now) for recall in _recalls(unit, family)) if each is not None]
    return Changes(_apart(unit, *back), _apart(unit, *forward), changed)


def _recalls(unit: Unit, family: set[str]) -> list[Recall]:
    """The open recalls that any of these lots belongs to, or began with, oldest first."""
    met = set()
    for some in batched(family):
        met |= set(unit.session.scalars(select(RecallLot.recall_id).where(RecallLot.lot_id.in_(some)).distinct()))
    every = unit.session.scalars(select(Recall).where(Recall.state == "open").order_by(Recall.opened_at, Recall.id))
    return [recall for recall in every if recall.id in met or family & set(recall.scope.get("lot_ids", ()))]


def _recall(unit: Unit, recall: Recall, then: Window, now: Window) -> OtherRecall | None:
    roots = set(recall.scope.get("lot_ids", ()))
    apart = _apart(unit, genealogy.forward(unit, roots, then), genealogy.forward(unit, roots, now))
    if apart.same:
        return None
    covered = set()
    for some in batched(lot.id for lot in apart.gained):
        covered |= set(unit.session.scalars(select(RecallLot.lot_id).where(RecallLot.lot_id.in_(some))))
    return OtherRecall(recall, apart, [lot for lot in apart.gained if lot.id not in covered])


def _apart(unit: Unit, before: set[str], after: set[str]) -> Apart:
    there = sorted(lots.several(unit, before ^ after).values(), key=lambda lot: (lot.started_at, lot.id))
    return Apart([lot for lot in there if lot.id in after], [lot for lot in there if lot.id in before])
