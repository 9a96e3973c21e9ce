"""What may be asked, and how it is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from tests.conftest import shared_data
from traceability.events import asking


def _refused(params: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        asking.read(params)
    return [(error["pointer"], error["rule"]) for error in caught.value.errors]


def test_every_published_query_is_understood() -> None:
    files = sorted((shared_data("epcis") / "examples-openepcis/json/Query/Queries").glob("*.json"))
    assert files
    for path in files:
        question = asking.read(json.loads(path.read_text("utf-8")))
        assert question.narrow.biz_steps == {"shipping"}
        assert question.narrow.event_from == datetime(2025, 12, 31, 23, tzinfo=UTC)
        assert (question.order, question.limit) == (asking.Order("eventTime"), 100)


def test_every_invalid_query_is_refused_with_all_that_is_wrong() -> None:
    files = sorted((shared_data("epcis") / "examples-openepcis/json/Query/Queries/Invalid").glob("*.json"))
    assert files
    for path in files:
        flaws = _refused(json.loads(path.read_text("utf-8")))
        assert flaws == [("/GE_eventTime", "date-time"), ("/EQ_action", "action"), ("/orderDirection", "choice")]


def test_every_parameter_of_the_two_drafts_is_known() -> None:
    api = json.loads((shared_data("epcis") / "schema" / "openapi-2.0.0-draft.json").read_text("utf-8"))
    schema = json.loads((shared_data("epcis") / "schema" / "query-schema.json").read_text("utf-8"))
    names = {one["$ref"].rpartition("/")[2] for one in api["paths"]["/events"]["get"]["parameters"]} | {"nextPageToken", "perPage"}
    names = {name for name in names if not name.startswith("GS1-")} - {"NextPageToken", "PerPage"}
    names |= set(schema["definitions"]["EPCIS-Query"]["properties"])
    for name in names - {"@context"}:
        assert ("/" + name, "unknown-parameter") not in (_refused({name: {}})), name


FAMILIES = [
    "EQ_bizTransaction_po",
    "EQ_bizTransaction_urn:epcglobal:cbv:btt:po",
    "EQ_source_possessing_party",
    "EQ_destination_https://ref.gs1.org/cbv/SDT-location",
    "EQ_destination_https://example.com/type",
    "HASATTR_bizLocation",
    "HASATTR_ex:place",
    "EQ_ATTR_bizLocation_urn:epcglobal:cbv:mda#countryCode",
    *(
        f"{op}_{inner}{section}ex:a_field"
        for op in ("EQ", "EXISTS")
        for inner in ("", "INNER_")
        for section in (
            "",
            "ILMD_",
            "ERROR_DECLARATION_",
            "SENSORELEMENT_",
            "SENSORMETADATA_",
            "SENSORREPORT_",
            "readPoint_",
            "bizLocation_",
        )
    ),
    "EQ_https://ns.example.com/field",
    "EQ_ILMD_urn:epcglobal:cbv:mda:lotNumber",
    "EQ_ILMD_cbvmda:lotNumber",
]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_known(name: str) -> None:
    value = "urn:epc:id:gdti:0614141.00002.PO-1" if name.startswith(("EQ_biz", "EQ_so", "EQ_de")) else "1"
    question = asking.read({"@context": {"ex": "https://ns.example.com/"}, name: value})
    assert len(question.conditions) == 1


@pytest.mark.parametrize("compare", ["EQ", "GE", "GT", "LE", "LT"])
@pytest.mark.parametrize("key", ["value", "minValue", "maxValue", "meanValue", "sDev", "percValue", "quantity"])
def test_every_measured_family_knows_its_units(key: str, compare: str) -> None:
    assert len(asking.read({f"{compare}_{key}_CEL": "20"}).conditions) == 1
    assert _refused({f"{compare}_{key}_ZZZ": "20"}) == [(f"/{compare}_{key}_ZZZ", "uom")]


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("GE_eventime", "2026-01-01T00:00:00Z", "unknown-parameter"),
        ("EQ_value", "1", "unknown-parameter"),
        ("EQ_bizTransaction_order", "urn:x:1", "unknown-parameter"),
        ("HASATTR_action", "name", "unknown-parameter"),
        ("EQ_ATTR_action_name", "x", "unknown-parameter"),
        ("EQ_nobody:field", "1", "namespace"),
        ("EQ_ILMD_nobody:field", "1", "namespace"),
        ("GE_eventTime", "2026-01-01T00:00:00", "date-time"),
        ("GE_eventTime", "2026-02-30T00:00:00Z", "date-time"),
        ("GE_eventTime", "0001-01-01T00:00:00+14:00", "date-time"),
        ("GE_eventTime", ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"], "once"),
        ("EQ_action", "add", "action"),
        ("EQ_action", 1, "text"),
        ("EQ_action", "", "empty"),
        ("EQ_action", [], "empty"),
        ("EQ_bizStep", "shiping", "biz-step"),
        ("EQ_bizStep", "https://ref.gs1.org/cbv/BizStep-shiping", "biz-step"),
        ("EQ_disposition", "shipping", "disposition"),
        ("EQ_errorReason", "whim", "error-reason"),
        ("EQ_type", "Warmth", "measurement"),
        ("eventType", "QuantityEvent", "event-type"),
        ("EQ_readPoint", "Gate 3", "uri"),
        ("EQ_eventID", "17", "uri"),
        ("MATCH_epc", "0614141", "uri"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:0614141.112345", "pattern"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:0614141.*.7", "pattern"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:061.*.*", "pattern"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:0614141.1.*", "pattern"),
        ("MATCH_epc", "urn:epc:idpat:nothing:0614141.*", "pattern"),
        ("MATCH_epc", "urn:epc:id:sgtin:0614141.12345", "pattern"),
        ("GE_quantity", "many", "number"),
        ("GE_quantity", "1e999999999", "number"),
        ("GE_quantity", "NaN", "number"),
        ("GE_quantity", True, "number"),
        ("EQ_booleanValue", "yes", "flag"),
        ("EQ_hexBinaryValue", "0xF", "hexadecimal"),
        ("GT_cbvmda:lotNumber", "seven", "date-time"),
        ("orderBy", "bizStep", "order-by"),
        ("orderDirection", "desc", "choice"),
        ("maxEventCount", "0", "whole"),
        ("perPage", "1.5", "whole"),
        ("perPage", 2**31, "whole"),
        ("EXISTS_errorDeclaration", "maybe", "flag"),
        ("@context", 7, "namespace"),
    ],
)
def test_what_is_wrong_is_named_by_parameter_and_rule(name: str, value: object, rule: str) -> None:
    assert _refused({name: value}) == [("/" + name, rule)]


def test_two_limits_exclude_each_other_and_the_first_wants_an_order() -> None:
    assert _refused({"eventCountLimit": 5, "maxEventCount": 5, "orderBy": "eventTime"}) == [("/maxEventCount", "apart")]
    assert _refused({"eventCountLimit": 5}) == [("/eventCountLimit", "order-by")]


def test_the_pointer_escapes_what_a_name_may_hold() -> None:
    assert _refused({"GE_https://ns.example.com/a~b": "x"}) == [("/GE_https:~1~1ns.example.com~1a~0b", "date-time")]


def test_lists_of_an_address_are_parted_by_commas_pipes_or_repetition() -> None:
    expected = {"shipping", "receiving"}
    for raw in ("shipping,receiving", "shipping|receiving", ["shipping", "receiving"]):
        assert asking.read({"EQ_bizStep": raw}).narrow.biz_steps == expected
    pairs = [("EQ_bizStep", "shipping"), ("perPage", "7"), ("EQ_bizStep", "receiving"), ("EQ_bizStep", "cbv:BizStep-packing")]
    question = asking.read(asking.gather(pairs))
    assert question.narrow.biz_steps == {*expected, "packing"}
    assert question.per_page == 7


def test_a_comma_inside_a_serial_parts_nothing() -> None:
    question = asking.read({"EQ_transformationID": "urn:ex:a,b,urn:ex:c"})
    assert question.narrow.transformation_ids == {"urn:ex:a,b", "urn:ex:c"}


def test_a_plus_that_became_a_space_is_put_back() -> None:
    question = asking.read({"GE_recordTime": "2026-11-21T08:00:00 08:00"})
    assert question.narrow.recorded_from == datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", None, True, "true", 1, 2])
def test_what_exists_is_asked_by_the_name_alone(value: object) -> None:
    assert asking.read({"EXISTS_errorDeclaration": value}).narrow.has_error


@pytest.mark.parametrize("value", [False, "false", 0, "0"])
def test_a_presence_not_asked_for_demands_nothing(value: object) -> None:
    question = asking.read({"EXISTS_errorDeclaration": value, "EXISTS_cbvmda:lotNumber": value})
    assert question == asking.Question()


def test_a_store_learns_what_it_can_look_up() -> None:
    question = asking.read(
        {
            "eventType": "ObjectEvent,https://example.com/MyEvent",
            "EQ_bizStep": "https://example.com/Step",
            "EQ_readPoint": "urn:epc:id:sgln:0614141.00777.0",
            "MATCH_epc": "urn:epc:id:sgtin:0614141.107346.2017",
            "MATCH_epcClass": ["urn:epc:idpat:sgtin:0614141.*.*"],
            "GE_value_CEL": "8",
            "EQ_errorReason": "did_not_occur",
            "LT_eventTime": "2026-01-01T00:00:00Z",
            "EQ_eventID": "urn:uuid:1",
        }
    )
    narrow = question.narrow
    assert (narrow.event_types, narrow.biz_steps) == (None, None)
    assert narrow.read_points == {"https://id.gs1.org/414/0614141007776"}
    assert (narrow.has_sensor, narrow.has_error, narrow.has_quantity) == (True, True, False)
    assert (narrow.event_from, narrow.event_before) == (None, datetime(2026, 1, 1, tzinfo=UTC))
    assert narrow.event_ids == {"urn:uuid:1"}
    things, classes = narrow.matches
    assert (things.role, things.patterns[0].exact) == ("epc", "https://id.gs1.org/01/10614141073464/21/2017")
    assert (classes.role, classes.patterns[0].like) == ("epcClass", "https://id.gs1.org/01/_0614141______")


def test_prefixes_come_from_the_context_or_from_the_header() -> None:
    header = asking.context_of("ex=https://ns.example.com/,\nother=urn:other:")
    one = asking.read({"EQ_ex:a": "1"}, header)
    assert one == asking.read({"@context": ["https://x.example/c", {"ex": "https://ns.example.com/"}], "EQ_ex:a": "1"})
    assert one != asking.read({"@context": {"ex": "https://else.example.com/"}, "EQ_ex:a": "1"})
    with pytest.raises(Invalid):
        asking.context_of("no namespace here")


def test_numbers_are_exact() -> None:
    (condition,) = asking.read({"EQ_value_CEL": [20, 0.1]}).conditions
    assert condition.values == (Fraction("293.15"), Fraction("273.25"))  # type: ignore[attr-defined]


@given(
    st.dictionaries(
        st.sampled_from(FAMILIES) | st.text(max_size=20), st.none() | st.text(max_size=20) | st.integers() | st.lists(st.text())
    )
)
def test_whatever_is_asked_is_understood_or_refused(params: dict[str, Any]) -> None:
    try:
        flaws = [] if asking.read(params) else [{}]
    except Invalid as invalid:
        flaws = invalid.errors or [{}]
    assert all(error["pointer"].startswith("/") and error["rule"] and error["detail"] for error in flaws)
