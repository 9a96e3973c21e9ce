"""The fraud desk through its real doors."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.pages import case_words, fraud
from app.pages.fraud import plain
from tests.app.conftest import Web, statements
from tests.factories.looks import a_look
from tests.members.goods import GTIN, lot_id, shelf
from traceability import cases, codes, reports

REASONS = {
    "reasons": [["devices", {"count": 4}], ["regions", {"count": 3, "km": 1900}], ["tempo", {"days": 12}], ["unused", {}], ["odd", {}]]
}


def _case(web: Web, **more: Any) -> str:
    given = {"kind": "copied", "subject": f"{GTIN}.1.1", "gtin": GTIN, "key_version": 1, "first": 1, "last": 1} | more
    with web.house.begin("system") as unit:
        return cases.suspect(unit, **{"probability": 0.93, "evidence": REASONS, **given}).id


def _copied(web: Web) -> str:
    """A case of an item on a lot that was looked at in two cities by two phones."""
    shelf(web.house, L1=3)
    with web.house.begin("system") as unit:
        for hours, region, device in ((0, "CN-3301", 1), (1, "CN-3301", 1), (30, "CN-4403", 2)):
            a_look(unit, web.house.now - timedelta(hours=40 - hours), counter=1, region=region, device=device)
    return _case(web)


@pytest.fixture
def desk(web: Web) -> FlaskClient:
    return web.sign_in("quality")


def test_an_empty_desk_teaches_what_will_be_there(desk: FlaskClient) -> None:
    page = desk.get("/desk/fraud").text
    assert "没有可疑的事等您看" in page
    for kind in cases.KINDS:
        assert case_words.tell(f"case.kind.{kind}") in page


def test_the_list_says_what_and_why_the_likeliest_first(web: Web, desk: FlaskClient) -> None:
    _copied(web)
    _case(
        web,
        kind="diverted",
        subject="s",
        gtin=None,
        probability=None,
        evidence={"customer": "<b>甲</b>", "outside": {"CN-5101": 3}, "items": 3},
    )
    page = desk.get("/desk/fraud").text
    assert "2 件可疑的事等您看" in page
    assert "4 部不同的手机查过" in page
    assert "最远相距 1900 公里" in page
    assert "93 %" in page
    assert "第 2 个" in page
    assert "&lt;b&gt;甲" in page
    assert page.index("疑似复制的码</a>") < page.index("疑似窜货</a>")
    narrowed = desk.get("/desk/fraud?kind=diverted").text
    assert "疑似窜货</a>" in narrowed
    assert "疑似复制的码</a>" not in narrowed
    assert "没有符合的" in desk.get("/desk/fraud?state=confirmed").text
    assert desk.get("/desk/fraud?state=nonsense").status_code == 200


def test_a_copied_case_shows_every_look_and_its_item(web: Web, desk: FlaskClient) -> None:
    page = desk.get(f"/desk/fraud/{_copied(web)}").text
    assert "3 次查询，2 部手机" in page
    assert "杭州" in page
    assert "深圳" in page
    assert "1,0" in page  # a thousand kilometres and some
    with web.house.look() as unit:
        assert codes.link_of(unit, gtin=GTIN, key_version=1, counter=1) in page
    assert f"/desk/lots/{lot_id(web.house, 'L1')}" in page


@pytest.mark.parametrize(
    ("kind", "evidence", "said"),
    [
        ("roll", {"items": 20, "spread": 9, "expected": 1.5}, "20 件查过的商品里有 9 件"),
        ("roll", {}, "这一段里出现在几个城市的商品"),
        ("diverted", {"customer": "甲", "allowed": ["CN-33"], "outside": {"CN-5101": 3}, "items": 3}, "成都"),
        ("diverted", {}, "疑似窜货"),
        (
            "guessing",
            {
                "looks": 90,
                "unknown": 60,
                "usual": 0.01,
                "since": "2026-11-20T03:45:00+00:00",
                "stretches": [["2026-11-20T03:45:00+00:00", 90, 60]],
            },
            "90 次查询里有 60 次",
        ),
        ("guessing", {}, "有人在猜码"),
        ("copied", {}, "没有这一件的查询记录"),
        ("copied", {"reasons": [["devices"], None, ["devices", {"other": 1}]]}, "疑似复制的码"),
    ],
)
def test_every_kind_of_case_has_a_page_whatever_its_evidence(
    web: Web, desk: FlaskClient, kind: str, evidence: dict[str, Any], said: str
) -> None:
    answer = desk.get(f"/desk/fraud/{_case(web, kind=kind, evidence=evidence, probability=None)}")
    assert answer.status_code == 200
    assert said in answer.text
    assert "{" not in answer.text.partition("<main")[2].partition("<aside")[0]


def test_a_decision_is_made_with_a_note_and_taken_back(web: Web, desk: FlaskClient) -> None:
    case_id = _copied(web)
    here = f"/desk/fraud/{case_id}"
    assert web.post(desk, f"{here}/dismiss", {"note": " "}, page=here).location == here
    assert "请填写这一项" in desk.get(here).text
    assert web.post(desk, f"{here}/dismiss", {"note": "门店样品"}, page=here).location == here
    page = desk.get(here).text
    assert "门店样品" in page
    assert "没有问题" in page
    web.post(desk, f"{here}/reopen", page=here)
    web.post(desk, f"{here}/confirm", page=here)
    with web.house.look() as unit:
        assert cases.get(unit, case_id).state == "confirmed"
    web.post(desk, f"{here}/confirm", page=here)
    assert "已经有人决定过了" in desk.get(here).text


def test_an_export_is_a_table_that_no_spreadsheet_takes_for_formulas(web: Web, desk: FlaskClient) -> None:
    case_id = _copied(web)
    with web.house.begin() as unit:
        cases.dismiss(unit, case_id=case_id, note="=HYPERLINK(1)")
    answer = desk.get("/desk/fraud/cases.csv?state=dismissed")
    assert answer.mimetype == "text/csv"
    head, row = csv.reader(StringIO(answer.text.removeprefix("\ufeff")))
    assert dict(zip(head, row, strict=True)) | {"opened_at": "", "updated_at": ""} == {
        "id": case_id,
        "kind": "copied",
        "state": "dismissed",
        "probability": "0.930000",
        "opened_at": "",
        "updated_at": "",
        "gtin": GTIN,
        "lot": "L1",
        "why": "4 部不同的手机查过；出现在 3 个地方，最远相距 1900 公里；12 天里不断有新的人查；标签还没有贴到商品上就被查过",
        "note": "'=HYPERLINK(1)",
    }
    assert len(list(csv.reader(StringIO(desk.get("/desk/fraud/cases.csv?kind=roll").text)))) == 1


def _many(web: Web, count: int) -> None:
    """Copied items on two lots of their own, each looked at in another city; and a report of a fake of each."""
    shelf(web.house, L1=count // 2, L2=count - count // 2)
    for counter in range(count):
        _case(web, subject=cases.item_subject(GTIN, 1, counter), first=counter, last=counter)
        with web.house.begin("visitor") as unit:
            scan = a_look(unit, web.house.now, counter=counter, region=("CN-3301", "CN-4403")[counter % 2])
            reports.tell(unit, scan_id=scan.id, kind="fake", text="")


@pytest.mark.parametrize("path", ["/desk/fraud", "/desk/fraud/cases.csv", "/desk/reports"])
def test_many_cases_cost_no_more_statements_than_one(web: Web, desk: FlaskClient, path: str) -> None:
    _many(web, 40)
    with statements(web.house) as seen:
        page = desk.get(path).text
    assert ("L1" in page, "L2" in page) == (path != "/desk/reports",) * 2
    assert page.count("/desk/fraud/") >= 40 or path.endswith("csv")
    assert len(seen) <= 12, seen


def test_an_export_is_whole_however_many_there_are(web: Web, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fraud, "AT_ONCE", 3)
    _many(web, 8)
    rows = list(csv.DictReader(StringIO(desk.get("/desk/fraud/cases.csv?state=open").text.removeprefix("\ufeff"))))
    with web.house.look() as unit:
        assert [row["id"] for row in rows] == [case.id for case in cases.every(unit)]
    assert sorted(row["lot"] for row in rows) == ["L1"] * 4 + ["L2"] * 4


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx"])
def test_a_formula_is_text(text: str) -> None:
    assert plain(text) == "'" + text
    assert plain("a" + text) == "a" + text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("见 http://evil.example/a?b=1 吧", "见 hxxp[:]//evil[.]example/a?b=1 吧"),
        ("HTTPS://Evil.example", "hxxpS[:]//Evil[.]example"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("3.5 度，喝了。", "3.5 度，喝了。"),
        ("weixin://dl/chat", "weixin[:]//dl/chat"),
    ],
)
def test_a_strangers_address_is_broken(text: str, shown: str) -> None:
    assert case_words.defused(text) == shown


@pytest.mark.parametrize(
    ("probability", "said"), [(None, ""), (0.5, "50 %"), (0.934, "93 %"), (0.995, "99.5 %"), (0.99999, "> 99.9 %"), (1.0, "> 99.9 %")]
)
def test_nobody_is_ever_quite_sure(web: Web, probability: float | None, said: str) -> None:
    with web.app.test_request_context("/?lang=zh"):
        assert case_words.chance(probability) == said


def test_a_cluster_of_harm_stands_on_the_desk(web: Web, desk: FlaskClient) -> None:
    shelf(web.house, L1=3)
    for counter in (0, 1):
        with web.house.begin("visitor") as unit:
            scan = a_look(unit, web.house.now, counter=counter, lot_id=lot_id(web.house, "L1"))
            reports.tell(unit, scan_id=scan.id, kind="ill", text="")
    for path in ("/desk/fraud", "/desk/reports"):
        page = desk.get(path).text
        assert "批次 L1 有 2 条“吃了身体不适”的反映" in page
        assert f"/desk/lots/{lot_id(web.house, 'L1')}" in page


def test_a_diverted_case_leads_to_its_shipment(web: Web, desk: FlaskClient) -> None:
    evidence = {"reference": "DN-7", "customer": "x", "chance": 1e-6}
    case_id = _case(web, kind="diverted", subject="01SHIPMENT", probability=None, evidence=evidence)
    assert '<a href="/desk/shipments/01SHIPMENT">发货单 DN-7</a>' in desk.get(f"/desk/fraud/{case_id}").text
