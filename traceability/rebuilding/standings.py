"""Whether each lot is clear, held or recalled, from its holds and recalls."""

from __future__ import annotations

from sqlalchemy import select

from kernel.unit import Unit
from traceability import lots
from traceability.models import Hold, Lot, RecallLot


def rebuild(unit: Unit) -> int:
    """How many lots stood otherwise before."""
    held = set(unit.session.scalars(select(Hold.lot_id).where(Hold.state == "placed")))
    recalled = set(unit.session.scalars(select(RecallLot.lot_id)))
    changed = 0
    for lot in unit.session.scalars(select(Lot).order_by(Lot.id)):
        standing = "recalled" if lot.id in recalled else "held" if lot.id in held else "clear"
        if lot.standing != standing:
            lot.standing, changed = standing, changed + 1
            lots.touch(unit, lot)
    unit.session.flush()
    return changed
