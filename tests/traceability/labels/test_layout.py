"""Where labels lie: on the dot grid, inside the page, none on another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from tests.traceability.labels.some import a_roll
from traceability.labels import layout, planner


@given(st.sampled_from([300, 600, 1200]), st.floats(10, 40), st.floats(0, 20), st.booleans())
def test_cells_lie_inside_the_margins_and_apart(dpi: int, size_mm: float, margin_mm: float, text: bool) -> None:
    roll = a_roll(1, planner.Wish(dpi=dpi, size_mm=size_mm, margin_mm=margin_mm, text=text))
    cells = layout.sheet(roll)
    margin, dots = planner.dots_in(margin_mm, dpi), cells.plan.dots
    first, last = cells.cell(0), cells.cell(cells.a_page - 1)
    assert first[0] >= margin
    assert first[1] >= margin
    assert last[0] + cells.across * dots <= cells.width - margin
    assert last[1] + cells.down * dots <= cells.height - margin
    if cells.font:
        lowest = cells.baseline(len(roll.human) - 1) + 0.25 * cells.font
        assert cells.plan.pitch * dots < lowest <= cells.down * dots
    assert all(0 <= x <= cells.width and 0 <= y <= cells.height for x0, y0, x1, y1 in cells.marks() for x, y in ((x0, y0), (x1, y1)))


def test_a_sheet_of_five_millimetres_holds_1551() -> None:
    cells = layout.sheet(a_roll(1, planner.Wish(size_mm=5, margin_mm=1.2)))
    assert (cells.columns, cells.rows) == (33, 47)


def test_a_label_larger_than_the_page_is_refused() -> None:
    with pytest.raises(layout.LabelTooLarge):
        layout.sheet(a_roll(1, planner.Wish(size_mm=30, page_mm=(25.0, 25.0))))


def test_a_page_that_would_fill_the_memory_is_refused() -> None:
    assert layout.sheet(a_roll(1, planner.Wish(dpi=2400, page_mm=(297.0, 420.0)))).a_page > 100
    with pytest.raises(Invalid) as refused:
        layout.sheet(a_roll(1, planner.Wish(dpi=5000, page_mm=(2000.0, 2000.0))))
    assert (refused.value.errors[0]["pointer"], refused.value.errors[0]["rule"]) == ("/page_mm", "most")
