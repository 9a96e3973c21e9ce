"""Columns of a small chart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from app.pages.columns import HIGH, WIDE, WIDEST, columns


@given(some.lists(some.integers(0, 10**6), max_size=80))
def test_columns_stay_inside_and_the_highest_fills_the_height(values: list[int]) -> None:
    drawn = columns(values)
    assert len(drawn) == len(values)
    for column in drawn:
        assert 0 <= column.x <= column.x + column.width <= WIDE + 0.1
        assert 0 < column.width <= WIDEST
        assert abs(column.y + column.height - HIGH) < 0.11
    if max(values, default=0):
        assert max(column.height for column in drawn) == HIGH


def test_a_part_stands_at_the_foot_of_its_column() -> None:
    whole, none = columns([10, 5], [4, 0])
    assert (whole.part_height, whole.part_y) == (48, 72)
    assert none.part_height == 0
    assert columns([]) == []
    assert columns([0, 0])[0].height == 0
