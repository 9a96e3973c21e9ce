"""Critical tracking events: the examples of GS1 US by their sheets, and what is looked up before, after and in packs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import shared_data
from traceability import fsma204
from traceability.events import documents
from traceability.fsma204 import COLUMNS, Event, Names, Portion, Row

RAW, PACKED = "https://id.gs1.org/01/00860009999923/10/ABC1234", "https://id.gs1.org/01/10860009999920/10/ABC1234"
SALAD = "https://id.gs1.org/01/10860009998039/10/SALAD-20260420-A"
FARM, PACKER = "https://id.gs1.org/414/0860009999060", "https://id.gs1.org/414/0860009999992"
CASE, PALLET = "https://id.gs1.org/00/006141411234567890", "https://id.gs1.org/00/106141412345678908"
AT = datetime(2026, 4, 1, 8, tzinfo=UTC)


def example(name: str) -> list[Event]:
    found = documents.read((shared_data("fsma204") / f"{name}-cte.jsonld").read_bytes(), "application/ld+json")
    assert not any(found.flaws)
    return [Event(told) for told in found.events if told is not None]


def seen(row: Row) -> tuple[str, str, str, str]:
    return row.kind, row.portion.lot, f"{row.portion.quantity} {row.portion.uom}", row.at.isoformat()


def an_event(kind: str = "ObjectEvent", hours: int = 0, **more: Any) -> Event:
    at = (AT + timedelta(hours=hours)).isoformat()
    told = {"type": kind, "eventTime": at, "eventTimeZoneOffset": "+08:00", "eventID": f"urn:e:{kind}{hours}{sorted(more)}", **more}
    return Event({name: value for name, value in told.items() if value is not None})


def some(lot: str, quantity: float | None = None, uom: str | None = "KGM") -> dict[str, Any]:
    return {"epcClass": lot} | ({"quantity": quantity, "uom": uom} if quantity is not None else {})


def test_harvesting_is_told_with_where_it_went_and_whose_it_was() -> None:
    (row,) = fsma204.rows(example("harvest"))
    assert seen(row) == ("Harvesting", RAW, "25000 LBR", "2026-04-17T09:26:42-04:00")
    assert (row.place, row.area, row.tlc_source, row.receiver) == (FARM, FARM, FARM, "https://id.gs1.org/414/0860009999992")
    assert row.party == "https://id.gs1.org/417/0860009999060"
    assert row.documents == (("prodorder", "HARVEST-2026-0417"),)


def test_initial_packing_bears_the_harvest_the_cooling_and_the_day_of_arrival() -> None:
    rows = fsma204.rows(example("initial-packing"))
    assert [row.kind for row in rows] == ["Harvesting", "Receiving", "Cooling", "Initial packing"]
    assert seen(rows[3]) == ("Initial packing", PACKED, "500 CS", "2026-04-18T10:26:42-04:00")
    assert rows[3].used == Portion(RAW, Decimal(25000), "LBR")
    assert (rows[3].place, rows[3].tlc_source, rows[3].documents) == (PACKER, PACKER, (("prodorder", "PACK-20260418-042"),))
    harvested, cooled = rows[3].harvested, rows[3].cooled
    assert harvested is not None
    assert (harvested.at.date(), harvested.place, harvested.party) == (date(2026, 4, 17), FARM, "https://id.gs1.org/417/0860009999060")
    assert cooled is not None
    assert (cooled.at.hour, cooled.place) == (17, PACKER)
    assert rows[3].received_at is not None
    assert rows[3].received_at.hour == 16
    assert (rows[1].sender, rows[1].place, rows[1].documents) == (FARM, PACKER, (("recadv", "861-20260417-001"),))


def test_what_lay_on_a_pallet_was_shipped_with_it() -> None:
    rows = fsma204.rows(example("shipping"))
    assert [row.kind for row in rows] == ["Initial packing", "Shipping", "Shipping"]
    assert seen(rows[1]) == ("Shipping", PACKED, "25 CS", "2026-04-19T13:35:18-05:00")
    assert rows[2].portion == Portion("https://id.gs1.org/01/10860009999920/10/ABC5678", Decimal(25), "CS")
    for row in rows[1:]:
        assert (row.place, row.receiver) == (PACKER, "https://id.gs1.org/414/0860009998001")
        assert row.documents == (("desadv", "856-100037169"), ("bol", "211-101037170"))
    assert (rows[1].tlc_source, rows[2].tlc_source) == (PACKER, None)  # nobody told where the other lot came to be


def test_food_made_of_other_food_has_a_row_for_each_of_its_parts() -> None:
    rows = fsma204.rows(example("transformation"))
    assert [seen(row) for row in rows] == [("Transformation", SALAD, "2000 CS", "2026-04-20T00:00:00-04:00")] * 2
    assert [row.used for row in rows] == [
        Portion(PACKED, Decimal(100), "CS"),
        Portion("https://id.gs1.org/01/10860009998022/10/DEF2345", Decimal(50), "CS"),
    ]
    assert {(row.place, row.tlc_source) for row in rows} == {("https://id.gs1.org/414/0860009998018",) * 2}


def test_rows_are_of_the_lots_that_were_asked_for_in_their_time_and_others_still_tell() -> None:
    events = example("initial-packing") + example("shipping")
    rows = fsma204.rows(events, [PACKED], since=datetime(2026, 4, 18, 14, tzinfo=UTC))
    assert [row.kind for row in rows] == ["Initial packing", "Shipping"]
    assert rows[0].harvested is not None  # from an event before the time, of a lot that was not asked for
    assert rows[1].tlc_source == PACKER
    assert [row.kind for row in fsma204.rows(events, [RAW], until=datetime(2026, 4, 18, tzinfo=UTC))] == [
        "Harvesting",
        "Receiving",
        "Cooling",
    ]


def test_seafood_is_landed_and_says_what_was_caught_where_and_when() -> None:
    ilmd = {"gs1:catchZone": ["27.4.a", "27.4.b"], "gs1:fishType": {"@value": "Gadus morhua"}, "gs1:harvestDateStart": "2026-03-30"}
    landed = an_event(action="ADD", bizStep="creating_class_instance", quantityList=[some(RAW, 7)], readPoint={"id": FARM}, ilmd=ilmd)
    (row,) = fsma204.rows([landed])
    assert (row.kind, row.catch, row.tlc_source) == ("First land-based receiving", ("Gadus morhua", "27.4.a, 27.4.b", "2026-03-30"), FARM)


def test_packs_in_packs_hold_what_was_left_in_them_at_that_moment() -> None:
    events = [
        an_event("AggregationEvent", 0, action="ADD", bizStep="packing", parentID=CASE, childQuantityList=[some(RAW, 10)]),
        an_event("AggregationEvent", 1, action="DELETE", bizStep="unpacking", parentID=CASE, childQuantityList=[some(RAW, 4)]),
        an_event("AggregationEvent", 2, action="ADD", bizStep="packing", parentID=PALLET, childEPCs=[CASE]),
        an_event("ObjectEvent", 3, action="OBSERVE", bizStep="shipping", epcList=[PALLET]),
        an_event("AggregationEvent", 4, action="DELETE", bizStep="unpacking", parentID=CASE),
        an_event("ObjectEvent", 5, action="OBSERVE", bizStep="shipping", epcList=[PALLET]),
    ]
    assert [(row.kind, row.portion.quantity, row.at.hour) for row in fsma204.rows(reversed(events))] == [("Shipping", Decimal(6), 19)]


def test_packing_again_is_no_first_packing_and_parts_of_one_transformation_are_one() -> None:
    again = "https://id.gs1.org/01/20860009999927/10/R1"
    made = {"bizStep": "creating_class_instance"}
    events = [
        an_event("TransformationEvent", 1, inputQuantityList=[some(RAW, 9)], outputQuantityList=[some(PACKED, 3)], **made),
        an_event("TransformationEvent", 2, transformationID="urn:t:1", inputQuantityList=[some(PACKED, 3)], **made),
        an_event("TransformationEvent", 3, transformationID="urn:t:1", outputQuantityList=[some(again, 6)], **made),
    ]
    rows = fsma204.rows(events)
    assert [(row.kind, row.portion.lot, row.used) for row in rows] == [
        ("Initial packing", PACKED, Portion(RAW, Decimal(9), "KGM")),
        ("Transformation", again, Portion(PACKED, Decimal(3), "KGM")),
    ]


@pytest.mark.parametrize("step", ["holding", "inspecting", "commissioning", "retail_selling", "other"])
def test_what_no_rule_asks_for_has_no_row(step: str) -> None:
    assert fsma204.rows([an_event(action="OBSERVE", bizStep=step, quantityList=[some(RAW, 1)])]) == []


def test_items_that_somebody_else_counted_are_told_in_pieces() -> None:
    shipped = an_event(action="OBSERVE", bizStep="shipping", epcList=["https://id.gs1.org/01/00860009999923/21/A"])
    event = Event(shipped.told, (Portion(RAW, Decimal(12), "H87"),))
    assert [row.portion for row in fsma204.rows([event])] == [Portion(RAW, Decimal(12), "H87")]


def test_a_row_has_a_cell_for_every_column_with_real_dates_and_numbers() -> None:
    names = Names({PACKER: "Packer, Street 1"}, {"https://id.gs1.org/01/10860009999920": "Romaine hearts"})
    (row,) = fsma204.rows(example("initial-packing"), [PACKED])
    told = dict(zip([title for title, _ in COLUMNS], fsma204.cells(row, names), strict=True))
    assert (told["Date"], told["Time (with offset)"]) == (date(2026, 4, 18), "10:26:42-04:00")
    assert (told["Traceability lot code (TLC)"], told["GTIN"], told["Batch or lot"]) == (PACKED, "10860009999920", "ABC1234")
    assert (told["Quantity"], told["Unit of measure"], told["Unit code"]) == (Decimal(500), "case", "CS")
    assert (told["Product description"], told["Location description"]) == ("Romaine hearts", "Packer, Street 1")
    assert (told["Reference document type"], told["Reference document number"]) == ("Production order", "PACK-20260418-042")
    assert (told["Input TLC"], told["Harvest date"], told["Date received by packer"]) == (RAW, date(2026, 4, 17), date(2026, 4, 17))


STEPS = st.sampled_from(["shipping", "receiving", "packing", "transporting", "creating_class_instance", "other"])
LOTS = st.sampled_from([RAW, PACKED, SALAD])
ELEMENTS = st.lists(st.builds(some, LOTS, st.one_of(st.none(), st.integers(1, 99))), min_size=1, max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["ADD", "OBSERVE", "DELETE"]), STEPS, ELEMENTS, ELEMENTS), max_size=6), st.randoms())
def test_the_order_in_which_events_are_told_does_not_count(told: list[Any], chance: Any) -> None:
    kinds = ("ObjectEvent", "AggregationEvent", "TransformationEvent")
    events = []
    for hours, (action, step, ones, others) in enumerate(told):
        kind = kinds[hours % 3]
        lists = {
            "ObjectEvent": {"action": action, "quantityList": ones, "epcList": [CASE]},
            "AggregationEvent": {"action": action, "parentID": CASE, "childQuantityList": ones},
            "TransformationEvent": {"inputQuantityList": ones, "outputQuantityList": others},
        }[kind]
        events.append(an_event(kind, hours, bizStep=step, **lists))
    mixed = json.loads(json.dumps([each.told for each in events]))
    chance.shuffle(mixed)
    assert fsma204.rows(Event(each) for each in mixed) == fsma204.rows(events)
