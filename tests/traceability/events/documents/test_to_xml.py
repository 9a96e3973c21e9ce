"""The XML binding, written: what was told comes back, whatever it holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.traceability.events.documents.samples import GOOD, good, sensing
from traceability.events.documents import from_xml, to_xml
from traceability.events.documents.xml.elements import parse

DATE = "2026-04-04T00:00:00Z"
JOB = {"captureID": "c<1>", "running": False, "success": False, "captureErrorBehaviour": "rollback", "createdAt": DATE, "finishedAt": DATE}
PROBLEM = {
    "type": "https://example.com/invalid",
    "title": "Not valid",
    "status": 400,
    "detail": "a < b",
    "instance": "https://example.com/1",
}


def again(told: dict[str, Any], *, urns: bool = False) -> dict[str, Any]:
    """The event, written and read."""
    (event,) = from_xml.read(to_xml.document([told], creation_date=DATE, urns=urns)).events
    assert event is not None
    return event


@pytest.mark.parametrize("type_", GOOD)
@pytest.mark.parametrize("urns", [False, True])
def test_an_event_of_each_type_comes_back(type_: str, urns: bool) -> None:
    told = good(type_, bizStep="packing", disposition="in_transit", readPoint={"id": "urn:epc:id:sgln:0614141.07346.1234"})
    assert again(told, urns=urns) == told


def test_every_field_comes_back() -> None:
    told = sensing(
        {"time": "2026-04-03T20:30:00-06:00", "ex:by": "hand"},
        {"value": 0.0000001, "uom": "CEL", "booleanValue": False, "component": "x", "exception": "ALARM_CONDITION"},
        {"stringValue": 'a "b" <c>\n&', "ex:deep": {"ex:a": ["1", "2"]}},
        eventID="urn:uuid:1",
        recordTime=DATE,
        certificationInfo=["https://example.com/1", "https://example.com/2"],
        errorDeclaration={"declarationTime": DATE, "reason": "incorrect_data", "correctiveEventIDs": ["urn:uuid:2"], "ex:who": "me"},
        quantityList=[{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 0.0000001, "uom": "KGM"}],
        sourceList=[{"type": "location", "source": "urn:epc:id:sgln:4012345.00225.0"}],
        destinationList=[{"type": "https://example.com/dock", "destination": "urn:epc:id:sgln:4012345.00225.0"}],
        bizTransactionList=[{"bizTransaction": "urn:epcglobal:cbv:bt:1:2"}],
        persistentDisposition={"set": ["damaged"], "unset": ["active", "available"]},
        bizLocation={"id": "urn:epc:id:sgln:0614141.07346.1234", "ex:dock": "3"},
        ilmd={"cbvmda:lotNumber": "L 1", "ex:grade": {"bare": "A", "#text": "best", "ex:odd name": "x"}},
    )
    told["@context"] = {"ex": "https://example.com/voc/", "cbvmda": "urn:epcglobal:cbv:mda:"}
    assert again(told) == told


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)
_NAMES = st.sampled_from(["ex:a", "ex:b c", "other:批号", "other:_x0041_", "bare"])
_LEAF = st.one_of(_TEXT, st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False))


def _inside(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.dictionaries(_NAMES, value, min_size=1, max_size=3), st.lists(value.filter(_single), min_size=2, max_size=3))


def _single(value: Any) -> bool:
    return not isinstance(value, list)


@given(st.dictionaries(_NAMES.filter(lambda name: name != "bare"), st.recursive(_LEAF, _inside, max_leaves=8), min_size=1, max_size=3))
@settings(max_examples=60)
def test_fields_of_others_come_back_with_their_types(fields: dict[str, Any]) -> None:
    wanted = good(**fields, ilmd=fields)
    back = again(wanted | {"@context": {"ex": "https://example.com/voc#", "other": "urn:other:"}})
    assert {name: value for name, value in back.items() if name != "@context"} == wanted


def test_numbers_are_exact_and_nothing_is_written_of_nothing() -> None:
    lot = {"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": Decimal("1E+3"), "uom": "KGM"}
    back = again(
        good(**{"@context": {"ex": "urn:e:"}})
        | {"quantityList": [lot], "ex:exact": Decimal("0.10"), "ex:deep": {"ex:none": None, "ex:one": "1"}}
    )
    assert back["quantityList"][0]["quantity"] == 1000
    assert (back["ex:exact"], back["ex:deep"]) == (0.1, {"ex:one": "1"})


def test_what_xml_cannot_bear_does_not_break_the_document() -> None:
    told = good(**{"ex:text": "a\x01b\x0c", "@context": {"ex": "urn:e:"}})
    assert again(told)["ex:text"] == "a\ufffdb\ufffd"


@pytest.mark.parametrize(
    ("urns", "step", "measured"),
    [
        (False, "https://ref.gs1.org/cbv/BizStep-commissioning", "https://gs1.org/voc/Temperature"),
        (True, "urn:epcglobal:cbv:bizstep:commissioning", "https://gs1.org/voc/Temperature"),
    ],
)
def test_words_are_spelled_out(urns: bool, step: str, measured: str) -> None:
    body = to_xml.event(sensing({}, {"value": 1}, bizStep="commissioning"), urns=urns).decode()
    assert f"<bizStep>{step}</bizStep>" in body
    assert f'<sensorReport type="{measured}" value="1"/>' in body


def test_the_answer_to_a_query_names_it() -> None:
    read = from_xml.read(to_xml.query_document([good(), good("AggregationEvent")], "my <query>", "s&1", creation_date=DATE))
    assert (read.is_query, read.query_name, read.subscription_id, read.creation_date) == (True, "my <query>", "s&1", DATE)
    assert read.events == [good(), good("AggregationEvent")]
    assert from_xml.read(to_xml.query_document([], "all", creation_date=DATE)).events == []


def test_one_event_stands_alone() -> None:
    assert from_xml.event(to_xml.event(good())) == (good(), [])
    other = good(type="ex:Inspection", **{"@context": {"ex": "urn:e:"}})
    assert from_xml.event(to_xml.event(other)) == (other, [])
    assert again(other) == other


def test_a_capture_job_is_as_the_published_samples_show() -> None:
    root = parse(to_xml.capture_job({**JOB, "errors": [PROBLEM]}))
    assert (root.space, root.name) == ("urn:epcglobal:epcis:xsd:2", "EPCISCaptureJob")
    assert root.attributes == {"captureID": "c<1>", "running": "false", "success": "false"}
    assert [(one.name, one.text) for one in root.children[:3]] == [
        ("captureErrorBehaviour", "rollback"),
        ("createdAt", DATE),
        ("finishedAt", DATE),
    ]
    (error,) = root.children[3].children
    assert {one.name: one.text for one in error.children} == {name: str(value) for name, value in PROBLEM.items()}
    assert [one.name for one in parse(to_xml.capture_job({**JOB, "finishedAt": None})).children] == ["captureErrorBehaviour", "createdAt"]


def test_problems_and_collections() -> None:
    root = parse(to_xml.problem({**PROBLEM, "errors": []}))
    assert (root.said, [one.name for one in root.children]) == ("epcis:EPCISException", list(PROBLEM))
    assert [one.text for one in parse(to_xml.collection(["urn:a&b", "events"])).children] == ["urn:a&b", "events"]
