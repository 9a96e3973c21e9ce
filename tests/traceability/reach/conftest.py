"""A plant whose goods went different ways."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.conftest import House
from tests.factories.dairy import GTIN, a_delivery, a_material, a_supplier
from tests.traceability.moves.roll import a_roll, let_go
from traceability import codes, gs1, lots, packing, shipments
from traceability.spans import Span


@dataclass
class Plant:
    """milk (supplier's T7) → L-1: 60 items at 0 … 59 of an order of 100, released. A case of 0 … 11 on a pallet, which was shipped."""

    milk: str
    lot: str
    order: str
    case: str
    pallet: str
    serials: list[str]


@pytest.fixture
def plant(house: House) -> Plant:
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
        milk = a_delivery(unit, "M-1", material=a_material(unit), supplier=a_supplier(unit))
        milk.supplier_lot = "T7"
        milk_id = milk.id
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        lots.finish(unit, lot_id=roll.lot_id, inputs=[(milk_id, Decimal(600))], quantity=Decimal(60))
        let_go(unit, roll.lot_id)
        case = packing.pack(unit, kind="case", items=[Span(GTIN, 1, 0, 11)]).sscc
        pallet = packing.pack(unit, kind="pallet", children=[case]).sscc
        words = {"customer": "杭州示例商贸", "regions": ["CN-33"]}
        shipments.ship(unit, reference="DN-1", sscc=[pallet], **words)
        shipments.ship(unit, reference="DN-2", order_id=roll.order_id, start=20, count=5, **words)
        shipments.ship(unit, reference="DN-3", customer="上海示例", regions=["CN-31"], order_id=roll.order_id, start=24, count=2)
        serials = [gs1.parse(link).serial or "" for link in codes.links(unit, roll.order_id)]
    return Plant(milk_id, roll.lot_id, roll.order_id, case, pallet, serials)
