"""The way from paper to picture is found again, whoever stands in the wrong place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from traceability.inspection import register
from traceability.inspection.layout import Layout
from traceability.inspection.reading import Seen

LAYOUT = Layout(columns=9, rows=7, modules=29, pitch_x=37, pitch_y=41.5)
CORNERS = np.array([(0, 0), (29, 0), (29, 29), (0, 29)])


def _camera(turn: float, tilt: float, scale: float) -> NDArray[np.float64]:
    c, s = np.cos(np.radians(turn)) * scale, np.sin(np.radians(turn)) * scale
    return np.array([[c, -s, 900], [s, c, 700], [tilt / 400, tilt / 900, 1]])


def _seen(way: NDArray[np.float64], place: int, text: str = "") -> Seen:
    return Seen(text, register.project(way, LAYOUT.corners(place + 1)[place] + CORNERS))


def test_the_grid_is_read_like_a_page() -> None:
    assert LAYOUT.corners(63)[[0, 8, 9, 62]].tolist() == [[0, 0], [296, 0], [0, 41.5], [296, 249]]


@given(st.floats(0, 360), st.floats(0, 0.3), st.floats(1, 9), st.sets(st.integers(0, 62), min_size=1))
@settings(max_examples=40, deadline=None)
def test_whatever_was_read_leads_to_the_others(turn: float, tilt: float, scale: float, places: set[int]) -> None:
    way = _camera(turn, tilt, scale)
    one = Layout(1, 1, 29, 37, 41.5) if len(places) == 1 else LAYOUT
    chosen = [0] if len(places) == 1 else sorted(places)
    sheet = register.find(one, chosen, [_seen(way, place) for place in chosen])
    assert sheet is not None
    points = one.corners(one.places) + 14.5
    assert sheet.to_picture(points) == pytest.approx(register.project(way, points), abs=0.05)
    corner, across, down = sheet.frames(one.places)[-1]
    assert corner + 14.5 * (across + down) == pytest.approx(sheet.to_picture(points)[-1], abs=0.05)


@given(st.permutations(range(63)), st.integers(0, 20))
@settings(max_examples=30, deadline=None)
def test_swapped_symbols_are_outvoted(order: list[int], many: int) -> None:
    way = _camera(12, 0.1, 4)
    lies = list(range(63))
    moved = order[:many]
    for place, other in zip(moved, moved[1:] + moved[:1], strict=True):
        lies[place] = other
    sheet = register.find(LAYOUT, list(range(63)), [_seen(way, place) for place in lies])
    assert sheet is not None
    points = LAYOUT.corners(63) + 14.5
    assert sheet.to_picture(points) == pytest.approx(register.project(way, points), abs=0.05)


def test_nothing_read_or_nothing_that_agrees_is_no_sheet() -> None:
    way = _camera(0, 0, 4)
    assert register.find(LAYOUT, [], []) is None
    assert register.find(LAYOUT, [3], [_seen(way, 3)]) is None
    assert register.find(LAYOUT, [0, 40], [_seen(way, 40), _seen(way, 40)]) is None


def test_a_bent_sheet_is_followed() -> None:
    """A lens that draws the corners in by two percent, more than a module; most symbols were read."""
    way = _camera(5, 0.05, 4)

    def lens(points: NDArray[np.float64]) -> NDArray[np.float64]:
        off = register.project(way, points) - (1500, 1300)
        return off * (1 - 0.02 * (off**2).sum(axis=-1, keepdims=True) / 900**2) + (1500, 1300)

    places = [place for place in range(63) if place % 7 != 3]
    seen = [Seen("", lens(LAYOUT.corners(63)[place] + CORNERS)) for place in places]
    sheet = register.find(LAYOUT, places, seen)
    assert sheet is not None
    points = LAYOUT.corners(63) + 14.5
    assert np.abs(register.project(sheet.flat, points) - lens(points)).max() > 2
    assert np.abs(sheet.to_picture(points) - lens(points)).max() < 1
