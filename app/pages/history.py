"""What was done to an order's codes, with what can be taken back now and why the rest stays.

It must not know how a step is taken back; where this page is wrong, the room that does it still refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.unit import Unit
from traceability import life, lots, moves, packs, ranges
from traceability.ranges import Pair
from traceability.spans import Span


@dataclass(frozen=True)
class Done:
    """One step of the past. ``until``: it can be taken back so long; ``stays``: the word why not."""

    move: Any
    first: int
    last: int
    count: int
    until: datetime | None
    stays: str | None


def steps(unit: Unit, order: Any) -> list[Done]:
    """The steps of an order, newest first."""
    past = moves.history(unit, order.id, runs=True)
    recalled = {lot.id for lot in lots.several(unit, _lots(past)).values() if lot.standing == "recalled"}
    later: list[Pair] = []
    told = []
    for move in past:
        where: list[Pair] = [(run[0], run[1]) for run in move.before]
        fresh = ranges.minus(where, later)
        until = move.at + rule.undo if (rule := life.MOVES[move.move]).undo else None
        stays = _stays(unit, order, move) or (
            "moved-on" if fresh != where else "recalled" if _lots([move]) & recalled else "packed" if _packed(unit, order, move) else None
        )
        if move.undone_at is None:
            later = sorted([*later, *fresh])
        count = sum(last - first + 1 for first, last in where)
        told.append(Done(move, move.first - order.first + 1, move.last - order.first + 1, count, until, stays))
    return told


def _stays(unit: Unit, order: Any, move: Any) -> str | None:
    """Why a step stays by itself, whatever came after it."""
    why = moves.stays(unit, move)
    if why != "undone" and life.MOVES[move.move].of_labels and order.closed_at:
        return "final"
    if why is None and move.by != unit.actor.id and unit.actor.kind != "brand_admin":
        return "yours"
    return why


def _lots(past: list[Any]) -> set[str]:
    """The lots that these steps were about."""
    named = {move.lot_id for move in past} | {run[4] for move in past for run in move.before}
    return {each for each in named if each}


def _packed(unit: Unit, order: Any, move: Any) -> bool:
    """Whether items that were put on a lot lie in a pack since."""
    if not life.MOVES[move.move].needs_lot:
        return False
    try:
        packs.must_be_loose(unit, [Span(order.gtin, order.key_version, run[0], run[1]) for run in move.before])
    except packs.StillPacked:
        return True
    return False
