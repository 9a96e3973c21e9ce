"""Runs split and joined, against a list with one entry for each code."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from traceability.ranges import Run, repaint

SIZE = 30
strokes = st.tuples(
    st.integers(0, SIZE - 1), st.integers(1, SIZE), st.sampled_from(["encoded", "commissioned", "void"]), st.none() | st.sampled_from("AB")
)


@given(st.lists(strokes, max_size=12))
def test_runs_say_of_every_code_what_a_list_of_codes_would(history: list[tuple[int, int, str, str | None]]) -> None:
    runs, codes = [Run(0, SIZE - 1, "encoded")], [("encoded", None)] * SIZE
    for start, count, state, lot in history:
        last = min(start + count, SIZE) - 1
        runs = repaint(runs, start, last, lambda run, state=state, lot=lot: replace(run, state=state, lot_id=lot))
        codes[start : last + 1] = [(state, lot)] * (last + 1 - start)
    assert [(run.state, run.lot_id) for run in runs for _ in range(run.first, run.last + 1)] == codes
    assert all(one.last + 1 == other.first for one, other in pairwise(runs))
    assert all((one.state, one.lot_id) != (other.state, other.lot_id) for one, other in pairwise(runs))
