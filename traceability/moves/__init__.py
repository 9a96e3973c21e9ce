"""Steps in the life of codes: printed, put on a lot, let go, used up, and taken back in time.

Each takes codes of one order, from position ``start`` (from 0) on, to its end when ``count`` is
None, and answers the CodeMove by which it can be undone. Which step may follow which stands in
``life``; all of them raise Invalid, Missing, CodesNotFree and, for labels, OrderClosed, and then nothing
is done. It must not know how a counter becomes a serial (``keys``, ``seal``), nor who scans it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import undefer

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import lots, ranges, spans
from traceability.models import CodeMove, CodeOrder, CodeRange, Lot
from traceability.moves.back import ItemsShipped, MoveNotUndoable, NotYoursToUndo, stays, undo
from traceability.moves.scanned import commission_serials
from traceability.moves.step import CodesNotFree, LotOfAnotherProduct, OrderClosed, fitting, must_be_open, must_start, take
from traceability.prepared import Prepared
from traceability.ranges import Pair

__all__ = [
    "CodesNotFree",
    "ItemsShipped",
    "LotNotReleased",
    "LotOfAnotherProduct",
    "MoveNotUndoable",
    "NotYoursToUndo",
    "OrderClosed",
    "commission",
    "commission_serials",
    "destroy",
    "give_back",
    "history",
    "inactivate",
    "must_be_open",
    "must_start",
    "printed",
    "release",
    "release_lot",
    "sample",
    "sample_label",
    "scrap",
    "sizes",
    "stays",
    "take",
    "undo",
    "void",
]


_SIZES = Prepared(
    {
        "sqlite": """SELECT m.id, (SELECT sum((run.value ->> 1) - (run.value ->> 0) + 1) FROM json_each(m."before") AS run)
            FROM json_each(:asked) AS asked JOIN code_move AS m ON m.id = asked.value WHERE m.brand_id = :brand_id""",
        "postgresql": """SELECT m.id, (SELECT sum(CAST(run.value ->> 1 AS bigint) - CAST(run.value ->> 0 AS bigint) + 1)
                FROM jsonb_array_elements(m."before") AS run(value))
            FROM json_array_elements_text(CAST(:asked AS json)) AS asked(value)
            JOIN code_move AS m ON m.id = asked.value WHERE m.brand_id = :brand_id""",
    }
)


class LotNotReleased(Conflict):
    """Items leave with their lot: it is inspected and released first."""

    code = "lot-not-released"
    title = "The lot of these items is not released"


def printed(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None) -> CodeMove:
    """The printer reports these labels: allocated → encoded."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "print", order, where)


def commission(unit: Unit, *, order_id: str, lot_id: str, start: int = 0, count: int | None = None) -> CodeMove:
    """These labels are on the items of that lot: encoded → commissioned. Raises also LotOfAnotherProduct, lots.LotRecalled."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "commission", order, where, lot=fitting(unit, lot_id, order))


def scrap(
    unit: Unit,
    *,
    order_id: str,
    start: int = 0,
    count: int | None = None,
    positions: Collection[int] | None = None,
    reason: str,
    note: str | None = None,
) -> CodeMove:
    """These labels are waste: encoded → label_scrapped. ``positions`` (from 0) names single ones in place of a range."""
    if positions is None:
        order, where = _range(unit, order_id, start, count)
    else:
        order = spans.locked(unit, order_id)
        where = _places(order, positions)
    return take(unit, "scrap", order, where, reason=reason, note=note)


def sample_label(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None, reason: str, note: str | None = None) -> CodeMove:
    """These labels were taken to be looked at or kept: encoded → label_sampled."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "sample_label", order, where, reason=reason, note=note)


def give_back(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None, note: str | None = None) -> CodeMove:
    """These labels are left over and were handed back: encoded → invalid (returned)."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "give_back", order, where, reason="returned", note=note)


def void(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None, reason: str, note: str | None = None) -> CodeMove:
    """These numbers or labels are lost, stolen or a mistake: allocated or encoded → invalid."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "void", order, where, reason=reason, note=note)


def release(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None) -> CodeMove:
    """These items go to market: commissioned → released. Raises also LotNotReleased, lots.LotOnHold, lots.LotRecalled."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "release", order, where, fit=_may_leave)


def release_lot(unit: Unit, *, lot_id: str) -> list[CodeMove]:
    """All commissioned items of a lot go to market, one move for each order; none when there are none."""
    lot = lots.get(unit, lot_id)
    query = select(CodeRange.order_id).where(CodeRange.lot_id == lot.id, CodeRange.state == "commissioned").distinct()
    moves = []
    # All orders before the first lot, as every other step has it: nobody waits in a circle.
    for order in [spans.locked(unit, order_id) for order_id in sorted(unit.session.scalars(query))]:
        rows = select(CodeRange.first, CodeRange.last).where(CodeRange.order_id == order.id, CodeRange.lot_id == lot.id)
        found = unit.session.execute(rows.where(CodeRange.state == "commissioned").order_by(CodeRange.first)).tuples()
        if where := list(found):
            moves.append(take(unit, "release", order, where, fit=_may_leave))
    return moves


def sample(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None, reason: str, note: str | None = None) -> CodeMove:
    """These items were taken for the laboratory or to be kept: commissioned or released → sampled. Raises also packs.StillPacked."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "sample", order, where, reason=reason, note=note)


def inactivate(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None, reason: str, note: str | None = None) -> CodeMove:
    """These items were sold, exported, opened, stolen or lost: commissioned or released → inactive. Raises also packs.StillPacked."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "inactivate", order, where, reason=reason, note=note)


def destroy(unit: Unit, *, order_id: str, start: int = 0, count: int | None = None, reason: str, note: str | None = None) -> CodeMove:
    """These items are no more: → destroyed, for ever. Raises also packs.StillPacked."""
    order, where = _range(unit, order_id, start, count)
    return take(unit, "destroy", order, where, reason=reason, note=note)


def history(unit: Unit, order_id: str, *, limit: int | None = None, before: str | None = None, runs: bool = False) -> list[CodeMove]:
    """What was done to the codes of an order, newest first, with what was undone: all of it, or the first ``limit``
    steps, older than the one with the id ``before``; ``runs``: with the runs that each found, in the same question. Raises Missing."""
    query = select(CodeMove).where(CodeMove.order_id == order_id).order_by(CodeMove.at.desc(), CodeMove.id.desc()).limit(limit)
    if before is not None:
        last = unit.session.get(CodeMove, before)
        if last is None:
            raise Missing("no such step")
        query = query.where(tuple_(CodeMove.at, CodeMove.id) < (last.at, last.id))
    if runs:
        query = query.options(undefer(CodeMove.before))
    return list(unit.session.scalars(query))


def sizes(unit: Unit, moves: Iterable[CodeMove]) -> dict[str, int]:
    """How many codes each step met, by its id; counted where the runs lie, not brought here."""
    given = {"brand_id": unit.brand_id, "asked": json.dumps([move.id for move in moves])}
    return {move_id: int(codes) for move_id, codes in _SIZES.run(unit.session.connection(), given)}


def _range(unit: Unit, order_id: str, start: int, count: int | None) -> tuple[CodeOrder, list[Pair]]:
    order = spans.locked(unit, order_id)
    span = spans.span(order, start, count)
    return order, [(span.first, span.last)]


def _places(order: CodeOrder, positions: Collection[int]) -> list[Pair]:
    wrong = next((place for place in positions if not spans.whole(place) or not 0 <= place < order.count), None)
    if wrong is not None:
        raise Invalid(errors=[flaw("/positions", "range", f"must be whole numbers from 0 to {order.count - 1}", most=order.count - 1)])
    if not positions:
        raise Invalid(errors=[flaw("/positions", "empty", "name at least one code")])
    if len(set(positions)) < len(positions):
        raise Invalid(errors=[flaw("/positions", "twice", "a position is given twice")])
    return ranges.together(order.first + place for place in positions)


def _may_leave(lot: Lot) -> None:
    lots.must_be_clear(lot)
    if lot.state != "released":
        raise LotNotReleased(f"lot {lot.code} is {lot.state}", lot=lot.code, state=lot.state)
