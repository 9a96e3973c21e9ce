"""What header fields say, and what a malformed one does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.resolver import headers
from traceability.resolver.headers import Wanted


@pytest.mark.parametrize(
    ("field", "ranges"),
    [
        ("", []),
        ("zh-CN,zh;q=0.9,en;q=0.8", [("zh-cn", 1), ("zh", 0.9), ("en", 0.8)]),
        ("en;q=0.1, de ;q=1.000 ,fr; q=.5", [("de", 1), ("en", 0.1)]),
        ("en;Q=0", [("en", 0)]),
        ("*;q=0.5", [("*", 0.5)]),
        ("en;q=2,en_US,;q=1,-,中,de;x=1,q", [("q", 1)]),
        ("en;q=1.9", [("en", 1)]),
    ],
)
def test_languages_come_the_most_wanted_first_and_without_what_is_malformed(field: str, ranges: list[tuple[str, float]]) -> None:
    assert headers.languages(field) == tuple(Wanted(*each) for each in ranges)


@pytest.mark.parametrize(
    ("field", "ranges"),
    [
        ("text/html, */*;q=0.8", [("text/html", 1), ("*/*", 0.8)]),
        ('application/ld+json;profile="x";q=0.5', [("application/ld+json", 0.5)]),
        ("TEXT/HTML;level=1", [("text/html", 1)]),
        ("text, /, text/, text/html;q=nan, text/html;q=-1, text/css;q=1e9", []),
    ],
)
def test_media_ranges_stand_in_the_order_of_the_field(field: str, ranges: list[tuple[str, float]]) -> None:
    assert headers.media(field) == tuple(Wanted(*each) for each in ranges)


def test_a_field_of_ten_thousand_characters_is_read_only_so_far() -> None:
    field = "en;q=0.5," * 1200
    assert 0 < len(headers.languages(field)) <= 1000 // 9
    assert headers.languages("e" * 10_000) == ()
    assert headers.media("text/html," + "a/" * 5000) == (Wanted("text/html", 1),)


@pytest.mark.parametrize(
    ("wanted", "tags", "places"),
    [
        ("zh-Hans-CN", ["en", "zh"], [1]),
        ("zh-Hans-CN", ["zh", "zh-CN"], [1]),
        ("zh-Hans-CN", ["zh", "zh-Hans"], [1]),
        ("zh-Hant-HK", ["zh-CN", "zh-TW", None], [1]),
        ("zh-Hans-SG", ["en", "zh-CN"], [1]),
        ("zh", ["en", "zh-CN"], [1]),
        ("zh, en;q=0.5", ["en", "zh-CN"], [1]),
        ("en-US, en;q=0.9", ["zh", "en-GB"], [1]),
        ("en-US", ["zh", "en-GB"], [0, 1]),
        ("en-US", ["zh", "en-GB", None], [2]),
        ("fr, de;q=0.3, en;q=0.7", ["de", "en"], [1]),
        ("en;q=0.2, de", ["de", "en", "de"], [0, 2]),
        ("EN-gb", ["zh", "en-GB"], [1]),
        ("*", ["zh", "en"], [0, 1]),
        ("*", ["zh", None], [1]),
        ("fr, *;q=0.1", ["zh", "fr"], [1]),
        ("en;q=0", ["en-GB", "zh"], [1]),
        ("en-GB, en;q=0", ["en", "zh"], [1]),
        ("en;q=0", ["en"], [0]),
        ("", ["zh", "en"], [0, 1]),
        ("en-x-private", ["en", "zh"], [0]),
    ],
)
def test_a_reader_gets_the_language_that_is_liked_best(wanted: str, tags: list[str | None], places: list[int]) -> None:
    assert headers.best_languages(tags, headers.languages(wanted)) == places


@pytest.mark.parametrize(
    ("accept", "more"),
    [
        ("application/linkset+json", True),
        ("Application/Linkset+JSON", True),
        ("application/linkset+json, */*", True),
        ("application/linkset+json;q=0.9, text/html;q=0.8", True),
        ("application/linkset+json, text/html", True),
        ("text/html, application/linkset+json", False),
        ("text/html, application/linkset+json;q=0.9", False),
        ("application/linkset+json;q=0", False),
        ("application/linkset+json;q=0.1, */*", False),
        ("application/linkset+jsonx", False),
        ("application/*", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_a_linkset_is_wanted_by_name_and_before_a_page(accept: str, more: bool) -> None:
    assert headers.likes_more(accept, "application/linkset+json", "text/html") is more


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/ld+json", "application/ld+json"),
        ("text/html, */*;q=0.1", "text/html"),
        ("*/*", "application/linkset+json"),
        ("image/png", "application/linkset+json"),
        ("", "application/linkset+json"),
        ("application/json;q=0.3, application/ld+json;q=0.4", "application/ld+json"),
    ],
)
def test_of_what_is_offered_the_best_is_taken(accept: str, kind: str) -> None:
    assert headers.preferred_media(accept, ["application/linkset+json", "application/json", "application/ld+json", "text/html"]) == kind


@given(st.text() | st.text("enzh-*;q=01.,/ \t\x00", max_size=200), st.lists(st.sampled_from([None, "zh", "en-GB", ""]), min_size=1))
def test_no_field_does_worse_than_be_passed_over(field: str, tags: list[str | None]) -> None:
    places = headers.best_languages(tags, headers.languages(field))
    assert places
    assert set(places) <= set(range(len(tags)))
    assert all(0 <= wanted.quality <= 1 for wanted in (*headers.media(field), *headers.languages(field)))
