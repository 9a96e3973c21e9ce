"""So much of a lot that goes with a shipment and bears no codes: bulk goods, material that is sent back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import lots
from traceability.given import Given
from traceability.models import Lot, Shipment, ShippedLot

MOST: Final = 200
"""Lots in one shipment."""

Bulk = Mapping[str, Decimal]
"""Lot id → how much of it, in its own unit."""


def given(given: Given, loose: Sequence[tuple[str, Decimal]]) -> Bulk:
    """How much of which lot was asked for; every flaw is noted in ``given``."""
    found: dict[str, Decimal] = {}
    if len(loose) > MOST:
        given.wrong("/lots", "most", f"at most {MOST} lots", most=MOST)
    for place, (lot_id, amount) in enumerate(loose[:MOST]):
        if lot_id in found:
            given.wrong(f"/lots/{place}/lot_id", "twice", "is given twice")
        found[lot_id] = given.amount(f"/lots/{place}/quantity", amount)
    return found


def what(unit: Unit, bulk: Bulk) -> dict[str, Any]:
    """What an event says of them. Raises Missing."""
    there = lots.several(unit, bulk)
    if len(there) < len(bulk):
        raise Missing("no such lot")
    elements = [lots.portion(there[lot_id], bulk[lot_id].normalize() + 0) for lot_id in sorted(bulk)]
    return {"quantityList": elements} if elements else {}


def keep(unit: Unit, shipment: Shipment, bulk: Bulk, touched: Mapping[str, Lot]) -> None:
    """They are of this shipment from now on."""
    for lot_id, amount in bulk.items():
        lot = touched[lot_id]
        lots.touch(unit, lot)
        unit.session.add(ShippedLot(id=unit.new_id(), shipment_id=shipment.id, lot_id=lot_id, quantity=amount, uom=lot.uom))
    unit.session.flush()


def of(unit: Unit, shipment_ids: Iterable[str]) -> dict[str, list[ShippedLot]]:
    """Shipment id → what of which lots went with it, in order."""
    found: dict[str, list[ShippedLot]] = {}
    rows = select(ShippedLot).where(ShippedLot.shipment_id.in_(set(shipment_ids))).order_by(ShippedLot.id)
    for row in unit.session.scalars(rows):
        found.setdefault(row.shipment_id, []).append(row)
    return found
