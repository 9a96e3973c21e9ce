"""Many values in few lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from traceability.batches import batched


@given(st.lists(st.integers()), st.integers(1, 7))
def test_each_value_once_in_order_and_never_too_many(values: list[int], most: int) -> None:
    lists = list(batched(values, most))
    assert [each for some in lists for each in some] == sorted(set(values))
    assert all(0 < len(some) <= most for some in lists)
