"""The fast lane answers what the ordinary door answers, and keeps its looks as well."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.pages import scan
from app.pages.lane import Lane
from tests.app.conftest import Web
from tests.app.pages.test_scan import _path, _released
from traceability.models import ItemScans, Scan

HERE = "https://id.example"


def _still(text: str) -> str:
    """A page without what differs from look to look."""
    text = re.sub(r'name="ticket" value="[^"]+"', "TICKET", text)
    text = re.sub(r"\bv=[^&\"]+", "VIEW", text)
    text = re.sub(r"/see/[^\"]+", "PAGE", text)
    text = re.sub(r"ticket=[^&\"]+", "TICKET", text)
    text = re.sub(r'datetime="[^"]+"', "WHEN", text)
    return re.sub(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", "SCAN", text)


def _slow(web: Web, path: str, **headers: str):  # type: ignore[no-untyped-def]
    """The same request past the lane: a cookie that means nothing sends a page through Flask."""
    return web.app.test_client(use_cookies=False).get(_page(web, path), headers={**headers, "Cookie": "nothing=1"}, base_url=HERE)


def _page(web: Web, path: str) -> str:
    return str(web.client.get(path, base_url=HERE).headers["Location"])


def _quick(web: Web, path: str, **headers: str):  # type: ignore[no-untyped-def]
    return web.app.test_client(use_cookies=False).get(_page(web, path), headers=headers, base_url=HERE)


@pytest.mark.parametrize("language", ["zh-CN,zh;q=0.9", "en-GB,en;q=0.8", "fr", ""])
def test_lane_and_door_give_the_same_answer(web: Web, language: str) -> None:
    assert isinstance(web.app.wsgi_app, Lane)
    first, second, third = (_path(serial) for serial in _released(web, size=3))
    headers = {"Accept-Language": language}
    _quick(web, third, **headers)  # makes the frame, and the lane learn its headers
    for _ in range(2):
        quick, slow = _quick(web, first, **headers), _slow(web, second, **headers)
        assert quick.status_code == slow.status_code == 200
        assert _still(quick.text) == _still(slow.text)
        assert {k: v for k, v in quick.headers if k not in ("Content-Length", "Vary")} == {
            k: v for k, v in slow.headers if k not in ("Content-Length", "Vary")
        }


def test_many_at_once_are_all_counted_and_each_item_has_one_first_look(web: Web) -> None:
    paths = [_path(serial) for serial in _released(web, size=4)]
    _quick(web, paths[0])
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda number: _quick(web, paths[1 + number % 3]), range(48)))
    assert {page.status_code for page in pages} == {200}
    assert sum('data-verdict="first_check"' in page.text for page in pages) == 3
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 49
        assert sorted(unit.session.scalars(select(ItemScans.times))) == [1, 16, 16, 16]


def test_a_guess_is_answered_like_at_the_door(web: Web) -> None:
    serial = _released(web)[0]
    wrong = _path(("A" if serial[0] != "A" else "B") + serial[1:])
    quick, slow = _quick(web, wrong), _slow(web, wrong)
    assert quick.status_code == slow.status_code == 404
    assert quick.text == slow.text


def test_trouble_in_the_lane_is_told_by_the_ordinary_door(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _path(_released(web)[0])
    _quick(web, path)
    calls = []

    def fails_once(*given: object) -> object:
        calls.append(given)
        if len(calls) == 1:
            raise OSError("the database did not answer")
        return stranger(*given)  # type: ignore[arg-type]

    stranger = scan.stranger
    monkeypatch.setattr(scan, "stranger", fails_once)
    assert _quick(web, path).status_code == 200
    assert len(calls) == 2


def test_the_lane_leads_as_the_door_does(web: Web) -> None:
    first = _path(_released(web)[0])
    web.client.get(first, base_url=HERE)  # the lane learns its headers
    gtin = first.split("/")[2]
    for path in (
        first,
        first + "?utm=1",
        f"/01/{gtin}",
        f"/01/{gtin}?linkType=gs1:pip&a=b",
        f"/01/{gtin}/10/A%2FB/21/{first.split('/')[4]}",
    ):
        quick, slow = web.client.get(path, base_url=HERE), web.client.get("/stem" + path, base_url=HERE)
        assert quick.status_code == slow.status_code == 307, path
        for answer in (quick, slow):
            answer.headers["Location"] = re.sub(r"v=\w{46}", "VIEW", answer.headers["Location"])
        assert dict(quick.headers) == dict(slow.headers), path


def test_a_page_that_cannot_be_drawn_in_the_lane_is_drawn_by_the_door_and_counted_once(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _path(_released(web)[0])
    drawn, calls = scan.answer, []

    def fails_once(*given: object, **more: object) -> object:
        calls.append(given)
        if len(calls) == 1:
            raise OSError("no template")
        return drawn(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(scan, "answer", fails_once)
    assert "正品 · 首次查询" in _quick(web, path).text
    assert len(calls) == 2
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 1


def test_headers_of_one_scheme_are_not_those_of_the_other(web: Web) -> None:
    path, plain = _path(_released(web)[0]), HERE.replace("https", "http")
    answers = {}
    for base in (plain, HERE, plain, HERE):
        leading = web.client.get(path, base_url=base)
        page = web.app.test_client(use_cookies=False).get(leading.headers["Location"], base_url=base)
        names = ({name for name, _ in leading.headers}, {name for name, _ in page.headers})
        assert answers.setdefault(base, names) == names
    lane = web.app.wsgi_app
    assert isinstance(lane, Lane)
    assert lane._led.keys() == lane._shown.keys() == {"http", "https"}


def test_links_are_asked_for_in_any_case(web: Web) -> None:
    path = _path(_released(web)[0])
    web.client.get(path, base_url=HERE)
    for accept in ("application/linkset+json", "Application/LinkSet+JSON"):
        assert web.client.get(path, base_url=HERE, headers={"Accept": accept}).status_code == 200, accept
