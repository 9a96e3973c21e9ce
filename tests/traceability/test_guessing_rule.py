"""When unknown codes are too many to be chance."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from traceability.guessing_rule import IN_A_YEAR, LEAST, STRETCH, THRESHOLD, Stretch, Usual, find, usual, weight

QUIET = [Stretch(100, 1)] * 288


def test_what_is_usual_is_learnt_and_little_history_counts_for_little() -> None:
    assert usual([]).share == pytest.approx(0.01)
    assert usual([Stretch(10, 10)]).share < 0.03
    assert usual(QUIET * 7).share == pytest.approx(0.01, rel=0.01)
    assert usual([Stretch(1000, 0)] * 2000).share == 0.001
    assert usual([Stretch(100, 0)] * 90 + [Stretch(100, 10)] * 10).dispersion == pytest.approx(9, rel=0.1)


def test_usual_days_are_no_finding() -> None:
    assert find(QUIET, usual(QUIET * 7)) is None
    assert find([Stretch(0, 0)] * 24, Usual(0.01)) is None
    assert find([], Usual(0.01)) is None


def test_a_search_is_found_and_dated() -> None:
    found = find([*QUIET[:20], Stretch(160, 61), Stretch(150, 51)], Usual(0.01))
    assert found is not None
    assert (found.since, found.looks, found.unknown) == (20, 310, 112)
    assert found.probability > 0.99


def test_a_few_unknown_codes_are_no_search_however_unusual() -> None:
    assert find([Stretch(LEAST - 1, LEAST - 1)], Usual(0.001)) is None
    assert find([Stretch(LEAST, LEAST)], Usual(0.001)) is not None


def test_what_is_over_is_found_no_more() -> None:
    assert find([Stretch(40, 40), *[Stretch(1000, 1)] * 10], Usual(0.01)) is None


@given(some.integers(0, 10_000), some.floats(0.001, 0.99), some.floats(0, 1))
def test_weights_are_finite_and_rise_with_the_unknown(looks: int, share: float, part: float) -> None:
    unknown = int(looks * part)
    here = weight(Stretch(looks, unknown), Usual(share))
    assert abs(here) < 1e6
    if unknown < looks:
        assert weight(Stretch(looks, unknown + 1), Usual(share)) > here


@pytest.mark.parametrize("load", [4, 60, 900])
def test_chance_alone_rings_at_most_once_a_year(load: int) -> None:
    """Twelve years of stretches with binomial counts; the bound allows twelve alarms, LEAST left aside."""
    draw, share, years = np.random.default_rng(7), 0.01, 12
    looks = draw.poisson(load, IN_A_YEAR * years)
    steps = _weights(looks, draw.binomial(looks, share), share)
    height, alarms = 0.0, 0
    for step in steps.tolist():
        height = max(0.0, height + step)
        if height >= THRESHOLD:
            height, alarms = 0.0, alarms + 1
    assert alarms <= years


def _weights(looks: np.ndarray, unknown: np.ndarray, share: float) -> np.ndarray:
    """``weight`` is linear in both counts."""
    one, none = weight(Stretch(1, 1), Usual(share)), weight(Stretch(1, 0), Usual(share))
    assert weight(Stretch(9, 4), Usual(share)) == pytest.approx(4 * one + 5 * none)
    return unknown * one + (looks - unknown) * none


def test_a_year_has_so_many_stretches() -> None:
    assert timedelta(seconds=STRETCH) * IN_A_YEAR == timedelta(days=365)
