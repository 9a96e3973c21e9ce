"""Whether an event answers a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from traceability.events import asking

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NS = "https://ns.example.com/"
CONTEXT = {"ex": NS, "old": "http://ns.example.com/epcis"}
GATE = "urn:epc:id:sgln:0614141.00777.0"

SHIPPING: dict[str, Any] = {
    "@context": {"e": NS, "old": "http://ns.example.com/epcis"},
    "type": "ObjectEvent",
    "eventID": "ni:///sha-256;00?ver=CBV2.0",
    "eventTime": "2026-11-21T18:00:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["https://id.gs1.org/01/10614141073464/21/2017"],
    "quantityList": [
        {"epcClass": "urn:epc:class:lgtin:0614141.107346.L-1", "quantity": 20, "uom": "KGM"},
        {"epcClass": "urn:epc:idpat:sgtin:0614141.107347.*", "quantity": 0.3},
    ],
    "action": "OBSERVE",
    "bizStep": "shipping",
    "disposition": "in_transit",
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
    "readPoint": {"id": GATE, "e:lane": 3},
    "bizLocation": {"id": "https://id.gs1.org/414/0614141007776/254/5"},
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00002.PO-1"},
        {"type": "e:job", "bizTransaction": "urn:ex:job:7"},
    ],
    "sourceList": [{"type": "possessing_party", "source": "urn:epc:id:pgln:0614141.00777"}],
    "destinationList": [{"type": "location", "destination": "https://id.gs1.org/414/0614141007776"}],
    "errorDeclaration": {
        "declarationTime": "2026-11-21T11:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:2"],
        "e:by": "Wu",
    },
    "ilmd": {"cbvmda:lotNumber": "007", "e:when": "2026-11-01T00:00:00Z", "e:box": {"e:depth": [4, {"@value": "5"}]}},
    "e:note": "fragile",
    "e:weight": 12.5,
    "e:crate": {"e:colour": "blue", "plain": {"e:size": "7"}},
    "old:field": "kept",
}
TRANSFORMING: dict[str, Any] = {
    "type": "TransformationEvent",
    "eventTime": "2026-11-20T00:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "transformationID": "urn:epc:id:gdti:0614141.12345.T-1",
    "inputEPCList": ["urn:epc:id:sgtin:0614141.107346.1"],
    "outputEPCList": ["urn:epc:id:sgtin:0614141.107346.2"],
    "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:0614141.107346.IN", "quantity": 1}],
    "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:0614141.107346.OUT", "quantity": 1}],
}
AGGREGATION: dict[str, Any] = {
    "type": "AggregationEvent",
    "eventTime": "2026-11-20T00:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "parentID": "urn:epc:id:sscc:0614141.1234567890",
    "childEPCs": ["urn:epc:id:sgtin:0614141.107346.3"],
    "childQuantityList": [{"epcClass": "urn:epc:class:lgtin:0614141.107346.CH", "quantity": 2}],
    "action": "ADD",
}


def fits(told: dict[str, Any], **params: Any) -> bool:
    return asking.fits(asking.read({"@context": CONTEXT, **params}), told, NOW)


MET: list[dict[str, Any]] = [
    {},
    {"eventType": "ObjectEvent,AggregationEvent"},
    {"eventType": "epcis:ObjectEvent"},
    {"GE_eventTime": "2026-11-21T10:00:00Z", "LT_eventTime": "2026-11-21T10:00:00.001Z"},
    {"GE_recordTime": "2026-11-21T12:00:00Z", "LT_recordTime": "2026-11-21T12:00:01Z"},
    {"EQ_action": "ADD,OBSERVE"},
    {"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"},
    {"EQ_bizStep": "urn:epcglobal:cbv:bizstep:shipping"},
    {"EQ_disposition": "in_transit"},
    {"EQ_persistentDisposition_set": "cbv:Disp-completeness_verified"},
    {"EQ_persistentDisposition_unset": "completeness_inferred"},
    {"EQ_readPoint": "https://id.gs1.org/414/0614141007776"},
    {"EQ_bizLocation": "urn:epc:id:sgln:0614141.00777.5"},
    {"WD_readPoint": GATE},
    {"EQ_eventID": "ni:///sha-256;00?ver=CBV2.0"},
    {"MATCH_epc": "urn:epc:id:sgtin:0614141.107346.2017"},
    {"MATCH_epc": "urn:epc:idpat:sgtin:0614141.*.*"},
    {"MATCH_anyEPC": ["urn:x:1", "urn:epc:idpat:sgtin:0614141.107346.*"]},
    {"MATCH_epcClass": "https://id.gs1.org/01/10614141073464/10/L-1"},
    {"MATCH_anyEPCClass": "urn:epc:idpat:sgtin:0614141.*.*"},
    {"EQ_quantity": "20"},
    {"EQ_quantity": [0.3, 5]},
    {"GE_quantity": 20, "LE_quantity": 20},
    {"EQ_quantity_GRM": "20000"},
    {"GT_quantity_LBR": "44.09", "LT_quantity_LBR": "44.1"},
    {"EQ_bizTransaction_po": "https://id.gs1.org/253/0614141000029PO-1"},
    {"EQ_bizTransaction_ex:job": "urn:ex:job:7"},
    {"EQ_source_possessing_party": "https://id.gs1.org/417/0614141007776"},
    {"EQ_destination_location": GATE},
    {"EXISTS_errorDeclaration": "true"},
    {"GE_errorDeclarationTime": "2026-11-21T11:00:00Z", "LT_errorDeclaration_Time": "2026-11-21T11:00:01Z"},
    {"EQ_errorReason": "cbv:ER-incorrect_data"},
    {"EQ_correctiveEventID": "urn:uuid:1|urn:uuid:2"},
    {"EQ_ex:note": "fragile,heavy"},
    {"EQ_ex:weight": "12.50"},
    {"GT_ex:weight": 12, "LE_ex:weight": 12.5},
    {"EXISTS_ex:crate": ""},
    {"EQ_INNER_ex:colour": "blue"},
    {"GE_INNER_ex:size": "7"},
    {"EQ_https://ns.example.com/note": "fragile"},
    {"EQ_old:field": "kept"},
    {"EQ_http://ns.example.com/epcis#field": "kept"},
    {"EQ_http://ns.example.com/epcisfield": "kept"},
    {"EQ_ILMD_cbvmda:lotNumber": "007"},
    {"LT_ILMD_ex:when": "2026-11-01T08:00:01+08:00"},
    {"EQ_ILMD_ex:when": "2026-11-01T08:00:00+08:00"},
    {"EQ_INNER_ILMD_ex:depth": "4"},
    {"GT_INNER_ILMD_ex:depth": 4.5},
    {"EQ_ERROR_DECLARATION_ex:by": "Wu"},
    {"EXISTS_ERROR_DECLARATION_ex:by": None},
    {"EQ_readPoint_ex:lane": "3"},
    {"orderBy": "ex:weight", "eventCountLimit": 1},
]
UNMET: list[dict[str, Any]] = [
    {"eventType": "AggregationEvent"},
    {"GE_eventTime": "2026-11-21T10:00:00.001Z"},
    {"LT_eventTime": "2026-11-21T10:00:00Z"},
    {"LT_recordTime": "2026-11-21T12:00:00Z"},
    {"EQ_action": "DELETE"},
    {"EQ_bizStep": "receiving"},
    {"EQ_bizStep": "https://example.com/shipping"},
    {"EQ_persistentDisposition_set": "completeness_inferred"},
    {"EQ_readPoint": "urn:epc:id:sgln:0614141.00777.5"},
    {"WD_bizLocation": GATE},
    {"EQ_transformationID": "urn:x:1"},
    {"MATCH_epc": "urn:epc:id:sgtin:0614141.107346.2018"},
    {"MATCH_parentID": "urn:epc:id:sgtin:0614141.107346.2017"},
    {"MATCH_inputEPC": "urn:epc:idpat:sgtin:0614141.*.*"},
    {"MATCH_epc": "urn:epc:idpat:sgtin:0614141.*.*", "MATCH_epcClass": "urn:x:none"},
    {"EQ_quantity": "0.30000001"},
    {"GT_quantity": "0.3", "LT_quantity": "20"},
    {"EQ_quantity_LTR": "20"},
    {"EQ_bizTransaction_inv": "urn:epc:id:gdti:0614141.00002.PO-1"},
    {"EQ_source_owning_party": "urn:epc:id:pgln:0614141.00777"},
    {"EQ_errorReason": "did_not_occur"},
    {"EQ_ex:colour": "blue"},
    {"EQ_INNER_ex:note": "fragile"},
    {"EQ_ILMD_ex:note": "fragile"},
    {"EQ_ILMD_cbvmda:lotNumber": "7"},
    {"EQ_ex:note": "Fragile"},
    {"GT_ex:note": "5"},
    {"EXISTS_sensorElementList": "true"},
    {"EQ_type": "Temperature"},
    {"HASATTR_bizLocation": "name"},
]


@pytest.mark.parametrize("params", MET, ids=str)
def test_what_the_event_meets(params: dict[str, Any]) -> None:
    assert fits(SHIPPING, **params)


@pytest.mark.parametrize("params", UNMET, ids=str)
def test_what_the_event_does_not_meet(params: dict[str, Any]) -> None:
    assert not fits(SHIPPING, **params)


ROLES = {
    "epc": [("urn:epc:id:sgtin:0614141.107346.3", AGGREGATION)],
    "parentID": [("urn:epc:id:sscc:0614141.1234567890", AGGREGATION)],
    "inputEPC": [("urn:epc:id:sgtin:0614141.107346.1", TRANSFORMING)],
    "outputEPC": [("urn:epc:id:sgtin:0614141.107346.2", TRANSFORMING)],
    "epcClass": [("urn:epc:class:lgtin:0614141.107346.CH", AGGREGATION)],
    "inputEPCClass": [("urn:epc:class:lgtin:0614141.107346.IN", TRANSFORMING)],
    "outputEPCClass": [("urn:epc:class:lgtin:0614141.107346.OUT", TRANSFORMING)],
}


def test_a_quantity_without_a_unit_counts_pieces() -> None:
    assert fits(AGGREGATION, EQ_quantity_EA="2", LT_quantity_DZN="1")
    assert not fits(AGGREGATION, GE_quantity_KGM="0")


@pytest.mark.parametrize("asked", ROLES)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_its_own(asked: str, role: str) -> None:
    for text, told in ROLES[role]:
        assert fits(told, **{f"MATCH_{asked}": text}) is (asked == role)
        assert fits(told, **{"MATCH_anyEPCClass" if role.endswith("Class") else "MATCH_anyEPC": text})


def test_a_transformation_is_found_by_either_spelling_of_its_id() -> None:
    assert fits(TRANSFORMING, EQ_transformationID="https://id.gs1.org/253/0614141123452T-1")


def test_places_below_are_those_that_master_data_place_there() -> None:
    house, room = "https://id.gs1.org/414/0614141007776", "https://id.gs1.org/414/0614141007776/254/5"
    question = asking.read({"WD_bizLocation": GATE})
    assert asking.fits(question, SHIPPING, NOW, lambda place: {place, house} if place == room else {place})
    assert not asking.fits(question, SHIPPING, NOW, lambda place: {place})


def test_attributes_are_those_of_master_data() -> None:
    room = "https://id.gs1.org/414/0614141007776/254/5"
    data = {room: {"urn:epcglobal:cbv:mda#countryCode": ["CN"]}}

    def met(**params: Any) -> bool:
        return asking.fits(asking.read(params), SHIPPING, NOW, attributes=lambda uri: data.get(uri, {}))

    assert met(HASATTR_bizLocation=["urn:epcglobal:cbv:mda#countryCode"])
    assert not met(HASATTR_bizLocation=["urn:epcglobal:cbv:mda#name"])
    assert not met(HASATTR_readPoint=["urn:epcglobal:cbv:mda#countryCode"])
    assert met(**{"EQ_ATTR_bizLocation_urn:epcglobal:cbv:mda#countryCode": ["CN", "DE"]})
    assert not met(**{"EQ_ATTR_bizLocation_urn:epcglobal:cbv:mda#countryCode": ["DE"]})


def test_the_order_is_that_of_moments_numbers_and_bytes() -> None:
    def order(by: str, *events: dict[str, Any]) -> list[int]:
        question = asking.read({"@context": CONTEXT, "orderBy": by, "orderDirection": "ASC"})
        keys = [asking.place(question, told, NOW + timedelta(seconds=-at)) for at, told in enumerate(events)]
        return sorted(range(len(events)), key=keys.__getitem__)

    def told(**more: Any) -> dict[str, Any]:
        return {"@context": {"e": NS}, **more}

    assert order("eventTime", told(eventTime="2026-01-01T01:00:00Z"), told(eventTime="2026-01-01T02:00:00+02:00")) == [1, 0]
    assert order("recordTime", told(), told(), told()) == [2, 1, 0]
    assert order("ex:n", told(**{"e:n": 10}), told(**{"e:n": "9"}), told(), told(**{"e:n": "x"})) == [2, 1, 0, 3]
    assert order("ex:n", told(**{"e:n": "a"}), told(**{"e:n": "Z"})) == [1, 0]
