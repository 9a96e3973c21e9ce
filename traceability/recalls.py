"""Recalls: these lots, and everything made of them, come back.

A recall is never undone and a lot is recalled once. Who holds an item of it is not known
here: whoever knows hears LotsRecalled.
"""

from __future__ import annotations

from sqlalchemy import select

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability import genealogy, lots
from traceability.events import capture
from traceability.facts import LotsRecalled
from traceability.given import Given
from traceability.models import Lot, Recall, RecallLot


class AlreadyRecalled(Conflict):
    """These lots, and all that was made of them, are recalled already: there is nothing to add."""

    code = "already-recalled"
    title = "All of this is recalled already"


def open(unit: Unit, *, lot_ids: list[str], reason: str, advice: str) -> Recall:
    """Recall lots of any kind with all that was made of them, and tell LotsRecalled.

    ``advice`` says what a person who holds an item should do. Lots recalled before stay with their
    first recall. Raises Invalid, Missing, or AlreadyRecalled when nothing is left to recall.
    """
    given = Given()
    reason, advice = given.text("/reason", reason, 300), given.text("/advice", advice, 2000, lines=True)
    if not lot_ids:
        given.wrong("/lot_ids", "empty", "name at least one lot")
    given.done()
    fresh = _fresh(unit, set(lot_ids))
    recall = Recall(id=unit.new_id(), reason=reason, advice=advice, opened_at=unit.now, opened_by=unit.actor.id)
    unit.session.add(recall)
    unit.session.flush()
    for lot in fresh:
        unit.session.add(RecallLot(id=unit.new_id(), recall_id=recall.id, lot_id=lot.id))
        lot.standing = "recalled"
        lots.touch(unit, lot)
    capture.record(
        unit,
        type="ObjectEvent",
        action="OBSERVE",
        biz_step="holding",
        disposition="recalled",
        event_time=unit.now,
        what={"quantityList": [lots.portion(unit, lot) for lot in fresh]},
        why={"recall": recall.id, "reason": reason},
        lots={lot.id: "object" for lot in fresh},
    )
    unit.tell(LotsRecalled(recall_id=recall.id, lot_ids=[lot.id for lot in fresh]))
    unit.record("recall.opened", "recall", recall.id, lots=len(fresh))
    unit.session.flush()
    return recall


def drill(unit: Unit, *, lot_ids: list[str]) -> list[Lot]:
    """What a recall of these lots would call back now. Nothing is written."""
    ids = set(lot_ids)
    return sorted(lots.several(unit, ids | genealogy.forward(unit, ids)).values(), key=lambda lot: (lot.started_at, lot.id))


def every(unit: Unit) -> list[Recall]:
    """All recalls, newest first."""
    return list(unit.session.scalars(select(Recall).order_by(Recall.opened_at.desc(), Recall.id.desc())))


def get(unit: Unit, recall_id: str) -> tuple[Recall, list[Lot]]:
    """A recall and its lots, oldest first. Raises Missing."""
    recall = unit.session.get(Recall, recall_id)
    if recall is None:
        raise Missing("no such recall")
    query = select(Lot).join(RecallLot, RecallLot.lot_id == Lot.id).where(RecallLot.recall_id == recall_id)
    return recall, list(unit.session.scalars(query.order_by(Lot.started_at, Lot.id)))


def of_lot(unit: Unit, lot_id: str) -> Recall | None:
    """The recall that a lot belongs to, if any."""
    return unit.session.scalar(select(Recall).join(RecallLot, RecallLot.recall_id == Recall.id).where(RecallLot.lot_id == lot_id))


def _fresh(unit: Unit, lot_ids: set[str]) -> list[Lot]:
    affected = genealogy.affected(unit, lot_ids)
    ids = [lot.id for lot in affected]
    if not lot_ids <= set(ids):
        raise Missing("no such lot")
    before = set(unit.session.scalars(select(RecallLot.lot_id).where(RecallLot.lot_id.in_(ids))))
    fresh = [lot for lot in affected if lot.id not in before]
    if not fresh:
        raise AlreadyRecalled("all of these lots are recalled already")
    return fresh
