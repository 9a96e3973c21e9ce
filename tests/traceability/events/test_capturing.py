"""Documents of others: all or nothing, or all that is good; the same once; what it says counts until it is taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from traceability import genealogy, lots
from traceability.events import capturing, documents, flows, states, things
from traceability.events.capturing import Captured
from traceability.models import EpcisEvent, EventThing, Flow, Lot, MasterDatum, Thing

CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
ITEM = "urn:epc:id:sgtin:0614141.107346."
CASE, PALLET = "urn:epc:id:sscc:0614141.1234567890", "urn:epc:id:sscc:0614141.1234567891"


def an_event(**more: Any) -> dict[str, Any]:
    hours = more.pop("hours", 0)
    told = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "eventTime": (AT + timedelta(hours=hours)).isoformat(),
        "eventTimeZoneOffset": "+00:00",
        **more,
    }
    return {name: value for name, value in told.items() if value is not None}


def a_packing(parent: str, children: list[str], action: str = "ADD", **more: Any) -> dict[str, Any]:
    return an_event(type="AggregationEvent", action=action, bizStep="packing", parentID=parent, childEPCs=children or None, **more)


def a_making(inputs: list[tuple[str, float]], outputs: list[tuple[str, float]], **more: Any) -> dict[str, Any]:
    sides = {
        name: [{"epcClass": uri, "quantity": amount, "uom": "KGM"} for uri, amount in side]
        for name, side in (("inputQuantityList", inputs), ("outputQuantityList", outputs))
        if side
    }
    return an_event(type="TransformationEvent", action=None, bizStep="commissioning", **sides, **more)


def capture(unit: Unit, *events: dict[str, Any], behaviour: str = "rollback") -> Captured:
    return capturing.capture(unit, documents.read(_document(events), "application/json"), behaviour=behaviour)


def _document(events: Iterable[dict[str, Any]]) -> bytes:
    head = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": AT.isoformat()}
    return json.dumps({**head, "epcisBody": {"eventList": list(events)}}).encode()


def key(house: House, text: str) -> bytes:
    from traceability.events.epcs import canonical

    return things.key(house.brand_id, canonical(text).uri)


def parent_of(house: House, child: str) -> bytes | None:
    with house.look() as unit:
        return unit.session.scalar(select(Thing.parent).where(Thing.key == key(house, child)))


def rules(captured: Captured) -> list[tuple[str, str]]:
    return [(error["pointer"].removeprefix("/epcisBody/eventList"), error["rule"]) for error in captured.errors]


def _lot(name: str) -> str:
    return f"urn:epc:class:lgtin:0614141.107346.{name}"


def _reached(house: House, unit: Unit, start: str, direction: flows.Direction, **window: Any) -> set[str]:
    found = flows.reached(unit, [key(house, _lot(start))], direction, flows.Window(**window))
    uris = unit.session.scalars(select(Thing.uri).where(Thing.key.in_(found)))
    return {uri.rpartition("/")[2] for uri in uris}


@pytest.fixture
def milk(house: House) -> dict[str, str]:
    """A lot of material and one of product made of it, and what events call them."""
    with house.begin() as unit:
        came = a_delivery(unit, "M-1", material=a_material(unit), supplier=a_supplier(unit))
        made = a_batch(unit, "L-1", a_product(unit))
        lots.finish(unit, lot_id=made.id, inputs=[(came.id, Decimal(10))])
        return {"milk": came.id, "batch": made.id, "uri": made.uri, "milk_uri": came.uri}


def test_things_are_known_where_they_are_and_how(house: House) -> None:
    items = [ITEM + str(number) for number in range(3)]
    with house.begin() as unit:
        place = {"bizLocation": {"id": "urn:epc:id:sgln:0614141.07346.0"}}
        later = an_event(epcList=items[:1], hours=2, disposition="in_transit", **place)
        captured = capture(unit, later, an_event(epcList=items, hours=1, disposition="active", bizLocation={"id": "https://x.example/b"}))
        assert (captured.events, len(captured.ids), captured.errors) == (2, 2, [])
    with house.look() as unit:
        first, second = (unit.session.get_one(Thing, key(house, item)) for item in items[:2])
        assert (first.disposition, first.location) == ("in_transit", "https://id.gs1.org/414/0614141073467")
        assert (second.disposition, second.location) == ("active", "https://x.example/b")
        assert unit.session.scalar(select(func.count()).select_from(EventThing)) == 4


def test_the_same_event_again_changes_nothing_and_another_of_its_name_is_refused(house: House) -> None:
    event = an_event(epcList=[ITEM + "1"], eventID="urn:uuid:7f0d1c3e-55b6-4c5e-9c5c-1d5f6a1d2b3c")
    with house.begin() as unit:
        assert len(capture(unit, event, event).ids) == 1
    with house.begin() as unit:
        again = capture(unit, event)
        assert (again.ids, again.repeated) == ([], 1)
        assert rules(capture(unit, {**event, "bizStep": "receiving"})) == [("/0/eventID", "event-known")]
        nameless = an_event(epcList=[ITEM + "2"])
        assert (len(capture(unit, nameless).ids), capture(unit, nameless).repeated) == (1, 1)


def test_rollback_keeps_nothing_and_proceed_all_that_is_good(house: House) -> None:
    bad = an_event(epcList=[ITEM + "2"], bizStep="dancing")
    with house.begin() as unit:
        nothing = capture(unit, an_event(epcList=[ITEM + "1"]), bad)
        assert nothing.ids == []
        assert rules(nothing)[0][0] == "/1/bizStep"
    with house.begin() as unit:
        assert unit.session.scalar(select(func.count()).select_from(EpcisEvent)) == 0
        some = capture(unit, an_event(epcList=[ITEM + "1"]), bad, behaviour="proceed")
        assert len(some.ids) == 1
        assert len(some.errors) == 1


def test_master_data_comes_with_its_document_or_not_at_all(house: House) -> None:
    place = {"id": "urn:epc:id:sgln:0614141.07346.0", "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": "Depot"}]}
    places = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [place]}
    for events, kept in (([an_event(epcList=[ITEM + "1"], bizStep="dancing")], 0), ([an_event(epcList=[ITEM + "1"])], 1)):
        document = documents.read(_document(events), "application/json")
        document.master_data = {"vocabularyList": [places]}
        with house.begin() as unit:
            capturing.capture(unit, document)
            assert unit.session.scalar(select(func.count()).select_from(MasterDatum)) == kept


def test_what_is_in_what_follows_from_when_it_happened_not_when_it_was_told(house: House) -> None:
    with house.begin() as unit:
        capture(unit, a_packing(PALLET, [CASE], hours=5), a_packing(CASE, [ITEM + "1", ITEM + "2"], hours=1))
        capture(unit, a_packing(CASE, [ITEM + "2"], "DELETE", hours=4))
        capture(unit, a_packing(PALLET, [ITEM + "2"], hours=2))
    assert parent_of(house, CASE) == key(house, PALLET)
    assert parent_of(house, ITEM + "1") == key(house, CASE)
    assert parent_of(house, ITEM + "2") == key(house, PALLET), "it was not in the case any more when that was unpacked"
    with house.begin() as unit:
        capture(unit, a_packing(CASE, [], "DELETE", hours=6))
    assert parent_of(house, ITEM + "1") is None
    with house.look() as unit:
        then = states.packed_in(unit, [key(house, ITEM + "1")], at=AT + timedelta(hours=3))
        assert then == {key(house, ITEM + "1"): key(house, CASE)}


def test_quantities_of_one_class_are_added_up_in_one_unit_or_not_at_all(house: House) -> None:
    def kept(name: str, *amounts: tuple[float | None, str | None]) -> tuple[Decimal | None, str | None]:
        elements = [{"epcClass": _lot(name), "quantity": amount, "uom": uom} for amount, uom in amounts]
        given = [{each: value for each, value in element.items() if value is not None} for element in elements]
        with house.begin() as unit:
            capture(unit, an_event(quantityList=given))
            row = unit.session.scalar(select(EventThing).where(EventThing.thing == key(house, _lot(name))))
            assert row is not None
            return row.quantity, row.uom

    assert kept("A", (5, "KGM"), (500, "GRM")) == (Decimal("5.5"), "KGM")
    assert kept("B", (5, "KGM"), (5, "LTR")) == (None, None)
    assert kept("C", (5, "KGM"), (None, None)) == (None, None)
    assert kept("D", (5, None), (7, None)) == (Decimal(12), None)


def test_items_are_of_the_lot_that_their_name_or_their_birth_tells(house: House) -> None:
    item, named = "https://id.gs1.org/01/10614141073464/21/7", "https://x.example/01/10614141073464/10/L-9/21/8"
    born: dict[str, Any] = {"@context": {"m": "urn:epcglobal:cbv:mda:"}, "ilmd": {"m:lotNumber": "L-9"}}
    with house.begin() as unit:
        capture(unit, an_event(action="ADD", bizStep="commissioning", epcList=[item], **born))
        capture(unit, an_event(epcList=[named]))
        made = an_event(type="TransformationEvent", action=None, inputEPCList=[ITEM + "1"], outputEPCList=[item.replace("/7", "/9")])
        capture(unit, {**made, **born})
        found = flows.reached(unit, [key(house, "https://id.gs1.org/01/10614141073464/10/L-9")], "forward")
        assert {uri[-1] for uri in unit.session.scalars(select(Thing.uri).where(Thing.key.in_(found)))} == {"7", "8", "9"}


def test_a_name_that_sounds_like_a_step_is_no_step(house: House) -> None:
    with house.begin() as unit:
        sounds = an_event(quantityList=[{"epcClass": "transformation:urn:x:t1"}])
        assert len(capture(unit, a_making([(_lot("A"), 5)], [], transformationID="urn:x:t1"), sounds).ids) == 2
        assert key(house, "transformation:urn:x:t1") not in set(unit.session.scalars(select(Flow.dst)))


def test_what_is_used_of_a_lot_is_counted_once(house: House, milk: dict[str, str]) -> None:
    with house.begin() as unit:
        lot = unit.session.get_one(Lot, milk["milk"])
        before = flows.used(unit, [lot])[lot.id]
        capture(unit, a_making([(milk["milk_uri"], 100)], [(_lot("A"), 1)]), a_making([(milk["milk_uri"], 1)], [(_lot("B"), 1)], hours=1))
        assert flows.used(unit, [lot])[lot.id] == before + 101


def test_a_transformation_told_in_parts_is_one(house: House) -> None:
    with house.begin() as unit:
        capture(unit, a_making([(_lot("A"), 5)], [], transformationID="urn:x:t1", hours=1))
        capture(unit, a_making([(_lot("B"), 5)], [], transformationID="urn:x:t1", hours=2))
        capture(unit, a_making([], [(_lot("C"), 9)], transformationID="urn:x:t1", hours=3), a_making([(_lot("C"), 1)], [(_lot("D"), 1)]))
        assert _reached(house, unit, "A", "forward") == {"C", "D"} == _reached(house, unit, "B", "forward")
        assert _reached(house, unit, "D", "back") == {"A", "B", "C"}
        found = flows.reached(unit, [key(house, _lot("A"))], "forward", depth=1)
        assert found == {key(house, _lot("C"))}


def test_what_was_declared_in_error_counts_only_for_those_who_ask_as_of_then(house: House) -> None:
    wrong = a_making([(_lot("A"), 5)], [(_lot("B"), 5)], eventID="urn:uuid:7f0d1c3e-55b6-4c5e-9c5c-1d5f6a1d2b3c")
    with house.begin(now=AT + timedelta(days=1)) as unit:
        capture(unit, wrong, an_event(epcList=[CASE], disposition="active"))
    declared = {**wrong, "errorDeclaration": {"declarationTime": AT.isoformat(), "reason": "did_not_occur"}}
    with house.begin(now=AT + timedelta(days=2)) as unit:
        assert len(capture(unit, declared).ids) == 1
        assert capture(unit, declared).repeated == 1
        assert _reached(house, unit, "A", "forward") == set()
        assert _reached(house, unit, "A", "forward", known_at=AT + timedelta(days=1, hours=1)) == {"B"}
        assert _reached(house, unit, "A", "forward", known_at=AT) == set(), "nobody knew then"


def test_an_event_and_what_takes_it_back_may_come_in_one_document(house: House) -> None:
    wrong = a_making([(_lot("A"), 5)], [(_lot("B"), 5)], eventID="https://x.example/e/1")
    declared = {**wrong, "errorDeclaration": {"declarationTime": AT.isoformat()}}
    with house.begin() as unit:
        captured = capture(unit, wrong, declared, declared)
        assert (len(captured.ids), captured.repeated, captured.errors) == (2, 1, [])
        assert _reached(house, unit, "A", "forward") == set()
    other = a_making([(_lot("C"), 5)], [(_lot("D"), 5)], eventID="https://x.example/e/2")
    with house.begin() as unit:
        assert len(capture(unit, {**other, "errorDeclaration": {"declarationTime": AT.isoformat()}}).ids) == 1, "it was never told here"
        assert capture(unit, other).repeated == 1
        assert _reached(house, unit, "C", "forward") == set()


def test_an_error_of_a_packing_and_of_a_place_is_taken_back(house: House) -> None:
    packed = a_packing(CASE, [ITEM + "1"], eventID="urn:uuid:7f0d1c3e-55b6-4c5e-9c5c-1d5f6a1d2b3c", disposition="in_progress")
    with house.begin() as unit:
        capture(unit, an_event(epcList=[ITEM + "1"], disposition="active", hours=-1), packed)
    assert parent_of(house, ITEM + "1") == key(house, CASE)
    with house.begin() as unit:
        capture(unit, {**packed, "errorDeclaration": {"declarationTime": AT.isoformat()}})
        assert unit.session.get_one(Thing, key(house, ITEM + "1")).disposition == "active"
    assert parent_of(house, ITEM + "1") is None


def test_a_trace_goes_through_what_others_tell(house: House, milk: dict[str, str]) -> None:
    with house.begin() as unit:
        capture(unit, a_making([(_lot("farm"), 500)], [(milk["milk_uri"], 500)]), a_making([(milk["uri"], 3)], [(_lot("gift"), 3)]))
        assert _reached(house, unit, "farm", "forward") == {"M-1", "L-1", "gift"}
        assert genealogy.back(unit, [milk["batch"]]) == {milk["milk"]}


def test_a_lot_is_told_anew_when_others_tell_of_it(house: House, milk: dict[str, str]) -> None:
    with house.begin() as unit:
        before = unit.session.get_one(Lot, milk["batch"]).revision
        capture(unit, an_event(quantityList=[{"epcClass": milk["uri"], "quantity": 3}]))
    with house.look() as unit:
        assert unit.session.get_one(Lot, milk["batch"]).revision == before + 1
