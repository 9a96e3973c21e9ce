"""Units at the door."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.units import UNITS, convert


@pytest.mark.parametrize(
    ("value", "sent", "kept", "becomes"),
    [
        (161.6, "FAH", "Cel", 72.0),
        (345.15, "K", "°C", 72.0),
        (18.1, "MPa", "bar", 181.0),
        (100.0, "psi", "kPa", 689.4757293168361),
        (5.76, "m3/h", "l/min", 96.0),
    ],
)
def test_known_values(value: float, sent: str, kept: str, becomes: float) -> None:
    assert convert(value, sent, kept) == pytest.approx(becomes, rel=1e-12)


def test_another_spelling_leaves_the_value_bit_for_bit() -> None:
    assert convert(72.1, "°C", "CEL") == 72.1


def test_unknown_or_unlike_units_cannot_be_converted() -> None:
    assert convert(1.0, "furlong", "Cel") is None
    assert convert(1.0, "bar", "Cel") is None


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_there_and_back_again(value: float, one: str, other: str) -> None:
    there = convert(value, one, other)
    if there is not None:
        assert convert(there, other, one) == pytest.approx(value, rel=1e-9, abs=1e-4)
