"""The line that can be believed."""

from __future__ import annotations

from itertools import islice

import pytest

from monitoring.simulator import DAIRY_STREAMS, Line


def test_a_seed_plays_the_same_day_again() -> None:
    assert list(islice(Line(7), 100)) == list(islice(Line(7), 100))
    assert list(islice(Line(7), 100)) != list(islice(Line(8), 100))


def test_a_healthy_line_stays_near_its_set_points() -> None:
    rows = list(islice(Line(1), 3600))
    for plan in DAIRY_STREAMS:
        values = [row[plan.tag][0] for row in rows]
        assert sum(values) / len(values) == pytest.approx(plan.level, abs=4 * plan.wander + plan.swing)
        assert all(plan.physical_low < value < plan.physical_high for value in values)
        assert rows[0][plan.tag][1] == plan.unit


def test_faults_do_what_they_say_and_end() -> None:
    plant = Line(2)
    plant.fault("dip", "pasteuriser_outlet", seconds=30)
    plant.fault("silence", "cold_store", seconds=30)
    plant.fault("stuck", "filler_flow", seconds=30)
    plant.fault("drift", "homogeniser_pressure", seconds=30, amount=1.0)
    rows = list(islice(plant, 40))
    assert min(row["pasteuriser_outlet"][0] for row in rows) == pytest.approx(69.8, abs=0.3)
    assert [("cold_store" in row) for row in rows] == [False] * 30 + [True] * 10
    assert len({row["filler_flow"][0] for row in rows[:30]}) == 1
    assert rows[29]["homogeniser_pressure"][0] < 160
    assert rows[39]["pasteuriser_outlet"][0] > 72
    assert rows[39]["homogeniser_pressure"][0] > 175


def test_an_unknown_fault_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such fault"):
        Line(1).fault("fire", "cold_store", seconds=1)
