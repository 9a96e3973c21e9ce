"""From readings to alerts."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest

from monitoring import alerts, detection, streams
from monitoring.simulator import Line
from tests.conftest import House
from tests.monitoring.plant import a_line, samples, send


@pytest.fixture
def line(house: House) -> House:
    with house.begin("brand_admin") as unit:
        a_line(unit)
    return house


def _values(seconds: int, dip_at: int) -> list[float]:
    plant = Line(1)
    values = []
    for second in range(seconds):
        if second == dip_at:
            plant.fault("dip", "pasteuriser_outlet", seconds=41)
        values.append(plant.step()["pasteuriser_outlet"][0])
    return values


def test_a_dip_is_one_critical_alert_in_the_plants_own_time(line: House) -> None:
    since = line.now - timedelta(seconds=400)
    readings = samples(since, _values(400, dip_at=200))
    for start in range(0, 400, 37):
        send(line, readings[start : start + 37], now=line.now)
    with line.look() as unit:
        (alert,) = alerts.recent(unit)
    assert (alert.detector, alert.severity, alert.state) == ("limits", "critical", "returned")
    assert since + timedelta(seconds=199) <= alert.began_at <= since + timedelta(seconds=205)
    assert since + timedelta(seconds=238) <= alert.returned_at <= since + timedelta(seconds=250)
    assert alert.evidence["limit"] == 72.0
    assert alert.evidence["value"] == pytest.approx(69.8, abs=0.3)
    assert alert.evidence["seconds"] == pytest.approx(41, abs=8)
    assert line.told("AlertOpened") == [{"alert_id": alert.id}]


def test_in_one_go_or_in_pieces_the_alerts_and_the_memory_are_the_same(line: House) -> None:
    with line.begin("brand_admin") as unit:
        a_line(unit, "L2")
    since = line.now - timedelta(seconds=500)
    readings = samples(since, _values(500, dip_at=300))
    send(line, readings, now=line.now, line_code="L2")
    for start in range(0, 500, 61):
        send(line, readings[start : start + 61], now=line.now)
    with line.look() as unit:
        one, other = sorted(alerts.recent(unit), key=lambda alert: alert.stream_no)
        assert (one.began_at, one.returned_at, one.evidence) == (other.began_at, other.returned_at, other.evidence)
        pieces, whole = [stream for stream in streams.streams(unit) if stream.tag == "pasteuriser_outlet"]
        assert pieces.state == whole.state
        assert pieces.seen_until == whole.seen_until == since + timedelta(seconds=499)


def test_a_bad_reading_is_not_detected(line: House) -> None:
    assert send(line, samples(line.now - timedelta(seconds=60), [-5.0] * 60), now=line.now) == ["out_of_range"] * 60
    with line.look() as unit:
        assert alerts.recent(unit) == []


def test_silence_is_told_once_and_ends_with_the_next_reading(line: House) -> None:
    last = line.now
    send(line, samples(last - timedelta(seconds=9), [72.5] * 10), now=line.now)
    for seconds, expected in ((29, 0), (31, 1), (60, 0)):
        with line.begin("system", now=last + timedelta(seconds=seconds)) as unit:
            assert detection.watch_silence(unit) == expected
    with line.look() as unit:
        (alert,) = alerts.active(unit)
    assert (alert.detector, alert.severity, alert.began_at) == ("silence", "warning", last)
    again = last + timedelta(seconds=90)
    send(line, samples(again, [72.5]), now=again)
    with line.look() as unit:
        (alert,) = alerts.active(unit)
        assert (alert.state, alert.returned_at) == ("returned", again)
    with line.begin("system", now=again + timedelta(seconds=31)) as unit:
        assert detection.watch_silence(unit) == 1


def test_a_drift_inside_the_limits_is_a_warning(line: House) -> None:
    plant = Line(2)
    values = [row["cold_store"][0] for row in islice(plant, 1500)]
    plant.fault("drift", "cold_store", seconds=300, amount=0.02)
    values += [row["cold_store"][0] for row in islice(plant, 300)]
    send(line, samples(line.now - timedelta(seconds=1800), values, "cold_store"), now=line.now)
    with line.look() as unit:
        (alert,) = alerts.active(unit)
    assert (alert.detector, alert.severity, alert.state) == ("novelty", "warning", "unacknowledged")
    assert alert.evidence["value"] < alert.evidence["expected_low"]
