"""Delays, hysteresis, holes, and equality over restarts."""

from __future__ import annotations

import json
from itertools import islice, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.detectors.base import Watched
from monitoring.episodes import Change, follow
from monitoring.series import SECOND
from monitoring.simulator import Line

LIMITS = {"ll": 70.0, "l": 72.0, "deadband": 0.5, "on_delay": 5.0, "off_delay": 10.0}
WATCHED = Watched(limits=LIMITS, critical=True, novelty=False)


def _told(*runs: tuple[int, float], watched: Watched = WATCHED) -> list[Change]:
    """Runs of (seconds, value), one value a second."""
    values = [value for seconds, value in runs for _ in range(seconds)]
    return follow(watched, {}, [(second * SECOND, value) for second, value in enumerate(values)])


def _shape(changes: list[Change]) -> list[tuple[str, str, int, int]]:
    return [(change.kind, change.severity, change.began // SECOND, change.at // SECOND) for change in changes]


def test_a_breach_opens_after_its_delay_and_ends_after_the_other() -> None:
    changes = _told((10, 73.0), (20, 69.0), (30, 73.0))
    assert _shape(changes) == [("opened", "critical", 10, 15), ("returned", "critical", 10, 30)]
    assert changes[0].evidence["seconds"] == 5
    assert changes[1].evidence["seconds"] == 20
    assert changes[1].evidence["value"] == 69.0


def test_a_breach_shorter_than_the_delay_is_nothing() -> None:
    assert _told((10, 73.0), (5, 69.0), (10, 73.0), (5, 69.0), (10, 73.0)) == []


def test_inside_the_limit_but_in_the_deadband_is_not_back() -> None:
    assert [change.kind for change in _told((10, 71.0), (60, 72.2))] == ["opened"]
    assert [change.kind for change in _told((10, 71.0), (5, 73.0), (5, 72.2), (5, 73.0))] == ["opened"]


def test_a_warning_that_grows_critical_is_one_episode() -> None:
    changes = _told((10, 73.0), (10, 71.0), (10, 69.0), (10, 71.0), (20, 73.0))
    assert _shape(changes) == [("opened", "warning", 10, 15), ("worsened", "critical", 10, 25), ("returned", "critical", 10, 40)]


def test_a_hole_in_the_data_counts_for_nothing() -> None:
    out = [(0, 69.0), (600 * SECOND, 69.0), (601 * SECOND, 69.0)]
    assert follow(WATCHED, {}, out) == []


def test_what_a_limit_tells_is_not_told_again_as_novelty() -> None:
    plant = Line(4)
    values = [row["pasteuriser_outlet"][0] for row in islice(plant, 900)]
    plant.fault("dip", "pasteuriser_outlet", seconds=41)
    values += [row["pasteuriser_outlet"][0] for row in islice(plant, 300)]
    watched = Watched(limits={"ll": 72.0, "deadband": 0.1, "on_delay": 5.0, "off_delay": 10.0}, critical=True)
    changes = follow(watched, {}, [(second * SECOND, value) for second, value in enumerate(values)])
    assert [(change.kind, change.detector) for change in changes] == [("opened", "limits"), ("returned", "limits")]
    assert changes[1].evidence["value"] < 70.0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), cuts=st.sets(st.integers(1, 799), max_size=40))
def test_any_pieces_give_what_the_whole_gives(seed: int, cuts: set[int]) -> None:
    plant = Line(seed)
    plant.fault("drift", "homogeniser_pressure", seconds=800, amount=0.03)
    rows = [(second * SECOND, row["homogeniser_pressure"][0]) for second, row in enumerate(islice(plant, 800))]
    watched = Watched(limits={"l": 172.0, "ll": 168.0, "on_delay": 3.0, "off_delay": 3.0}, critical=True)
    whole: dict[str, object] = {}
    expected = follow(watched, whole, rows)
    state: dict[str, object] = {}
    told: list[Change] = []
    edges = [0, *sorted(cuts), 800]
    for start, end in pairwise(edges):
        state = json.loads(json.dumps(state))
        told += follow(watched, state, rows[start:end])
    assert told == expected
    assert state == whole
    assert expected
