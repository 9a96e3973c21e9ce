"""What became of a lot, and what it came from: walks along LotInput, both ways.

Recursive queries that both databases know. UNION (not UNION ALL) forgets what was met
before, so a circle, which no honest event can make, would end the walk and not hang it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from kernel.unit import Unit
from traceability import lots
from traceability.models import Lot, LotInput


@dataclass(frozen=True)
class Edge:
    """So much of ``input`` (a lot's id) went into ``output``."""

    input: str
    output: str
    quantity: Decimal
    uom: str


@dataclass(frozen=True)
class Graph:
    """All lots that have to do with one lot, oldest first, and what went into what."""

    lots: list[Lot]
    edges: list[Edge]


def forward(unit: Unit, lot_ids: Iterable[str]) -> set[str]:
    """The ids of every lot that any of these went into, however many steps away; not the start itself."""
    return _walk(unit, lot_ids, onward=True)


def backward(unit: Unit, lot_ids: Iterable[str]) -> set[str]:
    """The ids of every lot that went into any of these, however many steps away; not the start itself."""
    return _walk(unit, lot_ids, onward=False)


def affected(unit: Unit, lot_ids: Iterable[str]) -> list[Lot]:
    """These lots and all that was made of them, locked, in the order of their ids.

    A lot can be used by another transaction while we walk. Once a lot is locked nothing more can
    be made of it until this unit ends, so the walk is repeated until it finds nothing new.
    """
    found = set(lot_ids)
    while True:
        seized = lots.locked(unit, found)
        more = forward(unit, seized) - found
        if not more:
            return list(seized.values())
        found |= more


def graph(unit: Unit, lot_id: str) -> Graph:
    """The whole family of one lot: what it came from and what became of it. Raises Missing."""
    start = lots.get(unit, lot_id)
    ids = {start.id} | forward(unit, [lot_id]) | backward(unit, [lot_id])
    family = sorted(lots.several(unit, ids).values(), key=lambda lot: (lot.started_at, lot.id))
    rows = unit.session.scalars(
        select(LotInput).where(LotInput.input_lot_id.in_(ids), LotInput.output_lot_id.in_(ids)).order_by(LotInput.id)
    )
    return Graph(family, [Edge(row.input_lot_id, row.output_lot_id, row.quantity, row.uom) for row in rows])


def _walk(unit: Unit, lot_ids: Iterable[str], *, onward: bool) -> set[str]:
    """The brand is asked by hand: the walk runs on the table itself, where the session's wall does not stand."""
    start = set(lot_ids)
    table = LotInput.__table__
    here, there = (table.c.input_lot_id, table.c.output_lot_id) if onward else (table.c.output_lot_id, table.c.input_lot_id)
    ours = table.c.brand_id == unit.brand_id
    walk = select(there.label("lot_id")).where(here.in_(start), ours).cte("walk", recursive=True)
    walk = walk.union(select(there).join(walk, here == walk.c.lot_id).where(ours))
    return set(unit.session.scalars(select(walk.c.lot_id))) - start
