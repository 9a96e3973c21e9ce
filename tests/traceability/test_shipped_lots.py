"""Goods without codes in a shipment: told once, with the rest or alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import a_delivery, a_material, a_supplier
from tests.traceability.events.test_export import valid
from tests.traceability.moves.roll import a_roll, let_go
from traceability import holds, lots, shipments, shipped_lots, stock
from traceability.events import export, query

WORDS: dict[str, Any] = {"reference": "DN-1", "customer": "奶吧", "regions": ["CN"]}


@pytest.fixture
def milk(house: House) -> str:
    with house.begin() as unit:
        return a_delivery(unit, material=a_material(unit), supplier=a_supplier(unit)).id


def _ship(house: House, *loose: tuple[str, Any], **more: Any) -> str:
    with house.begin() as unit:
        return shipments.ship(unit, **{**WORDS, **more}, loose=list(loose)).id


def test_items_and_loose_goods_leave_in_one_event(house: House, milk: str) -> None:
    roll = a_roll(house, 20, commissioned=10)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    made = _ship(house, (milk, Decimal("250.50")), order_id=roll.order_id, count=10)
    with house.look() as unit:
        (event,) = (event for event in query.of_lots(unit, [milk]) if event.biz_step == "shipping")
        assert event in query.of_lot(unit, roll.lot_id)
        document = export.document(unit, [event])
        (told,) = document["epcisBody"]["eventList"]
        assert len(told["epcList"]) == 10
        assert told["quantityList"] == [{"epcClass": lots.get(unit, milk).uri, "quantity": 250.5, "uom": "KGM"}]
        assert [(row.lot_id, row.quantity) for row in shipped_lots.of(unit, [made])[made]] == [(milk, Decimal("250.5"))]
        assert stock.of(unit, [lots.get(unit, milk)])[milk].left == Decimal("749.5")
    valid(document)


def test_the_same_words_ship_once(house: House, milk: str) -> None:
    first = _ship(house, (milk, Decimal(800)))
    assert _ship(house, (milk, Decimal("800.0"))) == first, "though there is not so much left any more"
    with pytest.raises(shipments.ShipmentReferenceUsed):
        _ship(house, (milk, Decimal(700)))


def test_what_may_not_leave_stays(house: House, milk: str) -> None:
    for loose, trouble in (
        ([(milk, Decimal(1001))], lots.NotEnoughLeft),
        ([(milk, Decimal(1)), (milk, Decimal(1))], Invalid),
        ([(milk, Decimal(0))], Invalid),
        ([("01JX0000000000000000000000", Decimal(1))], Missing),
        ([], Invalid),
    ):
        with pytest.raises(trouble):
            _ship(house, *loose)
    with house.begin() as unit:
        holds.place(unit, lot_id=milk, cause="person", cause_id="-", reason="气味异常")
    with pytest.raises(lots.LotOnHold):
        _ship(house, (milk, Decimal(1)))
