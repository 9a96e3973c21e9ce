"""The reader's page through its door; what it does in a browser is told in tests/journeys/test_reader.py."""

from __future__ import annotations

import re

import pytest

from tests.app.conftest import Web
from traceability import addresses


@pytest.mark.parametrize(("language", "heading", "button"), [("zh", "扫码", "选一张图片"), ("en", "Scan a code", "Choose a picture")])
def test_anybody_may_open_it_in_either_language(web: Web, language: str, heading: str, button: str) -> None:
    page = web.client.get(f"/scan?lang={language}")
    assert page.status_code == 200
    assert f"<h1>{heading}</h1>" in page.text
    assert button in page.text


def test_it_asks_no_other_host_and_knows_where_its_codes_point(web: Web) -> None:
    page = web.client.get("/scan").text
    assert re.findall(r'(?:src|href|data-\w+)="(?:\w+:)?//[^"]*"', page) == []
    assert 'data-hosts="id.example"' in page
    wanted = re.findall(r'(?:src|href|data-(?:library|ladder|wasm|worker))="(/[^"]+)"', page)
    assert len(wanted) >= 7
    for path in wanted:
        assert web.client.get(path).status_code == 200, path


def test_web_assembly_is_allowed_to_the_worker_and_to_nobody_else(web: Web) -> None:
    allowed = "'wasm-unsafe-eval'"
    policy = {path: web.client.get(path).headers["Content-Security-Policy"] for path in ("/scan", "/scan/worker.js", "/login")}
    assert {path for path, words in policy.items() if allowed in words} == {"/scan/worker.js"}
    assert "default-src 'none'" in policy["/scan/worker.js"]
    assert "default-src 'self'" in policy["/scan"]


def test_who_came_with_an_unknown_code_is_shown_the_way_to_the_reader(web: Web) -> None:
    assert 'href="/scan"' in web.client.get("/01/09521234500018/21/NOTONEOFOURS").text


def test_a_brands_own_host_is_known_and_no_other(web: Web) -> None:
    with web.house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.example")
        addresses.add(unit, name="/DY")
    asked = {host: web.client.get(f"/scan/hosts/{host}").status_code for host in ("s.example", "S.EXAMPLE", "t.example", "x" * 500)}
    assert asked == {"s.example": 204, "S.EXAMPLE": 204, "t.example": 404, "x" * 500: 404}
