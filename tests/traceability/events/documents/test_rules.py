"""What is refused of an event, where, and by which rule."""

from __future__ import annotations

from typing import Any

import pytest

from app.words import WORDS
from tests.traceability.events.documents.samples import CASE, GOOD, ITEMS, LOT, good, sensing
from traceability.events.documents import rules


def found(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and rule of each flaw; every rule must have words for people."""
    flaws = rules.check(told, "")
    assert [flaw["rule"] for flaw in flaws if f"rule.{flaw['rule']}" not in WORDS] == []
    return [(flaw["pointer"], flaw["rule"]) for flaw in flaws]


@pytest.mark.parametrize("type_", GOOD)
def test_a_good_event_has_no_flaws(type_: str) -> None:
    assert found(good(type_)) == []


@pytest.mark.parametrize("type_", GOOD)
@pytest.mark.parametrize("name", ["eventTime", "eventTimeZoneOffset", "action"])
def test_what_every_event_needs(type_: str, name: str) -> None:
    expected = [] if (type_, name) == ("TransformationEvent", "action") else [(f"/{name}", "required")]
    assert found(good(type_, **{name: None})) == expected


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "QuantityEvent"}, "/type", "event-type"),
    ({"type": 7}, "/type", "event-type"),
    ({"action": "EAT"}, "/action", "action"),
    ({"bizStep": "milking"}, "/bizStep", "biz-step"),
    ({"bizStep": "https://ref.gs1.org/cbv/BizStep-milking"}, "/bizStep", "biz-step"),
    ({"bizStep": "urn:epcglobal:cbv:bizstep:milking"}, "/bizStep", "biz-step"),
    ({"bizStep": "cbv:BizStep-milking"}, "/bizStep", "biz-step"),
    ({"bizStep": "https://example.com/a b"}, "/bizStep", "uri"),
    ({"bizStep": ["shipping"]}, "/bizStep", "biz-step"),
    ({"disposition": "in_transport"}, "/disposition", "disposition"),
    ({"eventTime": "2026-04-03T20:33:31"}, "/eventTime", "date-time"),
    ({"eventTime": "2026-02-29T20:33:31Z"}, "/eventTime", "date-time"),
    ({"eventTime": "2026-04-31T20:33:31Z"}, "/eventTime", "date-time"),
    ({"eventTime": "2026-04-03T24:00:00Z"}, "/eventTime", "date-time"),
    ({"eventTime": "2026-04-03T20:33:31Z\n"}, "/eventTime", "date-time"),
    ({"eventTime": "２026-04-03T20:33:31Z"}, "/eventTime", "date-time"),
    ({"eventTime": 1775269411}, "/eventTime", "date-time"),
    ({"eventTime": "0001-01-01T10:00:00+14:00"}, "/eventTime", "date-time"),
    ({"eventTime": "0001-01-01T10:00:00Z"}, "/eventTime", "date-time"),
    ({"eventTime": "9999-12-31T23:59:59Z"}, "/eventTime", "date-time"),
    ({"errorDeclaration": {"declarationTime": "9999-12-31T23:59:59-00:01"}}, "/errorDeclaration/declarationTime", "date-time"),
    ({"eventTimeZoneOffset": "+14:30"}, "/eventTimeZoneOffset", "time-zone-offset"),
    ({"eventTimeZoneOffset": "Z"}, "/eventTimeZoneOffset", "time-zone-offset"),
    ({"eventID": "no uri"}, "/eventID", "uri"),
    ({"eventID": "urn:x:" + "a" * 3_000}, "/eventID", "uri"),
    ({"epcList": "urn:epc:id:sgtin:0614141.107346.2017"}, "/epcList", "list"),
    ({"epcList": [7]}, "/epcList/0", "uri"),
    ({"epcList": ["2017"]}, "/epcList/0", "uri"),
    ({"epcList": ["urn:epc:id:sgtin:0614141.1073.2017"]}, "/epcList/0", "epc"),
    ({"epcList": [*ITEMS, ITEMS[0]]}, "/epcList/2", "twice"),
    ({"quantityList": [{**LOT, "epcClass": ITEMS[0]}]}, "/quantityList/0/epcClass", "epc-class"),
    ({"quantityList": [{**LOT, "quantity": -1}]}, "/quantityList/0/quantity", "negative"),
    ({"quantityList": [{**LOT, "quantity": "200"}]}, "/quantityList/0/quantity", "number"),
    ({"quantityList": [{**LOT, "quantity": 10**400}]}, "/quantityList/0/quantity", "number"),
    ({"quantityList": [{**LOT, "quantity": -(10**4_200)}]}, "/quantityList/0/quantity", "number"),
    ({"quantityList": [{**LOT, "quantity": True}]}, "/quantityList/0/quantity", "number"),
    ({"quantityList": [{**LOT, "uom": "kg"}]}, "/quantityList/0/uom", "uom"),
    ({"quantityList": [{**LOT, "weight": 5}]}, "/quantityList/0/weight", "unknown-field"),
    ({"quantityList": [{**LOT, "example:weight": 5}]}, "/quantityList/0/example:weight", "unknown-field"),
    ({"quantityList": [{"quantity": 5}]}, "/quantityList/0/epcClass", "required"),
    ({"readPoint": "urn:epc:id:sgln:0614141.07346.1234"}, "/readPoint", "object"),
    ({"readPoint": {}}, "/readPoint/id", "required"),
    ({"bizLocation": {"id": "urn:epc:id:sgln:0614141.07346.1234", "gate": "5"}}, "/bizLocation/gate", "unknown-field"),
    ({"sourceList": [{"source": CASE}]}, "/sourceList/0/type", "required"),
    ({"destinationList": [{"type": "customer", "destination": CASE}]}, "/destinationList/0/type", "vocabulary"),
    ({"bizTransactionList": [{"type": "po"}]}, "/bizTransactionList/0/bizTransaction", "required"),
    ({"certificationInfo": [{"gs1:CertificationDetails": {}}]}, "/certificationInfo/0", "uri"),
    ({"persistentDisposition": {}}, "/persistentDisposition", "required"),
    ({"persistentDisposition": {"set": []}}, "/persistentDisposition/set", "empty-list"),
    ({"persistentDisposition": {"set": ["recalled"], "unset": ["recalled"]}}, "/persistentDisposition", "set-and-unset"),
    ({"persistentDisposition": {"set": ["recalled", "recalled"]}}, "/persistentDisposition/set", "twice"),
    ({"errorDeclaration": {"reason": "did_not_occur"}}, "/errorDeclaration/declarationTime", "required"),
    (
        {"errorDeclaration": {"declarationTime": "2026-04-05T00:00:00Z", "correctiveEventIDs": "urn:x:1"}},
        "/errorDeclaration/correctiveEventIDs",
        "list",
    ),
    (
        {"eventID": "urn:x:1", "errorDeclaration": {"declarationTime": "2026-04-05T00:00:00Z", "correctiveEventIDs": ["urn:x:1"]}},
        "/errorDeclaration/correctiveEventIDs/0",
        "own-correction",
    ),
    ({"ilmd": {"materialType": "soil"}}, "/ilmd/materialType", "unknown-field"),
    ({"ilmd": {"cbvmda:lotNumber": "1"}, "action": "OBSERVE"}, "/ilmd", "ilmd"),
    ({"parentID": CASE}, "/parentID", "unknown-field"),
    ({"a/b~c": 1}, "/a~1b~0c", "unknown-field"),
    ({"example:": 1}, "/example:", "unknown-field"),
    ({"epcList": None}, "/epcList", "identifiers"),
    ({"epcList": []}, "/epcList", "identifiers"),
    ({"epcList": None, "sensorElementList": [{"sensorReport": [{"type": "Temperature"}]}]}, "/epcList", "identifiers"),
]


@pytest.mark.parametrize(("change", "pointer", "rule"), WRONG)
def test_what_is_refused_of_an_object_event(change: dict[str, Any], pointer: str, rule: str) -> None:
    assert found(good(**change)) == [(pointer, rule)]


OTHERS: list[tuple[str, dict[str, Any], str, str]] = [
    ("AggregationEvent", {"parentID": None}, "/parentID", "required"),
    ("AggregationEvent", {"parentID": None, "action": "DELETE"}, "/parentID", "required"),
    ("AggregationEvent", {"childEPCs": None}, "/childEPCs", "identifiers"),
    ("AggregationEvent", {"childEPCs": None, "action": "OBSERVE"}, "/childEPCs", "identifiers"),
    ("AggregationEvent", {"childEPCs": [ITEMS[0], CASE]}, "/childEPCs/1", "cycle"),
    ("AggregationEvent", {"childEPCs": ["https://id.gs1.org/00/106141412345678908"]}, "/childEPCs/0", "cycle"),
    ("AggregationEvent", {"ilmd": {"cbvmda:lotNumber": "1"}}, "/ilmd", "unknown-field"),
    ("AssociationEvent", {"parentID": None}, "/parentID", "required"),
    ("AssociationEvent", {"parentID": None, "action": "OBSERVE"}, "/parentID", "required"),
    ("AssociationEvent", {"childEPCs": []}, "/childEPCs", "identifiers"),
    ("AssociationEvent", {"childEPCs": None, "action": "OBSERVE"}, "/childEPCs", "identifiers"),
    ("TransactionEvent", {"bizTransactionList": None}, "/bizTransactionList", "required"),
    ("TransactionEvent", {"bizTransactionList": []}, "/bizTransactionList", "empty-list"),
    ("TransactionEvent", {"epcList": None}, "/epcList", "identifiers"),
    ("TransformationEvent", {"inputQuantityList": None}, "/inputEPCList", "identifiers"),
    ("TransformationEvent", {"outputEPCList": []}, "/outputEPCList", "identifiers"),
    ("TransformationEvent", {"action": "ADD"}, "/action", "unknown-field"),
]


@pytest.mark.parametrize(("type_", "change", "pointer", "rule"), OTHERS)
def test_what_is_refused_of_the_other_types(type_: str, change: dict[str, Any], pointer: str, rule: str) -> None:
    assert found(good(type_, **change)) == [(pointer, rule)]


@pytest.mark.parametrize(
    ("type_", "change"),
    [
        ("ObjectEvent", {"bizStep": "https://example.com/bizStep/inspecting"}),
        ("ObjectEvent", {"epcList": [ITEMS[0], "https://id.gs1.org/01/10614141073464/21/2017"]}),
        ("ObjectEvent", {"eventTime": "2024-02-29T23:59:59.1234567+14:00", "example:seen": {"any": [1, None]}}),
        ("ObjectEvent", {"eventTime": "9999-12-30T09:59:59Z", "errorDeclaration": {"declarationTime": "9999-12-31T23:59:59Z"}}),
        ("ObjectEvent", {"quantityList": [{**LOT, "quantity": 0}]}),
        ("AggregationEvent", {"parentID": None, "action": "OBSERVE"}),
        ("AggregationEvent", {"childEPCs": None, "action": "DELETE"}),
        ("AggregationEvent", {"persistentDisposition": {"set": ["completeness_verified"]}}),
        ("AssociationEvent", {"parentID": "urn:epc:id:sgln:0614141.07346.1234"}),
        ("AssociationEvent", {"childEPCs": None, "action": "DELETE"}),
        ("TransactionEvent", {"epcList": None, "action": "DELETE"}),
        ("TransformationEvent", {"outputEPCList": None, "transformationID": "urn:epc:id:gdti:0614141.12345.400"}),
        ("TransformationEvent", {"ilmd": {"cbvmda:lotNumber": "1"}}),
    ],
)
def test_what_the_standard_lets_pass(type_: str, change: dict[str, Any]) -> None:
    assert found(good(type_, **change)) == []


def test_an_event_of_somebody_elses_type_has_its_uri_and_what_every_event_has() -> None:
    assert found({**good(), "type": "https://example.com/TastingEvent"}) == []
    assert found({"type": "example:TastingEvent", "taste": "sweet"}) == [
        ("/taste", "unknown-field"),
        ("/eventTime", "required"),
        ("/eventTimeZoneOffset", "required"),
    ]


def test_every_wrong_place_is_named_at_once_after_the_events_own_pointer() -> None:
    told = good(action=None, eventTime="yesterday", disposition="fresh")
    flaws = rules.check(told, "/epcisBody/eventList/3")
    assert {flaw["pointer"].removeprefix("/epcisBody/eventList/3") for flaw in flaws} == {"/action", "/eventTime", "/disposition"}


REPORTS: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "Warmth"}, "/type", "vocabulary"),
    ({"type": "https://gs1.org/voc/Warmth"}, "/type", "vocabulary"),
    ({"exception": "PANIC"}, "/exception", "vocabulary"),
    ({"component": "w"}, "/component", "vocabulary"),
    ({"value": "26"}, "/value", "number"),
    ({"booleanValue": "true"}, "/booleanValue", "flag"),
    ({"stringValue": 5}, "/stringValue", "text"),
    ({"hexBinaryValue": "f0g0"}, "/hexBinaryValue", "hexadecimal"),
    ({"uriValue": "here"}, "/uriValue", "uri"),
    ({"percRank": 101}, "/percRank", "range"),
    ({"sDev": -0.1}, "/sDev", "negative"),
    ({"minValue": 27, "maxValue": 26}, "/maxValue", "range"),
    ({"humidity": 3}, "/humidity", "unknown-field"),
]


@pytest.mark.parametrize(("report", "rest", "rule"), REPORTS)
def test_what_is_refused_of_a_sensor_report(report: dict[str, Any], rest: str, rule: str) -> None:
    assert found(sensing({}, {}, report)) == [(f"/sensorElementList/0/sensorReport/1{rest}", rule)]


def test_a_sensor_element_needs_a_report_and_a_report_says_what_it_is_about() -> None:
    assert found(good(sensorElementList=[{"sensorReport": []}])) == [("/sensorElementList/0/sensorReport", "empty-list")]
    assert found(good(sensorElementList=[{}])) == [("/sensorElementList/0/sensorReport", "required")]
    assert found(good(sensorElementList=[{"sensorReport": [{"value": 5}]}])) == [("/sensorElementList/0/sensorReport/0/type", "required")]
    assert found(good(sensorElementList=[{"sensorReport": [{"exception": "ALARM_CONDITION"}]}])) == []


@pytest.mark.parametrize("name", ["time", "startTime", "endTime"])
def test_nothing_was_sensed_after_the_event(name: str) -> None:
    late = {name: "2026-04-04T02:38:32Z"}  # 5 min 0.884 s after the event; clocks may differ by five minutes
    assert found(sensing(late)) == [(f"/sensorElementList/0/sensorMetadata/{name}", "sensor-after-event")]
    assert found(sensing({name: "2026-04-04T02:38:31Z"})) == []


def test_the_time_of_a_report_counts_as_well_but_not_in_what_declares_an_error() -> None:
    late = {"time": "2026-04-04T03:00:00Z"}
    assert found(sensing({}, late)) == [("/sensorElementList/0/sensorReport/0/time", "sensor-after-event")]
    assert found(sensing({}, late, errorDeclaration={"declarationTime": "2026-04-05T00:00:00Z"})) == []


def test_what_lasts_may_be_sensed_later() -> None:
    """A sensor that was mounted reads from then on."""
    element = {"sensorMetadata": {"time": "2026-05-01T00:00:00Z"}, "sensorReport": [{"type": "Temperature", "value": 4, "uom": "CEL"}]}
    mounted = {"type": "AssociationEvent", "parentID": "urn:epc:id:grai:4012345.55555.987", "childEPCs": ["urn:epc:id:giai:4000001.111"]}
    told = {**mounted, "action": "ADD", "eventTime": "2026-04-04T02:33:31Z", "eventTimeZoneOffset": "+00:00"}
    assert rules.check({**told, "sensorElementList": [element]}, "") == []


def test_a_span_ends_after_it_starts() -> None:
    metadata = {"startTime": "2026-04-03T12:00:00+02:00", "endTime": "2026-04-03T09:59:59Z"}
    assert found(sensing(metadata)) == [("/sensorElementList/0/sensorMetadata/endTime", "time-order")]


@pytest.mark.parametrize("name", ["deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"])
def test_a_report_does_not_contradict_the_metadata(name: str) -> None:
    """TCR-53, step 29; published examples repeat the same value, which says nothing new."""
    device = {name: "urn:epc:id:giai:4000001.111"}
    assert found(sensing(device, {name: "urn:epc:id:giai:4000001.112"})) == [
        (f"/sensorElementList/0/sensorReport/0/{name}", "sensor-twice")
    ]
    assert found(sensing(device, device)) == []
    assert found(sensing(device, {})) == []
    assert found(sensing({}, device)) == []
