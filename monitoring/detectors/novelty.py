"""Is the level unlike this stream's own past? Robust, self-calibrated, one reading at a time. Pure.
"""

from __future__ import annotations

from math import exp

from monitoring.detectors.base import HOVERING, NORMAL, Finding, Memory, Watched
from monitoring.series import SECOND, quantile, significant, spread

WINDOW = 10
RING = 600
LEAST = 120
SPAN = 24 * 3600
FACTOR = 1.5
LOWEST = 4.0
BACK = 0.8
CAUTION = 300.0
SHARE = 1.0
DELAYS = (10.0, 30.0)


class Novelty:
    def watches(self, watched: Watched) -> bool:
        return watched.novelty

    def delays(self, watched: Watched) -> tuple[float, float]:
        return DELAYS[0] * watched.cadence, DELAYS[1] * watched.cadence

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
    evidence = {
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
    ring: list[float] = memory["ring"]
    location, scale = spread(ring)
    if watched.baseline:
        location, scale = watched.baseline["location"], watched.baseline["scale"]
    scale = max(scale, memory["grain"] / 2, 1e-4 * abs(location), 1e-12)
    farthest = quantile(sorted(abs(kept - location) for kept in ring), SHARE) / scale
    learnt = len(ring) * memory["stride"]
    caution = 1 + CAUTION / learnt
    memory["location"] = location
    memory["reach"] = scale * max(LOWEST, FACTOR * farthest) * caution
