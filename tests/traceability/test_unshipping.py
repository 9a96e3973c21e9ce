"""A shipment told wrongly is taken back, and everything is as if it had never been, but for its trace."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.factories.recalls import a_recall
from tests.traceability.moves.roll import Roll, a_roll, let_go
from tests.traceability.test_rebuilding import everything
from traceability import holds, lots, packing, rebuilding, shipments, shipped_lots, stock, unshipping
from traceability.events import query
from traceability.models import EpcisEvent, Shipment
from traceability.spans import Span

WORDS: dict[str, Any] = {"customer": "杭州示例商贸", "regions": ["CN-33"]}
WHY = "发给了上海的客户"


@pytest.fixture
def roll(house: House) -> Roll:
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    return roll


def _ship(house: House, reference: str, hours: float = 0, **words: Any) -> Shipment:
    with house.begin(now=house.now + timedelta(hours=hours)) as unit:
        return shipments.ship(unit, reference=reference, **{**WORDS, **words})


def _cancel(house: House, made: Shipment, hours: float = 9) -> None:
    with house.begin(now=house.now + timedelta(hours=hours)) as unit:
        unshipping.cancel(unit, shipment_id=made.id, reason=WHY)


def _runs(house: House, shipment: Shipment) -> list[tuple[int, int, str | None]]:
    with house.look() as unit:
        return [(row.first, row.last, row.sscc) for row in shipments.items(unit, shipment.id)]


def _rebuilt_is_the_same(house: House) -> None:
    before = everything(house)
    with house.begin(now=house.now + timedelta(hours=20)) as unit:
        assert rebuilding.rebuild(unit).packs == 0
    assert everything(house) == before


def test_its_goods_are_here_again_and_its_event_is_in_error(house: House, roll: Roll) -> None:
    made = _ship(house, "DN-1", order_id=roll.order_id, count=20)
    _cancel(house, made)
    assert _runs(house, made) == []
    with house.look() as unit:
        lot = lots.get(unit, roll.lot_id)
        assert stock.of(unit, [lot])[lot.id].shipped == 0
        said = unshipping.cancelled(unit, shipments.every(unit))[made.id]
        assert (said.at, said.reason) == (house.now + timedelta(hours=9), WHY)
        assert [each.id for each in shipments.every(unit)] == [made.id], "it is listed still"
        assert made.event_id not in {event.id for event in query.valid(list(query.of_lot(unit, roll.lot_id)))}
        (told,) = (event for event in query.of_lot(unit, roll.lot_id) if event.declares)
        assert (told.declares, told.why["errorDeclaration"]["reason"]) == (made.event_id, "did_not_occur")
    _rebuilt_is_the_same(house)


def test_items_go_back_to_the_shipment_that_had_them_before(house: House, roll: Roll) -> None:
    first = _ship(house, "DN-1", order_id=roll.order_id, count=30)
    wrong = _ship(house, "DN-2", 1, order_id=roll.order_id, start=10, count=30)
    third = _ship(house, "DN-3", 2, order_id=roll.order_id, start=25, count=2)
    _cancel(house, wrong)
    assert _runs(house, first) == [(0, 24, None), (27, 29, None)]
    assert _runs(house, third) == [(25, 26, None)], "what went again since stays where it is"
    _rebuilt_is_the_same(house)
    _cancel(house, third, 10)
    assert _runs(house, first) == [(0, 29, None)]
    _rebuilt_is_the_same(house)


def test_items_of_packs_go_back_to_what_was_in_them_then(house: House, roll: Roll) -> None:
    with house.begin() as unit:
        cases = [packing.pack(unit, kind="case", items=[Span(GTIN, 1, at, at + 9)]).sscc for at in (0, 10)]
        pallet = packing.pack(unit, kind="pallet", children=cases).sscc
    first = _ship(house, "DN-1", 1, sscc=[pallet])
    with house.begin(now=house.now + timedelta(hours=2)) as unit:
        packing.unpack(unit, sscc=pallet, children=cases[:1])
        packing.unpack(unit, sscc=cases[0], items=[Span(GTIN, 1, 3, 5)])
    wrong = _ship(house, "DN-2", 3, order_id=roll.order_id, start=0, count=12)
    again = _ship(house, "DN-3", 4, sscc=[cases[0]])
    _cancel(house, wrong)
    assert _runs(house, first) == [(3, 5, pallet), (10, 19, pallet)]
    assert _runs(house, again) == [(0, 2, cases[0]), (6, 9, cases[0])]
    _cancel(house, again, 10)
    assert _runs(house, first) == [(0, 19, pallet)]
    _rebuilt_is_the_same(house)


def test_loose_goods_come_back_too(house: House, roll: Roll) -> None:
    made = _ship(house, "DN-1", loose=[(roll.lot_id, Decimal(10))])
    with house.look() as unit:
        before = stock.of(unit, [lots.get(unit, roll.lot_id)])[roll.lot_id].left
    _cancel(house, made)
    with house.look() as unit:
        assert shipped_lots.of(unit, [made.id]) == {}
        assert stock.of(unit, [lots.get(unit, roll.lot_id)])[roll.lot_id].left == before + 10


def test_cancelled_once_it_stays_so(house: House, roll: Roll) -> None:
    made = _ship(house, "DN-1", order_id=roll.order_id, count=20)
    _cancel(house, made)
    _cancel(house, made, 10)
    with house.look() as unit:
        assert unshipping.cancelled(unit, [made])[made.id].at == house.now + timedelta(hours=9)
        assert len([event for event in unit.session.query(EpcisEvent) if event.declares == made.event_id]) == 1
    with pytest.raises(shipments.ShipmentCancelled):
        _ship(house, "DN-1", 11, order_id=roll.order_id, count=20)


def test_nobody_slips_out_of_a_recall(house: House, roll: Roll) -> None:
    made = _ship(house, "DN-1", order_id=roll.order_id, count=20)
    with house.begin() as unit:
        holds.place(unit, lot_id=roll.lot_id, cause="person", cause_id="-", reason="气味异常")
    with pytest.raises(lots.LotOnHold):
        _cancel(house, made)
    with house.begin() as unit:
        a_recall(unit, lot_ids=[roll.lot_id], reason="气味异常", advice="请退货")
    with pytest.raises(lots.LotRecalled):
        _cancel(house, made)
    assert _runs(house, made) == [(0, 19, None)]


def test_a_reason_and_a_shipment_are_needed(house: House, roll: Roll) -> None:
    made = _ship(house, "DN-1", order_id=roll.order_id, count=20)
    with house.begin() as unit:
        with pytest.raises(Invalid):
            unshipping.cancel(unit, shipment_id=made.id, reason=" ")
        with pytest.raises(Missing):
            unshipping.cancel(unit, shipment_id="01JX0000000000000000000000", reason=WHY)
