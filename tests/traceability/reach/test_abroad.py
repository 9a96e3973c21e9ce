"""The same goods in other hands: sold loose, sent on under our own SSCC, made into something else while they were packed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.conftest import House
from tests.traceability.events.test_capturing import AT, a_packing, an_event, capture
from tests.traceability.moves.roll import let_go
from tests.traceability.reach.conftest import Plant
from traceability import letters, lots, packing, reach
from traceability.events import names
from traceability.reach import Reach

SHOP, THEIRS = "https://example.org/shop", "urn:epc:id:sscc:0614141.1234567890"
CAKE, CAKE_URI = "urn:epc:id:sgtin:0614141.107346.99", "https://id.gs1.org/01/10614141073464/21/99"
TO_SHOP = [{"type": "possessing_party", "destination": SHOP}]


def _reach(house: House, *lot_ids: str) -> Reach:
    with house.look() as unit:
        return reach.of(unit, lot_ids)


def _hours(house: House, hours: float) -> float:
    """Hours from the moment of ``an_event`` to so many hours after the house's own clock."""
    return (house.now - AT) / timedelta(hours=1) + hours


def test_who_bought_loose_goods_is_a_customer_with_a_letter(house: House, plant: Plant) -> None:
    with house.begin() as unit:
        lots.sell(unit, lot_id=plant.milk, quantity=Decimal("2.5"), customer="学校食堂")
        lots.sell(unit, lot_id=plant.milk, quantity=Decimal(3), customer="杭州示例商贸")
        lots.sell(unit, lot_id=plant.milk, quantity=Decimal(1))
    with house.look() as unit:
        found = reach.of(unit, [plant.milk])
        assert [each.name for each in found.customers] == ["上海示例", "学校食堂", "杭州示例商贸"]
        assert (found.shipped, found.counts["customers"]) == (18, 3)
        school = letters.to(unit, found, "学校食堂")
        assert [(line.reference, line.lot, line.quantity, line.uom) for line in school.lines] == [("", "M-1", Decimal("2.5"), "KGM")]
        both = letters.to(unit, found, "杭州示例商贸")
        assert [(line.reference, line.lot) for line in both.lines] == [("DN-1", "L-1"), ("DN-2", "L-1"), ("", "M-1")]
        assert b"\xe5\xad\xa6\xe6\xa0\xa1" in letters.table(unit, found, "customers")
    assert {each.name for each in _reach(house, plant.lot).customers} == {"上海示例", "杭州示例商贸"}


def test_what_was_sent_on_under_our_number_counts_after_we_unpacked(house: House, plant: Plant) -> None:
    """Judged by the moment: what left after everything was taken out is something else."""
    case, pallet = (names.logistic_unit(sscc) for sscc in (plant.case, plant.pallet))
    for hours, number in ((1, plant.pallet), (2, plant.case)):
        with house.begin(now=house.now + timedelta(hours=hours)) as unit:
            packing.unpack(unit, sscc=number)
    with house.begin(now=house.now + timedelta(hours=3)) as unit:
        others = [{"type": "possessing_party", "destination": f"{SHOP}/other"}]
        capture(
            unit,
            an_event(hours=_hours(house, 0.5), epcList=[pallet], destinationList=TO_SHOP),
            an_event(hours=_hours(house, 1.5), epcList=[case], destinationList=TO_SHOP),
            an_event(hours=_hours(house, 1.5), epcList=[pallet], destinationList=others),
            an_event(hours=_hours(house, 2.5), epcList=[case], destinationList=others),
        )
    (onward,) = _reach(house, plant.lot).onward
    assert (onward.destination, len(onward.event_ids)) == (SHOP, 2)


@pytest.mark.parametrize("packed", ["case", "pallet", "theirs"])
def test_what_was_made_of_a_pack_of_our_goods_is_reached(house: House, plant: Plant, packed: str) -> None:
    item = f"https://id.gs1.org/01/06901234567892/21/{plant.serials[30]}"
    pack = {"case": names.logistic_unit(plant.case), "pallet": names.logistic_unit(plant.pallet), "theirs": THEIRS}[packed]
    change = {"type": "TransformationEvent", "action": None, "bizStep": "commissioning"}
    with house.begin(now=house.now + timedelta(hours=9)) as unit:
        told = [
            a_packing(THEIRS, [item], hours=_hours(house, 0)),
            an_event(**change, inputEPCList=[pack], outputEPCList=[CAKE], hours=_hours(house, 1)),
            an_event(hours=_hours(house, 2), epcList=[CAKE], destinationList=TO_SHOP),
        ]
        assert capture(unit, *told).errors == []
    found = _reach(house, plant.milk)
    assert CAKE_URI in {each.uri for each in found.strange}
    assert [each.destination for each in found.onward] == [SHOP]


def test_a_pack_that_was_emptied_before_it_was_used_leads_nowhere(house: House, plant: Plant) -> None:
    item = f"https://id.gs1.org/01/06901234567892/21/{plant.serials[30]}"
    change = {"type": "TransformationEvent", "action": None, "bizStep": "commissioning"}
    with house.begin() as unit:
        told = [
            a_packing(THEIRS, [item], hours=0),
            a_packing(THEIRS, [], action="DELETE", hours=1),
            an_event(**change, inputEPCList=[THEIRS], outputEPCList=[CAKE], hours=2),
        ]
        assert capture(unit, *told).errors == []
    assert CAKE_URI not in {each.uri for each in _reach(house, plant.milk).strange}


def test_what_comes_of_a_pack_is_walked_on_to_our_own_lots(house: House, plant: Plant) -> None:
    """Cakes of our pack come back to us as a lot: it belongs to the family, with what it became."""
    with house.begin() as unit:
        product = str(lots.get(unit, plant.lot).product_id)
        mine = lots.open(unit, code="L-9", product_id=product, line_code="L1", place="x", quantity=Decimal(9))
        let_go(unit, mine.id)
    change = {"type": "TransformationEvent", "action": None, "bizStep": "commissioning"}
    with house.begin(now=house.now + timedelta(hours=9)) as unit:
        made = [{"epcClass": mine.uri, "quantity": 9}]
        pack = [names.logistic_unit(plant.pallet)]
        assert capture(unit, an_event(**change, inputEPCList=pack, outputQuantityList=made, hours=_hours(house, 1))).errors == []
    assert {lot.code for lot in _reach(house, plant.milk).lots} == {"M-1", "L-1", "L-9"}
    with house.look() as unit:
        assert set(reach.roots(unit, [plant.milk])) == {plant.milk, mine.id}
        assert reach.roots(unit, [plant.lot]) == sorted([plant.lot, mine.id])


@pytest.mark.parametrize(("step", "counts"), [("dispensing", True), ("receiving", True), ("departing", True), ("inspecting", False)])
def test_after_some_steps_goods_are_with_somebody_else(house: House, plant: Plant, step: str, counts: bool) -> None:
    item = f"https://id.gs1.org/01/06901234567892/21/{plant.serials[30]}"
    with house.begin() as unit:
        capture(unit, an_event(bizStep=step, epcList=[item], destinationList=[{"type": "owning_party", "destination": SHOP}]))
    assert [each.destination for each in _reach(house, plant.lot).onward] == ([SHOP] if counts else [])
