"""Telling something of a scan, and the desk's list of what was told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from app.auth.tickets import secret_of, sign_scan
from tests.app.conftest import Web
from tests.factories.looks import a_look
from tests.members.goods import lot_id, shelf
from traceability import cases, reports


def _ticket(web: Web, *, days: int = 0, **more: Any) -> str:
    with web.house.begin("system") as unit:
        scan_id = a_look(unit, web.house.now - timedelta(days=days), **more).id
    return sign_scan(scan_id, web.house.brand_id, secret=secret_of(str(web.app.secret_key)))


def _tell(web: Web, ticket: str, kind: str = "taste", text: str = "发苦", **more: Any) -> Any:
    return web.client.post("/tell", data={"ticket": ticket, "kind": kind, "text": text}, **more)


def test_the_form_works_without_script_or_cookie_and_ends_with_a_number(web: Web) -> None:
    ticket = _ticket(web)
    form = web.client.get(f"/tell?ticket={ticket}")
    assert form.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in form.headers
    assert "请不要写姓名" in form.text
    assert "<script" not in form.text
    answer = _tell(web, ticket)
    assert answer.status_code == 303
    thanks = web.client.get(answer.location).text
    with web.house.look() as unit:
        ((report, _scan),) = reports.every(unit)
    assert reports.number(report.id) in thanks
    assert "我们收到了" in thanks


def test_a_double_tap_is_one_report_and_other_words_are_told_so(web: Web) -> None:
    ticket = _ticket(web)
    assert [_tell(web, ticket).status_code for _ in range(2)] == [303, 303]
    other = _tell(web, ticket, text="还有别的")
    assert other.status_code == 409
    assert "已经反映过了" in other.text
    with web.house.look() as unit:
        assert len(reports.every(unit)) == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [({"kind": ""}, "请从列出的里面选一个"), ({"kind": "other", "text": ""}, "请填写这一项"), ({"text": "<b>" + "x" * 1000}, "太长了")],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(web: Web, form: dict[str, str], said: str) -> None:
    ticket = _ticket(web)
    answer = _tell(web, ticket, **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{ticket}"' in answer.text
    assert "<b>x" not in answer.text


@pytest.mark.parametrize("ticket", ["", "x", "0" * 26 + ".1.2", "é.é.é", "a.b.c.d"])
def test_without_a_ticket_of_ours_nothing_is_told(web: Web, ticket: str) -> None:
    assert "请先扫一件商品上的码" in web.client.get("/tell", query_string={"ticket": ticket}).text
    answer = _tell(web, ticket)
    assert answer.status_code == 422
    assert "请先扫一件商品上的码" in answer.text


def test_a_ticket_of_a_scan_that_is_gone_or_too_old_tells_nothing(web: Web) -> None:
    gone = sign_scan("0" * 26, web.house.brand_id, secret=secret_of(str(web.app.secret_key)))
    assert _tell(web, gone).status_code == 422
    old = _tell(web, _ticket(web, days=100))
    assert old.status_code == 409
    assert "太久了" in old.text


def test_a_link_may_choose_the_kind(web: Web) -> None:
    page = web.client.get("/tell", query_string={"ticket": _ticket(web), "kind": "fake"}).text
    assert re.search(r'value="fake" required checked', page)


def test_a_fake_leads_from_the_list_to_its_case(web: Web) -> None:
    shelf(web.house, L1=3)
    _tell(web, _ticket(web, counter=1, lot_id=lot_id(web.house, "L1")), "fake", "看 http://evil.example")
    desk = web.sign_in("quality")
    page = desk.get("/desk/reports").text
    with web.house.look() as unit:
        (case,) = cases.every(unit)
    assert f"/desk/fraud/{case.id}" in page
    assert "hxxp[:]//evil[.]example" in page
    assert "http://evil" not in page
    assert "1 个人反映这一件是假货" in desk.get(f"/desk/fraud/{case.id}").text


def test_the_list_is_narrowed_and_closed_with_a_note(web: Web) -> None:
    shelf(web.house, L1=3)
    for kind, text in (("taste", "发苦"), ("damaged", "破了")):
        _tell(web, _ticket(web, lot_id=lot_id(web.house, "L1")), kind, text)
    desk = web.sign_in("brand_admin")
    assert "2 条反映等您处理" in desk.get("/desk/reports").text
    narrowed = desk.get("/desk/reports?kind=taste&lot=L1").text
    assert ("发苦" in narrowed, "破了" in narrowed) == (True, False)
    assert "没有符合的反映" in desk.get("/desk/reports?lot=NONE").text
    with web.house.look() as unit:
        report = reports.every(unit, kind="taste")[0].report
    assert "发苦" in desk.get(f"/desk/reports?q={reports.number(report.id)}").text
    form = {"note": "留样正常", "asked_kind": "taste"}
    answer = web.post(desk, f"/desk/reports/{report.id}/close", form, page="/desk/reports")
    assert answer.location == f"/desk/reports?kind=taste#{report.id}"
    assert "留样正常" in desk.get("/desk/reports?state=done").text
    web.post(desk, f"/desk/reports/{report.id}/close", form, page="/desk/reports")
    assert "已经有人办结了" in desk.get("/desk/reports").text
    web.post(desk, f"/desk/reports/{report.id}/reopen", {}, page="/desk/reports")
    assert "2 条反映等您处理" in desk.get("/desk/reports").text


def test_an_empty_list_teaches(web: Web) -> None:
    assert "还没有人反映过" in web.sign_in("quality").get("/desk/reports").text
