"""Time and spread of a series, in plain values. Pure.

Knows no stream, no detector and no database. Event time is a whole number of microseconds
since 1970 UTC, so that it survives JSON and both databases exactly. Windows are short
(hundreds of values), where plain lists are faster than arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
"""One second of event time."""

NORMAL_MAD = 1.4826
"""Standard deviations in one MAD of normal data: 1 / Φ⁻¹(3/4)."""


def micros(at: datetime) -> int:
    """Event time of an aware moment, exact."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The moment of an event time; ``moment(micros(x)) == x``."""
    return EPOCH + timedelta(microseconds=at)


def patience(cadence_seconds: float) -> float:
    """Seconds without a reading after which a stream is silent: ten cadences, at least 30 s."""
    return max(10 * cadence_seconds, 30.0)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 … 1) of a sorted, non-empty sequence lies (linear between neighbours)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Median and robust scale, max(1.4826 MAD, half the standard deviation), of a non-empty sequence.

    The second term keeps a series that mostly rests on one value from having no width at all.
    """
    middle = quantile(sorted(values), 0.5)
    mad = quantile(sorted(abs(value - middle) for value in values), 0.5)
    mean = sum(values) / len(values)
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return middle, max(NORMAL_MAD * mad, deviation / 2)


def significant(value: float, digits: int = 6) -> float:
    """For people: so many significant digits."""
    return float(f"{value:.{digits}g}")
