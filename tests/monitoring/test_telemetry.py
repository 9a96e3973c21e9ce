"""Readings in, verdicts out."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from kernel.errors import Invalid, Missing
from monitoring import streams, telemetry
from monitoring.telemetry import Sample
from tests.conftest import House
from tests.monitoring.plant import a_line, samples, send


@pytest.fixture
def line(house: House) -> House:
    with house.begin("brand_admin") as unit:
        a_line(unit)
    return house


def _ingest(house: House, readings: list[Sample]) -> list[str]:
    with house.begin("device") as unit:
        return [verdict.status for verdict in telemetry.ingest(unit, readings=readings, line_code="L1")]


def test_each_reading_gets_its_verdict_in_order(line: House) -> None:
    at = line.now - timedelta(minutes=1)
    second = timedelta(seconds=1)
    tag = "pasteuriser_outlet"
    told = _ingest(
        line,
        [
            Sample(tag, at, 72.5, "Cel"),
            Sample(tag, at, 72.5),
            Sample(tag, at, 72.6),
            Sample("nobody", at, 1.0),
            Sample(tag, at + second, 162.5, "FAH"),
            Sample(tag, at + 2 * second, 72.5, "furlong"),
            Sample(tag, at + 2 * second, 72.5, "bar"),
            Sample(tag, at + 2 * second, float("nan")),
            Sample(tag, at + 2 * second, float("-inf")),
            Sample(tag, line.now + timedelta(minutes=6), 72.5),
            Sample(tag, at + 3 * second, 999.0),
            Sample("cold_store", at, 3.2),
        ],
    )
    assert told == [
        "accepted",
        "duplicate",
        "conflict",
        "unknown_tag",
        "accepted",
        "bad_unit",
        "bad_unit",
        "not_a_number",
        "not_a_number",
        "future",
        "out_of_range",
        "accepted",
    ]
    with line.look() as unit:
        outlet, *_, store = streams.streams(unit)
        times, values = telemetry.history(unit, stream_no=outlet.no, since=at, until=line.now)
        assert values == pytest.approx([72.5, 72.5])
        assert times == [at.timestamp(), at.timestamp() + 1]
        assert (outlet.last_at, store.last_value) == (at + second, 3.2)
    assert line.told("ReadingsArrived") == [{"stream_nos": [outlet.no, store.no]}]


def test_sending_a_batch_again_changes_and_tells_nothing(line: House) -> None:
    readings = samples(line.now - timedelta(minutes=2), [72.5 + i / 100 for i in range(100)])
    assert _ingest(line, readings) == ["accepted"] * 100
    Random(1).shuffle(readings)
    assert _ingest(line, readings) == ["duplicate"] * 100
    assert len(line.told("ReadingsArrived")) == 1


def test_what_comes_after_the_detectors_have_passed_is_kept_and_counted(line: House) -> None:
    since = line.now - timedelta(minutes=2)
    assert send(line, samples(since + timedelta(seconds=50), [72.5] * 10), now=line.now) == ["accepted"] * 10
    assert send(line, samples(since, [72.5] * 3), now=line.now) == ["late"] * 3
    with line.look() as unit:
        outlet = streams.streams(unit)[0]
        assert outlet.state["late"] == 3
        assert outlet.last_at == since + timedelta(seconds=59)


def test_a_long_history_keeps_its_extremes(line: House) -> None:
    since = line.now - timedelta(hours=1)
    values = [72.5] * 3600
    values[1234], values[3000] = 69.8, 75.1
    _ingest(line, samples(since, values))
    with line.look() as unit:
        outlet = streams.streams(unit)[0]
        times, thinned = telemetry.history(unit, stream_no=outlet.no, since=since, until=line.now, most=200)
    assert len(times) == len(thinned) <= 200
    assert times == sorted(times)
    assert (min(thinned), max(thinned)) == (69.8, 75.1)
    assert abs(times[thinned.index(69.8)] - (since.timestamp() + 1234)) < 36


def test_too_many_a_time_without_a_zone_and_a_foreign_line_are_refused(line: House) -> None:
    with line.begin("device") as unit:
        with pytest.raises(Invalid):
            telemetry.ingest(unit, readings=samples(line.now, [1.0] * 5001), line_code="L1")
        with pytest.raises(Invalid):
            telemetry.ingest(unit, readings=[Sample("cold_store", datetime(2026, 1, 1), 1.0)], line_code="L1")
    with line.begin("device", brand_id=line.other_brand_id) as unit, pytest.raises(Missing):
        telemetry.ingest(unit, readings=[], line_code="L1")
