"""Event time and robust spread."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitoring.series import micros, moment, quantile, spread


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_event_time_is_exact(at: datetime) -> None:
    assert moment(micros(at)) == at


def test_a_wild_value_does_not_move_the_middle() -> None:
    middle, scale = spread([1.0, 2.0, 3.0, 4.0, 5.0])
    assert spread([1.0, 2.0, 3.0, 4.0, 500.0])[0] == middle == 3.0
    assert scale == 1.4826


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([0.0, 10.0], 0.9) == 9.0
    assert quantile([7.0], 0.9) == 7.0
