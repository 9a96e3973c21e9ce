"""Capture jobs: what is told of a document, and that it is taken in once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.errors import Invalid, Missing
from kernel.outbox import ToldFact
from tests.conftest import House
from traceability.events import jobs
from traceability.facts import CaptureAsked, EventsCaptured
from traceability.models import CaptureJob, EpcisEvent


def _document(*steps: str) -> bytes:
    events = [
        {
            "type": "ObjectEvent",
            "eventID": f"https://example.org/{number}",
            "eventTime": "2026-01-01T10:00:00Z",
            "eventTimeZoneOffset": "+00:00",
            "action": "OBSERVE",
            "bizStep": step,
            "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],
        }
        for number, step in enumerate(steps)
    ]
    head = {"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"], "type": "EPCISDocument", "schemaVersion": "2.0"}
    return json.dumps({**head, "creationDate": "2026-01-01T10:00:00Z", "epcisBody": {"eventList": events}}).encode()


def _asked(house: House, content: bytes, *, second: int = 0, **more: Any) -> CaptureJob:
    with house.begin(now=house.now + timedelta(seconds=second)) as unit:
        return jobs.ask(unit, vault_key=unit.outside.vault.put(content), media_type="application/json", **more)


def _now(house: House, job: CaptureJob) -> CaptureJob:
    with house.look() as unit:
        return jobs.get(unit, job.id)


def test_a_document_is_looked_over_before_anything_is_promised() -> None:
    with pytest.raises(Invalid) as trouble:
        jobs.look_over(_document("shipping", "milking", "milking"), "application/json")
    assert [each["pointer"] for each in trouble.value.errors] == [f"/epcisBody/eventList/{at}/bizStep" for at in (1, 2)]
    assert len(jobs.look_over(_document("shipping", "milking"), "application/json", behaviour="proceed").events) == 2
    with pytest.raises(Invalid):
        jobs.look_over(_document("shipping"), "application/json", behaviour="all")


def test_of_very_many_errors_the_first_are_told() -> None:
    with pytest.raises(Invalid) as trouble:
        jobs.look_over(_document(*["milking"] * (jobs.MOST_ERRORS + 5)), "application/json")
    assert len(trouble.value.errors) == jobs.MOST_ERRORS


def test_a_job_runs_until_it_is_done_and_says_what_became_of_it(house: House) -> None:
    job = _asked(house, _document("shipping", "milking"), behaviour="proceed", extensions={"x": "https://x.example/"})
    assert _now(house, job).finished_at is None
    house.drain()
    done = _now(house, job)
    assert (done.success, done.events, done.captured, done.extensions) == (False, 2, 1, {"x": "https://x.example/"})
    assert done.finished_at is not None


def test_a_delivery_that_comes_twice_changes_nothing(house: House) -> None:
    job = _asked(house, _document("shipping"))
    house.drain()
    first = _now(house, job).finished_at
    with house.look() as unit:
        assert jobs.read(unit, CaptureAsked(job_id=job.id)) is None
    with house.begin() as unit:
        jobs.on_capture_asked(unit, CaptureAsked(job_id=job.id), jobs.look_over(_document("packing"), "application/json"))
    assert _now(house, job).finished_at == first


def test_a_document_that_is_not_one_ends_its_job(house: House) -> None:
    job = _asked(house, b"{}")
    house.drain()
    done = _now(house, job)
    assert (done.success, done.captured) == (False, 0)
    assert done.errors[0]["pointer"] == "/type"


def test_jobs_come_newest_first_a_page_at_a_time_and_within_their_brand(house: House) -> None:
    ids = [_asked(house, _document("shipping"), second=second).id for second in range(3)]
    with house.look() as unit:
        page = jobs.every(unit, most=2)
        assert [each.id for each in (*page, *jobs.every(unit, most=2, before=page[-1].id))] == ids[::-1]
    with house.look(brand_id=house.other_brand_id) as unit:
        assert jobs.every(unit, most=9) == []
        with pytest.raises(Missing):
            jobs.get(unit, ids[0])


def test_a_document_that_may_proceed_is_taken_in_part_by_part(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    job = _asked(house, _document("shipping", "milking", "packing", "milking", "packing"), behaviour="proceed")
    house.drain()
    done = _now(house, job)
    assert (done.success, done.events, done.captured) == (False, 5, 3)
    assert [each["pointer"] for each in done.errors] == [f"/epcisBody/eventList/{at}/bizStep" for at in (1, 3)]
    with house.look() as unit:
        times = list(unit.session.scalars(select(EpcisEvent.capture_id)))
        told = [fact.body for fact in unit.session.scalars(select(ToldFact).where(ToldFact.name == EventsCaptured.name()))]
    assert times == [job.id] * 3
    assert len(told) == 3


def test_the_parts_of_a_document_are_all_of_it_and_its_master_data_come_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    document = replace(jobs.look_over(_document(*["shipping"] * 5), "application/json"), master_data={"x": 1})
    cut = list(jobs.parts(document))
    assert [(len(part.events), part.master_data) for part in cut] == [(2, {"x": 1}), (2, None), (1, None)]
    assert [place for part in cut for place in part.places] == document.places
    nothing = replace(document, events=[], places=[], flaws=[])
    assert [part.master_data for part in jobs.parts(nothing)] == [{"x": 1}]


def test_a_document_that_names_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_THINGS", 2)
    assert len(jobs.look_over(_document("shipping", "packing"), "application/json").events) == 2
    with pytest.raises(Invalid) as trouble:
        jobs.look_over(_document("shipping", "packing", "packing"), "application/json", behaviour="proceed")
    assert [each["rule"] for each in trouble.value.errors] == ["things-most"]
