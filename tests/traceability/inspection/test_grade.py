"""Damage to chosen modules gives exactly the unused error correction that the formula says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.factories.sheets import INK, PAPER, symbols
from traceability.inspection import grade
from traceability.symbols.standard import LEVELS, blocks, size


def _seen(modules: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.where(modules, INK, PAPER).astype(np.float32)


@pytest.mark.parametrize("version", range(1, 12))
@pytest.mark.parametrize("level", LEVELS)
def test_every_codeword_has_eight_modules_and_a_block(version: int, level: Any) -> None:
    plan, expected = grade.structure(version, level), blocks(version, level)
    assert len(plan.bits) == len(set(plan.bits.tolist())) == 8 * len(plan.member)
    assert plan.member.sum(axis=0).tolist() == [data + ec for data, ec in expected]
    assert plan.correction.tolist() == [ec for _, ec in expected]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_so_many_wrong_codewords_leave_exactly_so_much_unused(data: st.DataObject) -> None:
    version, level = data.draw(st.integers(1, 11)), data.draw(st.sampled_from(LEVELS))
    plan, parts = grade.structure(version, level), blocks(version, level)
    wrong = np.zeros((1, size(version) ** 2), bool)
    counts = []
    for block, (_, ec) in enumerate(parts):
        members = np.flatnonzero(plan.member[:, block]).tolist()
        chosen = data.draw(st.lists(st.sampled_from(members), unique=True, max_size=ec // 2 + 2))
        for codeword in chosen:
            for bit in data.draw(st.sets(st.integers(0, 7), min_size=1)):
                wrong[0, plan.bits[8 * codeword + bit]] = True
        counts.append(len(chosen))
    found = grade.errors(plan, wrong.reshape(1, size(version), size(version)))
    assert found.tolist() == [counts]
    least = min(1 - 2 * e / ec for e, (_, ec) in zip(counts, parts, strict=True))
    assert grade.unused(plan, found)[0] == pytest.approx(max(least, 0))


@pytest.mark.parametrize(("errors", "letter"), [(0, "A"), (4, "A"), (5, "B"), (6, "B"), (7, "C"), (8, "C"), (9, "D"), (10, "F"), (13, "F")])
def test_the_grade_follows_the_unused_error_correction(errors: int, letter: str) -> None:
    """3-M mends 13 of 70 codewords: 1 - 2e/26 against .62, .50, .37 and .25."""
    plan, (_, modules) = grade.structure(3, "M"), symbols(1)
    seen = _seen(modules).reshape(1, -1)
    seen[0, plan.bits[:: 8 * 5][:errors]] = INK + PAPER - seen[0, plan.bits[:: 8 * 5][:errors]]
    marks = grade.judge(plan, seen.reshape(1, 29, 29), modules)
    assert (grade.LETTERS[marks.overall[0]], marks.errors[0], marks.readable[0]) == (letter, errors, True)


def test_one_error_more_than_can_be_mended_is_not_readable() -> None:
    plan, (_, modules) = grade.structure(3, "M"), symbols(1)
    seen = _seen(modules).reshape(1, -1)
    seen[0, plan.bits[: 8 * 14 : 8]] = INK + PAPER - seen[0, plan.bits[: 8 * 14 : 8]]
    marks = grade.judge(plan, seen.reshape(1, 29, 29), modules)
    assert (marks.errors[0], marks.unused[0], bool(marks.readable[0])) == (14, 0, False)


@pytest.mark.parametrize(("place", "many", "fixed"), [((0, 0), 1, 3), ((23, 2), 2, 2), ((20, 20), 4, 0), ((6, 10), 1, 2), ((12, 6), 2, 0)])
def test_damage_of_fixed_patterns_costs_the_grade(place: tuple[int, int], many: int, fixed: int) -> None:
    """Finder and alignment patterns by the module, timing by the share of its 13 modules."""
    _, modules = symbols(1)
    seen = _seen(modules)
    row, column = place
    across = slice(column, column + 1) if place == (12, 6) else slice(column, column + many)
    down = slice(row, row + many) if place == (12, 6) else slice(row, row + 1)
    seen[0, down, across] = INK + PAPER - seen[0, down, across]
    marks = grade.judge(grade.structure(3, "M"), seen, modules)
    assert (marks.fixed[0], marks.overall[0], marks.errors[0]) == (fixed, fixed, 0)


@pytest.mark.parametrize(("ink", "letter"), [(60.0, "A"), (80.0, "B"), (120.0, "C"), (160.0, "D"), (190.0, "F")])
def test_pale_ink_costs_contrast_and_nothing_else(ink: float, letter: str) -> None:
    _, modules = symbols(1)
    marks = grade.judge(grade.structure(3, "M"), np.where(modules, ink, 230.0).astype(np.float32), modules)
    assert grade.LETTERS[marks.overall[0]] == letter
    assert marks.contrast[0] == pytest.approx(1 - ink / 230)
    assert (marks.errors[0], marks.fixed[0], marks.modulation[0]) == (0, 4, 4)


def test_grey_modules_cost_modulation_before_they_are_errors() -> None:
    """A module at 35 % of half the contrast is below B; one such codeword in 70 leaves nearly all correction unused."""
    plan, (_, modules) = grade.structure(3, "M"), symbols(1)
    seen, middle = _seen(modules), (INK + PAPER) / 2
    weak = middle + (seen - middle) * np.float32(0.35)
    assert grade.judge(plan, weak * 0 + seen, modules).modulation[0] == 4
    flat = seen.reshape(1, -1)
    flat[0, plan.bits] = weak.reshape(1, -1)[0, plan.bits]
    marks = grade.judge(plan, flat.reshape(1, 29, 29), modules)
    assert (marks.errors[0], grade.LETTERS[marks.modulation[0]], grade.LETTERS[marks.overall[0]]) == (0, "C", "A")


def test_empty_paper_has_no_contrast_and_is_not_readable() -> None:
    _, modules = symbols(1)
    marks = grade.judge(grade.structure(3, "M"), np.full((1, 29, 29), PAPER, np.float32), modules)
    assert (marks.contrast[0], marks.overall[0], bool(marks.readable[0])) == (0, 0, False)
