"""Which step may follow which, whatever is done to whichever codes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import ranges
from traceability.events import vocabulary
from traceability.life import ITEMS, MOVES, NUMBERS, STATES, UNUSED, Move
from traceability.models import CodeMove, CodeRange
from traceability.ranges import Run, together

SIZE = 20
wishes = st.tuples(st.sampled_from(sorted(MOVES)), st.sets(st.integers(0, SIZE - 1), min_size=1), st.integers(0, 9))


def _reason(move: Move, choice: int) -> str | None:
    return move.reasons[choice % len(move.reasons)] if move.reasons else None


@given(st.lists(wishes, max_size=30))
def test_every_path_of_legal_steps_keeps_the_partition_and_the_books(wishes: list[tuple[str, set[int], int]]) -> None:
    runs = [Run(0, SIZE - 1, "allocated")]
    for name, where, choice in wishes:
        move, spans = MOVES[name], together(where)
        legal = [run for run in ranges.inside(runs, spans) if run.state in move.sources]
        lot = "LOT" if move.needs_lot else None
        before = runs
        runs = ranges.repaint(
            runs, [(run.first, run.last) for run in legal], lambda run, to=(move, _reason(move, choice), lot): to[0].after(run, *to[1:])
        )
        assert (runs[0].first, runs[-1].last) == (0, SIZE - 1)
        assert all(one.last + 1 == other.first for one, other in pairwise(runs))
        assert _counters(before, "destroyed") <= _counters(runs, "destroyed")
        assert {run.first for run in runs if run.lot_id} == {run.first for run in runs if run.state in ITEMS}
        never = _counters(runs, "allocated") | {c for run in runs if run.reason == UNUSED for c in range(run.first, run.last + 1)}
        printed = set(range(SIZE)) - never
        gone = _counters(runs, "label_scrapped", "label_sampled", "invalid") - never
        assert printed == gone | _counters(runs, "encoded", *ITEMS)


def _counters(runs: list[Run], *states: str) -> set[int]:
    return {counter for run in runs if run.state in states for counter in range(run.first, run.last + 1)}


def test_nothing_leaves_destroyed_and_no_waste_comes_back() -> None:
    for state in ("destroyed", "label_scrapped", "label_sampled", "invalid"):
        assert [name for name, move in MOVES.items() if state in move.sources] == []


def test_every_state_is_reached_from_the_order() -> None:
    reached = {"allocated"}
    for _ in STATES:
        reached |= {move.target for move in MOVES.values() if reached & set(move.sources)}
    assert reached == set(STATES)


def test_an_item_never_becomes_a_label_again_and_only_one_step_makes_items() -> None:
    assert not set(NUMBERS) & set(ITEMS)
    for name, move in MOVES.items():
        if set(move.sources) & set(ITEMS):
            assert move.target in ITEMS, name
            assert not move.of_labels, name
        elif move.target in ITEMS:
            assert (name, move.needs_lot) == ("commission", True)


@pytest.mark.parametrize("name", MOVES)
def test_every_step_is_told_in_the_words_of_the_standard(name: str) -> None:
    move = MOVES[name]
    assert set(move.told_for) | set(move.final) <= set(move.reasons)
    for told in (move.told, *move.told_for.values()):
        vocabulary.check("ObjectEvent", told.action, told.biz_step, told.disposition)
    assert (move.told.action == "ADD") == (name == "commission")


def test_every_word_finds_room_in_its_column() -> None:
    def room(column: Any) -> int:
        return int(column.type.length)

    assert max(map(len, STATES)) <= room(CodeRange.__table__.c.state)
    assert max(map(len, MOVES)) <= room(CodeMove.__table__.c.move)
    assert max(len(reason) for move in MOVES.values() for reason in move.reasons) <= room(CodeRange.__table__.c.reason)


def test_never_printed_stays_on_the_range_whatever_the_cause() -> None:
    assert MOVES["void"].after(Run(0, 1, "allocated"), "mistake", None).reason == UNUSED
    assert MOVES["void"].after(Run(0, 1, "encoded"), "mistake", None).reason == "mistake"
