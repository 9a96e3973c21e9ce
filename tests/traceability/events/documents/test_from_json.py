"""JSON documents, taken apart."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.words import WORDS
from kernel.errors import Invalid
from tests.traceability.events.documents.samples import CONTEXT, ITEMS, document, good, query_document, sensing
from traceability.events import documents
from traceability.events.documents import from_json


def refused(body: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as trouble:
        from_json.read(body)
    assert [error["rule"] for error in trouble.value.errors if f"rule.{error['rule']}" not in WORDS] == []
    return [(error["pointer"], error["rule"]) for error in trouble.value.errors]


def test_events_places_and_flaws_run_side_by_side() -> None:
    made = from_json.read(document(good(), good(bizStep="milking"), 7, sender="s", receiver="r", instanceIdentifier="d1"))
    assert made.places == ["/epcisBody/eventList/0", "/epcisBody/eventList/1", "/epcisBody/eventList/2"]
    assert made.events[0] == good()
    assert made.events[2] is None
    assert [[flaw["pointer"] for flaw in flaws] for flaws in made.flaws] == [
        [],
        ["/epcisBody/eventList/1/bizStep"],
        ["/epcisBody/eventList/2"],
    ]
    assert not made.good
    assert (made.sender, made.receiver, made.document_id, made.is_query) == ("s", "r", "d1", False)


def test_the_answer_to_a_query_is_a_document_too() -> None:
    late = sensing({"time": "2027-01-01T00:00:00Z"})
    made = from_json.read(query_document(good(), late))
    assert (made.is_query, made.query_name, made.subscription_id) == (True, "SimpleEventQuery", "s1")
    assert made.places[0] == "/epcisBody/queryResults/resultsBody/eventList/0"
    assert made.good, "what another repository took is not held against it"
    assert not from_json.read(document(late)).good


HEADS: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "ObjectEvent"}, "/type", "epcis-document"),
    ({"type": None}, "/type", "epcis-document"),
    ({"@context": None}, "/@context", "required"),
    ({"@context": ["nowhere"]}, "/@context", "ld-context"),
    ({"@context": 7}, "/@context", "ld-context"),
    ({"schemaVersion": None}, "/schemaVersion", "required"),
    ({"schemaVersion": "1.2"}, "/schemaVersion", "schema-version"),
    ({"schemaVersion": 2.0}, "/schemaVersion", "text"),
    ({"creationDate": "2026-04-04"}, "/creationDate", "date-time"),
    ({"id": "no uri"}, "/id", "uri"),
    ({"sender": {}}, "/sender", "text"),
    ({"author": "me"}, "/author", "unknown-field"),
    ({"epcisBody": None}, "/epcisBody", "required"),
    ({"epcisBody": []}, "/epcisBody", "object"),
    ({"epcisBody": {}}, "/epcisBody/eventList", "required"),
    ({"epcisBody": {"eventList": {}}}, "/epcisBody/eventList", "list"),
]


@pytest.mark.parametrize(("change", "pointer", "rule"), HEADS)
def test_what_is_no_document_as_a_whole(change: dict[str, Any], pointer: str, rule: str) -> None:
    assert refused(document(**change)) == [(pointer, rule)]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "json"),
        (b"<xml/>", "json"),
        (document()[:-1], "json"),
        (document(good(bizStep="milking")).replace(b"milking", b"milk\xff"), "json"),
        (b"[]", "object"),
        (b"[" * 100_000, "depth"),
    ],
)
def test_what_is_not_read_at_all(body: bytes, rule: str) -> None:
    assert refused(body) == [("", rule)]


def test_a_mark_of_byte_order_and_remarks_at_the_head_do_no_harm() -> None:
    assert from_json.read(b"\xef\xbb\xbf" + document(good(), _comment="a remark")).good


def test_master_data_are_kept_as_they_came() -> None:
    data = {"vocabularyList": [{"type": "urn:epcglobal:epcis:vtype:BusinessLocation"}]}
    assert from_json.read(document(epcisHeader={"epcisMasterData": data})).master_data == data


def test_words_are_bare_however_they_came() -> None:
    told = good(
        bizStep="urn:epcglobal:cbv:bizstep:shipping",
        disposition="https://ref.gs1.org/cbv/Disp-in_transit",
        persistentDisposition={"set": ["cbv:Disp-recalled"], "unset": ["active", "https://example.com/fresh"]},
        bizTransactionList=[{"type": "urn:epcglobal:cbv:btt:po", "bizTransaction": "urn:x:1"}],
        sourceList=[{"type": "cbv:SDT-owning_party", "source": "urn:x:2"}],
        destinationList=[{"type": "cbv:my_own_party", "destination": "urn:x:3"}],
        errorDeclaration={"declarationTime": "2026-04-05T00:00:00Z", "reason": "https://ref.gs1.org/cbv/ER-incorrect_data"},
        sensorElementList=[
            {"sensorReport": [{"type": "gs1:Temperature", "exception": "gs1:ALARM_CONDITION", "component": "cbv:Comp-latitude"}]}
        ],
    )
    made = from_json.read(document(told))
    assert made.good, made.flaws
    kept = made.events[0]
    assert kept is not None
    assert (kept["bizStep"], kept["disposition"]) == ("shipping", "in_transit")
    assert kept["persistentDisposition"] == {"set": ["recalled"], "unset": ["active", "https://example.com/fresh"]}
    assert [kept[name][0]["type"] for name in ("bizTransactionList", "sourceList", "destinationList")] == [
        "po",
        "owning_party",
        "cbv:my_own_party",
    ]
    assert kept["errorDeclaration"]["reason"] == "incorrect_data"
    report = kept["sensorElementList"][0]["sensorReport"][0]
    assert report == {"type": "Temperature", "exception": "ALARM_CONDITION", "component": "latitude"}


@pytest.mark.parametrize(
    "name",
    ["bizStep", "bizTransactionList", "sourceList", "persistentDisposition", "errorDeclaration", "sensorElementList", "readPoint", "ilmd"],
)
@pytest.mark.parametrize(
    "value", [None, 7, "text", True, [7], [[]], [{}], {"set": 7}, {"sensorReport": 7}, [{"sensorReport": [7]}], {"a": {}}]
)
def test_a_field_of_any_shape_is_a_flaw_and_never_an_accident(name: str, value: Any) -> None:
    told = {**good(), name: value}
    assert not from_json.read(document(told)).good


def test_empty_lists_are_left_out() -> None:
    made = from_json.read(document(good(quantityList=[], certificationInfo=[], ilmd={})))
    assert made.good
    assert made.events[0] == good()


def test_a_character_of_code_zero_is_refused_with_its_event_alone() -> None:
    evil, harmless = good(**{"ex:note": "a\x00b"}), good(**{"ex:note": "a\\u0000b"})
    made = from_json.read(document(evil, harmless, **{"@context": [CONTEXT, {"ex": "https://ex.org/"}]}))
    assert [[flaw["rule"] for flaw in flaws] for flaws in made.flaws] == [["characters"], []]


def test_one_event_on_its_own_brings_its_context() -> None:
    alone = {"@context": [CONTEXT, {"ex": "https://ex.org/"}], **good(**{"ex:note": "n"})}
    told, flaws = from_json.event(msgspec.json.encode(alone))
    assert flaws == []
    assert told["@context"] == {"ex": "https://ex.org/"}
    told, flaws = from_json.event(msgspec.json.encode(good(action=None)))
    assert [flaw["pointer"] for flaw in flaws] == ["/@context", "/action"]
    with pytest.raises(Invalid):
        from_json.event(document(good()))


def test_the_media_type_chooses_the_reader() -> None:
    assert documents.read(document(good()), "application/ld+json; charset=utf-8").events[0] == good()
    assert documents.event(document(good())[:0] + msgspec.json.encode({"@context": CONTEXT, **good()}), "application/json")[1] == []
    with pytest.raises(Invalid) as trouble:
        documents.read(document(good()), "text/csv")
    assert [error["rule"] for error in trouble.value.errors] == ["json-or-xml"]


def test_an_epc_list_is_kept_in_its_order_and_spelling() -> None:
    told = good(epcList=[ITEMS[1], "https://id.example.com/01/10614141073464/21/2017?x=1"])
    assert from_json.read(document(told)).events[0] == told


def test_times_are_kept_in_capital_letters() -> None:
    low = "2026-04-03t20:33:31.116z"
    moments = {"time": low, "startTime": low, "endTime": low}
    told = sensing(moments, moments, eventTime=low, recordTime=low, errorDeclaration={"declarationTime": low})
    (event,) = from_json.read(document(told, creationDate=low)).events
    assert event is not None
    assert (event["eventTime"], event["recordTime"], event["errorDeclaration"]["declarationTime"]) == (low.upper(),) * 3
    (element,) = event["sensorElementList"]
    for holder in (element["sensorMetadata"], element["sensorReport"][0]):
        assert [holder[name] for name in moments] == [low.upper()] * 3


@pytest.mark.parametrize("number", ["1" + "0" * 310, "-" + "9" * 4_000])
def test_a_number_that_no_machine_bears_is_a_flaw(number: str) -> None:
    body = document(good(quantityList=[{"epcClass": "urn:x:milk", "quantity": 7_777}])).replace(b"7777", number.encode())
    (flaws,) = from_json.read(body).flaws
    assert [flaw["rule"] for flaw in flaws] == ["number"]


@pytest.mark.parametrize("number", ["9" * 4_301, "1e400"])
def test_a_number_that_cannot_be_read_makes_no_json(number: str) -> None:
    body = document(good(quantityList=[{"epcClass": "urn:x:milk", "quantity": 7_777}])).replace(b"7777", number.encode())
    assert refused(body) == [("", "json")]
