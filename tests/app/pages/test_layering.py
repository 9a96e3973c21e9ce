"""Layers of a family: nothing overlaps, everything runs from left to right, and the same family is always the same picture."""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.pages.layering import Layout, lay

HIGH, GAP, BEND = 64, 16, 8
Pairs = list[tuple[str, str]]


@st.composite
def families(draw: st.DrawFn) -> tuple[list[str], Pairs]:
    """Any net over a dozen lots, circles and strangers too; ``n0`` is the chosen one."""
    ids = [f"n{place}" for place in range(draw(st.integers(1, 12)))]
    each = st.sampled_from(ids)
    return ids, draw(st.lists(st.tuples(each, each), max_size=30))


def _chain(*ids: str) -> Pairs:
    return list(pairwise(ids))


def _layers(layout: Layout) -> dict[str, int]:
    return {each: spot.layer for each, spot in layout.spots.items()}


def _family(count: int, seed: int = 3) -> tuple[list[str], Pairs]:
    """A large honest one: columns grow on both sides of ``c``, every lot is of one to three before it, some lines pass a column."""
    random, ids, pairs = Random(seed), ["c"], []
    sides: list[list[list[str]]] = [[["c"]], [["c"]]]
    while len(ids) < count:
        side = random.randrange(2)
        fresh = [f"{side}{len(ids) + place}" for place in range(min(count - len(ids), random.randint(1, max(2, count // 8))))]
        for one in fresh:
            nearest = random.sample(sides[side][-1], min(len(sides[side][-1]), random.choice((1, 1, 2, 3))))
            nearest += random.sample(sides[side][-3], 1) if len(sides[side]) > 2 and random.random() < 0.2 else []
            pairs += [(one, other) if side == 0 else (other, one) for other in nearest]
        ids += fresh
        sides[side].append(fresh)
    return ids, pairs


@settings(max_examples=200, deadline=None)
@given(families())
def test_nothing_overlaps_and_every_line_runs_to_the_right(given_: tuple[list[str], Pairs]) -> None:
    ids, pairs = given_
    layout = lay(ids, pairs, "n0", high=HIGH, gap=GAP, bend=BEND)
    assert set(layout.spots) == set(ids)
    assert layout.spots["n0"].layer == 0
    assert {(track.source, track.target) for track in layout.tracks} == set(pairs)
    columns: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for spot in layout.spots.values():
        columns[spot.layer].append((spot.rank, spot.y, HIGH))
    for track in layout.tracks:
        one, other = layout.spots[track.source].layer, layout.spots[track.target].layer
        if track.back:
            continue
        assert one < other
        assert [bend.layer for bend in track.bends] == list(range(one + 1, other))
        for bend in track.bends:
            columns[bend.layer].append((bend.rank, bend.y, BEND))
    for column in columns.values():
        column.sort()
        assert [rank for rank, _, _ in column] == list(range(len(column)))
        assert all(y2 - y1 >= (high1 + high2) // 2 + GAP for (_, y1, high1), (_, y2, high2) in pairwise(column))
        assert column[0][1] >= column[0][2] // 2


@settings(max_examples=60, deadline=None)
@given(families(), st.randoms(use_true_random=False))
def test_the_order_in_which_lines_are_told_changes_nothing(given_: tuple[list[str], Pairs], random: Random) -> None:
    ids, pairs = given_
    shuffled = [*pairs, *pairs[:3]]
    random.shuffle(shuffled)
    assert lay(ids, shuffled, "n0") == lay(ids, pairs, "n0")


def test_what_came_before_is_left_and_what_became_of_it_right_by_the_longest_way() -> None:
    pairs = [*_chain("milk", "cream", "butter", "cake", "box"), ("milk", "butter"), ("caps", "butter"), ("butter", "box")]
    layers = _layers(lay(["box", "cake", "butter", "caps", "cream", "milk"], pairs, "butter"))
    assert layers == {"milk": -2, "cream": -1, "caps": -1, "butter": 0, "cake": 1, "box": 2}


def test_a_sister_that_is_neither_stands_right_of_what_it_was_made_of() -> None:
    pairs = [*_chain("milk", "cream", "butter"), ("milk", "whey"), ("salt", "whey")]
    layers = _layers(lay(["milk", "cream", "butter", "whey", "salt"], pairs, "butter"))
    assert layers["milk"] < layers["whey"]
    assert layers["salt"] < layers["whey"]


def test_a_circle_ends_and_says_which_line_closes_it() -> None:
    layout = lay(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")], "a")
    assert {(track.source, track.target) for track in layout.tracks if track.back} == {("c", "a"), ("a", "a")}
    assert _layers(layout) == {"a": 0, "b": 1, "c": 2}


def test_crossings_that_need_not_be_are_gone() -> None:
    ids = ["start", *(f"m{place}" for place in range(6)), *(f"e{place}" for place in range(6))]
    pairs = [("start", f"m{place}") for place in range(6)] + [(f"m{place}", f"e{5 - place}") for place in range(6)]
    spots = lay(ids, pairs, "start").spots
    assert [spots[f"e{5 - place}"].rank for place in range(6)] == [spots[f"m{place}"].rank for place in range(6)]
    assert all(spots[f"e{5 - place}"].y == spots[f"m{place}"].y for place in range(6)), "and the lines are level"


def test_a_line_that_passes_a_box_goes_around_it() -> None:
    layout = lay(["a", "b", "c"], [*_chain("a", "b", "c"), ("a", "c")], "a")
    (around,) = [track for track in layout.tracks if track.bends]
    assert abs(around.bends[0].y - layout.spots["b"].y) >= (HIGH + BEND) // 2 + GAP


def test_a_thousand_lots_take_less_than_a_third_of_a_second() -> None:
    ids, pairs = _family(1000)
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        layout = lay(ids, pairs, "c")
        taken.append(time.perf_counter() - began)
    assert len(layout.spots) == 1000
    assert min(taken) < 0.3


def test_lines_without_end_are_drawn_straight_and_not_for_ever() -> None:
    ids = [f"n{place}" for place in range(400)]
    pairs = [*_chain(*ids), *((one, ids[-1]) for one in ids[:-2])]
    layout = lay(ids, pairs, "n0")
    assert sum(len(track.bends) for track in layout.tracks) <= 8000
    assert all(layout.spots[track.source].layer < layout.spots[track.target].layer for track in layout.tracks)
