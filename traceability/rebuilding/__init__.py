"""Everything that follows from what happened, made anew from it.

Projections are kept in the transaction of their event, so there is no need of this in daily life. It is for the day
when one is doubted, when its meaning changes, or when somebody wants to see that nothing but history counts.
One brand at a time, in one transaction: either all of it is new, or nothing was touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kernel.unit import Unit
from traceability.rebuilding import coded, packed, spine, standings

Progress = Callable[[str, int, int], None]
"""What is being done, how far, of how much."""


@dataclass(frozen=True)
class Rebuilt:
    """How much was read, and how many rows of packs, shipments, codes and lots stood otherwise before."""

    events: int
    packs: int
    codes: int
    lots: int


def rebuild(unit: Unit, *, progress: Progress | None = None) -> Rebuilt:
    """Make all projections of this brand anew: things and flows, hierarchy, packs and shipments, codes, standings."""
    tell = progress or _quiet
    events = spine.rebuild(unit, tell)
    rebuilt = Rebuilt(events, packed.rebuild(unit, tell), coded.rebuild(unit, tell), standings.rebuild(unit))
    unit.record("projections.rebuilt", "brand", unit.brand_id, events=events)
    return rebuilt


def _quiet(_what: str, _done: int, _all: int) -> None:
    return None
