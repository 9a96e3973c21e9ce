"""Fixed limits."""

from __future__ import annotations

import pytest

from monitoring.detectors.base import Watched
from monitoring.detectors.limits import Limits

WATCHED = Watched(limits={"ll": 70.0, "l": 72.0, "h": 75.0, "hh": 80.0, "deadband": 0.5}, critical=True)


@pytest.mark.parametrize(
    ("value", "out", "back", "severity", "name"),
    [
        (73.0, False, True, None, None),
        (72.0, False, False, None, None),  # on the limit is inside, but not yet back
        (72.5, False, True, None, None),
        (71.9, True, False, "warning", "l"),
        (69.8, True, False, "critical", "ll"),
        (75.1, True, False, "warning", "h"),
        (80.1, True, False, "critical", "hh"),
    ],
)
def test_each_zone(value: float, out: bool, back: bool, severity: str | None, name: str | None) -> None:
    finding = Limits().step(WATCHED, {}, 0, value, calm=True)
    assert (finding.out, finding.back) == (out, back)
    if out:
        assert finding.severity == severity
        assert finding.evidence["limit_name"] == name
        assert finding.evidence["limit"] == WATCHED.limits[name]


def test_only_a_critical_streams_outer_limits_are_critical() -> None:
    plain = Watched(limits={"ll": 70.0})
    assert Limits().step(plain, {}, 0, 60.0, calm=True).severity == "warning"
