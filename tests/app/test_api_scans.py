"""Verification for partners' apps."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.api.scans import _words
from tests.app.conftest import Web
from tests.app.pages.test_scan import _released
from tests.members.goods import GTIN
from traceability.models import CodeRange, Scan


@pytest.fixture
def serials(web: Web) -> list[str]:
    return _released(web)


def _ask(web: Web, body: object, **more: Any) -> Any:
    headers = {**web.key("scans"), **more}
    return web.client.post("/api/v1/scans", json=body, headers=headers)


def _scans(web: Web) -> int:
    with web.house.look() as unit:
        return int(unit.session.scalar(select(func.count()).select_from(Scan)) or 0)


def test_any_text_of_a_label_gets_its_verdict(web: Web, serials: list[str]) -> None:
    serial = serials[0]
    texts = [f"https://id.example/01/{GTIN}/21/{serial}", f"(01){GTIN}(21){serial}", f"HTTPS://OTHER.EXAMPLE/01/{GTIN}/10/L1/21/{serial}"]
    for times, text in enumerate(texts, 1):
        answer = _ask(web, {"code": text, "region": "CN-3301"}, **{"Accept-Language": "en"})
        assert answer.status_code == 200, answer.json
        said = answer.json
        assert (said["verdict"], said["times"]) == ("first_check" if times == 1 else "seen_before", times)
        assert (said["product"]["gtin"], said["lot"]["code"], said["first_region"]) == (GTIN, "L1", "CN-3301")
        assert 0 <= said["copied"] < 0.01
    assert said["text"] == "Genuine, checked before"
    assert _scans(web) == 3


def test_the_same_request_twice_is_one_look(web: Web, serials: list[str]) -> None:
    body = {"code": f"https://id.example/01/{GTIN}/21/{serials[0]}", "request_id": "till-7/4711"}
    first, again = _ask(web, body).json, _ask(web, body).json
    assert (first["told_before"], again["told_before"]) == (False, True)
    assert first["scan_id"] == again["scan_id"]
    assert _scans(web) == 1


def test_another_brands_code_is_unknown_and_leaves_no_trace(web: Web, serials: list[str]) -> None:
    headers = web.key("scans", brand_id=web.house.other_brand_id)
    answer = web.client.post("/api/v1/scans", json={"code": f"https://id.example/01/{GTIN}/21/{serials[0]}"}, headers=headers)
    assert (answer.status_code, answer.json["verdict"], answer.json["product"], answer.json["scan_id"]) == (200, "unknown", None, None)
    assert _scans(web) == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/code"),
        ({"code": ""}, "/code"),
        ({"code": "hello"}, "/link"),
        ({"code": "https://id.example/01/06901234567890/21/A"}, "/link"),
        ({"code": "x" * 2001}, "/code"),
        ({"code": "(01)06901234567892(21)A", "region": "CN-9999"}, "/region"),
        ({"code": "(01)06901234567892(21)A", "colour": "red"}, "/colour"),
        ({"code": "(01)06901234567892(21)A", "request_id": ""}, "/request_id"),
    ],
)
def test_a_wrong_question_says_where_it_is_wrong(web: Web, serials: list[str], body: dict[str, Any], pointer: str) -> None:
    answer = _ask(web, body)
    assert answer.status_code == 422, answer.json
    assert next(error["pointer"] for error in answer.json["errors"]).startswith(pointer)
    assert _scans(web) == 0


def test_the_address_without_a_version_leads_on(web: Web, serials: list[str]) -> None:
    code = {"code": f"https://id.example/01/{GTIN}/21/{serials[0]}"}
    answer = web.client.post("/api/scans", json=code, headers=web.key("scans"))
    assert (answer.status_code, answer.headers["Location"]) == (308, "/api/v1/scans")
    assert web.client.post("/api/scans", json=code).status_code == 401
    assert web.client.post("/api/v1/scans", json=code, headers=web.key("codes")).status_code == 403
    assert _scans(web) == 0


def test_a_scrapped_label_is_answered_exactly_as_a_code_that_never_was(web: Web, serials: list[str]) -> None:
    serial = serials[0]
    wrong = ("A" if serial[0] != "A" else "B") + serial[1:]
    with web.house.begin() as unit:
        unit.session.execute(update(CodeRange).values(state="label_scrapped"))
    for text in ("(01)" + GTIN + "(21){}", "https://id.example/01/" + GTIN + "/21/{}"):
        for more in ({}, {"request_id": "till"}, {"request_id": "till"}):
            ours, never = (_ask(web, {"code": text.format(each), **more}).json for each in (serial, wrong))
            assert bool(ours.pop("scan_id")) == bool(never.pop("scan_id"))
            assert ours == never
            assert (ours["verdict"], ours["lot"], ours["times"]) == ("unknown", None, 0)


@pytest.mark.parametrize(("language", "place"), [("en", "Hangzhou"), ("zh-CN", "杭州")])
def test_a_region_is_said_in_the_language_asked_for(web: Web, language: str, place: str) -> None:
    with web.app.test_request_context(headers={"Accept-Language": language}):
        assert _words({"first_region": "CN-3301", "times": 2}) == {"first_region": place, "times": 2}
        assert _words({"first_region": None}) == {"first_region": None}
