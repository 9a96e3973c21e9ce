"""Under which conditions something was made: what a line's streams with limits showed over a window.

The database adds the readings up; however long the window, a curve has sixty points. Only good
readings count, and what was not measured is told as a gap, never filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select, true

from kernel.errors import Invalid, Missing, flaw
from kernel.unit import Unit
from monitoring import alerts, streams
from monitoring.models import Stream, reading
from monitoring.series import SECOND, micros, moment, patience
from monitoring.telemetry import GOOD

POINTS: Final = 60
GAPS: Final = 12
"""So many gaps are named, the longest; all of them are counted."""


@dataclass(frozen=True)
class Point:
    """The ``readings`` of the slice of time that begins at ``at``: the lowest, the mean and the highest."""

    at: datetime
    low: float
    mean: float
    high: float
    readings: int


@dataclass(frozen=True)
class Incident:
    """An alert of the stream that lasted into the window; ``ended_at`` is None while it lasts.
    ``evidence`` as its detector gave it."""

    alert_id: str
    detector: str
    severity: str
    began_at: datetime
    ended_at: datetime | None
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """One stream over ``since`` … ``until``; values and limits in ``unit``.

    ``low`` and ``high`` are the critical limits (ll, hh) where there are any on that side, else the plain
    ones (l, h). ``inside_share`` (0 … 1) is the share of the readings that kept to both. ``minimum``,
    ``mean``, ``maximum`` and ``inside_share`` are None when nothing was read. ``points`` are slices of
    ``slice_seconds``, oldest first; a slice without a reading is left out. ``gaps`` are the longest times
    without any reading, oldest first; ``silent_seconds`` adds up all of them.
    """

    tag: str
    name_zh: str
    name_en: str
    unit: str
    critical: bool
    low: float | None
    high: float | None
    since: datetime
    until: datetime
    slice_seconds: float
    points: tuple[Point, ...] = ()
    readings: int = 0
    minimum: float | None = None
    mean: float | None = None
    maximum: float | None = None
    inside_share: float | None = None
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    silent_seconds: float = 0.0
    incidents: tuple[Incident, ...] = ()


def of(unit: Unit, *, line_code: str, since: datetime, until: datetime) -> list[Condition]:
    """Every stream of the line that has a limit, critical ones first; none where nobody measures that line.

    Raises Invalid when the window ends before it begins or a time knows no zone.
    """
    if since.utcoffset() is None or until.utcoffset() is None:
        raise Invalid(errors=[flaw("/since", "offset", "must say its offset from UTC")])
    if until < since:
        raise Invalid(errors=[flaw("/until", "order", "lies before the start of the window")])
    try:
        line = streams.line_of(unit, line_code)
    except Missing:
        return []
    watched = [stream for stream in streams.streams(unit, line.id) if limits_of(stream.limits) != (None, None)]
    return [_condition(unit, stream, since, until) for stream in sorted(watched, key=lambda stream: (not stream.critical, stream.no))]


def limits_of(limits: Mapping[str, float]) -> tuple[float | None, float | None]:
    """The lowest and highest value that are allowed: critical limits where there are any on that side, else plain ones."""
    return limits.get("ll", limits.get("l")), limits.get("hh", limits.get("h"))


def _condition(unit: Unit, stream: Stream, since: datetime, until: datetime) -> Condition:
    low, high = limits_of(stream.limits)
    first, last = micros(since), micros(until)
    width = (last - first) // POINTS + 1
    window = (reading.c.stream_no == stream.no) & reading.c.at.between(first, last) & (reading.c.quality == GOOD)
    slot = ((reading.c.at - first) // width).label("slot")
    value, at = reading.c.value, reading.c.at
    inside = func.sum(case((_inside(low, high), 1), else_=0))
    columns = (slot, func.min(value), func.avg(value), func.max(value), func.count(), inside, func.min(at), func.max(at))
    rows = unit.session.execute(select(*columns).where(window).group_by(slot).order_by(slot)).all()
    gaps, silent = _gaps(unit, stream, window, (first, last), (rows[0][6], rows[-1][7]) if rows else None)
    count = sum(int(row[4]) for row in rows)
    return Condition(
        tag=stream.tag,
        name_zh=stream.name_zh,
        name_en=stream.name_en,
        unit=stream.unit,
        critical=stream.critical,
        low=low,
        high=high,
        since=since,
        until=until,
        slice_seconds=width / SECOND,
        points=tuple(Point(moment(first + place * width), least, mean, most, int(count)) for place, least, mean, most, count, *_ in rows),
        readings=count,
        minimum=min((row[1] for row in rows), default=None),
        mean=sum(row[2] * int(row[4]) for row in rows) / count if count else None,
        maximum=max((row[3] for row in rows), default=None),
        inside_share=sum(int(row[5]) for row in rows) / count if count else None,
        gaps=tuple((moment(begin), moment(end)) for begin, end in gaps),
        silent_seconds=silent / SECOND,
        incidents=_incidents(unit, stream, since, until),
    )


def _inside(low: float | None, high: float | None) -> ColumnElement[bool]:
    kept: ColumnElement[bool] = true()
    if low is not None:
        kept &= reading.c.value >= low
    if high is not None:
        kept &= reading.c.value <= high
    return kept


def _gaps(
    unit: Unit, stream: Stream, window: ColumnElement[bool], ends: tuple[int, int], spoken: tuple[int, int] | None
) -> tuple[list[tuple[int, int]], int]:
    """The longest times without a reading, in order, and all of them added up (µs). ``spoken``: first and last reading."""
    if spoken is None:
        return [ends], ends[1] - ends[0]
    least = int(patience(stream.cadence_seconds) * SECOND)
    edges = [(begin, end) for begin, end in ((ends[0], spoken[0]), (spoken[1], ends[1])) if end - begin > least]
    step = select(reading.c.at, func.lag(reading.c.at).over(order_by=reading.c.at).label("before")).where(window).subquery()
    long = step.c.at - step.c.before
    query = select(step.c.before, step.c.at, func.sum(long).over()).where(long > least).order_by(long.desc(), step.c.at).limit(GAPS)
    rows = unit.session.execute(query).all()
    total = (int(rows[0][2]) if rows else 0) + sum(end - begin for begin, end in edges)
    longest = sorted([*((begin, end) for begin, end, _ in rows), *edges], key=lambda gap: gap[0] - gap[1])[:GAPS]
    return sorted(longest), total


def _incidents(unit: Unit, stream: Stream, since: datetime, until: datetime) -> tuple[Incident, ...]:
    found = alerts.of_stream(unit, stream_no=stream.no, since=since, until=until)
    return tuple(
        Incident(alert.id, alert.detector, alert.severity, alert.began_at, alert.returned_at, dict(alert.evidence)) for alert in found
    )
