"""Whatever is asked, the store finds exactly what a look at every event would find, in pages, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import GTIN
from tests.traceability.events.test_capturing import AT, a_making, an_event, capture
from tests.traceability.moves.roll import a_roll
from traceability import keys, moves
from traceability.events import asking, export, master_data, names, narrowing, querying
from traceability.events.querying import QueryTooComplex, QueryTooLarge, find
from traceability.models import EpcisEvent

URN, LINK = "urn:epc:id:sgtin:0614141.107346.{}", "https://id.gs1.org/01/10614141073464/21/{}"
PLACES = ["urn:epc:id:sgln:0614141.07346.0", "https://x.example/b", "https://id.example/place/%E5%B2%9A%E7%89%A7%E4%B8%80%E5%8E%82"]
CLASSES = ["https://id.gs1.org/01/09521234500018/10/L-1", "urn:epc:class:lgtin:9521234.050001.L2", "https://x.example/milk"]
CASES = ["urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/00/106141412345678908", "urn:epc:id:sscc:0614141.1234567891"]


def a_history(house: House, seed: int = 1) -> list[str]:
    """What others told at random, and what the house did itself; serials of its items."""
    chance = Random(seed)
    roll = a_roll(house, 40, commissioned=20)
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        serials = roll.serials(unit)
        move = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=20, count=5)
        capture(unit, *(_told(chance, serials, number) for number in range(60)))
    with house.begin(now=house.now + timedelta(minutes=2)) as unit:
        wrong = an_event(eventID="https://x.example/e/1", epcList=[URN.format(1)])
        capture(unit, wrong, an_event(eventID="https://x.example/e/2", epcList=[URN.format(2)], hours=3))
        capture(unit, {**wrong, "errorDeclaration": {"declarationTime": AT.isoformat(), "reason": "did_not_occur"}})
        moves.undo(unit, move_id=move.id)
    return serials


def _told(chance: Random, serials: list[str], number: int) -> dict[str, Any]:
    epcs = [chance.choice((URN, LINK)).format(chance.randrange(6)) for _ in range(chance.randrange(1, 3))]
    if chance.random() < 0.2:
        epcs.append(names.item(GTIN, chance.choice(serials)))
    epcs = list(dict.fromkeys(epcs))
    sensor = {"sensorReport": [{"type": "Temperature", "value": chance.randrange(10), "uom": "CEL"}]}
    where: dict[str, Any] = {
        "disposition": chance.choice(("in_transit", "active", None)),
        "readPoint": chance.choice(({"id": chance.choice(PLACES)}, None)),
        "bizLocation": chance.choice(({"id": chance.choice(PLACES)}, None)),
        "hours": chance.randrange(48),
    }
    more = {
        "bizStep": chance.choice(("shipping", "receiving", "https://x.example/step/tasting", None)),
        "sensorElementList": chance.choice((None, [sensor])),
        **where,
    }
    kind = chance.randrange(4)
    if kind == 0:
        return an_event(type="AggregationEvent", parentID=CASES[number % 3], childEPCs=epcs, **more)
    if kind == 1:
        quantities = [{"epcClass": one, "quantity": chance.randrange(1, 9), "uom": "KGM"} for one in chance.sample(CLASSES, 2)]
        return an_event(quantityList=quantities, **more)
    if kind == 2:
        return a_making([(CLASSES[0], 3)], [(CLASSES[1], 2)], **where)
    context = {"@context": {"ext": "https://x.example/"}, "ext:temperature": chance.randrange(5)}
    return an_event(epcList=epcs, action=chance.choice(("ADD", "DELETE", "OBSERVE")), **context, **more)


def asked(**params: Any) -> asking.Question:
    return asking.read({"@context": {"ext": "https://x.example/"}, **params})


def brute(unit: Unit, question: asking.Question) -> set[str]:
    rows = unit.session.scalars(select(EpcisEvent)).all()
    hierarchy, attributes = master_data.ancestors(unit), master_data.attributes(unit, {"urn:x:kind"})
    return {row.id for row in rows if asking.fits(question, export.tell(unit, [row])[0], row.record_time, hierarchy, attributes)}


def all_of(unit: Unit, question: asking.Question, size: int = 7) -> list[EpcisEvent]:
    """Page after page."""
    found, token = [], None
    while True:
        page = find(unit, replace(question, per_page=size, page_token=token))
        assert len(page.events) <= size
        found += page.events
        token = page.next_token
        if token is None:
            return found


PATTERNS = ["urn:epc:idpat:sgtin:0614141.107346.*", "urn:epc:idpat:sgtin:*.*.*", "https://id.gs1.org/01/10614141073464/21/*"]
OURS = ["own", f"https://id.gs1.org/01/{GTIN}/21/*", f"https://id.gs1.org/01/{GTIN}/21/0:*"]
EPCS = st.sampled_from([URN.format(1), LINK.format(2), *PATTERNS, *OURS, *CASES])
CLASS = st.sampled_from([*CLASSES, "urn:epc:idpat:lgtin:9521234.050001.*", "https://id.gs1.org/01/*"])
HOUR = st.integers(-1, 49).map(lambda hours: (AT + timedelta(hours=hours)).isoformat())
RECORDED = st.integers(-1, 3)
PARAMETERS: dict[str, st.SearchStrategy[Any]] = {
    "eventType": st.lists(st.sampled_from(["ObjectEvent", "TransformationEvent", "AggregationEvent"]), min_size=1, max_size=2),
    "EQ_action": st.sampled_from(["ADD", "OBSERVE", "DELETE"]),
    "EQ_bizStep": st.sampled_from(["shipping", "commissioning", "https://x.example/step/tasting", "ext:step/tasting"]),
    "EQ_disposition": st.sampled_from(["in_transit", "active"]),
    "GE_eventTime": HOUR,
    "LT_eventTime": HOUR,
    "EQ_readPoint": st.sampled_from(PLACES),
    "EQ_bizLocation": st.lists(st.sampled_from([*PLACES, "https://id.gs1.org/414/0614141073467"]), min_size=1, max_size=2),
    "WD_bizLocation": st.sampled_from(["https://x.example/a", *PLACES]),
    "WD_readPoint": st.sampled_from(["https://x.example/a", *PLACES]),
    "MATCH_epc": st.lists(EPCS, min_size=1, max_size=2),
    "MATCH_anyEPC": st.lists(EPCS, min_size=1, max_size=2),
    "MATCH_parentID": EPCS,
    "MATCH_outputEPC": EPCS,
    "MATCH_anyEPCClass": st.lists(CLASS, min_size=1, max_size=2),
    "MATCH_inputEPCClass": CLASS,
    "EXISTS_sensorElementList": st.just(True),
    "GE_value_KEL": st.integers(272, 285),
    "EXISTS_errorDeclaration": st.just(True),
    "EQ_errorReason": st.just("did_not_occur"),
    "EQ_eventID": st.sampled_from(["https://x.example/e/1", "https://x.example/e/9", "native"]),
    "GE_quantity": st.integers(0, 9),
    "EQ_ext:temperature": st.integers(0, 5),
    "HASATTR_bizLocation": st.just("urn:x:kind"),
    "EQ_ATTR_readPoint_urn:x:kind": st.sampled_from(["shop", "farm"]),
}
QUESTIONS = st.lists(st.sampled_from(sorted(PARAMETERS)), min_size=1, max_size=3, unique=True).flatmap(
    lambda names_: st.fixed_dictionaries({name: PARAMETERS[name] for name in names_})
)
ORDERS = st.sampled_from([{}, {"orderBy": "eventTime"}, {"orderBy": "recordTime", "orderDirection": "ASC"}, {"orderBy": "ext:temperature"}])


def with_places(house: House) -> None:
    with house.begin() as unit:
        attributes = [{"id": "urn:x:kind", "attribute": "shop"}]
        elements = [
            {"id": "https://x.example/a", "children": ["https://x.example/b", PLACES[2]]},
            {"id": "https://x.example/b", "children": ["https://x.example/c"], "attributes": attributes},
            {"id": PLACES[0], "attributes": [{"id": "urn:x:kind", "attribute": "farm"}]},
        ]
        told = {"vocabularyList": [{"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": elements}]}
        assert master_data.keep(unit, told) == 3
        assert master_data.keep(unit, told) == 3


@pytest.mark.parametrize("few", [2_000, 0], ids=["by ids", "one by one"])
def test_find_is_a_look_at_every_event(house: House, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    serials = a_history(house)
    with_places(house)
    monkeypatch.setattr(narrowing, "MOST_EVENTS", few)
    monkeypatch.setattr(narrowing, "MOST_KEYS", few)
    monkeypatch.setattr(querying, "MOST_LOOKED_AT", 25)
    found_something = []

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(QUESTIONS, ORDERS, st.integers(0, len(serials) - 1))
    def ask(params: dict[str, Any], order: dict[str, Any], serial: int) -> None:
        with house.look(now=house.now + timedelta(minutes=5)) as unit:
            native = unit.session.scalar(select(EpcisEvent.id).where(EpcisEvent.told.is_(None)).limit(1))
            real = {"own": names.item(GTIN, serials[serial]), "native": names.event(native)}
            given_ = {
                name: [real.get(one, one) for one in value] if isinstance(value, list) else real.get(value, value)
                for name, value in params.items()
            }
            question = asked(**given_, **order)
            found = all_of(unit, question)
            assert len({row.id for row in found}) == len(found)
            assert {row.id for row in found} == brute(unit, question), given_
            _in_order(unit, question, found)
            found_something.append(bool(found))

    ask()
    assert sum(found_something) > 20


def _in_order(unit: Unit, question: asking.Question, found: list[EpcisEvent]) -> None:
    places = [asking.place(question, export.tell(unit, [row])[0], row.record_time) for row in found]
    assert places == sorted(places, reverse=bool(question.order and question.order.descending))


def shipped(house: House, count: int = 5, **more: Any) -> None:
    for number in range(count):
        with house.begin(now=house.now + timedelta(seconds=number)) as unit:
            told = an_event(eventID=f"urn:x:{number}", epcList=[URN.format(number)], hours=-number, **more)
            assert not capture(unit, told).errors


def test_the_first_few_of_an_order_and_no_more(house: House) -> None:
    shipped(house)
    with house.look() as unit:
        by_time = {"orderBy": "eventTime", "orderDirection": "ASC"}
        found = all_of(unit, asked(eventCountLimit=3, **by_time), size=2)
        assert [row.uri for row in found] == ["urn:x:4", "urn:x:3", "urn:x:2"]
        assert [row.uri for row in all_of(unit, asked(eventCountLimit=2, orderBy="eventTime"), size=2)] == ["urn:x:0", "urn:x:1"]
        assert [row.uri for row in all_of(unit, asked())] == [f"urn:x:{number}" for number in range(5)]


def test_more_than_was_allowed_is_refused_and_so_is_what_would_take_for_ever(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped(house)
    with house.look() as unit:
        assert len(all_of(unit, asked(maxEventCount=5), size=2)) == 5
        with pytest.raises(QueryTooLarge):
            find(unit, asked(maxEventCount=4))
        monkeypatch.setattr(querying, "MOST_SORTED", 4)
        for params in ({"maxEventCount": 9}, {"orderBy": "ext:temperature"}):
            with pytest.raises(QueryTooComplex):
                find(unit, asked(**params))


@pytest.mark.parametrize("token", ["", "1", "1.", "x.y", ".01", "-1." + "0" * 26, "1." + "0" * 26, "1.\0"])
def test_a_token_that_is_none_is_refused(house: House, token: str) -> None:
    with house.look() as unit, pytest.raises(Invalid) as trouble:
        find(unit, replace(asked(), page_token=token))
    assert trouble.value.errors[0]["rule"] == "page-token"


def test_a_page_ends_where_its_items_would_be_more_than_a_document_holds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    roll = a_roll(house, 20)
    with house.begin() as unit:
        for start in range(0, 9, 3):
            moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=start, count=3)
    monkeypatch.setattr(querying, "MOST_EPCS", 4)
    with house.look() as unit:
        question = asked(EQ_bizStep="commissioning", EQ_action="ADD")
        assert len(find(unit, question).events) == 1
        assert len(all_of(unit, question)) == 3
        sorted_ = asked(EQ_bizStep="commissioning", EQ_action="ADD", orderBy="https://x.example/taste")
        assert len(find(unit, sorted_).events) == 1
        assert len(all_of(unit, sorted_)) == 3


def test_an_event_and_its_declaration_are_told_together(house: House) -> None:
    a_history(house)
    with house.look() as unit:
        first, declared = querying.one(unit, "https://x.example/e/1")
        assert (first.declares, declared.declares) == (None, first.id)
        native = unit.session.scalar(select(EpcisEvent).where(EpcisEvent.told.is_(None), EpcisEvent.declares.is_not(None)))
        assert native is not None
        wrong, undone = querying.one(unit, names.event(native.declares))
        assert (wrong.id, undone.id) == (native.declares, native.id)
        for strange in ("urn:x:none", names.event(native.id), names.event("0" * 26)):
            with pytest.raises(Missing):
                querying.one(unit, strange)
    with house.look(brand_id=house.other_brand_id) as unit:
        assert find(unit, asked()).events == []
        with pytest.raises(Missing):
            querying.one(unit, "https://x.example/e/1")


def test_a_million_codes_are_one_row(house: House) -> None:
    """Nobody writes out its items to ask about one of them."""
    roll = a_roll(house, 1_000_000)
    with house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id)
        serial = names.item(GTIN, keys.serials(unit, gtin=GTIN, key_version=1, first=777_777, count=1)[0].decode())
    with house.look() as unit:
        started = perf_counter()
        for epc in (serial, f"https://id.gs1.org/01/{GTIN}/21/*", "urn:epc:idpat:sgtin:*.*.*"):
            assert [row.action for row in find(unit, asked(MATCH_epc=[epc], EQ_bizStep="commissioning")).events] == ["ADD"]
        assert find(unit, asked(MATCH_epc=[names.item(GTIN, "0" * 12)])).events == []
        assert perf_counter() - started < 1
