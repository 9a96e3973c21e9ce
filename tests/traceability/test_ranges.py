"""Runs split and joined, against a list with one entry for each code."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from traceability.ranges import Pair, Run, inside, meet, minus, repaint, together

SIZE = 30
states = st.sampled_from(["encoded", "commissioned", "void"])
places = st.sets(st.integers(0, SIZE - 1), min_size=1)
strokes = st.tuples(places, states, st.none() | st.sampled_from("AB"), st.none() | st.sampled_from("XY"))


def _members(spans: list[Pair]) -> set[int]:
    return {place for first, last in spans for place in range(first, last + 1)}


@given(st.lists(strokes, max_size=12))
def test_runs_say_of_every_code_what_a_list_of_codes_would(history: list[tuple[set[int], str, str | None, str | None]]) -> None:
    runs, codes = [Run(0, SIZE - 1, "encoded")], [("encoded", None, None)] * SIZE
    for where, state, reason, lot in history:
        stroke = (state, reason, lot)
        runs = repaint(runs, together(where), lambda run, to=stroke: replace(run, state=to[0], reason=to[1], lot_id=to[2]))
        codes = [stroke if place in where else code for place, code in enumerate(codes)]
    assert [(run.state, run.reason, run.lot_id) for run in runs for _ in range(run.first, run.last + 1)] == codes
    assert all(one.last + 1 == other.first for one, other in pairwise(runs))
    assert all(replace(one, first=0, last=0) != replace(other, first=0, last=0) for one, other in pairwise(runs))


@given(places)
def test_together_holds_the_same_counters_in_as_few_spans_as_can_be(where: set[int]) -> None:
    spans = together(where)
    assert _members(spans) == where
    assert all(one[1] + 1 < other[0] for one, other in pairwise(spans))


@given(places, places)
def test_minus_and_inside_are_what_sets_say(one: set[int], other: set[int]) -> None:
    assert _members(minus(together(one), together(other))) == one - other
    runs = [Run(first, last, "encoded") for first, last in together(one)]
    assert _members([(run.first, run.last) for run in inside(runs, together(other))]) == one & other


@given(places, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))
def test_meet_says_whether_sets_have_something_in_common(where: set[int], one: int, other: int) -> None:
    first, last = sorted((one, other))
    assert meet(together(where), first, last) == any(first <= place <= last for place in where)
