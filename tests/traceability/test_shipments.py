"""Goods that leave for a customer: by packs, by places in an order, once each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.factories.recalls import a_recall
from tests.traceability.events.test_export import valid
from tests.traceability.moves.roll import Roll, a_roll, let_go
from traceability import holds, lots, moves, packing, packs, shipments
from traceability.events import export, query
from traceability.models import Shipment, ShippedRange
from traceability.spans import Span

WORDS: dict[str, Any] = {"reference": "DN-1", "customer": "杭州示例商贸", "regions": ["CN-33", "CN-31"]}


@pytest.fixture
def roll(house: House) -> Roll:
    """60 items of 100 on a released lot, and a prefix to number packs with."""
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    return roll


def _ship(house: House, hours: float = 0, **words: Any) -> Shipment:
    with house.begin(now=house.now + timedelta(hours=hours)) as unit:
        return shipments.ship(unit, **{**WORDS, **words})


def _case(house: House, *places: tuple[int, int]) -> str:
    with house.begin() as unit:
        return packing.pack(unit, kind="case", items=[Span(GTIN, 1, *place) for place in places]).sscc


def _runs(house: House, shipment: Shipment) -> list[tuple[int, int, str | None]]:
    with house.look() as unit:
        return [(row.first, row.last, row.sscc) for row in shipments.items(unit, shipment.id)]


def _of(house: House, counter: int, **more: Any) -> str | None:
    with house.look(**more) as unit:
        found = shipments.of_item(unit, gtin=GTIN, key_version=1, counter=counter)
        return found.reference if found else None


def test_a_span_is_one_row_and_one_event_of_the_standard(house: House, roll: Roll) -> None:
    made = _ship(house, order_id=roll.order_id, start=10, count=20)
    assert made.regions == ["CN-31", "CN-33"]
    assert _runs(house, made) == [(10, 29, None)]
    with house.look() as unit:
        event = next(event for event in query.of_lot(unit, roll.lot_id) if event.biz_step == "shipping")
        assert (event.id, event.disposition, event.read_point) == (made.event_id, "in_transit", "岚牧一厂")
        document = export.document(unit, [event])
        (told,) = document["epcisBody"]["eventList"]
        assert told["epcList"] == [f"https://id.gs1.org/01/{GTIN}/21/{serial}" for serial in roll.serials(unit)[10:30]]
        assert told["bizTransactionList"] == [{"type": "desadv", "bizTransaction": "https://id.example/shipment/DN-1"}]
    valid(document)
    assert [_of(house, counter) for counter in (9, 10, 29, 30)] == [None, "DN-1", "DN-1", None]


def test_packs_leave_with_all_that_is_in_them_and_neighbours_join(house: House, roll: Roll) -> None:
    cases = [_case(house, (0, 11)), _case(house, (12, 23)), _case(house, (30, 33), (40, 41))]
    with house.begin() as unit:
        pallet = packing.pack(unit, kind="pallet", children=cases[:2]).sscc
    made = _ship(house, sscc=[cases[2], pallet])
    assert _runs(house, made) == [(0, 23, pallet), (30, 33, cases[2]), (40, 41, cases[2])]
    with house.look() as unit:
        event = next(event for event in query.of_lot(unit, roll.lot_id) if event.biz_step == "shipping")
        assert event.what["epcList"] == [f"https://id.gs1.org/00/{number}" for number in sorted([cases[2], pallet])]
        assert shipments.left_with(unit, [made]) == shipments.counts(unit, [made.id]) == {made.id: 30}
        valid(export.document(unit, [event]))


def test_the_same_words_are_the_same_shipment_and_others_are_refused(house: House, roll: Roll) -> None:
    case = _case(house, (50, 59))
    first = _ship(house, sscc=[case])
    with house.begin() as unit:
        packing.unpack(unit, sscc=case)
        _hold(unit, roll)
    assert _ship(house, sscc=[case], regions=["CN-31", "CN-33", "CN-31"]).id == first.id, "asked again after the lot was held"
    for other in ({"customer": "别家"}, {"regions": ["CN-33"]}, {"sscc": (), "order_id": roll.order_id, "start": 50, "count": 10}):
        with pytest.raises(shipments.ShipmentReferenceUsed):
            _ship(house, **{"sscc": [case], **other})
    with house.look() as unit:
        assert [each.id for each in shipments.every(unit)] == [first.id]


def test_shipped_again_the_later_one_counts_and_the_event_remembers(house: House, roll: Roll) -> None:
    first = _ship(house, order_id=roll.order_id, count=30)
    second = _ship(house, 1, reference="DN-2", customer="上海示例", order_id=roll.order_id, start=10, count=5)
    third = _ship(house, 2, reference="DN-3", order_id=roll.order_id, start=25, count=10)
    assert _runs(house, first) == [(0, 9, None), (15, 24, None)]
    assert [_of(house, counter) for counter in (9, 10, 14, 15, 25, 34, 35)] == ["DN-1", "DN-2", "DN-2", "DN-1", "DN-3", "DN-3", None]
    with house.look() as unit:
        ids = [first.id, second.id, third.id]
        assert list(shipments.counts(unit, ids).values()) == [20, 5, 10]
        assert [shipments.left_with(unit, shipments.every(unit))[each] for each in ids] == [30, 5, 10]
        assert shipments.counts(unit, [roll.lot_id]) == {roll.lot_id: 0}
    _ship(house, 3, reference="DN-4", order_id=roll.order_id, count=60)
    assert _runs(house, first) == _runs(house, second) == []


def _hold(unit: Any, roll: Roll) -> None:
    holds.place(unit, lot_id=roll.lot_id, cause="person", cause_id="-", reason="气味异常")


def _recall(unit: Any, roll: Roll) -> None:
    a_recall(unit, lot_ids=[roll.lot_id], reason="气味异常", advice="请退货")


def _not_finished(unit: Any, roll: Roll) -> None:
    lots.get(unit, roll.lot_id).state = "finished"


def _sold(unit: Any, roll: Roll) -> None:
    moves.inactivate(unit, order_id=roll.order_id, start=3, count=2, reason="sold")


@pytest.mark.parametrize(
    ("before", "kind", "more"),
    [
        (_hold, lots.LotOnHold, {"lot": "L-1"}),
        (_recall, lots.LotRecalled, {"lot": "L-1"}),
        (_not_finished, moves.LotNotReleased, {"lot": "L-1", "state": "finished"}),
        (_sold, shipments.NotShippable, {"items": 2}),
    ],
)
def test_what_may_not_leave_stays(house: House, roll: Roll, before: Any, kind: type, more: dict[str, Any]) -> None:
    with house.begin() as unit:
        before(unit, roll)
    with pytest.raises(kind) as caught:
        _ship(house, order_id=roll.order_id, count=10)
    assert more.items() <= caught.value.more.items()
    with house.look() as unit:
        assert shipments.every(unit) == []
        assert unit.session.scalar(select(func.count()).select_from(ShippedRange)) == 0


def test_labels_that_are_on_no_item_are_named_by_their_place(house: House, roll: Roll) -> None:
    with pytest.raises(shipments.NotShippable) as caught:
        _ship(house, order_id=roll.order_id, start=50)
    assert caught.value.more["items"] == 40
    (stray,) = caught.value.more["spans"]
    assert (stray["reference"], stray["from"], stray["to"], stray["state"]) == ("PO-1", 61, 100, "encoded")


@pytest.mark.parametrize(
    ("words", "pointer", "rule"),
    [
        ({"reference": " "}, "/reference", "blank"),
        ({"reference": "x" * 65}, "/reference", "length"),
        ({"customer": "a\x00b"}, "/customer", "characters"),
        ({"regions": []}, "/regions", "empty"),
        ({"regions": ["CN-33", "CN-9999"]}, "/regions/1", "ship-region"),
        ({"regions": [None]}, "/regions/0", "ship-region"),
        ({"regions": ["CN-33"] * 51}, "/regions", "most"),
        ({"order_id": None}, "/sscc", "ship-which"),
        ({"sscc": ["095212340000000012"]}, "/sscc", "ship-which"),
        ({"order_id": None, "sscc": ["1" * 18] * 1001}, "/sscc", "most"),
        ({"order_id": None, "sscc": ["095212340000000012"]}, "/sscc/0", "sscc"),
        ({"order_id": None, "sscc": ["069012340000000009"]}, "/sscc/0", "ship-pack"),
        ({"start": -1}, "/start", "range"),
        ({"start": 100}, "/start", "range"),
        ({"count": 0}, "/count", "range"),
        ({"count": 101}, "/count", "range"),
    ],
)
def test_wrong_words_are_named(house: House, roll: Roll, words: dict[str, Any], pointer: str, rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        _ship(house, **{"order_id": roll.order_id, **words})
    assert (caught.value.errors[0]["pointer"], caught.value.errors[0]["rule"]) == (pointer, rule)


def test_nothing_is_shipped_twice_at_once(house: House, roll: Roll) -> None:
    case = _case(house, (0, 11))
    with house.begin() as unit:
        pallet = packing.pack(unit, kind="pallet", children=[case]).sscc
    for asked, place in (([case, case], 1), ([pallet, case], 1)):
        with pytest.raises(Invalid) as caught:
            _ship(house, sscc=asked)
        assert (caught.value.errors[0]["pointer"], caught.value.errors[0]["rule"]) == (f"/sscc/{place}", "twice")
    with house.begin() as unit:
        packing.unpack(unit, sscc=pallet)
        packing.unpack(unit, sscc=case)
    with pytest.raises(Invalid) as gone:
        _ship(house, sscc=[case])
    assert (gone.value.errors[0]["rule"], gone.value.errors[0]["sscc"]) == ("ship-pack", case)


def test_lists_are_newest_first_a_page_at_a_time_and_of_one_customer(house: House, roll: Roll) -> None:
    for number, customer in enumerate(("甲", "乙", "甲")):
        _ship(house, number, reference=f"DN-{number}", customer=customer, order_id=roll.order_id, start=number, count=1)
    with house.look() as unit:
        newest = shipments.every(unit, limit=2)
        assert [each.reference for each in newest] == ["DN-2", "DN-1"]
        assert [each.reference for each in shipments.every(unit, limit=2, before=newest[-1].id)] == ["DN-0"]
        assert [each.reference for each in shipments.every(unit, customer="甲")] == ["DN-2", "DN-0"]
        assert sorted(shipments.customers(unit)) == ["乙", "甲"]


def test_another_brand_sees_and_ships_nothing_of_it(house: House, roll: Roll) -> None:
    made = _ship(house, order_id=roll.order_id, count=5)
    case = _case(house, (20, 29))
    other = house.other_brand_id
    assert _of(house, 2, brand_id=other) is None
    with house.begin(brand_id=other) as unit:
        assert (shipments.every(unit), shipments.items(unit, made.id)) == ([], [])
        with pytest.raises(Missing):
            shipments.get(unit, made.id)
        with pytest.raises(Missing):
            shipments.ship(unit, **WORDS, order_id=roll.order_id)
        with pytest.raises(Invalid) as caught:
            shipments.ship(unit, **WORDS, sscc=[case])
        assert caught.value.errors[0]["rule"] == "ship-pack"
    with house.look() as unit:
        assert packs.get(unit, case).sscc == case


def test_asked_by_many_at_once_it_is_one_shipment(house: House, roll: Roll) -> None:
    together = Barrier(4)

    def one(number: int) -> Any:
        together.wait()
        try:
            return _ship(house, order_id=roll.order_id, start=10 * (number // 3), count=10).id
        except shipments.ShipmentReferenceUsed:
            return None

    with ThreadPoolExecutor(4) as crowd:
        found = list(crowd.map(one, range(4)))
    with house.look() as unit:
        (made,) = shipments.every(unit)
        assert shipments.counts(unit, [made.id]) == shipments.left_with(unit, [made]) == {made.id: 10}
    assert set(found) == {made.id, None}, "those who asked for the same goods got the same shipment, the others a refusal"
    assert len(set(found[:3])) == 1


def test_items_are_checked_against_what_is_left(house: House, roll: Roll) -> None:
    with house.look() as unit:
        whole = lots.get(unit, roll.lot_id).quantity
    _ship(house, loose=[(roll.lot_id, whole - 40)])
    with pytest.raises(lots.NotEnoughLeft):
        _ship(house, 1, reference="DN-2", order_id=roll.order_id, count=41)
    _ship(house, 1, reference="DN-2", order_id=roll.order_id, count=40)
    _ship(house, 2, reference="DN-3", order_id=roll.order_id, start=30, count=10)
    with pytest.raises(lots.NotEnoughLeft):
        _ship(house, 3, reference="DN-4", order_id=roll.order_id, start=30, count=11)
