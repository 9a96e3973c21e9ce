"""Is the level unlike this stream's own past? Robust, self-calibrated, one reading at a time. Pure.

The level is a trailing mean over about ten cadences. Levels go into a ring that is thinned
as it grows, so that six hundred values come to span a day. An episode begins where the level
leaves the ring's median farther than FACTOR times the distance that nine in ten of the
remembered levels keep: what is usual is measured by the stream itself, not assumed. While
little was seen the reach is wider (CAUTION), because slow noise shows its width slowly.

Where a nightly baseline exists (baselines.refit) its location and scale take the place of
the ring's own.

Measured on simulated healthy days of four streams: none false in 14 days of seeds it was not
tuned on (101 to 114), 8 stream-weeks, so below 0.38 a stream-week with 95% confidence (rule
of three). On the 17 experiments of SKAB it was tuned on, five quick sensors, rows after the
first 400: F1 0.80, false alarm rate 9.9%, missed 28%; 14 of 17 anomalies met, and one alarm
in the anomaly-free run. What it does not see: a stuck value, a change slower than a day, and
small shifts that begin before much was learnt.
"""

from __future__ import annotations

from math import exp
from typing import Any, Final

from monitoring.detectors.base import HOVERING, NORMAL, Finding, Memory, Watched
from monitoring.series import SECOND, quantile, significant, spread

WINDOW: Final = 10
"""Cadences: the time constant of the trailing mean."""
RING: Final = 600
LEAST: Final = 120
"""Levels that must be remembered before anything is called unusual."""
SPAN: Final = 24 * 3600
"""Seconds that a full ring spans at most before it lets go of its oldest."""
SHARE: Final = 0.9
FACTOR: Final = 2.7
GROWTH: Final = 0.08
"""Added to FACTOR each time the ring's span doubles: whoever looks longer meets rarer things."""
FLOOR: Final = 2.0
"""The reach is at least so many robust scales."""
CAUTION: Final = 150.0
"""Readings after which the reach is still twice as wide."""
BACK: Final = 0.8
"""Share of the reach inside which the level counts as normal again."""
ON_DELAY: Final = 10.0
OFF_DELAY: Final = 30.0
"""Cadences that unusual, and usual again, must last."""


class Novelty:
    def watches(self, watched: Watched) -> bool:
        return watched.novelty

    def delays(self, watched: Watched) -> tuple[float, float]:
        return ON_DELAY * watched.cadence, OFF_DELAY * watched.cadence

    def step(self, watched: Watched, memory: Memory, at: int, value: float, *, calm: bool) -> Finding:
        level = _level(watched, memory, at, value)
        finding = _judge(watched, memory, level)
        if calm and not finding.out:
            _learn(watched, memory, level)
        return finding


def _level(watched: Watched, memory: Memory, at: int, value: float) -> float:
    """The trailing mean: exponential in event time, so that holes and jitter do not matter."""
    if "at" not in memory:
        memory.update(at=at, last=value, level=value, grain=0.0, ring=[], stride=1, skipped=0)
        return value
    passed = (at - memory["at"]) / SECOND
    level: float = memory["level"] + (1 - exp(-passed / (WINDOW * watched.cadence))) * (value - memory["level"])
    step = abs(value - memory["last"])
    if step > 0 and (memory["grain"] == 0 or step < memory["grain"]):
        memory["grain"] = step
    memory.update(at=at, last=value, level=level)
    return level


def _judge(watched: Watched, memory: Memory, level: float) -> Finding:
    if "reach" not in memory:
        return NORMAL
    away = abs(level - memory["location"])
    reach: float = memory["reach"]
    if away <= BACK * reach:
        return NORMAL
    if away <= reach:
        return HOVERING
    evidence: dict[str, Any] = {
        "code": "alert.novelty",
        "value": significant(level),
        "expected_low": significant(memory["location"] - reach),
        "expected_high": significant(memory["location"] + reach),
    }
    if watched.baseline:
        evidence["days"] = watched.baseline["days"]
    return Finding(True, False, "warning", away / reach, evidence)


def _learn(watched: Watched, memory: Memory, level: float) -> None:
    """Keep every ``stride``-th level; a full ring is thinned to half until it spans a day."""
    memory["skipped"] += 1
    if memory["skipped"] < memory["stride"]:
        return
    memory["skipped"] = 0
    ring: list[float] = memory["ring"]
    ring.append(level)
    if len(ring) > RING:
        if memory["stride"] * RING * watched.cadence < SPAN:
            memory["ring"] = ring = ring[1::2]
            memory["stride"] *= 2
        else:
            del ring[0]
    if len(ring) >= LEAST:
        _calibrate(watched, memory)


def _calibrate(watched: Watched, memory: Memory) -> None:
    """Where the middle is and how far a level may go from it."""
    ring: list[float] = memory["ring"]
    location, scale = spread(ring)
    if watched.baseline:
        location, scale = watched.baseline["location"], watched.baseline["scale"]
    scale = max(scale, memory["grain"] / 2, 1e-4 * abs(location), 1e-12)  # a resting or coarse sensor has a width too
    usual = quantile(sorted(abs(kept - location) for kept in ring), SHARE) / scale
    learnt = len(ring) * memory["stride"]
    factor = FACTOR + GROWTH * (memory["stride"].bit_length() - 1)
    caution = 1 + CAUTION / learnt
    memory["location"] = location
    memory["reach"] = scale * max(FLOOR, factor * usual) * caution
