"""Fixed limits HH, H, L, LL (ISA-18.2 alarm setpoints), strict: a value on the limit is inside. Pure."""

from __future__ import annotations

from typing import Any

from monitoring.detectors.base import HOVERING, NORMAL, Finding, Memory, Watched

WORST_FIRST = (("ll", -1), ("hh", 1), ("l", -1), ("h", 1))
LIMITS = ("hh", "h", "l", "ll")


class Limits:
    """Remembers nothing. Back to normal is inside every limit by at least "deadband"."""

    def watches(self, watched: Watched) -> bool:
        return any(name in watched.limits for name in LIMITS)

    def delays(self, watched: Watched) -> tuple[float, float]:
        return watched.limits.get("on_delay", 0.0), watched.limits.get("off_delay", 0.0)

    def step(self, watched: Watched, memory: Memory, at: int, value: float, *, calm: bool) -> Finding:
        limits = watched.limits
        deadband = limits.get("deadband", 0.0)
        back = True
        for name, side in WORST_FIRST:
            limit = limits.get(name)
            if limit is None:
                continue
            depth = side * (value - limit)
            if depth > 0:
                severity = "critical" if watched.critical and name in ("ll", "hh") else "warning"
                return Finding(True, False, severity, depth, _evidence(watched, name, side, value))
            back = back and depth <= -deadband
        return NORMAL if back else HOVERING


def _evidence(watched: Watched, name: str, side: int, value: float) -> dict[str, Any]:
    limits = watched.limits
    evidence = {
        "code": "alert.limits.high" if side > 0 else "alert.limits.low",
        "value": value,
        "limit": limits[name],
        "limit_name": name,
        "expected_low": limits.get("l", limits.get("ll")),
        "expected_high": limits.get("h", limits.get("hh")),
    }
    return {key: told for key, told in evidence.items() if told is not None}
