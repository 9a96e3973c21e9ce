"""Times, numbers and lines as a reader meets them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, request
from flask_babel import Babel

from app.pages import look
from app.words import WORDS


@pytest.fixture
def pages() -> Flask:
    app = Flask("app")
    Babel(app, default_timezone="Asia/Shanghai", locale_selector=lambda: request.args.get("lang", "zh"))
    return app


def test_a_moment_is_told_in_the_time_zone_of_the_house(pages: Flask) -> None:
    late = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)
    with pages.test_request_context("/"):
        assert look.moment(late) == "2026-11-22 01:05"
        assert look.day(late) == "2026年11月22日"
    with pages.test_request_context("/?lang=en"):
        assert look.day(date(2026, 11, 22)) == "22 November 2026"


def test_the_other_language_keeps_the_filters_of_a_page(pages: Flask) -> None:
    with pages.test_request_context("/lots?state=held&state=open&lang=zh"):
        assert look.in_language("en") == "?state=held&state=open&lang=en"


def test_a_sentence_says_its_values_in_the_readers_way(pages: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORDS, "reason.test", ("首次在 {at}，{place}", "First on {at}, {place}"))
    monkeypatch.setitem(WORDS, "reason.test.bare", ("首次在 {at}", "First on {at}"))
    at = datetime(2026, 11, 21, 12, 14, tzinfo=UTC)
    with pages.test_request_context("/"):
        assert look.tell("reason.test", {"at": at, "place": "杭州"}) == "首次在 2026年11月21日 20:14，杭州"
        assert look.tell("reason.test", {"at": at, "place": None}) == "首次在 2026年11月21日 20:14"


def test_a_line_fills_its_drawing_and_shows_its_limit() -> None:
    line = look.polyline([1.0, 3.0, None, 2.0], 90, 24, low=1.0)
    assert line.points == "0,22 30,2 90,12"
    assert line.limits == [22.0]


def test_a_level_line_and_a_single_value_do_not_break() -> None:
    assert look.polyline([5.0, 5.0], 10, 20).points == "0,18 10,18"
    assert look.polyline([5.0], 10, 20).points == ""
