"""Joining from a scan, and the member's own page, through the real doors."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from members import recalls as member_recalls
from members.facts import CodeAsked
from members.identity import on_code_asked, post_code
from tests.app.conftest import Web
from tests.factories.recalls import a_recall
from tests.members.goods import GTIN, lot_id, shelf
from tests.members.people import letters
from traceability.facts import LotsRecalled

PHONE = "13812345678"


def _scan(web: Web, client: FlaskClient) -> str:
    """The path of an item that was just looked at."""
    path = f"/01/{GTIN}/21/{shelf(web.house, L1=2)['L1'][0]}"
    assert client.get(path, follow_redirects=True).status_code == 200
    return path


def _form(client: FlaskClient, path: str) -> str:
    """The ticket of the form that a scan page leads to."""
    shown = re.search(r'name="ticket" value="([^"]+)"', client.get(path, follow_redirects=True).text)
    assert shown
    assert client.post("/join/open", data={"ticket": shown[1]}).location == "/join"
    assert f'name="ticket" value="{shown[1]}"' in client.get("/join").text
    return shown[1]


def _ask(web: Web, client: FlaskClient, path: str, **form: str) -> TestResponse:
    fields = {"ticket": _form(client, path), "phone": PHONE, "membership": "yes", **form}
    return web.post(client, "/join", fields, page="/join")


def _code(web: Web) -> str:
    """The code in the letter that was posted last."""
    for body in web.house.told("CodeAsked"):
        with web.house.begin("system") as unit:
            on_code_asked(unit, CodeAsked(**body), post_code(unit, CodeAsked(**body)))
    found = re.search(r"\b\d{6}\b", letters(web.house)[-1]["text"])
    assert found
    return found[0]


def _join(web: Web, client: FlaskClient) -> str:
    path = _scan(web, client)
    assert _ask(web, client, path).location == "/join/code"
    answer = web.post(client, "/join/code", {"code": _code(web)})
    assert answer.location == "/me"
    return path


def test_who_scanned_can_join_and_finds_the_item_on_the_own_page(web: Web) -> None:
    path = _join(web, web.client)
    page = web.client.get("/me").text
    assert "欢迎加入" in page
    assert f'href="{path}"' in page
    assert PHONE not in page
    assert 'name="ticket"' not in web.client.get(path).text


def test_membership_is_never_taken_for_granted(web: Web) -> None:
    path = _scan(web, web.client)
    ticket = _form(web.client, path)
    form = web.client.get("/join").text
    assert form.count('type="checkbox"') == 2
    assert not re.search(r"<input type=\"checkbox\"[^>]*checked", form)
    answer = web.post(web.client, "/join", {"ticket": ticket, "phone": PHONE}, page="/join")
    assert answer.status_code == 422
    assert "请先看一下会员说明" in answer.text
    assert web.house.told("CodeAsked") == []


def test_a_wrong_number_and_a_wrong_code_are_told_beside_their_field(web: Web) -> None:
    path = _scan(web, web.client)
    answer = _ask(web, web.client, path, phone="12")
    assert answer.status_code == 422
    assert 'id="phone-error"' in answer.text
    _ask(web, web.client, path)
    answer = web.post(web.client, "/join/code", {"code": "12"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert web.client.get("/me").status_code == 302


def test_a_forged_ticket_or_a_form_from_elsewhere_opens_nothing(web: Web) -> None:
    path = _scan(web, web.client)
    stranger = web.app.test_client()
    stranger.post("/join/open", data={"ticket": "forged"})
    assert 'name="phone"' not in stranger.get("/join").text
    ticket = _form(web.client, path)
    answer = web.post(web.client, "/join", {"ticket": ticket[:-2], "phone": PHONE, "membership": "yes"}, page="/join")
    assert answer.status_code == 422
    assert web.client.post("/join", data={"ticket": ticket, "phone": PHONE, "membership": "yes"}).status_code == 400
    assert web.house.told("CodeAsked") == []


def test_a_consent_is_one_switch_and_leaving_forgets(web: Web) -> None:
    _join(web, web.client)
    web.post(web.client, "/me/consent", {"purpose": "marketing", "given": "yes"}, page="/me")
    assert web.client.get("/me").text.count("已同意") == 2
    assert web.post(web.client, "/me/leave", page="/me").location == "/join"
    assert web.client.get("/me").status_code == 302


def test_a_recall_stands_on_top_until_it_was_read(web: Web) -> None:
    _join(web, web.client)
    with web.house.begin() as unit:
        recall = a_recall(unit, lot_ids=[lot_id(web.house, "L1")], reason="温度偏低", advice="请带回店家退款")
        fact = LotsRecalled(recall.id, [lot_id(web.house, "L1")])
    with web.house.begin("system") as unit:
        member_recalls.on_lots_recalled(unit, fact)
    page = web.client.get("/me").text
    assert "请带回店家退款" in page
    read = re.search(r'action="(/me/notices/[^"]+/read)"', page)
    assert read
    web.post(web.client, read[1], page="/me")
    assert "看过的通知" in web.client.get("/me").text
    assert "我知道了" not in web.client.get("/me").text


def test_signing_out_leaves_the_member_but_not_the_session(web: Web) -> None:
    _join(web, web.client)
    web.post(web.client, "/me/out", page="/me")
    assert web.client.get("/me").location == "/join"


def test_strangers_are_shown_the_way_instead_of_a_page(web: Web) -> None:
    assert web.client.get("/me").location == "/join"
    assert "请先扫一件商品上的码" in web.client.get("/join").text
    assert web.client.get("/join/code").location == "/join"
