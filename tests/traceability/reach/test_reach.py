"""How far a recall would reach: lots, ranges, packs, customers, looks, and what others did with the same goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.errors import Missing
from tests.app.conftest import statements
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.traceability.events.test_capturing import AT, a_packing, an_event, capture
from tests.traceability.moves.roll import a_roll, let_go
from tests.traceability.reach.conftest import Plant
from traceability import codes, drills, letters, lots, moves, packing, reach, recalls, scans, scoping, shipments
from traceability.reach import Reach
from traceability.spans import Span

FAR = "urn:epc:id:sgln:0614141.00777.0"
SSCC, OVER = "urn:epc:id:sscc:0614141.1234567890", "urn:epc:id:sscc:0614141.1234567891"


def _reach(house: House, *lot_ids: str) -> Reach:
    with house.look() as unit:
        return reach.of(unit, lot_ids)


def _item(plant: Plant, place: int) -> str:
    return f"https://id.gs1.org/01/{GTIN}/21/{plant.serials[place]}"


def test_everything_of_a_raw_material_is_found_exactly(house: House, plant: Plant) -> None:
    with house.begin("visitor", brand_id=None) as unit:
        for place in (0, 0, 3, 40):
            scans.read(unit, gtin=GTIN, serial=plant.serials[place], region="CN-3301")
        scans.read(unit, gtin=GTIN, serial=plant.serials[80], region="CN-3301")  # not on the lot
    found = _reach(house, plant.milk)
    assert {lot.code for lot in found.lots} == {"M-1", "L-1"}
    assert (found.items, found.shipped, found.states) == (60, 18, {"commissioned": 60})
    assert [(each.pack.sscc, each.items, each.others, each.over) for each in found.packs] == [(plant.case, 12, 0, plant.pallet)]
    assert [(each.name, each.items) for each in found.customers] == [("上海示例", 2), ("杭州示例商贸", 16)]
    assert (found.looked.times, found.looked.items, found.looked.regions) == (4, 3, {"CN-3301": 3})
    assert {lot.code: found.books[lot.id].left for lot in found.lots} == {"M-1": Decimal(400), "L-1": Decimal(42)}
    assert found.reconciled == (Decimal("0.6") + Decimal("0.3")) / 2
    with pytest.raises(Missing):
        _reach(house, "nothing")


def test_only_items_of_these_lots_count_in_what_others_share(house: House, plant: Plant) -> None:
    """A case and a shipment that hold items of two lots are told with how many are of the one in question."""
    with house.begin() as unit:
        other = lots.open(
            unit, code="L-2", product_id=str(lots.get(unit, plant.lot).product_id), line_code="L1", place="x", quantity=Decimal(9)
        )
        moves.commission(unit, order_id=plant.order, lot_id=other.id, start=60, count=20)
        let_go(unit, other.id)
        mixed = packing.pack(unit, kind="case", items=[Span(GTIN, 1, 55, 64)]).sscc
        shipments.ship(unit, reference="DN-9", customer="混装客户", regions=["CN"], sscc=[mixed])
    found = _reach(house, plant.lot)
    assert next((each.items, each.others) for each in found.packs if each.pack.sscc == mixed) == (5, 5)
    assert next(each.items for each in found.customers if each.name == "混装客户") == 5
    assert [lot.code for lot in found.lots] == ["L-1"]


def test_a_hundred_thousand_items_are_asked_by_ranges(house: House) -> None:
    roll = a_roll(house, 100_000, commissioned=100_000)
    with house.look() as unit, statements(house) as seen:
        found = reach.of(unit, [roll.lot_id])
        assert (found.items, len(found.stretches)) == (100_000, 1)
    assert len(seen) < 40


def test_what_partners_packed_and_sent_on_is_found_by_the_moment(house: House, plant: Plant) -> None:
    """An item of ours goes into a partner's pack that is shipped on, and out again; another one goes in afterwards."""
    theirs, later = _item(plant, 0), _item(plant, 1)
    to_shop = [{"type": "possessing_party", "destination": "urn:epc:id:pgln:0614141.00555"}]
    with house.begin() as unit:
        done = capture(
            unit,
            a_packing(SSCC, [theirs], hours=1),
            a_packing(OVER, [SSCC], hours=2),
            an_event(hours=3, epcList=[OVER], destinationList=to_shop),
            a_packing(OVER, [], action="DELETE", hours=4),
            a_packing(SSCC, [], action="DELETE", hours=5),
            a_packing(SSCC, [later], hours=6),
            an_event(hours=7, bizStep="receiving", epcList=[theirs], bizLocation={"id": FAR}),
        )
        assert done.errors == []
    found = _reach(house, plant.lot)
    assert {each.uri: each.location is not None for each in found.strange} == {theirs: True, later: False}
    (onward,) = found.onward
    assert (onward.destination, len(onward.event_ids), onward.first_at) == (
        "https://id.gs1.org/417/0614141005550",
        1,
        AT + timedelta(hours=3),
    )
    with house.begin() as unit:
        capture(unit, an_event(hours=8, epcList=[SSCC], destinationList=[{"type": "location", "destination": FAR}]))
    assert len(_reach(house, plant.lot).onward) == 2


def test_what_others_made_of_our_items_is_reached(house: House, plant: Plant) -> None:
    cake = "urn:epc:id:sgtin:0614141.107346.99"
    with house.begin() as unit:
        change = {"type": "TransformationEvent", "action": None, "bizStep": "commissioning"}
        capture(unit, an_event(**change, inputEPCList=[_item(plant, 30)], outputEPCList=[cake]))
        capture(
            unit, an_event(hours=1, epcList=[cake], destinationList=[{"type": "owning_party", "destination": "https://example.org/shop"}])
        )
    found = _reach(house, plant.milk)
    assert "https://id.gs1.org/01/10614141073464/21/99" in {each.uri for each in found.strange}
    assert [each.destination for each in found.onward] == ["https://example.org/shop"]


def test_a_drill_ticks_off_its_steps_and_writes_nothing_else(house: House, plant: Plant) -> None:
    with house.begin() as unit:
        drill = drills.start(unit, scope=scoping.find(unit, "supplier_lot", "T7"))
    for minutes, name in enumerate(drills.STEPS[1:], 1):
        with house.begin(now=house.now + timedelta(minutes=minutes)) as unit:
            drills.step(unit, drill_id=drill.id, name=name)
    with pytest.raises(drills.DrillStepDone), house.begin() as unit:
        drills.step(unit, drill_id=drill.id, name="lots")
    with house.begin(now=house.now + timedelta(minutes=9)) as unit:
        ended = drills.stop(unit, drill_id=drill.id, note="仓库 7 分钟没有接电话")
        assert drills.took(ended) == timedelta(minutes=9)
        assert (ended.found["items"], ended.found["customers"], ended.found["reconciled"]) == (60, 2, "45.0")
        assert [each["step"] for each in ended.steps] == list(drills.STEPS)
    with pytest.raises(drills.DrillEnded), house.begin() as unit:
        drills.stop(unit, drill_id=drill.id)
    with house.look() as unit:
        assert recalls.every(unit) == []
        assert {lot.standing for lot in lots.every(unit)} == {"clear"}


def test_letters_and_tables_say_what_each_customer_got(house: House, plant: Plant) -> None:
    with house.begin() as unit:
        shipments.ship(unit, reference="DN-4", customer="=1+1", regions=["CN"], order_id=plant.order, start=50, count=3)
    with house.look() as unit:
        found = reach.of(unit, [plant.milk])
        letter = letters.to(unit, found, "杭州示例商贸")
        assert (letter.items, letter.packs) == (16, [plant.pallet])
        assert [(line.reference, line.lot, line.quantity) for line in letter.lines] == [("DN-1", "L-1", 12), ("DN-2", "L-1", 4)]
        tables = {kind: letters.table(unit, found, kind).decode("utf-8-sig").splitlines() for kind in letters.TABLES}
        assert tables["items"][1] == f"L-1,{GTIN},PO-1,1,60,60,commissioned"
        assert any(line.startswith("'=1+1,DN-4") for line in tables["customers"])
        assert len(tables["lots"]) == 3
        with pytest.raises(Missing):
            letters.to(unit, found, "别家")
        with pytest.raises(Missing):
            letters.table(unit, found, "members")


def test_the_table_of_items_is_asked_once_however_many_stretches_there_are(house: House, plant: Plant) -> None:
    """Also where a stretch goes over from one order to the next."""
    with house.begin() as unit:
        product = str(lots.get(unit, plant.lot).product_id)
        more = codes.order(unit, product_id=product, count=10, reference="PO-2", formats=())
    with house.look() as unit:
        found = reach.of(unit, [plant.lot])
        (whole,) = found.stretches
        ones = [whole._replace(first=place, last=place) for place in range(60)]
        across = whole._replace(first=90, last=more.first + 4)
        with statements(house) as seen:
            rows = letters.table(unit, replace(found, stretches=[across, *ones]), "items").decode("utf-8-sig").splitlines()[1:]
        assert len(seen) <= 3
    assert rows[:2] == [f"L-1,{GTIN},PO-1,1,1,1,commissioned", f"L-1,{GTIN},PO-1,2,2,1,commissioned"]
    assert rows[60:] == [f"L-1,{GTIN},PO-1,91,100,10,commissioned", f"L-1,{GTIN},PO-2,1,5,5,commissioned"]


def test_letters_ask_nothing_for_each_shipment(house: House, plant: Plant) -> None:
    with house.look() as unit:
        found = reach.of(unit, [plant.milk])
        with statements(house) as seen:
            assert [each.packs for each in letters.of(unit, found)] == [[], [plant.pallet]]
        assert len(seen) <= 2
