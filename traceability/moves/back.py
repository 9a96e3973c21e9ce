"""A step taken back, while nothing has come of it.

Whoever took it may, and the brand's admin for them: the one knows what happened, the other answers
for it. What is written is the event that never should have been, once more and declared in
error (EPCIS 2.0, 7.4.1.4: the same event and eventID with an errorDeclaration), not a step the other
way round: no label was peeled off its bottle, the report was wrong.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kernel.errors import Conflict, Missing, Refused
from kernel.unit import Unit
from traceability import life, lots, packs, ranges, spans
from traceability.events import capture
from traceability.models import CodeMove, CodeOrder, EpcisEvent, Lot, Shipment, ShippedRange
from traceability.moves.step import must_be_open
from traceability.ranges import Pair, Run
from traceability.spans import Span


class MoveNotUndoable(Conflict):
    """This step stays. ``why`` says for which reason: ``undone`` before, ``final`` by its nature (destroyed,
    stolen, the books closed), ``late`` (more than ten days ago), or ``moved-on``: some of its codes went further, so
    that the later step has to be undone first."""

    code = "move-not-undoable"
    title = "This step cannot be undone"


class ItemsShipped(Conflict):
    """Some of these items left with ``shipment``. They are out there on their lot, so that every recall of it must find them."""

    code = "items-shipped"
    title = "Some of these items were shipped"


class NotYoursToUndo(Refused):
    """A step is undone by the one who took it or by the brand's admin."""

    code = "not-yours-to-undo"
    title = "Somebody else took this step"


def undo(unit: Unit, *, move_id: str) -> CodeMove:
    """Take a step back: its codes stand as before, and its event is declared in error.

    Items do not leave a lot that is on hold: whoever decides on it has counted them. Raises Missing, NotYoursToUndo,
    MoveNotUndoable, ItemsShipped, OrderClosed, lots.LotRecalled, lots.LotOnHold, packs.StillPacked; then nothing is done.
    """
    done, order = _locked(unit, move_id)
    move = life.MOVES[done.move]
    if unit.actor.id != done.by and unit.actor.kind != "brand_admin":
        raise NotYoursToUndo("only who took this step, or a brand admin, may undo it")
    if move.of_labels:
        must_be_open(order)
    _in_time(unit, done, move)
    before = [Run(*row) for row in done.before]
    where: list[Pair] = [(run.first, run.last) for run in before]
    left = [move.after(run, done.reason, done.lot_id) for run in before]
    touched = lots.locked(unit, {run.lot_id for run in left if run.lot_id})
    for lot in touched.values():
        _may_change(move, lot)
    runs = spans.runs(unit, order, Span(order.gtin, order.key_version, done.first, done.last))
    if ranges.joined(ranges.inside(runs, where)) != ranges.joined(left):
        raise MoveNotUndoable("some of these codes went further since", why="moved-on")
    if move.needs_lot:
        packs.must_be_loose(unit, [Span(order.gtin, order.key_version, *pair) for pair in where])
        _must_be_here(unit, order, where)
    spans.keep(unit, order, _restored(runs, where, before), runs)
    for lot in touched.values():
        lots.touch(unit, lot)
    _declare(unit, done, list(touched))
    done.undone_at, done.undone_by = unit.now, unit.actor.id
    unit.session.flush()
    unit.record("codes.undone", "code_order", order.id, step=done.move, id=done.id)
    return done


def _locked(unit: Unit, move_id: str) -> tuple[CodeMove, CodeOrder]:
    done = unit.session.get(CodeMove, move_id)
    if done is None:
        raise Missing("no such step")
    order = spans.locked(unit, done.order_id)
    unit.session.refresh(done)
    return done, order


def stays(unit: Unit, done: CodeMove) -> str | None:
    """Why a step stays by itself, whatever came after it: undone, final or late; None while it may be taken back."""
    move = life.MOVES[done.move]
    if done.undone_at is not None:
        return "undone"
    if move.undo is None or done.reason in move.final:
        return "final"
    return "late" if unit.now - done.at > move.undo else None


def _in_time(unit: Unit, done: CodeMove, move: life.Move) -> None:
    why = stays(unit, done)
    if why == "undone":
        raise MoveNotUndoable("this step was undone before", why=why)
    if why == "final" or move.undo is None:
        raise MoveNotUndoable("this step is for good", why="final")
    if why == "late":
        raise MoveNotUndoable(f"this step was taken more than {move.undo.days} days ago", why=why, days=move.undo.days)


def _may_change(move: life.Move, lot: Lot) -> None:
    if move.needs_lot:
        lots.must_be_clear(lot)
    elif lot.standing == "recalled":
        raise lots.LotRecalled(f"lot {lot.code} is recalled", lot=lot.code)


def _must_be_here(unit: Unit, order: CodeOrder, where: list[Pair]) -> None:
    """Raise ItemsShipped when any of these items was shipped."""
    hull = (ShippedRange.first <= where[-1][1], ShippedRange.last >= where[0][0])
    query = select(ShippedRange.first, ShippedRange.last, Shipment.reference).join(Shipment, Shipment.id == ShippedRange.shipment_id)
    query = query.where(ShippedRange.gtin == order.gtin, ShippedRange.key_version == order.key_version, *hull)
    for first, last, reference in unit.session.execute(query.order_by(ShippedRange.first)):
        if any(first <= end and last >= start for start, end in where):
            raise ItemsShipped(f"some of these items left with shipment {reference}", shipment=reference)


def _restored(runs: list[Run], where: list[Pair], before: list[Run]) -> list[Run]:
    """The runs with what lies in ``where`` as it was before."""
    outside = ranges.inside(runs, ranges.minus([(runs[0].first, runs[-1].last)], where))
    return ranges.joined(sorted([*outside, *before], key=lambda run: run.first))


def _declare(unit: Unit, done: CodeMove, touched: list[str]) -> None:
    wrong = unit.session.get_one(EpcisEvent, done.event_id)
    error: dict[str, Any] = {"declarationTime": unit.now.isoformat(timespec="milliseconds"), "reason": "did_not_occur"}
    capture.record(
        unit,
        type=wrong.type,
        action=wrong.action,
        biz_step=str(wrong.biz_step),
        disposition=wrong.disposition,
        event_time=wrong.event_time,
        what=wrong.what,
        why=wrong.why | {"errorDeclaration": error},
        ilmd=wrong.ilmd,
        read_point=wrong.read_point,
        biz_location=wrong.biz_location,
        lots=dict.fromkeys(touched, "object"),
        declares=wrong.id,
    )
