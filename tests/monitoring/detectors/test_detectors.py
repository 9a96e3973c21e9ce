"""What every detector must keep to. A newcomer in DETECTORS is tested before it has a test of its own."""

from __future__ import annotations

import json
from itertools import islice

import pytest

from monitoring.detectors import DETECTORS
from monitoring.detectors.base import Watched
from monitoring.series import SECOND
from monitoring.simulator import Line

WATCHED = Watched(limits={"ll": 72.0}, critical=True)


@pytest.mark.parametrize("name", DETECTORS)
def test_memory_is_json_and_a_restart_changes_nothing(name: str) -> None:
    plant = Line(3)
    values = [row["pasteuriser_outlet"][0] for row in islice(plant, 300)]
    plant.fault("dip", "pasteuriser_outlet", seconds=60)
    values += [row["pasteuriser_outlet"][0] for row in islice(plant, 200)]
    whole, pieces = {}, {}
    for second, value in enumerate(values):
        at = second * SECOND
        pieces = json.loads(json.dumps(pieces))
        assert DETECTORS[name].step(WATCHED, whole, at, value, calm=True) == DETECTORS[name].step(WATCHED, pieces, at, value, calm=True)
    assert whole == pieces
    assert len(json.dumps(whole)) < 20_000


@pytest.mark.parametrize("name", DETECTORS)
def test_a_finding_is_not_out_and_back_and_explains_itself(name: str) -> None:
    memory: dict[str, object] = {}
    found = [
        DETECTORS[name].step(WATCHED, memory, second * SECOND, 73.0 + 0.01 * (second % 7) - 20 * (second > 400), calm=True)
        for second in range(500)
    ]
    assert not any(finding.out and finding.back for finding in found)
    assert found[-1].out
    assert found[-1].evidence["code"].startswith(f"alert.{name}")
    json.dumps(dict(found[-1].evidence), allow_nan=False)
