"""Documents through the door, the worker and out again: the published examples whole, the invalid ones refused."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import update

from app import relay
from kernel import outbox
from tests.app.conftest import Web
from tests.app.epcis.conftest import CONTEXT, EPC, HASH, Partner, a_document, an_event, problem
from tests.conftest import SHARED
from traceability.events import capturing

KINDS = {".xml": "application/xml", ".json": "application/ld+json", ".jsonld": "application/ld+json"}


def examples(*, good: bool) -> list[Path]:
    found = [*(SHARED / "epcis").glob("examples-*/**/*")]
    documents = [path for path in found if path.suffix in KINDS and "Query/" not in str(path) and "Capture/Events" not in str(path)]
    return sorted(path for path in documents if ("Invalid" in path.parts) is not good)


def kind(path: Path) -> str:
    return KINDS[path.suffix]


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", examples(good=True), ids=name)
def test_a_published_example_is_captured_and_comes_out_again(partner: Partner, path: Path) -> None:
    answer = partner.ask("POST", "/capture", path.read_bytes(), kind=kind(path))
    assert answer.status_code == 202, answer.text
    partner.web.house.drain()
    job = partner.web.client.get(answer.headers["Location"], headers=partner.key).json
    assert (job["running"], job["success"], job["errors"]) == (False, True, [])
    told = partner.events("/events?perPage=1000", GS1_EPC_Format="Never_Translates")
    assert told
    assert all(each["eventID"] and each["recordTime"] for each in told)
    assert partner.ask("GET", "/events?perPage=1000", Accept="application/xml").status_code == 200


@pytest.mark.parametrize("path", examples(good=False), ids=name)
def test_an_invalid_example_is_refused_with_place_and_rule(partner: Partner, path: Path) -> None:
    answer = partner.ask("POST", "/capture", path.read_bytes(), kind=kind(path))
    assert problem(answer) == (400, "ValidationException")
    assert all(each["rule"] and each["detail"] and "pointer" in each for each in answer.json["errors"])
    assert partner.get("/capture").json == partner.events("/events") == []


def test_under_proceed_the_good_ones_are_kept_and_the_others_are_told(partner: Partner) -> None:
    wrong = an_event(eventID="https://example.org/bad", bizStep="milking")
    job = partner.capture(a_document(an_event(), wrong), GS1_Capture_Error_Behaviour="proceed")
    assert (job["success"], job["captureErrorBehaviour"]) == (False, "proceed")
    assert [(each["pointer"], each["status"]) for each in job["errors"]] == [("/epcisBody/eventList/1/bizStep", 400)]
    assert [each["eventID"] for each in partner.events("/events")] == [HASH]


def test_under_rollback_what_the_house_knows_better_keeps_all_of_it_out(partner: Partner) -> None:
    partner.capture(a_document(an_event()))
    job = partner.capture(a_document(an_event(eventID="https://example.org/new"), an_event(bizStep="packing")))
    assert (job["running"], job["success"]) == (False, False)
    assert job["errors"][0]["rule"] == "event-known"
    assert [each["eventID"] for each in partner.events("/events")] == [HASH]


def test_a_job_is_told_in_xml_as_well(partner: Partner) -> None:
    job = partner.capture(a_document(an_event()))
    answer = partner.get(f"/capture/{job['captureID']}", Accept="text/xml")
    assert answer.content_type.startswith("text/xml")
    assert "EPCISCaptureJob" in answer.text
    assert f'captureID="{job["captureID"]}"' in answer.text


def test_a_job_runs_until_the_worker_is_done_and_a_worker_that_dies_leaves_nothing(
    partner: Partner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = partner.ask("POST", "/capture", a_document(an_event())).headers["Location"]
    job = partner.web.client.get(where, headers=partner.key).json
    assert (job["running"], job["success"]) == (True, True)
    whole = capturing.capture

    def dies(*args: Any, **more: Any) -> Any:
        whole(*args, **more)
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(capturing, "capture", dies)
    with pytest.raises(RuntimeError):
        partner.web.house.drain()
    assert partner.events("/events") == []
    monkeypatch.setattr(capturing, "capture", whole)
    with partner.web.house.database.begin(relay.PLATFORM) as unit:
        unit.session.connection().exec_driver_sql("UPDATE delivery SET due_at = '2000-01-01 00:00:00.000000'")
    partner.web.house.drain()
    assert partner.web.client.get(where, headers=partner.key).json["success"]
    assert [each["eventID"] for each in partner.events("/events")] == [HASH]


def test_times_and_numbers_at_the_ends_of_what_is_bearable_are_captured_or_refused(partner: Partner) -> None:
    job = partner.capture(a_document(an_event(eventTime="2026-01-01t02:00:00z")))
    assert (job["success"], job["errors"]) == (True, [])
    assert [each["eventTime"] for each in partner.events("/events")] == ["2026-01-01T02:00:00Z"]
    milk = {"epcClass": "urn:x:milk", "quantity": 10**400}
    for wrong in ({"eventTime": "0001-01-01T00:00:00+14:00"}, {"eventTime": "0001-01-01T00:00:00Z"}, {"quantityList": [milk]}):
        event = an_event(eventID="https://example.org/odd", **wrong)
        assert problem(partner.ask("POST", "/capture", a_document(event))) == (400, "ValidationException"), wrong
        assert problem(partner.ask("POST", "/events", {"@context": CONTEXT, **event})) == (400, "ValidationException"), wrong


def test_prefixes_may_be_declared_in_the_header(partner: Partner) -> None:
    tasted = an_event(**{"dairy:taste": "sweet"})
    refused = partner.ask("POST", "/capture", a_document(tasted))
    assert [each["rule"] for each in refused.json["errors"]] == ["prefix"]
    job = partner.capture(a_document(tasted), GS1_Extensions="dairy=https://dairy.example/voc/, odd=no uri: at all")
    assert (job["success"], job["errors"]) == (True, [])
    single = {"@context": CONTEXT, **tasted, "eventID": "https://example.org/e2"}
    assert partner.ask("POST", "/events", single, GS1_Extensions="dairy=https://dairy.example/voc/").status_code == 201
    found = partner.events("/events?EQ_dairy%3Ataste=sweet", GS1_Extensions="dairy=https://dairy.example/voc/")
    assert [each["dairy:taste"] for each in found] == ["sweet", "sweet"]


def test_a_job_that_was_given_up_is_over_and_runs_again_when_it_is_revived(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    where = partner.ask("POST", "/capture", a_document(an_event())).headers["Location"]
    whole = capturing.capture
    monkeypatch.setattr(capturing, "capture", lambda *_args, **_more: 1 / 0)
    database, sent = partner.web.house.database, list[str]()
    for _ in range(outbox.MOST_TRIES):
        assert partner.web.client.get(where, headers=partner.key).json["running"]
        with database.begin(relay.PLATFORM) as unit:
            unit.session.execute(update(outbox.Delivery).values(due_at=unit.now))
        relay.carry(database, sent.append)
        relay.react(database, sent[-1])
    job = partner.web.client.get(where, headers=partner.key).json
    assert (job["running"], job["success"], [each["rule"] for each in job["errors"]]) == (False, False, ["given-up"])
    assert job["finishedAt"] >= job["createdAt"]
    assert partner.get("/capture").json == [job]
    monkeypatch.setattr(capturing, "capture", whole)
    with database.begin(relay.PLATFORM) as unit:
        assert outbox.revive(unit.session, sent[-1], now=unit.now)
    assert partner.web.client.get(where, headers=partner.key).json["running"]
    partner.web.house.drain()
    assert partner.web.client.get(where, headers=partner.key).json["success"]


def test_what_cannot_be_read_is_refused_at_the_door(partner: Partner) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    for body, media_type in (("{", "application/json"), ("[]", "application/json"), ("", "application/json"), (bomb, "application/xml")):
        assert problem(partner.ask("POST", "/capture", body, kind=media_type)) == (400, "ValidationException"), body
    assert problem(partner.ask("POST", "/capture", "a,b", kind="text/csv")) == (415, "UnsupportedMediaTypeException")
    strange = partner.ask("POST", "/capture", a_document(an_event()), GS1_Capture_Error_Behaviour="all")
    assert problem(strange) == (400, "ValidationException")


def test_a_document_that_is_too_large_is_413_and_says_what_may_be_sent(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = Partner(web)
    settings = web.app.extensions["suyuan.settings"]
    small = type(settings)(**{**vars(settings), "epcis_most_events": "1", "epcis_most_bytes": "3000"})
    monkeypatch.setitem(web.app.extensions, "suyuan.settings", small)
    two = partner.ask("POST", "/capture", a_document(an_event(), an_event(eventID="https://example.org/e2")))
    for answer in (two, partner.ask("POST", "/capture", " " * 3001), partner.ask("POST", "/events", " " * 3001)):
        assert problem(answer) == (413, "CaptureLimitExceededException")
        limits = [answer.headers[f"GS1-EPCIS-Capture-{name}"] for name in ("Limit", "File-Size-Limit")]
        assert limits == ["1", "3000"]
    assert partner.ask("OPTIONS", "/capture").headers["GS1-Capture-Error-Behaviour"] == "all"
    endless = {"wsgi.input": BytesIO(b" " * 9000), "wsgi.input_terminated": True}
    unsaid = web.client.post("/epcis/capture", headers={**partner.key, "Content-Type": "application/json"}, environ_overrides=endless)
    assert problem(unsaid) == (413, "CaptureLimitExceededException")


def test_one_event_is_kept_at_once_and_only_once(partner: Partner) -> None:
    first = partner.ask("POST", "/events", {"@context": CONTEXT, **an_event()})
    assert (first.status_code, first.json["eventID"]) == (201, HASH)
    again = partner.ask("POST", "/events", {"@context": CONTEXT, **an_event()})
    assert problem(again) == (409, "ResourceAlreadyExistsException")
    other = partner.ask("POST", "/events", {"@context": CONTEXT, **an_event(bizStep="packing")})
    assert problem(other) == (409, "ResourceAlreadyExistsException")
    (told,) = partner.web.client.get(first.headers["Location"], headers=partner.key).json["epcisBody"]["queryResults"]["resultsBody"][
        "eventList"
    ]
    assert (told["epcList"], told["bizStep"]) == ([EPC], "shipping")
    (plain,) = partner.events(f"/events/{HASH}")
    assert plain == told


def test_an_event_without_an_id_is_given_its_hash(partner: Partner) -> None:
    told = {"@context": CONTEXT, **an_event()}
    del told["eventID"]
    answer = partner.ask("POST", "/events", told)
    assert answer.json["eventID"].startswith("ni:///sha-256;")
    assert partner.web.client.get(answer.headers["Location"], headers=partner.key).status_code == 200


def test_one_event_that_is_wrong_is_told_where(partner: Partner) -> None:
    answer = partner.ask("POST", "/events", {"@context": CONTEXT, **an_event(bizStep="milking", action="LOOK")})
    assert problem(answer) == (400, "ValidationException")
    assert {each["pointer"] for each in answer.json["errors"]} == {"/bizStep", "/action"}


def test_events_come_in_pages_whose_links_lead_through_all_of_them(partner: Partner) -> None:
    ids = [f"https://example.org/e{number}" for number in range(7)]
    partner.capture(a_document(*(an_event(eventID=each) for each in ids)))
    seen, path = [], "/events?EQ_bizStep=shipping&perPage=3"
    while path:
        answer = partner.get(path)
        seen += [each["eventID"] for each in answer.json["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
        link = answer.headers.get("Link", "")
        assert ("GS1-Next-Page-Token-Expires" in answer.headers) is bool(link)
        path = link.partition("/epcis")[2].partition(">")[0]
    assert sorted(seen) == ids
    token = partner.get("/events?perPage=3").headers["Link"].partition("nextPageToken=")[2].partition(">")[0]
    assert problem(partner.get(f"/events?EQ_bizStep=packing&nextPageToken={token}")) == (400, "QueryParameterException")


def test_identifiers_are_told_in_the_form_that_is_asked_for(partner: Partner) -> None:
    urn = "urn:epc:id:sgtin:0614141.107346.2017"
    partner.capture(a_document(an_event(epcList=[urn])))
    link = "https://id.gs1.org/01/10614141073464/21/2017"
    for form, shown in (("Always_GS1_Digital_Link", link), ("No_Preference", link), ("Always_EPC_URN", urn), ("Never_Translates", urn)):
        assert partner.events("/events", GS1_EPC_Format=form)[0]["epcList"] == [shown]
    assert partner.events("/events")[0]["epcList"] == [link]
    for each in (urn, link):
        assert len(partner.events(f"/epcs/{quote(each, safe='')}/events")) == 1


def test_an_error_declaration_stands_beside_what_it_takes_back(partner: Partner) -> None:
    partner.capture(a_document(an_event()))
    declared = {"declarationTime": "2026-01-02T00:00:00Z", "reason": "did_not_occur"}
    partner.capture(a_document(an_event(errorDeclaration=declared)))
    both = partner.events(f"/events/{quote(HASH, safe='')}")
    assert ["errorDeclaration" in each for each in both] == [False, True]
    assert len(partner.events("/events?EXISTS_errorDeclaration=")) == 1


def test_a_document_of_xml_and_its_twin_of_json_are_the_same_event(partner: Partner) -> None:
    partner.capture(a_document(an_event(eventID="https://example.org/twin")))
    xml = partner.get("/events", Accept="application/xml", GS1_EPC_Format="Never_Translates").data
    stranger = Partner(partner.web, brand_id=partner.web.house.other_brand_id)
    assert stranger.ask("POST", "/capture", xml, kind="text/xml").status_code == 202
    stranger.web.house.drain()
    ours, theirs = partner.events("/events"), stranger.events("/events")
    assert [{**each, "recordTime": None} for each in ours] == [{**each, "recordTime": None} for each in theirs]
    assert json.dumps(ours)
