"""Where things are: said of themselves or of what they stand in, by the house or by others, the latest counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Missing
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.traceability.events.test_capturing import AT, CASE, ITEM, PALLET, a_packing, an_event, capture
from tests.traceability.moves.roll import a_roll, let_go
from traceability import moves, packing, shipments, whereabouts
from traceability.spans import Span

SHOP, DEPOT = {"id": "https://x.example/shop"}, {"id": "https://x.example/depot"}


def test_what_is_packed_is_where_its_pack_is_unless_it_was_seen_later(house: House) -> None:
    with house.begin() as unit:
        capture(unit, an_event(epcList=[ITEM + "1"], bizLocation=DEPOT, disposition="active"))
        capture(unit, a_packing(CASE, [ITEM + "1"], hours=1), a_packing(PALLET, [CASE], hours=2))
        capture(unit, an_event(epcList=[PALLET], hours=3, bizLocation=SHOP, disposition="in_transit"))
    with house.look() as unit:
        found = whereabouts.of(unit, ITEM + "1")
        assert (found.kind, [uri.rpartition("/")[2] for uri in found.inside]) == ("item", ["106141412345678908", "106141412345678915"])
        assert found.location is not None
        assert (found.location.word, found.location.by_way_of) == (SHOP["id"], found.inside[1])
        assert found.disposition is not None
        assert (found.disposition.word, found.disposition.at) == ("in_transit", AT + timedelta(hours=3))
    with house.begin() as unit:
        capture(unit, an_event(epcList=[ITEM + "1"], hours=4, bizLocation=DEPOT))
        found = whereabouts.of(unit, ITEM + "1")
        assert found.location is not None
        assert (found.location.word, found.location.by_way_of) == (DEPOT["id"], None)


def test_an_item_of_the_house_by_its_range_its_pack_and_what_others_say(house: House) -> None:
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
    roll = a_roll(house, 20, commissioned=10)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
        item = f"https://id.gs1.org/01/{GTIN}/21/{roll.serials(unit)[3]}"
        label = f"https://id.gs1.org/01/{GTIN}/21/{roll.serials(unit)[15]}"
        found = whereabouts.of(unit, item)
        assert (found.state, found.inside, found.shipment) == ("commissioned", (), None)
        assert found.location is not None
        assert found.location.word == "岚牧一厂"
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        case = packing.pack(unit, kind="case", items=[Span(GTIN, 1, 0, 9)]).sscc
        moves.release_lot(unit, lot_id=roll.lot_id)
        shipments.ship(unit, reference="DN-1", customer="商贸", regions=["CN-33"], sscc=[case])
    with house.begin() as unit:
        at = (house.now + timedelta(minutes=2)).isoformat()
        told = an_event(epcList=[f"https://id.gs1.org/00/{case}"], bizStep="receiving", disposition="in_progress", bizLocation=SHOP)
        assert len(capture(unit, {**told, "eventTime": at}).ids) == 1
    with house.look() as unit:
        found = whereabouts.of(unit, item)
        assert found.inside == (f"https://id.gs1.org/00/{case}",)
        assert found.location is not None
        assert (found.location.word, found.location.by_way_of) == (SHOP["id"], found.inside[0])
        assert (found.state, found.lot and found.lot.id, found.shipment and found.shipment.reference) == ("released", roll.lot_id, "DN-1")
        assert whereabouts.of(unit, label).lot is None


def test_what_was_unpacked_stays_where_its_pack_was_when_it_left_it(house: House) -> None:
    """Also by way of the pallet on which the pack stood, and not where the pack went afterwards."""
    pier = {"id": "https://x.example/pier"}
    with house.begin() as unit:
        capture(unit, an_event(epcList=[ITEM + "1"], bizLocation=DEPOT, disposition="active"))
        capture(unit, a_packing(CASE, [ITEM + "1"], hours=1), a_packing(PALLET, [CASE], hours=2))
        capture(unit, an_event(epcList=[PALLET], hours=3, bizLocation=SHOP, disposition="in_transit"))
        capture(unit, a_packing(CASE, [ITEM + "1"], "DELETE", hours=4), an_event(epcList=[PALLET], hours=5, bizLocation=pier))
    with house.look() as unit:
        found = whereabouts.of(unit, ITEM + "1")
        assert found.location is not None
        assert found.disposition is not None
        assert (found.inside, found.location.word, found.location.at) == ((), SHOP["id"], AT + timedelta(hours=3))
        assert (found.location.by_way_of, found.disposition.word) == ("https://id.gs1.org/00/106141412345678915", "in_transit")


def test_an_item_of_the_house_that_was_unpacked_stays_where_its_case_was(house: House) -> None:
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
    roll = a_roll(house, 20, commissioned=10)
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        case = packing.pack(unit, kind="case", items=[Span(GTIN, 1, 0, 9)]).sscc
    with house.begin(now=house.now + timedelta(minutes=2)) as unit:
        at = (house.now + timedelta(minutes=2)).isoformat()
        capture(unit, {**an_event(epcList=[f"https://id.gs1.org/00/{case}"], bizLocation=SHOP), "eventTime": at})
    with house.begin(now=house.now + timedelta(minutes=3)) as unit:
        packing.unpack(unit, sscc=case, items=[Span(GTIN, 1, 3, 4)])
    with house.look() as unit:
        found = whereabouts.of(unit, f"https://id.gs1.org/01/{GTIN}/21/{roll.serials(unit)[3]}")
        assert found.location is not None
        assert (found.inside, found.location.word) == ((), SHOP["id"])


def test_of_a_lot_in_two_packs_neither_says_where_it_is(house: House) -> None:
    lot = "urn:epc:class:lgtin:0614141.107346.L1"
    some = {"childQuantityList": [{"epcClass": lot, "quantity": 5}]}
    with house.begin() as unit:
        capture(unit, a_packing(CASE, [], **some), an_event(epcList=[CASE], bizLocation=SHOP, hours=2))
        found = whereabouts.of(unit, lot)
        assert found.location is not None
        assert (found.location.word, len(found.inside)) == (SHOP["id"], 1)
        capture(unit, a_packing(PALLET, [], hours=1, **some))
        found = whereabouts.of(unit, lot)
        assert (found.location, found.inside) == (None, ())


def test_what_nobody_told_of_is_not_there(house: House) -> None:
    with house.look() as unit, pytest.raises(Missing):
        whereabouts.of(unit, ITEM + "404")


def test_another_brand_knows_nothing_of_it(house: House) -> None:
    with house.begin() as unit:
        capture(unit, an_event(epcList=[ITEM + "1"]))
    with house.look(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        whereabouts.of(unit, ITEM + "1")
