"""The nightly refit."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from monitoring import baselines, streams
from tests.conftest import House
from tests.monitoring.plant import a_line, samples, send


def test_a_week_of_data_gives_a_robust_baseline(house: House) -> None:
    with house.begin("brand_admin") as unit:
        a_line(unit)
    chance = Random(1)
    values = [72.6 + chance.gauss(0, 0.1) for _ in range(300)]
    values[10:20] = [140.0] * 10
    since = house.now - timedelta(hours=6)
    readings = [type(r)(r.tag, since + (r.at - since) * 60, r.value, r.unit) for r in samples(since, values)]
    send(house, readings, now=house.now)
    send(house, samples(house.now - timedelta(seconds=10), [3.2] * 10, "cold_store"), now=house.now)
    with house.begin("system") as unit:
        assert baselines.refit(unit) == 1
    with house.look() as unit:
        outlet, *_, store = streams.streams(unit)
        assert outlet.state["baseline"]["location"] == pytest.approx(72.6, abs=0.1)
        assert 0 < outlet.state["baseline"]["scale"] < 0.3
        assert streams.watched(outlet).baseline["days"] == 7
        assert "baseline" not in store.state


@pytest.mark.parametrize("values", [[], [1.0] * 119, [5.0] * 500])
def test_few_or_unmoving_values_give_none(values: list[float]) -> None:
    assert baselines.robust(values) is None
