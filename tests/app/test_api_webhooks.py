"""Webhooks, messages and renewals through the JSON doors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from suppliers.models import Certificate
from tests.app.conftest import Erp, flaw_of, trouble_of
from tests.suppliers import shelf
from tests.suppliers.webhooks.test_webhooks import URL, Ear


@pytest.fixture
def hub(erp: Erp) -> Erp:
    """A machine that may keep suppliers."""
    erp.key = erp.web.key("suppliers", "admin")
    return erp


@pytest.fixture
def ear(hub: Erp) -> Ear:
    ear = Ear()
    hub.web.house.database.outside = replace(hub.web.house.database.outside, web=ear)
    return ear


def test_a_webhook_lives_is_tried_out_and_ends(hub: Erp, ear: Ear) -> None:
    made = hub.post("/webhooks", {"name": "ERP", "url": URL, "events": ["paper.read", "paper.expiring"]})
    assert made["secret"].startswith("whsec_")
    here = f"/webhooks/{made['id']}"
    assert hub.get("/webhooks") == [hub.get(here)] == [{name: value for name, value in made.items() if name != "secret"}]
    ping = hub.post(f"{here}/ping")
    assert (ping["event"], ping["state"]) == ("webhook.ping", "waiting")
    again = f"/webhook-deliveries/{ping['id']}/resend"
    assert trouble_of(hub.ask("POST", again)) == (409, "webhook-on-its-way")
    hub.web.house.drain()
    (told,) = hub.get(f"{here}/deliveries")
    assert (told["id"], told["state"], told["status"], told["attempts"]) == (ping["id"], "sent", 204, 1)
    assert hub.ask("POST", again).status_code == 202
    hub.web.house.drain()
    assert len(ear.heard) == 2
    assert hub.get(f"{here}/deliveries?before={ping['id']}") == []
    assert hub.ask("DELETE", here).status_code == 204
    assert hub.get("/webhooks") == []
    assert hub.get(here)["ended_at"]
    for path in (f"{here}/ping", again):
        assert trouble_of(hub.ask("POST", path)) == (409, "webhook-ended")


@pytest.mark.parametrize(
    ("more", "place", "rule"),
    [
        ({"url": "http://erp.example/"}, "/url", "href-https"),
        ({"url": "file:///etc/passwd"}, "/url", "url"),
        ({"events": ["paper.eaten"]}, "/events/0", "shape"),
        ({"name": ""}, "/name", "shape"),
        ({"secret": "mine"}, "/secret", "shape"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(hub: Erp, more: dict[str, Any], place: str, rule: str) -> None:
    assert flaw_of(hub.ask("POST", "/webhooks", {"name": "ERP", "url": URL, **more})) == (422, place, rule)
    assert hub.get("/webhooks") == []


def test_a_neighbour_finds_no_webhook(hub: Erp) -> None:
    made = hub.post("/webhooks", {"name": "ERP", "url": URL})
    ping = hub.post(f"/webhooks/{made['id']}/ping")
    theirs = hub.web.key("suppliers", "admin", brand_id=hub.web.house.other_brand_id)
    for method, path in (
        ("GET", f"/webhooks/{made['id']}"),
        ("GET", f"/webhooks/{made['id']}/deliveries"),
        ("POST", f"/webhooks/{made['id']}/ping"),
        ("POST", f"/webhooks/{made['id']}/secret"),
        ("DELETE", f"/webhooks/{made['id']}"),
        ("POST", f"/webhook-deliveries/{ping['id']}/resend"),
    ):
        assert hub.ask(method, path, key=theirs).status_code == 404, path
    assert hub.ask("GET", "/webhooks", key=theirs).json == []


def test_messages_are_said_read_and_kept_apart(hub: Erp) -> None:
    who = shelf.supplier(hub.web.house)
    here = f"/suppliers/{who.id}/messages"
    said = hub.post(here, {"text": "请补交检疫证明", "by_name": "ERP"})
    assert (said["from_supplier"], said["read_at"]) == (False, None)
    assert [each["id"] for each in hub.get(here)] == [said["id"]]
    assert hub.post(f"{here}/read", {}) == {"read": 0}  # nobody else has said anything
    assert flaw_of(hub.ask("POST", here, {"text": "x" * 2001})) == (422, "/text", "shape")
    assert flaw_of(hub.ask("POST", here, {"text": "a\u202eb"})) == (422, "/text", "characters")
    theirs = hub.web.key("suppliers", "admin", brand_id=hub.web.house.other_brand_id)
    assert hub.ask("GET", here, key=theirs).status_code == 404
    assert hub.ask("POST", here, {"text": "x"}, key=theirs).status_code == 404


def test_renewals_are_told_as_days_and_as_a_calendar(hub: Erp) -> None:
    house = hub.web.house
    who = shelf.supplier(house)
    paper = shelf.hand_in(house, who, valid_until=date(2030, 12, 31))
    with house.begin("system") as unit:
        unit.session.get_one(Certificate, paper.id).standing = "verified"
    here = f"/suppliers/{who.id}/renewals"
    (found,) = hub.get(here)
    assert (found["certificate_id"], found["valid_until"], found["due"]) == (paper.id, "2030-12-31", None)
    assert {"apply_by", "expires"} <= {step["name"] for step in found["steps"]}
    answer = hub.ask("GET", f"{here}.ics?language=en")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"DTSTART;VALUE=DATE:20301231" in answer.data
    assert hub.ask("GET", f"{here}.ics?language=fr").status_code == 422


def test_a_secret_is_changed_and_shown_once(hub: Erp, ear: Ear) -> None:
    made = hub.post("/webhooks", {"name": "ERP", "url": URL})
    here = f"/webhooks/{made['id']}"
    fresh = hub.post(f"{here}/secret")["secret"]
    assert fresh.startswith("whsec_")
    assert fresh != made["secret"]
    assert "secret" not in hub.get(here)
    hub.post(f"{here}/ping")
    hub.web.house.drain()
    assert len(ear.heard[0][2]["webhook-signature"].split(" ")) == 2
    hub.ask("DELETE", here)
    assert trouble_of(hub.ask("POST", f"{here}/secret")) == (409, "webhook-ended")
