"""The doors of EPCIS 2.0 as the standard's OpenAPI draws them: 29 paths, their methods, headers and refusals."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from app.auth import credentials
from tests.app.epcis.conftest import CONTEXT, EPC, HASH, Partner, a_document, an_event, problem
from tests.conftest import shared_data
from tests.traceability.moves.roll import a_roll
from traceability import moves
from traceability.events import export, querying


@pytest.fixture
def stocked(partner: Partner) -> Partner:
    """One event is known, a query has a name, and somebody subscribed to it."""
    assert partner.ask("POST", "/events", {"@context": CONTEXT, **an_event()}).status_code == 201
    assert partner.ask("POST", "/queries", {"name": "shipped", "query": {"EQ_bizStep": ["shipping"]}}).status_code == 201
    return partner


def paths() -> dict[str, Any]:
    return dict(json.loads((shared_data("epcis") / "schema" / "openapi-2.0.0-draft.json").read_text())["paths"])


def filled(path: str, **ids: str) -> str:
    for name, value in ids.items():
        path = path.replace("{" + name + "}", quote(value, safe=""))
    return path


def test_every_path_of_the_standard_answers_every_method_it_has(stocked: Partner) -> None:
    for number in (2, 3):
        job = stocked.capture(a_document(an_event(eventID=f"https://example.org/e{number}")))
    dest = {"dest": "https://partner.example/hook", "signatureToken": "s3cret", "stream": True}
    subscribed = stocked.ask("POST", "/queries/shipped/subscriptions", dest)
    ids = {
        "captureID": job["captureID"],
        "eventID": HASH,
        "eventType": "ObjectEvent",
        "epc": EPC,
        "bizStep": "shipping",
        "bizLocation": "urn:epc:id:sgln:0614141.00888.0",
        "readPoint": "urn:epc:id:sgln:0614141.00777.0",
        "disposition": "in_transit",
        "queryName": "shipped",
        "subscriptionID": subscribed.json["subscriptionID"],
        "token": stocked.get("/capture?perPage=1").headers["Link"].split("nextPageToken=")[1].split(">")[0],
    }
    found = paths()
    assert len(found) == 29
    for path, operations in found.items():
        methods = {method.upper() for method in operations if method in ("get", "post", "delete", "options")}
        answer = stocked.ask("OPTIONS", filled(path, **ids))
        assert answer.status_code == 204, path
        assert methods <= set(answer.headers["Allow"].split(", ")), path
        assert answer.headers["GS1-EPCIS-Min"] == answer.headers["GS1-EPCIS-Max"] == "2.0.0"
        if "GET" in methods:
            answer = stocked.get(filled(path, **ids))
            assert answer.status_code == 200, (path, answer.text)
            assert {"GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-Extensions"} <= set(answer.headers.keys()), path
            assert problem(stocked.get(filled(path, **ids), Accept="image/png")) == (406, "NotAcceptableException"), path
    for path in reversed(found):
        if "delete" in found[path]:
            assert stocked.ask("DELETE", filled(path, **ids)).status_code == (501 if "Token" in path else 204), path


def test_no_path_answers_without_the_right_key(stocked: Partner) -> None:
    for path, operations in paths().items():
        for method in operations:
            if method in ("get", "post", "delete", "options"):
                answer = stocked.web.client.open("/epcis" + path, method=method.upper())
                assert problem(answer) == (401, "SecurityException"), path
    weak = stocked.web.key("codes")
    assert problem(stocked.web.client.get("/epcis/events", headers=weak)) == (403, "SecurityException")
    assert "epcis" in credentials.SCOPES


def test_another_brand_sees_none_of_it(stocked: Partner) -> None:
    stranger = Partner(stocked.web, brand_id=stocked.web.house.other_brand_id)
    for path in (
        f"/events/{quote(HASH, safe='')}",
        f"/epcs/{quote(EPC, safe='')}",
        f"/epcs/{quote(EPC, safe='')}/events",
        "/queries/shipped",
    ):
        assert stocked.get(path).status_code == 200, path
        assert problem(stranger.get(path)) == (404, "NoSuchNameException"), path
    assert stranger.events("/events") == []
    assert stranger.get("/epcs").json["member"] == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("GS1-EPCIS-Min", "2.1"),
        ("GS1-EPCIS-Max", "1.2"),
        ("GS1-CBV-Max", "1.2.2"),
        ("GS1-CBV-Version", "1.2"),
        ("GS1-EPCIS-Version", "two"),
        ("GS1-EPC-Format", "Always_Base64"),
        ("GS1-CBV-XML-Format", "Sometimes"),
    ],
)
def test_a_version_or_form_that_is_not_spoken_is_not_acceptable(partner: Partner, header: str, value: str) -> None:
    assert problem(partner.get("/events", **{header: value})) == (406, "NotAcceptableException")


def test_versions_that_hold_ours_are_spoken(partner: Partner) -> None:
    answer = partner.get("/events", GS1_EPCIS_Min="1.0", GS1_EPCIS_Max="2", GS1_CBV_Min="2.0.0", GS1_EPC_Format="No_Preference")
    assert (answer.status_code, answer.headers["GS1-EPCIS-Version"]) == (200, "2.0.0")


def test_an_address_that_nobody_has_and_a_method_that_nobody_takes_are_said_in_the_same_words(partner: Partner) -> None:
    assert problem(partner.get("/nowhere")) == (404, "NoSuchNameException")
    answer = partner.ask("DELETE", "/events")
    assert problem(answer) == (405, "ImplementationException")
    assert "POST" in answer.headers["Allow"]


def test_a_question_nobody_can_ask_is_named(partner: Partner) -> None:
    answer = partner.get("/events?EQ_colour=red&perPage=0&GE_eventTime=yesterday")
    assert problem(answer) == (400, "QueryParameterException")
    answer = partner.get("/events?EQ_colour=red&GE_eventTime=yesterday")
    assert {each["pointer"] for each in answer.json["errors"]} == {"/EQ_colour", "/GE_eventTime"}
    for path in (
        "/epcs?colour=red",
        "/queries?colour=red",
        "/bizSteps/shipping/events?EQ_bizStep=packing",
        "/events?nextPageToken=made-up",
    ):
        assert problem(partner.get(path)) == (400, "QueryParameterException"), path
    assert problem(partner.get("/events?EQ_bizStep=" + "x" * 9000)) == (414, "URITooLongException")


def test_every_door_refuses_a_parameter_that_it_does_not_know(stocked: Partner) -> None:
    subscribed = stocked.ask("POST", "/queries/shipped/subscriptions", {"dest": "https://partner.example/hook", "stream": True})
    job = stocked.capture(a_document(an_event(eventID="https://example.org/e2")))
    gets = [
        "/",
        "/capture",
        "/queries",
        "/queries/shipped",
        "/queries/shipped/subscriptions",
        "/queries/shipped/events",
        "/events",
        "/epcs",
    ]
    gets += [f"/capture/{job['captureID']}", f"/events/{quote(HASH, safe='')}", "/epcs/urn:x:nobody", "/epcs/urn:x:nobody/events"]
    gets += [f"/queries/shipped/subscriptions/{subscribed.json['subscriptionID']}", "/queries/nobody/events", "/capture/nobody"]
    for path in gets:
        assert problem(stocked.get(path + "?colour=red")) == (400, "QueryParameterException"), path
    for path in ("/capture", "/events", "/queries", "/queries/shipped/subscriptions"):
        assert problem(stocked.ask("POST", path + "?colour=red", {})) == (400, "QueryParameterException"), path
    for path in ("/queries/shipped", f"/queries/shipped/subscriptions/{subscribed.json['subscriptionID']}"):
        assert problem(stocked.ask("DELETE", path + "?colour=red")) == (400, "QueryParameterException"), path
        assert stocked.get(path).status_code == 200
    named = f"/events/{HASH}"  # the question mark of a hash, not encoded
    assert stocked.get(named).status_code == 200
    assert problem(stocked.get(named + "&colour=red")) == (400, "QueryParameterException")


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59.9999Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_the_ends_of_time_can_be_asked_for(stocked: Partner, time: str) -> None:
    for name in ("GE_eventTime", "LT_eventTime", "GE_recordTime", "LT_recordTime"):
        found = stocked.events(f"/events?{name}={time}")
        assert bool(found) is (name.startswith("LT") is time.startswith("9999"))


@pytest.mark.parametrize("kind", ["application/json", "application/xml"])
def test_an_event_of_more_items_than_a_document_holds_can_be_passed(partner: Partner, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    roll = a_roll(partner.web.house, 20)
    for start, count in ((0, 2), (2, 9), (11, 2), (13, 2)):
        with partner.web.house.begin(now=partner.web.house.now + timedelta(seconds=start)) as unit:
            moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=start, count=count)
    for module in (export, querying):
        monkeypatch.setattr(module, "MOST_EPCS", 4)
    for path in ("/events?EQ_bizStep=commissioning&EQ_action=ADD", "/bizSteps/commissioning/events?EQ_action=ADD"):
        pages, at = [], path
        while at:
            answer = partner.get(at, Accept=kind)
            pages.append(answer.status_code)
            link = answer.headers.get("Link", "").partition("/epcis")[2]
            at = link.partition(">")[0]
        assert pages == [200, 413, 200]
    refused = partner.get("/events?EQ_action=ADD&EQ_bizStep=commissioning&perPage=1")
    refused = partner.get(refused.headers["Link"].partition("/epcis")[2].partition(">")[0])
    assert problem(refused) == (413, "QueryTooLargeException")
    assert "9 items in the event urn:uuid:" in refused.json["detail"]


def test_a_websocket_is_not_served(stocked: Partner) -> None:
    assert problem(stocked.get("/queries/shipped/events?stream=true", Upgrade="websocket")) == (501, "ImplementationException")


def test_a_query_has_one_name_and_must_be_one(stocked: Partner) -> None:
    again = stocked.ask("POST", "/queries", {"name": "shipped", "query": {}})
    assert problem(again) == (409, "ResourceAlreadyExistsException")
    assert problem(stocked.ask("POST", "/queries", {"name": "odd", "query": {"EQ_colour": ["red"]}})) == (400, "QueryValidationException")
    assert problem(stocked.ask("POST", "/queries", {"query": {}})) == (400, "ValidationException")
    assert problem(stocked.ask("POST", "/queries", "{", kind="application/json")) == (400, "ValidationException")
    assert problem(stocked.ask("POST", "/queries", "<q/>", kind="application/xml")) == (415, "UnsupportedMediaTypeException")


@pytest.mark.parametrize(
    "wish", [{}, {"stream": True, "schedule": {"hour": "1"}}, {"schedule": {"hour": "25"}}, {"stream": True, "dest": "ftp://x"}]
)
def test_a_subscription_says_when(stocked: Partner, wish: dict[str, Any]) -> None:
    body = {"dest": "https://partner.example/hook", **wish}
    assert problem(stocked.ask("POST", "/queries/shipped/subscriptions", body)) == (400, "SubscriptionControlsException")


def test_a_subscription_never_tells_its_secret(stocked: Partner) -> None:
    body = {"dest": "https://partner.example/hook", "signatureToken": "s3cret-s3cret", "schedule": {"hour": "1", "minute": "5"}}
    answer = stocked.ask("POST", "/queries/shipped/subscriptions", body)
    assert answer.status_code == 201, answer.text
    shown = stocked.web.client.get(answer.headers["Location"], headers=stocked.key)
    assert shown.json["schedule"] == {"hour": "1", "minute": "5"}
    assert "s3cret" not in shown.text + answer.text + stocked.get("/queries/shipped/subscriptions").text
