"""What came in from suppliers, as counts: for whoever scores them. Decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import case, func, select

from kernel.unit import Unit
from traceability.models import Hold, Lot

HELD: Final = ("placed", "released")
"""Of a hold: it stopped the lot, be it over by now."""


def fared(unit: Unit, *, since: datetime, supplier_id: str | None = None) -> dict[str, tuple[int, int]]:
    """By supplier: how many lots of theirs came in since then, and how many of those were ever held for a paper. Only of one supplier
    when it is named; a supplier of whom nothing came in is not in it."""
    fallen = select(Hold.lot_id).where(Hold.cause == "certificate", Hold.state.in_(HELD))
    held = func.sum(case((Lot.id.in_(fallen), 1), else_=0))
    query = select(Lot.supplier_id, func.count(), held).where(Lot.supplier_id.is_not(None), Lot.started_at >= since)
    if supplier_id is not None:
        query = query.where(Lot.supplier_id == supplier_id)
    return {str(who): (count, int(of_them)) for who, count, of_them in unit.session.execute(query.group_by(Lot.supplier_id))}
