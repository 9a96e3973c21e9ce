"""Trace and recall through the JSON doors: a machine asks and proposes, and never decides."""

from __future__ import annotations

from typing import Any

from tests.app.conftest import Web, flaw_of, trouble_of
from tests.factories.recalls import PROOF
from tests.members.goods import lot_id, shelf
from traceability import holds, lots

SAY = {"reason": "杀菌温度不足", "advice": "请勿饮用"}


def _ask(web: Web, key: dict[str, str], method: str, path: str, body: object = None, **query: str) -> Any:
    return web.client.open("/api/v1" + path, method=method, headers=key, json=body, query_string=query)


def test_the_reach_of_a_lot_is_told_in_ranges(web: Web) -> None:
    serials = shelf(web.house, ONE=3, TWO=2)
    key = web.key("trace")
    told = _ask(web, key, "GET", "/reach", kind="lot", value="ONE").json
    assert (told["counts"]["lots"], told["counts"]["items"], told["states"]) == (1, 3, {"commissioned": 3})
    assert [(each["lot"], each["start"], each["count"]) for each in told["ranges"]] == [("ONE", 0, 3)]
    item = _ask(web, key, "GET", "/reach", kind="item", value=f"https://id.gs1.org/01/06901234567892/21/{serials['TWO'][0]}").json
    assert [lot["code"] for lot in item["lots"]] == ["TWO"]
    table = _ask(web, key, "GET", "/reach.csv", kind="lot", value="ONE", table="items")
    assert (table.mimetype, "ONE,06901234567892,ORDER-1,1,3,3,commissioned" in table.text) == ("text/csv", True)


def test_what_cannot_be_found_or_read_says_so(web: Web) -> None:
    shelf(web.house, ONE=3)
    key = web.key("trace")
    assert trouble_of(_ask(web, key, "GET", "/reach", kind="lot", value="NOPE")) == (404, "missing")
    assert flaw_of(_ask(web, key, "GET", "/reach", kind="pack", value="123"))[:3] == (422, "/value", "sscc")
    assert flaw_of(_ask(web, key, "GET", "/reach", kind="line", value="1")) == (422, "/since", "blank")
    assert _ask(web, key, "GET", "/reach", kind="moon", value="1").status_code == 422
    assert _ask(web, web.key("codes"), "GET", "/reach", kind="lot", value="ONE").status_code == 403
    other = web.key("trace", brand_id=web.house.other_brand_id)
    assert _ask(web, other, "GET", "/reach", kind="lot", value="ONE").status_code == 404


def test_a_machine_proposes_and_cannot_approve(web: Web) -> None:
    shelf(web.house, ONE=3)
    key = web.key("trace")
    assert flaw_of(_ask(web, key, "POST", "/recalls", SAY)) == (422, "/scope", "recall-which")
    both = {"lot_ids": [lot_id(web.house, "ONE")], "scope": {"kind": "lot", "value": "ONE"}}
    assert _ask(web, key, "POST", "/recalls", {**SAY, **both}).status_code == 422
    made = _ask(web, key, "POST", "/recalls", {**SAY, "scope": both["scope"]})
    assert (made.status_code, made.json["state"], made.json["scope"]["kind"]) == (201, "proposed", "lot")
    here = f"/recalls/{made.json['id']}"
    assert trouble_of(_ask(web, key, "POST", f"{here}/approve", {})) == (403, "machines-do-not-sign")
    told = _ask(web, key, "GET", here).json
    assert ([lot["standing"] for lot in told["lots"]], told["signatures"]) == (["held"], [])
    assert _ask(web, key, "GET", f"{here}/reach").json["counts"]["items"] == 3
    assert [each["id"] for each in _ask(web, key, "GET", "/recalls").json] == [made.json["id"]]
    assert _ask(web, key, "GET", "/drills").json == []
    with web.house.look() as unit:
        assert lots.by_code(unit, "ONE").standing == "held"


def test_a_machine_stops_a_lot_and_never_lets_one_go(web: Web) -> None:
    shelf(web.house, ONE=3)
    key, one = web.key("trace"), lot_id(web.house, "ONE")
    placed = _ask(web, key, "POST", "/holds", {"lot_id": one, "reason": "气味异常"})
    with web.house.begin() as unit:
        signed = holds.place_signed(unit, lot_id=one, reason="玻璃", proof=PROOF)
    for hold_id in (placed.json["id"], signed.id):
        assert trouble_of(_ask(web, key, "POST", f"/holds/{hold_id}/release", {"why": "x"})) == (403, "machines-do-not-sign")
    assert len(_ask(web, key, "GET", "/holds").json) == 2
