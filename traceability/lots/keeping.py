"""How a lot is written, what events call it, and whether it may move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.unit import Unit
from suppliers import directory
from traceability.events import keeping, names, things
from traceability.lots.troubles import LotCodeTaken, LotOnHold, LotRecalled
from traceability.models import Lot, Product


def keep(unit: Unit, lot: Lot) -> Lot:
    """Write a new lot, or raise LotCodeTaken, also when another transaction was first.

    A lot that bears its maker's GS1 identity brings its ``uri`` along; every other is given one.
    """
    lot.standing, lot.revision = "clear", 0
    lot.uri = lot.uri or _uri(unit, lot)
    lot.thing = things.key(unit.brand_id, lot.uri)
    try:
        with unit.session.begin_nested():
            unit.session.add(lot)
    except IntegrityError as error:
        if unit.session.scalar(select(Lot.id).where(Lot.code == lot.code)) is None:
            raise
        raise LotCodeTaken(f"lot code {lot.code} is in use", lot=lot.code) from error
    keeping.be_known(unit, uri=lot.uri, kind="lot", lot_id=lot.id)
    return lot


def _uri(unit: Unit, lot: Lot) -> str:
    """What events call a new lot, for good: also when the house moves to another address."""
    if lot.product_id is not None:
        return names.product_lot(unit.session.get_one(Product, lot.product_id).gtin, lot.code)
    return names.material_lot(unit.outside.public_url, directory.material(unit, str(lot.material_id)).code, lot.code)


def touch(unit: Unit, lot: Lot) -> None:
    """Something changed that a scan page says of this lot."""
    lot.revision += 1


def portion(lot: Lot, quantity: Decimal | None = None) -> dict[str, Any]:
    """A quantityElement (EPCIS 2.0 §7.3.3.3) of this lot, or of so much of it; the quantity as a decimal string."""
    return {"epcClass": lot.uri, "quantity": f"{lot.quantity if quantity is None else quantity:f}", "uom": lot.uom}


def born_with(lot: Lot) -> dict[str, str]:
    """Master data of a lot for the event in which it, or an item of it, comes to be (CBV 2.0 §9.3)."""
    dated = {"cbvmda:bestBeforeDate": lot.best_before.isoformat()} if lot.best_before else {}
    return {"cbvmda:lotNumber": lot.code, **dated}


def must_be_clear(lot: Lot) -> None:
    """Raise LotRecalled or LotOnHold unless the lot may move."""
    if lot.standing == "recalled":
        raise LotRecalled(f"lot {lot.code} is recalled", lot=lot.code)
    if lot.standing == "held":
        raise LotOnHold(f"lot {lot.code} is on hold", lot=lot.code)
