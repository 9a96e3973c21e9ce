"""JSON doors of the fraud desk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.conftest import Web, flaw_of, trouble_of
from tests.factories.looks import a_look
from traceability import cases, reports


@pytest.fixture
def key(web: Web) -> dict[str, str]:
    return web.key("fraud")


def _case(web: Web, subject: str = "a", **more: Any) -> str:
    with web.house.begin("system") as unit:
        return cases.suspect(unit, kind="copied", subject=subject, probability=0.9, evidence={"reasons": []}, **more).id


def test_cases_are_listed_narrowed_and_paged(web: Web, key: dict[str, str]) -> None:
    ids = sorted(_case(web, str(number)) for number in range(3))
    with web.house.begin() as unit:
        cases.confirm(unit, case_id=ids[0])
    everything = web.client.get("/api/v1/suspicions", headers=key).json
    assert [each["id"] for each in everything] == ids[::-1]
    assert everything[-1]["state"] == "confirmed"
    page = web.client.get(f"/api/v1/suspicions?limit=1&before={ids[2]}", headers=key).json
    assert [each["id"] for each in page] == [ids[1]]
    assert [each["id"] for each in web.client.get("/api/v1/suspicions?state=confirmed&kind=copied", headers=key).json] == [ids[0]]
    assert web.client.get("/api/v1/suspicions?kind=roll", headers=key).json == []


@pytest.mark.parametrize("query", ["state=odd", "kind=", "limit=0", "before=x", "odd=1"])
def test_an_odd_question_is_told_so(web: Web, key: dict[str, str], query: str) -> None:
    status, pointer, _rule = flaw_of(web.client.get(f"/api/v1/suspicions?{query}", headers=key))
    assert (status, pointer) == (422, f"/{query.partition('=')[0]}")


def test_a_case_is_decided_and_taken_back(web: Web, key: dict[str, str]) -> None:
    path = f"/api/v1/suspicions/{_case(web)}"
    assert web.client.get(path, headers=key).json["probability"] == 0.9
    assert flaw_of(web.client.post(f"{path}/dismiss", json={}, headers=key))[:2] == (422, "/note")
    answer = web.client.post(f"{path}/dismiss", json={"note": "样品"}, headers=key)
    assert (answer.status_code, answer.json["state"], answer.json["note"]) == (200, "dismissed", "样品")
    assert trouble_of(web.client.post(f"{path}/confirm", json={}, headers=key)) == (409, "case-decided")
    assert web.client.post(f"{path}/reopen", headers=key).json["state"] == "open"
    assert web.client.post(f"{path}/confirm", json={}, headers=key).json["state"] == "confirmed"
    assert trouble_of(web.client.get("/api/v1/suspicions/x", headers=key)) == (404, "missing")
    away = web.key("fraud", brand_id=web.house.other_brand_id)
    assert trouble_of(web.client.post(f"{path}/reopen", headers=away)) == (404, "missing")


def test_reports_are_listed_and_closed(web: Web, key: dict[str, str]) -> None:
    with web.house.begin("visitor") as unit:
        told = reports.tell(unit, scan_id=a_look(unit, web.house.now).id, kind="taste", text="发苦").id
    (report,) = web.client.get("/api/v1/reports?state=open&kind=taste", headers=key).json
    assert (report["id"], report["number"], report["text"], report["counter"]) == (told, reports.number(told), "发苦", 7)
    answer = web.client.post(f"/api/v1/reports/{told}/close", json={"note": "已处理"}, headers=key)
    assert (answer.status_code, answer.json["state"], answer.json["note"]) == (200, "done", "已处理")
    assert trouble_of(web.client.post(f"/api/v1/reports/{told}/close", json={"note": "x"}, headers=key)) == (409, "report-closed")
    assert web.client.get("/api/v1/reports?state=open", headers=key).json == []
    assert flaw_of(web.client.get("/api/v1/reports?kind=odd", headers=key))[:2] == (422, "/kind")


def test_another_scope_does_not_open_these_doors(web: Web) -> None:
    assert trouble_of(web.client.get("/api/v1/suspicions", headers=web.key("scans", "trace"))) == (403, "key-lacks-scope")
    assert trouble_of(web.client.get("/api/v1/reports", headers=web.key("scans"))) == (403, "key-lacks-scope")
