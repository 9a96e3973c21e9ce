"""The books of an order: what became of its labels, and that nothing is left open when it is closed.

What was printed is on an item, is waste, was kept as a sample, came back, or was written off as lost:

    printed = commissioned + scrapped + sampled + returned + void + open

and an order closes when ``open`` is nothing. Numbers that were never printed become invalid with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from kernel.errors import Conflict
from kernel.unit import Unit
from traceability import codes, life, moves, spans
from traceability.models import CodeOrder, CodeRange

_NAMED: Final = 10


class BooksOpen(Conflict):
    """Some labels of this order were printed and nobody said what became of them: they are on no item, not
    scrapped, not sampled and not returned. ``spans`` names them by position, from 1, the first ten at most, and
    ``open`` says how many there are. Report them, then close."""

    code = "books-open"
    title = "Some printed labels are not accounted for"


@dataclass(frozen=True)
class Balance:
    """How many labels; all but the first line are parts of ``ordered``.

    ``commissioned`` counts every label that ever went on an item, whatever became of the item; how items
    stand now is told by ``on_lot`` (commissioned and not yet released), ``released``, ``taken`` (as samples),
    ``inactive`` and ``destroyed``, which add up to it.
    """

    ordered: int
    allocated: int
    unused: int
    printed: int
    commissioned: int
    scrapped: int
    sampled: int
    returned: int
    void: int
    open: int
    on_lot: int
    released: int
    taken: int
    inactive: int
    destroyed: int


def of(unit: Unit, order_id: str) -> Balance:
    """The books of one order: two statements, however many codes. Raises Missing."""
    order = codes.get(unit, order_id)
    size = func.sum(CodeRange.last - CodeRange.first + 1)
    query = select(CodeRange.state, CodeRange.reason, size).where(CodeRange.order_id == order.id)
    states = dict.fromkeys(life.STATES, 0)
    invalid: dict[str, int] = {}
    for state, reason, many in unit.session.execute(query.group_by(CodeRange.state, CodeRange.reason)):
        states[state] += int(many)
        if state == "invalid":
            invalid[str(reason)] = int(many)
    unused, returned = invalid.get(life.UNUSED, 0), invalid.get("returned", 0)
    return Balance(
        ordered=order.count,
        allocated=states["allocated"],
        unused=unused,
        printed=order.count - states["allocated"] - unused,
        commissioned=sum(states[state] for state in life.ITEMS),
        scrapped=states["label_scrapped"],
        sampled=states["label_sampled"],
        returned=returned,
        void=states["invalid"] - unused - returned,
        open=states["encoded"],
        on_lot=states["commissioned"],
        released=states["released"],
        taken=states["sampled"],
        inactive=states["inactive"],
        destroyed=states["destroyed"],
    )


def of_lot(unit: Unit, lot_id: str) -> dict[str, int]:
    """How many items of a lot stand in which state; states in which there are none are left out."""
    size = func.sum(CodeRange.last - CodeRange.first + 1)
    query = select(CodeRange.state, size).where(CodeRange.lot_id == lot_id).group_by(CodeRange.state)
    found = {state: int(many) for state, many in unit.session.execute(query)}
    return {state: found[state] for state in life.ITEMS if state in found}


def close(unit: Unit, *, order_id: str) -> CodeOrder:
    """Close the books of an order: no label of it moves any more, and numbers never printed are invalid.

    Raises Missing, BooksOpen, or moves.OrderClosed when it is closed already.
    """
    order = spans.locked(unit, order_id)
    if order.closed_at is not None:
        raise moves.OrderClosed("the books of this order are closed", reference=order.reference)
    query = select(CodeRange.first, CodeRange.last).where(CodeRange.order_id == order.id)
    left = unit.session.execute(query.where(CodeRange.state == "encoded").order_by(CodeRange.first)).tuples().all()
    if left:
        where = [spans.named(order, first, last) for first, last in left[:_NAMED]]
        many = sum(last - first + 1 for first, last in left)
        raise BooksOpen(f"{many} printed labels are not accounted for", spans=where, open=many)
    never = unit.session.execute(query.where(CodeRange.state == "allocated").order_by(CodeRange.first)).tuples().all()
    if never:
        moves.take(unit, "close", order, list(never), reason=life.UNUSED)
    order.closed_at, order.closed_by = unit.now, unit.actor.id
    unit.session.flush()
    unit.record("codes.closed", "code_order", order.id, unused=sum(last - first + 1 for first, last in never))
    return order
