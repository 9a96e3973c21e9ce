"""Unlike its own past."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitoring.detectors.base import Watched
from monitoring.episodes import Change, follow
from monitoring.series import SECOND, micros
from monitoring.simulator import DAIRY_STREAMS, Line
from tests.conftest import shared_data

QUICK = ("Accelerometer1RMS", "Accelerometer2RMS", "Current", "Pressure", "Volume Flow RateRMS")
"""The sensors of the rig that follow its state within seconds; the others drift with the room and the grid."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_healthy_line_is_left_in_peace_for_a_day(seed: int) -> None:
    plant = Line(seed)
    columns: dict[str, list[tuple[int, float]]] = {plan.tag: [] for plan in DAIRY_STREAMS}
    for second in range(24 * 3600):
        for tag, (value, _) in plant.step().items():
            columns[tag].append((second * SECOND, value))
    for plan in DAIRY_STREAMS:
        assert follow(Watched(limits=plan.limits, critical=plan.critical), {}, columns[plan.tag]) == []


def _noise(count: int, level: float = 50.0) -> list[float]:
    plant = Line(5)
    return [plant.step()["homogeniser_pressure"][0] - 181.0 + level for _ in range(count)]


def _followed(values: list[float], watched: Watched | None = None) -> list[Change]:
    return follow(watched or Watched(), {}, [(second * SECOND, value) for second, value in enumerate(values)])


def test_a_new_level_is_told_once_within_a_minute_and_lasts_as_long_as_it_lasts() -> None:
    values = _noise(1200) + _noise(300, level=65.0) + _noise(300)
    opened, returned = _followed(values)
    assert opened.kind == "opened"
    assert 1200 * SECOND <= opened.began <= opened.at <= 1260 * SECOND
    assert opened.evidence["expected_high"] < opened.evidence["value"]
    assert returned.kind == "returned"
    assert 1500 * SECOND <= returned.at <= 1560 * SECOND


def test_a_single_wild_value_is_not_told() -> None:
    values = _noise(1200)
    values[1000] += 20.0
    assert _followed(values) == []


def test_it_says_nothing_before_it_has_learnt() -> None:
    assert _followed(_noise(100) + _noise(15, level=90.0)) == []


def test_the_new_level_is_not_learnt_while_it_lasts() -> None:
    values = _noise(1200) + _noise(6 * 3600, level=65.0)
    assert [change.kind for change in _followed(values)] == ["opened"]


def test_a_nightly_baseline_takes_the_place_of_the_rings_own() -> None:
    watched = Watched(baseline={"location": 50.0, "scale": 1.0, "days": 7})
    (opened,) = _followed(_noise(1200) + _noise(60, level=65.0), watched)
    assert opened.evidence["days"] == 7
    middle = (opened.evidence["expected_low"] + opened.evidence["expected_high"]) / 2
    assert middle == pytest.approx(50.0, abs=1e-3)


def _sensors(path: Path) -> tuple[list[dict[str, str]], dict[str, list[Change]]]:
    """The rows of one experiment, and what following each quick sensor tells."""
    with path.open() as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    times = [micros(datetime.fromisoformat(row["datetime"]).replace(tzinfo=UTC)) for row in rows]
    told = {}
    for sensor in QUICK:
        samples = {at: float(row[sensor]) for at, row in zip(times, rows, strict=True)}
        told[sensor] = follow(Watched(), {}, sorted(samples.items()))
    return rows, told


@pytest.mark.parametrize("name", ["valve1/14.csv", "valve2/1.csv"])
def test_on_a_real_rig_a_closed_valve_is_found(name: str) -> None:
    rows, told = _sensors(shared_data("skab") / name)
    wrong = [datetime.fromisoformat(row["datetime"]).replace(tzinfo=UTC) for row in rows if float(row["anomaly"])]
    first, last = micros(wrong[0]), micros(wrong[-1])
    openings = [change.at for changes in told.values() for change in changes if change.kind == "opened"]
    assert any(first <= at <= last for at in openings)


def test_on_a_real_rig_nothing_wrong_yields_few_alerts() -> None:
    _, told = _sensors(shared_data("skab") / "anomaly-free" / "anomaly-free.csv")
    assert sum(change.kind == "opened" for changes in told.values() for change in changes) <= 2
