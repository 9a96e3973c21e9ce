"""A stream's curve over a lot: where its line, its limits and its silences stand, and what it comes to. Pure.

The drawing is WIDE × HIGH units and is stretched to the width of the page; heights stay as they are, so
that words can be set beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import ceil

from monitoring.conditions import Condition, Point

WIDE, HIGH = 600, 120
EDGE = 14
"""Room above and below, in which the words of a limit can stand."""
ROWS = 24


@dataclass(frozen=True)
class Picture:
    """``bands``: polygons from the lowest to the highest value; ``lines``: the means; one of each for every
    stretch without silence. ``limits``: (height, value as text, ``low`` or ``high``). ``silences``: (x, width)."""

    bands: tuple[str, ...]
    lines: tuple[str, ...]
    limits: tuple[tuple[float, str, str], ...]
    silences: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Row:
    """Some slices together, all of it written down; ``clock`` is when they begin."""

    clock: str
    low: str
    mean: str
    high: str


@dataclass(frozen=True)
class Finding:
    """What a curve comes to. ``code``: a sentence of app.words (``condition.…``), its numbers written down."""

    tone: str
    code: str
    values: dict[str, str]


def finding(condition: Condition) -> Finding:
    """The sentence above the curve. A number is never rounded towards its limit."""
    low, high = condition.low, condition.high
    side = "both" if low is not None and high is not None else "low" if low is not None else "high"
    if condition.minimum is None or condition.maximum is None or condition.inside_share is None:
        return Finding("quiet", "condition.silent", {})
    places = _places(condition)
    values = {
        "minimum": _down(condition.minimum, places),
        "maximum": _up(condition.maximum, places),
        "mean": _written(condition.mean or 0.0, places),
        "share": _down(min(condition.inside_share * 100, 99.9), 1),
        "low": "" if low is None else _written(low, places),
        "high": "" if high is None else _written(high, places),
    }
    if condition.inside_share < 1:
        return Finding("look", f"condition.outside.{side}", values)
    return Finding("good", f"condition.{'inside' if not condition.silent_seconds else 'partly'}.{side}", values)


def written(condition: Condition, value: float | None, *, up: bool = False) -> str:
    """A value of the stream as it is written everywhere beside its curve; cut off below, or above where it is ``up``."""
    if value is None:
        return ""
    return _up(value, _places(condition)) if up else _down(value, _places(condition))


def picture(condition: Condition) -> Picture | None:
    """None when there is nothing to draw."""
    if not condition.points:
        return None
    limits = [limit for limit in (condition.low, condition.high) if limit is not None]
    bottom = min([point.low for point in condition.points] + limits)
    top = max([point.high for point in condition.points] + limits)
    span = (top - bottom) or 1.0
    begin, whole = condition.since, max((condition.until - condition.since).total_seconds(), 1e-6)

    def y(value: float) -> float:
        return round(HIGH - EDGE - (value - bottom) / span * (HIGH - 2 * EDGE), 1)

    def x(at: datetime) -> float:
        return round(min(max((at - begin).total_seconds() / whole, 0.0), 1.0) * WIDE, 1)

    half = timedelta(seconds=condition.slice_seconds / 2)
    bands, lines = [], []
    for stretch in _stretches(condition.points, condition.slice_seconds):
        spots = [(x(point.at + half), point) for point in stretch]
        lines.append(_path((place, y(point.mean)) for place, point in spots))
        bands.append(_path([(place, y(point.high)) for place, point in spots] + [(place, y(point.low)) for place, point in spots[::-1]]))
    places = _places(condition)
    sides = (("low", condition.low), ("high", condition.high))
    return Picture(
        tuple(bands),
        tuple(lines),
        tuple((y(limit), _written(limit, places), side) for side, limit in sides if limit is not None),
        tuple((x(since), round(max(x(until) - x(since), 1.0), 1)) for since, until in condition.gaps),
    )


def rows(condition: Condition, clock: Callable[[datetime], str]) -> list[Row]:
    """At most ROWS rows of the table beside the curve, oldest first."""
    points, places = condition.points, _places(condition)
    size = max(1, ceil(len(points) / ROWS))
    found = []
    for start in range(0, len(points), size):
        some = points[start : start + size]
        mean = sum(point.mean * point.readings for point in some) / sum(point.readings for point in some)
        least, most = min(point.low for point in some), max(point.high for point in some)
        found.append(Row(clock(some[0].at), _down(least, places), _written(mean, places), _up(most, places)))
    return found


def _stretches(points: Sequence[Point], slice_seconds: float) -> list[list[Point]]:
    """The points, cut where slices without a reading lie between them."""
    found: list[list[Point]] = []
    for point in points:
        if found and (point.at - found[-1][-1].at).total_seconds() < 1.5 * slice_seconds:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _path(spots: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in spots)


def _places(condition: Condition) -> int:
    """How many decimals tell a value from its limit: one, or as many as the limits have, three at most."""
    limits = [limit for limit in (condition.low, condition.high) if limit is not None]
    return max([1] + [min(3, -int(Decimal(str(limit)).normalize().as_tuple().exponent)) for limit in limits])


def _down(value: float, places: int) -> str:
    return f"{Decimal(f'{value:.9f}').quantize(Decimal(1).scaleb(-places), ROUND_FLOOR):,}"


def _up(value: float, places: int) -> str:
    return f"{Decimal(f'{value:.9f}').quantize(Decimal(1).scaleb(-places), ROUND_CEILING):,}"


def _written(value: float, places: int) -> str:
    return f"{value:,.{places}f}"
