"""What a form says of one wrong field."""

from __future__ import annotations

import pytest
from flask import Flask, request
from flask_babel import Babel

from app.pages.forms import flaw_words
from kernel.errors import flaw


@pytest.fixture
def pages() -> Flask:
    app = Flask("app")
    Babel(app, locale_selector=lambda: request.args.get("lang", "zh"))
    return app


@pytest.mark.parametrize(
    ("pointer", "bounds", "chinese", "english"),
    [
        ("/size_mm", {"least": 3, "most": 150.5}, "应在 3 到 150.5 之间", "It must be from 3 to 150.5"),
        ("/count", {"most": 60_000}, "应在 1 到 60,000 之间", "It must be from 1 to 60,000"),
        ("/start", {"most": 99_999}, "应在 1 到 100,000 之间", "It must be from 1 to 100,000"),
        ("/count", {}, "这个数超出了范围", "This number is out of range"),
    ],
)
def test_a_number_out_of_range_is_told_the_range_as_people_count(
    pages: Flask, pointer: str, bounds: dict[str, float], chinese: str, english: str
) -> None:
    wrong = flaw(pointer, "range", "must be in a range", **bounds)
    with pages.test_request_context("/"):
        assert flaw_words(wrong) == chinese
    with pages.test_request_context("/?lang=en"):
        assert flaw_words(wrong) == english
