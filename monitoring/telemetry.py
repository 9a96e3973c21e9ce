"""Readings come in, in any order and as often as the gateway likes; and go out as history.

Knows no detector: it says that something new lies in the store, and what it was told of
each reading. The same reading twice is one; another value for the same moment never
overwrites the first. No audit row is written: a reading is its own record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Final, TypeVar

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from monitoring import streams
from monitoring.facts import ReadingsArrived
from monitoring.models import Stream, reading
from monitoring.series import SECOND, micros, moment
from monitoring.units import convert

MOST: Final = 5000
AHEAD: Final = timedelta(minutes=5)
"""How far a gateway's clock may run before ours."""
GOOD, BAD = 0, 1


@dataclass(frozen=True)
class Sample:
    """One reading as sent. ``at`` is aware; without ``unit`` the value is in the stream's own."""

    tag: str
    at: datetime
    value: float
    unit: str | None = None


@dataclass(frozen=True)
class Verdict:
    """accepted, late, out_of_range (all three are stored); duplicate, conflict, unknown_tag,
    bad_unit, not_a_number, future (nothing is). ``detail`` is for developers."""

    status: str
    detail: str | None = None


T = TypeVar("T")
Key = tuple[int, int]
"""Stream number and event time in microseconds: the primary key of a reading."""


def ingest(unit: Unit, *, readings: Sequence[Sample], line_code: str) -> list[Verdict]:
    """Store what is new and tell ReadingsArrived once; one verdict for each reading, in their order.

    Readings out of the stream's physical range are kept with quality 1, and no detector looks at
    them. Raises Invalid (more than 5,000, a time without a zone) or Missing (line).
    """
    _check(readings)
    line = streams.line_of(unit, line_code)
    by_tag = {stream.tag: stream for stream in streams.locked(unit, line_id=line.id)}
    verdicts: list[Verdict | None] = []
    sent: list[tuple[Stream, int, float]] = []
    for sample in readings:
        found = _read(unit, sample, by_tag.get(sample.tag))
        verdicts.append(found if isinstance(found, Verdict) else None)
        if not isinstance(found, Verdict):
            sent.append(found)
    kept = _kept(unit, [(stream.no, at) for stream, at, _ in sent])
    fresh: list[dict[str, Any]] = []
    stored = iter([_place(stream, at, value, kept, fresh) for stream, at, value in sent])
    _store(unit, fresh)
    _bring_up_to_date({stream.no: stream for stream in by_tag.values()}, fresh)
    if fresh:
        unit.tell(ReadingsArrived(stream_nos=sorted({row["stream_no"] for row in fresh})))
    return [next(stored) if verdict is None else verdict for verdict in verdicts]


def history(unit: Unit, *, stream_no: int, since: datetime, until: datetime, most: int = 2000) -> tuple[list[float], list[float]]:
    """Good readings of ``since`` … ``until``: seconds since 1970 UTC, and values.

    More than ``most`` are told as the lowest and highest value of equal slices of time, drawn at
    a quarter and three quarters of the slice: no extreme is lost, its time is good to a slice.
    Raises Missing.
    """
    stream = streams.stream(unit, stream_no)
    first, last = micros(since), micros(until)
    inside = (reading.c.stream_no == stream.no) & reading.c.at.between(first, last) & (reading.c.quality == GOOD)
    count = unit.session.scalar(select(func.count()).select_from(reading).where(inside)) or 0
    if count <= most:
        rows = unit.session.execute(select(reading.c.at, reading.c.value).where(inside).order_by(reading.c.at)).all()
        return [at / SECOND for at, _ in rows], [value for _, value in rows]
    width = (last - first) // max(most // 2, 1) + 1
    slot = ((reading.c.at - first) // width).label("slot")
    query = select(slot, func.min(reading.c.value), func.max(reading.c.value)).where(inside).group_by(slot).order_by(slot)
    times: list[float] = []
    values: list[float] = []
    for place, low, high in unit.session.execute(query):
        begin = first + place * width
        times += [(begin + width / 4) / SECOND, (begin + 3 * width / 4) / SECOND]
        values += [low, high]
    return times, values


def recent(unit: Unit, stream_nos: Sequence[int], most: int = 60) -> dict[int, list[float]]:
    """The last good values of each stream, oldest first. The numbers must come from behind the wall."""
    found: dict[int, list[float]] = {no: [] for no in stream_nos}
    for no in stream_nos:
        query = (
            select(reading.c.value).where(reading.c.stream_no == no, reading.c.quality == GOOD).order_by(reading.c.at.desc()).limit(most)
        )
        found[no] = list(unit.session.scalars(query))[::-1]
    return found


def after(unit: Unit, stream: Stream, most: int) -> list[tuple[int, float]]:
    """Good readings (µs, value) later than ``stream.seen_until``, in event time."""
    query = select(reading.c.at, reading.c.value).where(reading.c.stream_no == stream.no, reading.c.quality == GOOD)
    if stream.seen_until is not None:
        query = query.where(reading.c.at > micros(stream.seen_until))
    return [(at, value) for at, value in unit.session.execute(query.order_by(reading.c.at).limit(most))]


def means(unit: Unit, stream: Stream, since: datetime, slice_seconds: float) -> list[float]:
    """The mean of the good readings of every slice of time since then."""
    slot = reading.c.at // int(slice_seconds * SECOND)
    mine = (reading.c.stream_no == stream.no) & (reading.c.at >= micros(since)) & (reading.c.quality == GOOD)
    return list(unit.session.scalars(select(func.avg(reading.c.value)).where(mine).group_by(slot).order_by(slot)))


def _check(readings: Sequence[Sample]) -> None:
    if len(readings) > MOST:
        raise Invalid(errors=[flaw("/readings", "most", f"at most {MOST} readings at once", most=MOST)])
    flaws = [
        flaw(f"/readings/{place}/at", "offset", "must say its offset from UTC")
        for place, sample in enumerate(readings)
        if sample.at.utcoffset() is None
    ]
    if flaws:
        raise Invalid(errors=flaws)


def _read(unit: Unit, sample: Sample, stream: Stream | None) -> Verdict | tuple[Stream, int, float]:
    """The sample in the words of the store, or why it cannot be."""
    if stream is None:
        return Verdict("unknown_tag", "the line has no stream of this tag")
    value = _number(sample.value)
    if value is None:
        return Verdict("not_a_number", "the value must be a finite number")
    if sample.unit is not None and sample.unit != stream.unit:
        converted = convert(value, sample.unit, stream.unit)
        if converted is None:
            return Verdict("bad_unit", f"the unit is unknown or cannot become {stream.unit}")
        if not isfinite(converted):
            return Verdict("not_a_number", "the value is too large")
        value = converted
    if sample.at > unit.now + AHEAD:
        return Verdict("future", "the time lies more than five minutes ahead")
    return stream, micros(sample.at), value


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _kept(unit: Unit, keys: list[Key]) -> dict[Key, float]:
    """What the store holds for these keys already. The streams are locked, so it stays true until we are done."""
    found: dict[Key, float] = {}
    numbers = sorted({no for no, _ in keys})
    for times in _chunks(sorted({at for _, at in keys}), 500):
        query = select(reading).where(reading.c.stream_no.in_(numbers), reading.c.at.in_(times))
        found |= {(row.stream_no, row.at): row.value for row in unit.session.execute(query)}
    return found


def _place(stream: Stream, at: int, value: float, kept: dict[Key, float], fresh: list[dict[str, Any]]) -> Verdict:
    """The verdict on a readable sample; what is new goes to ``fresh``."""
    key = (stream.no, at)
    if key in kept:
        if kept[key] == value:
            return Verdict("duplicate", "this reading was known")
        return Verdict("conflict", "another value is known for this moment; the first one was kept")
    kept[key] = value
    good = (stream.physical_low is None or value >= stream.physical_low) and (stream.physical_high is None or value <= stream.physical_high)
    fresh.append({"stream_no": stream.no, "at": at, "value": value, "quality": GOOD if good else BAD})
    if not good:
        return Verdict("out_of_range", "stored, but out of the stream's physical range")
    if stream.seen_until is not None and at <= micros(stream.seen_until):
        return Verdict("late", "stored, but the detectors had passed this moment")
    return Verdict("accepted")


def _store(unit: Unit, rows: list[dict[str, Any]]) -> None:
    kind = postgresql if unit.session.get_bind().dialect.name == "postgresql" else sqlite
    for chunk in _chunks(rows, 1000):
        unit.session.execute(kind.insert(reading).on_conflict_do_nothing(), chunk)


def _chunks(things: list[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _bring_up_to_date(by_no: dict[int, Stream], fresh: list[dict[str, Any]]) -> None:
    """The last good value of each stream, and how many came too late for the detectors."""
    for row in fresh:
        if row["quality"] != GOOD:
            continue
        stream = by_no[row["stream_no"]]
        at = moment(row["at"])
        if stream.last_at is None or at > stream.last_at:
            stream.last_at, stream.last_value = at, row["value"]
        if stream.seen_until is not None and at <= stream.seen_until:
            stream.state = {**stream.state, "late": stream.state.get("late", 0) + 1}
