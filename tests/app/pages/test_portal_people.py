"""Colleagues, messages, the calendar and the list of what is asked, at the supplier's own door."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from suppliers import certificates, messages
from suppliers.models import Supplier
from suppliers.requirements import rules_version
from tests.app.conftest import Web
from tests.app.pages import portals
from tests.suppliers import shelf


@pytest.fixture
def who(web: Web) -> Supplier:
    return portals.listed(web.house)


@pytest.fixture
def client(web: Web, who: Supplier) -> Any:
    return web.sign_in("supplier", supplier_id=who.id)


def test_a_colleague_is_invited_and_loses_access_again(web: Web, client: Any) -> None:
    here = "/portal/colleagues"
    answer = web.post(client, here, {"name": "小李", "email": "li@example.org"}, page=here, follow_redirects=True)
    assert "li@example.org" in answer.text
    assert "还没有设置密码" in answer.text
    (account_id,) = re.findall(r'action="/portal/colleagues/([^/]+)/end"', answer.text)  # of the colleague only, never one's own
    ended = web.post(client, f"{here}/{account_id}/end", page=here, follow_redirects=True)
    assert "已停用" in ended.text
    assert "/end" not in ended.text


def test_an_invitation_that_cannot_be_says_why(web: Web, client: Any) -> None:
    here = "/portal/colleagues"
    answer = web.post(client, here, {"name": "", "email": "nobody"}, page=here)
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    with web.house.begin("brand_admin"):
        pass
    web.sign_in("plant")
    taken = web.post(client, here, {"name": "x", "email": "plant-own@example.org"}, page=here)
    assert taken.status_code == 409
    assert 'value="plant-own@example.org"' in taken.text


def test_nobody_ends_the_access_of_another_firms_people(web: Web, client: Any) -> None:
    other = portals.neighbour(web.house)
    stranger = portals.somebody_else(web, other, "far@example.org")
    with web.app.test_request_context(), web.house.look("brand_admin") as unit:
        from app.auth import colleagues

        (far,) = colleagues.listed(unit, supplier_id=other.id)
    assert web.post(client, f"/portal/colleagues/{far.id}/end", page="/portal/colleagues").status_code == 404
    assert stranger.get("/portal").status_code == 200


def test_messages_are_read_when_they_were_shown(web: Web, client: Any, who: Supplier) -> None:
    with web.house.begin("quality") as unit:
        messages.say(unit, who.id, "请补一份原件", by_name="陈静")
    assert re.search(r'消息 <span class="count">1</span>', client.get("/portal").text)
    assert "请补一份原件" in client.get("/portal/messages").text
    assert not re.search(r'消息 <span class="count">', client.get("/portal").text)
    assert web.post(client, "/portal/messages", {"text": "好"}, page="/portal/messages").status_code == 303
    with web.house.look() as unit:
        assert messages.unread(unit, who.id) == 1


def test_the_calendar_says_each_day_and_which_the_law_sets(web: Web, client: Any, who: Supplier) -> None:
    until = web.house.now.date() + timedelta(days=120)
    paper = shelf.hand_in(web.house, who, valid_from=until - timedelta(days=1700), valid_until=until)
    shelf.check(web.house, paper, shelf.CLEAN)
    with web.house.begin("quality") as unit:
        certificates.decide(unit, certificate_id=paper.id, decision="accept", reason="一致")
    page = client.get("/portal/calendar").text
    assert "法规规定的日子" in page
    assert f'datetime="{until.isoformat()}"' in page
    file = client.get("/portal/calendar.ics")
    assert file.mimetype == "text/calendar"
    assert file.text.startswith("BEGIN:VCALENDAR")
    assert "attachment" in file.headers["Content-Disposition"]


def test_what_is_asked_stands_there_before_any_upload(web: Web, client: Any) -> None:
    page = client.get("/portal/requirements").text
    assert "食品安全法" in page
    assert rules_version() in page
    assert "http" in page  # the registers
    other = client.get("/portal/requirements?category=dairy").text
    assert other.count('class="card asked"') > 2
    assert client.get("/portal/requirements?category=gold").status_code == 422


def test_and_for_machines(client: Any) -> None:
    rows = json.loads(client.get("/portal/requirements.json?category=dairy").text)
    assert rows["version"] == rules_version()
    assert rows["rows"]
    assert all("dairy" in row["categories"] for row in rows["rows"])
