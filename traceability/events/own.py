"""Which lot an item of this house is of, when somebody else's event names it by its serial."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from kernel.unit import Unit
from traceability import keys
from traceability.events.epcs import Named
from traceability.models import CodeRange, Lot, Product


def lots_of_items(unit: Unit, items: Iterable[Named]) -> dict[str, Lot]:
    """URI of an item → its lot, for those that were put on one."""
    asked: dict[str, dict[str, str]] = {}
    for item in items:
        if item.gtin is not None and item.serial is not None:
            asked.setdefault(item.gtin, {})[item.serial] = item.uri
    ours = set(unit.session.scalars(select(Product.gtin).where(Product.gtin.in_(asked)))) if asked else set()
    found = {}
    for gtin in sorted(ours):
        imported = keys.imported(unit, gtin=gtin, serials=asked[gtin])
        for serial, uri in asked[gtin].items():
            meant = [imported[serial]] if serial in imported else keys.meanings(unit, gtin=gtin, serial=serial)
            lot = next((lot for each in meant if (lot := _lot_at(unit, gtin, each)) is not None), None)
            if lot is not None:
                found[uri] = lot
    return found


def _lot_at(unit: Unit, gtin: str, meant: keys.Meant) -> Lot | None:
    nearest = (
        select(CodeRange.last, CodeRange.lot_id)
        .where(CodeRange.gtin == gtin, CodeRange.key_version == meant.version, CodeRange.first <= meant.counter)
        .order_by(CodeRange.first.desc())
        .limit(1)
    )
    row = unit.session.execute(nearest).first()
    return unit.session.get(Lot, row.lot_id) if row and row.lot_id and meant.counter <= row.last else None
