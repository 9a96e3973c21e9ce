"""Events leave the house as EPCIS 2.0 documents."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from kernel.ids import new_id
from tests.conftest import House, shared_data
from traceability import packing
from traceability.events import capture, export, names
from traceability.models import EpcisEvent

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


def _event(**more: Any) -> EpcisEvent:
    given = {
        "id": new_id(NOW),
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "biz_step": "holding",
        "event_time": NOW,
        "event_offset": "+08:00",
        "record_time": NOW,
        "what": {},
        "why": {},
        "ilmd": {},
        "by": "-",
    }
    return EpcisEvent(**(given | more))


def _json(event: EpcisEvent) -> dict[str, Any]:
    return export.as_json(event, "https://id.example", lambda span: [f"https://id.gs1.org/01/{span['gtin']}/21/{n}" for n in (1, 2)])


def test_the_time_is_told_in_the_offset_in_which_it_was_given() -> None:
    told = _json(_event())
    assert (told["eventTime"], told["eventTimeZoneOffset"]) == ("2026-11-21T20:00:00.123+08:00", "+08:00")
    assert told["recordTime"] == "2026-11-21T12:00:00.123+00:00"


def test_what_is_empty_is_left_out_and_our_own_words_bear_our_name() -> None:
    told = _json(_event(why={"reason": "气味异常", "bizTransactionList": []}, read_point="岚牧一厂"))
    assert "ilmd" not in told
    assert "disposition" not in told
    assert "transformationID" not in told
    assert (told["suyuan:reason"], told["bizTransactionList"]) == ("气味异常", [])
    assert told["readPoint"] == {"id": "https://id.example/place/%E5%B2%9A%E7%89%A7%E4%B8%80%E5%8E%82"}


def test_quantities_are_numbers_and_pieces_have_no_unit() -> None:
    kept = [{"epcClass": "urn:x:a", "quantity": "950.5", "uom": "KGM"}, {"epcClass": "urn:x:b", "quantity": "990", "uom": "H87"}]
    told = _json(_event(what={"quantityList": kept}))
    assert told["quantityList"] == [{"epcClass": "urn:x:a", "quantity": 950.5, "uom": "KGM"}, {"epcClass": "urn:x:b", "quantity": 990}]
    assert kept[1]["uom"] == "H87"


@pytest.mark.parametrize(
    ("type", "key"), [("ObjectEvent", "epcList"), ("AggregationEvent", "childEPCs"), ("TransformationEvent", "outputEPCList")]
)
def test_ranges_of_codes_become_items(type: str, key: str) -> None:
    told = _json(_event(type=type, what={"codeRanges": [{"gtin": "06901234567892", "keyVersion": 1, "first": 1, "last": 2}]}))
    assert told[key] == ["https://id.gs1.org/01/06901234567892/21/1", "https://id.gs1.org/01/06901234567892/21/2"]
    assert "codeRanges" not in told


def test_a_document_does_not_grow_without_end(house: House) -> None:
    big = _event(what={"codeRanges": [{"gtin": "06901234567892", "keyVersion": 1, "first": 0, "last": export.MOST_EPCS}]})
    with house.look() as unit, pytest.raises(Invalid) as trouble:
        export.document(unit, [big])
    assert trouble.value.errors[0]["rule"] == "most-epcs"


@given(st.integers(0, 2**48 - 1))
def test_an_events_uuid_is_its_id_in_other_letters(milliseconds: int) -> None:
    event_id = new_id(datetime.fromtimestamp(milliseconds / 1000 % 4e9, UTC))
    assert names.local_id(names.event(event_id)) == event_id


def _captured(**more: Any) -> EpcisEvent:
    told = {"type": "ObjectEvent", "eventTime": "2026-11-21T20:00:00.000+08:00", "eventTimeZoneOffset": "+08:00", "action": "OBSERVE"}
    return _event(told=json.dumps(told | more), uri="https://example.org/e1")


def test_what_was_captured_leaves_as_it_was_told_with_its_id_and_when_it_came(house: House) -> None:
    with house.look() as unit:
        (told,) = export.tell(unit, [_captured(epcList=["urn:epc:id:sgtin:0614141.107346.2017"], recordTime="2020-01-01T00:00:00Z")])
    assert (told["eventID"], told["recordTime"]) == ("https://example.org/e1", "2026-11-21T12:00:00.123+00:00")
    assert told["epcList"] == ["urn:epc:id:sgtin:0614141.107346.2017"]


def test_identifiers_leave_in_the_form_that_is_asked_for(house: House) -> None:
    ours, theirs = "https://id.gs1.org/01/09521234500018/21/7", "https://id.gs1.org/01/10614141073464/21/2017"
    with house.begin() as unit:
        packing.set_prefix(unit, prefix="9521234")
        event = _captured(epcList=["urn:epc:id:sgtin:0614141.107346.2017", ours, theirs])
        links, urns = (export.tell(unit, [event], form=form)[0]["epcList"] for form in ("Always_GS1_Digital_Link", "Always_EPC_URN"))
    assert links == [theirs, ours, theirs]
    assert urns == ["urn:epc:id:sgtin:0614141.107346.2017", "urn:epc:id:sgtin:9521234.050001.7", theirs]


def test_a_prefix_that_means_two_things_stays_with_the_event_that_uses_it_otherwise(house: House) -> None:
    with house.look() as unit:
        told = [
            {"type": "ObjectEvent", "@context": {"x": "https://a.example/"}, "x:f": 1},
            {"type": "ObjectEvent", "@context": {"x": "https://b.example/", "y": "https://y.example/"}, "x:f": 2, "y:g": 3},
        ]
        document = export.query_document(unit, told)
    assert document["@context"] == [export.CONTEXT, {"x": "https://a.example/", "y": "https://y.example/"}]
    first, second = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert ("@context" in first, second["@context"]) == (False, {"x": "https://b.example/"})


def test_an_event_that_cannot_be_is_not_kept(house: House) -> None:
    good: dict[str, Any] = {"type": "ObjectEvent", "action": "OBSERVE", "biz_step": "holding", "event_time": house.now, "lots": {}}
    wrongs: list[dict[str, Any]] = [
        {"biz_step": "milking"},
        {"event_time": house.now.replace(year=house.now.year + 1)},
        {"event_time": house.now.replace(tzinfo=None)},
        {"ilmd": {"cbvmda:lotNumber": "L"}},
        {"lots": {"0" * 26: "guest"}},
        {"read_point": "x" * 121},
    ]
    with house.begin() as unit:
        for wrong in wrongs:
            with pytest.raises(Invalid):
                capture.record(unit, **(good | wrong))
        assert capture.record(unit, **good).event_offset == "+00:00"


def test_names_survive_every_character() -> None:
    assert names.product_lot("06901234567892", "A/1%") == "https://id.gs1.org/01/06901234567892/10/A%2F1%25"
    assert names.place("https://id.example", "urn:epc:id:sgln:4012345.00001.0") == "urn:epc:id:sgln:4012345.00001.0"


def valid(document: dict[str, Any]) -> None:
    """Against GS1's published schema of EPCIS 2.0.1, formats included."""
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    schema = json.loads((shared_data("epcis") / "schema" / "epcis-json-schema-2.0.1.json").read_text())
    jsonschema_rs.Draft7Validator(schema, validate_formats=True).validate(json.loads(json.dumps(document)))


def test_the_schema_is_a_judge_that_can_say_no(house: House) -> None:
    with house.look() as unit:
        document = export.document(unit, [_event(what={"quantityList": [{"epcClass": "urn:x:a", "quantity": str(Decimal("1.5"))}]})])
    valid(document)
    document["epcisBody"]["eventList"][0]["bizStep"] = "milking"
    with pytest.raises(ValueError, match="milking"):
        valid(document)
