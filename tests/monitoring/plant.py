"""A line to test on: the dairy's streams, and seconds of its life sent in."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.unit import Unit
from monitoring import detection, streams, telemetry
from monitoring.facts import ReadingsArrived
from monitoring.models import Stream
from monitoring.simulator import DAIRY_STREAMS
from tests.conftest import House


def a_line(unit: Unit, code: str = "L1") -> dict[str, Stream]:
    """A line with the dairy's streams, by tag."""
    line = streams.add_line(unit, code=code, name_zh="一号线", name_en="Line 1")
    return {
        plan.tag: streams.add_stream(
            unit,
            line_id=line.id,
            tag=plan.tag,
            name_zh=plan.name_zh,
            name_en=plan.name_en,
            unit_code=plan.unit,
            physical_low=plan.physical_low,
            physical_high=plan.physical_high,
            limits=plan.limits,
            critical=plan.critical,
        )
        for plan in DAIRY_STREAMS
    }


def samples(since: datetime, values: list[float], tag: str = "pasteuriser_outlet", unit: str | None = "Cel") -> list[telemetry.Sample]:
    """One value a second."""
    return [telemetry.Sample(tag, since + timedelta(seconds=second), value, unit) for second, value in enumerate(values)]


def send(house: House, readings: list[telemetry.Sample], *, now: datetime, line_code: str = "L1") -> list[str]:
    """Send, let detection run, answer the verdicts' words."""
    with house.begin("device", now=now) as unit:
        told = [verdict.status for verdict in telemetry.ingest(unit, readings=readings, line_code=line_code)]
        numbers = [stream.no for stream in streams.streams(unit)]
    with house.begin("system", now=now) as unit:
        detection.on_readings_arrived(unit, ReadingsArrived(numbers))
    return told
