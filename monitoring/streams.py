"""Lines and their streams: what is measured where, in which unit, within which limits.

Knows no reading and no alert. The detectors' memory lies in ``Stream.state``; only its
shape as "what a detector may know" is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import isfinite
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from monitoring.detectors.base import Watched
from monitoring.detectors.limits import LIMITS
from monitoring.models import Line, Stream
from monitoring.units import UNITS
from traceability.given import Given

TIMES = ("on_delay", "off_delay")
LONGEST = 86_400.0
"""Seconds: no delay and no cadence is longer than a day."""


class LineCodeTaken(Conflict):
    """A line of this code is known already. Lots name their line by this code, so it must be the only one."""

    code = "line-code-taken"
    title = "This line code is in use"


class StreamTagTaken(Conflict):
    """The line has a stream of this tag already. Readings find their stream by line and tag."""

    code = "stream-tag-taken"
    title = "This tag is in use on the line"


def add_line(unit: Unit, *, code: str, name_zh: str, name_en: str) -> Line:
    """A new line. Raises Invalid or LineCodeTaken."""
    given = Given()
    added = Line(
        id=unit.new_id(),
        code=given.text("/code", code, 40),
        name_zh=given.text("/name_zh", name_zh, 80),
        name_en=given.text("/name_en", name_en, 80),
    )
    given.done()
    if not _kept(unit, added):
        raise LineCodeTaken(f"line code {added.code} is in use", line=added.code)
    unit.record("line.added", "line", added.id, code=added.code)
    return added


def add_stream(
    unit: Unit,
    *,
    line_id: str,
    tag: str,
    name_zh: str,
    name_en: str,
    unit_code: str,
    physical_low: float | None = None,
    physical_high: float | None = None,
    limits: Mapping[str, float] | None = None,
    critical: bool = False,
    novelty: bool = True,
    cadence_seconds: float = 1.0,
) -> Stream:
    """A new stream of a line. ``limits`` and the physical range are in the stream's own unit.

    Raises Missing (line), Invalid or StreamTagTaken.
    """
    home = line(unit, line_id)
    given = Given()
    low, high = _range(given, physical_low, physical_high)
    stream = Stream(
        line_id=home.id,
        tag=given.text("/tag", tag, 60),
        name_zh=given.text("/name_zh", name_zh, 80),
        name_en=given.text("/name_en", name_en, 80),
        unit=given.text("/unit", unit_code, 12),
        physical_low=low,
        physical_high=high,
        limits=_limits(given, limits or {}),
        critical=bool(critical),
        novelty=bool(novelty),
        cadence_seconds=_between(given, "/cadence_seconds", cadence_seconds, 0.001, LONGEST),
        state={},
    )
    if not given.flaws and stream.unit not in UNITS:
        given.wrong("/unit", "choice", "must be a known unit: " + ", ".join(UNITS))
    given.done()
    if not _kept(unit, stream):
        raise StreamTagTaken(f"tag {stream.tag} is in use on line {home.code}", tag=stream.tag, line=home.code)
    unit.record("stream.added", "stream", str(stream.no), line=home.id, tag=stream.tag)
    return stream


def lines(unit: Unit) -> list[Line]:
    """All lines by their code."""
    return list(unit.session.scalars(select(Line).order_by(Line.code)))


def line(unit: Unit, line_id: str) -> Line:
    """Raises Missing."""
    found = unit.session.scalar(select(Line).where(Line.id == line_id))
    if found is None:
        raise Missing("no such line")
    return found


def line_of(unit: Unit, code: str) -> Line:
    """The line of a code. Raises Missing."""
    found = unit.session.scalar(select(Line).where(Line.code == code))
    if found is None:
        raise Missing("no such line")
    return found


def streams(unit: Unit, line_id: str | None = None) -> list[Stream]:
    """All streams, or those of one line, in the order in which they were added."""
    query = select(Stream).order_by(Stream.no)
    return list(unit.session.scalars(query if line_id is None else query.where(Stream.line_id == line_id)))


def stream(unit: Unit, no: int) -> Stream:
    """Raises Missing."""
    found = unit.session.scalar(select(Stream).where(Stream.no == no))
    if found is None:
        raise Missing("no such stream")
    return found


def locked(unit: Unit, *, line_id: str | None = None, no: int | None = None) -> list[Stream]:
    """Streams of a line, or one, locked in one order until the end of the unit and read afresh."""
    query = select(Stream).order_by(Stream.no).with_for_update().execution_options(populate_existing=True)
    if line_id is not None:
        query = query.where(Stream.line_id == line_id)
    if no is not None:
        query = query.where(Stream.no == no)
    return list(unit.session.scalars(query))


def watched(stream: Stream) -> Watched:
    """What the detectors may know of it."""
    return Watched(
        limits=stream.limits,
        critical=stream.critical,
        novelty=stream.novelty,
        cadence=stream.cadence_seconds,
        baseline=stream.state.get("baseline", {}),
    )


def forget_normal(unit: Unit, no: int) -> None:
    """Its novelty detector learns from nothing: what was normal no longer is, a new product say."""
    for stream in locked(unit, no=no):
        stream.state = {key: kept for key, kept in stream.state.items() if key not in ("novelty", "baseline")}


def _kept(unit: Unit, thing: Any) -> bool:
    """Write a new row; False when the unique constraint knows it already."""
    try:
        with unit.session.begin_nested():
            unit.session.add(thing)
    except IntegrityError:
        return False
    return True


def _between(given: Given, pointer: str, value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        given.wrong(pointer, "number", "must be a finite number")
        return least
    if not least <= value <= most:
        given.wrong(pointer, "between", f"must lie between {least:g} and {most:g}")
    return float(value)


def _range(given: Given, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    if low is not None:
        low = _between(given, "/physical_low", low, -1e12, 1e12)
    if high is not None:
        high = _between(given, "/physical_high", high, -1e12, 1e12)
    if low is not None and high is not None and low >= high:
        given.wrong("/physical_high", "order", "must lie above physical_low")
    return low, high


def _limits(given: Given, limits: Mapping[str, float]) -> dict[str, float]:
    """LL < L < H < HH as far as they are given, a deadband from zero, delays in seconds."""
    kept: dict[str, float] = {}
    for name, value in limits.items():
        if name in LIMITS:
            kept[name] = _between(given, f"/limits/{name}", value, -1e12, 1e12)
        elif name == "deadband":
            kept[name] = _between(given, "/limits/deadband", value, 0.0, 1e12)
        elif name in TIMES:
            kept[name] = _between(given, f"/limits/{name}", value, 0.0, LONGEST)
        else:
            given.wrong("/limits", "choice", "may hold only hh, h, l, ll, deadband, on_delay and off_delay")
    rising = [kept[name] for name in ("ll", "l", "h", "hh") if name in kept]
    if any(one >= next_ for one, next_ in pairwise(rising)):
        given.wrong("/limits", "order", "must rise: ll, l, h, hh")
    return kept
