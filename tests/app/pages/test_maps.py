"""Maps of dots: what stands where, what is left out, and that they stay small."""

from __future__ import annotations

import re

import pytest
from flask import render_template_string

from app.pages import maps
from tests.app.conftest import Web


def _spots(path: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"M(-?\d+) (-?\d+)h0", path)]


def test_the_ground_is_china_and_north_is_up() -> None:
    drawn = maps.dot_map([("CN-23", 1), ("CN-46", 1), ("CN-65", 1), ("CN-31", 1)])
    north, south, west, east = (
        next(dot for dot in drawn.dots if dot.words.startswith(name)) for name in ("黑龙江", "海南", "新疆", "上海")
    )
    assert north.y < south.y
    assert west.x < east.x
    spots = _spots(drawn.faint)
    assert 300 < len(spots) <= 367
    assert all(0 < x < drawn.width and 0 < y < drawn.height for x, y in spots)


def test_counts_of_a_region_are_added_and_the_largest_dot_is_the_most() -> None:
    drawn = maps.dot_map([("CN-3301", 2), ("CN-3301", 3), ("CN-31", 20, "stop"), ("CN-11", 0)])
    assert [(dot.words, dot.tone) for dot in drawn.dots] == [("上海 20", "stop"), ("杭州 5", "ink")]
    assert drawn.dots[0].r > drawn.dots[1].r
    assert drawn.says == "上海 20、杭州 5"


def test_what_has_no_place_is_left_out_and_what_is_abroad_stands_at_the_edge() -> None:
    drawn = maps.dot_map([("CN", 9), ("XX", 9), ("US", 1), ("FR", 1)], language="en")
    assert {dot.words for dot in drawn.dots} == {"United States 1", "France 1"}
    assert all(0 < dot.x < drawn.width and 0 < dot.y < drawn.height for dot in drawn.dots)
    france, states = sorted(drawn.dots, key=lambda dot: dot.x)
    assert (france.words, states.words) == ("France 1", "United States 1")


def test_regions_that_are_lit_are_lit_with_all_that_lies_in_them() -> None:
    assert len(_spots(maps.dot_map([], lit=["CN-3306"]).lit)) == 1
    assert len(_spots(maps.dot_map([], lit=["CN-33", "CN-3306"]).lit)) in (11, 12)  # Hangzhou is the seat of both
    assert maps.dot_map([], lit=["CN"]).lit == maps.dot_map([]).faint
    assert maps.dot_map([], lit=["JP"]).lit == ""


def test_names_never_lie_over_one_another() -> None:
    drawn = maps.dot_map([(f"CN-33{number:02d}", 20 - number) for number in range(1, 12)])
    named = [dot for dot in drawn.dots if dot.name]
    assert named
    assert len(named) <= 6
    assert len({(dot.name_x, dot.name_y) for dot in named}) == len(named)


def test_a_route_shows_its_neighbourhood_only() -> None:
    drawn = maps.route_map(["CN-1501", ("CN-3301", "工厂"), "CN-31", "CN-31"])
    assert drawn is not None
    assert drawn.says == "呼和浩特 → 杭州 → 上海"
    assert len(drawn.ways) == 2
    assert len(_spots(drawn.faint)) <= 60
    assert all(0 < dot.x < drawn.width and 0 < dot.y < drawn.height for dot in drawn.dots)
    assert "杭州 工厂" in [dot.words for dot in drawn.dots]


def test_a_leg_without_room_has_no_arrow() -> None:
    drawn = maps.route_map(["CN-1501", "CN-3301", "CN-31"])
    assert drawn is not None
    assert (len(drawn.ways), len(drawn.arrows)) == (2, 1)


def test_branches_of_a_route_meet_where_they_are_said_to() -> None:
    drawn = maps.route_map(["CN-15", "CN-23", "CN-33"], legs=[("CN-15", "CN-33"), ("CN-23", "CN-33"), ("CN-23", "US")])
    assert drawn is not None
    assert len(drawn.ways) == 2


def test_the_world_is_cut_in_the_atlantic() -> None:
    drawn = maps.route_map(["CN-31", "US"])
    assert drawn is not None
    assert drawn.dots[0].x < drawn.dots[1].x


def test_no_stop_with_a_place_is_no_drawing() -> None:
    assert maps.route_map([]) is None
    assert maps.route_map(["CN", "XX"]) is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_macros_are_small_say_everything_in_words_and_follow_the_theme(web: Web, lang: str) -> None:
    page = '{% import "maps.html" as maps %}{{ maps.route_map(stops, "<路>") }}|{{ maps.dot_map(points, [], ["CN-33"], "扫码") }}'
    stops = ["CN-1501", "CN-3301", "CN-3302", "CN-3304", "CN-31", "CN-3201", "CN-4401", "NZ"]
    with web.app.test_request_context(f"/?lang={lang}"):
        route, dots = render_template_string(page, stops=stops, points=[("CN-3301", 3), ("CN-44", 1, "stop")]).split("|")
    assert len(route.encode()) <= 4096
    assert len(dots.encode()) < 12 * 1024
    assert "&lt;路&gt;" in route
    assert ("Hangzhou" if lang == "en" else "杭州") in re.findall(r'aria-label="([^"]*)"', dots)[0]
    assert not re.search(r"#[0-9a-f]{3,6}\b|style=", route + dots)
