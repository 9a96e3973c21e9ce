"""Under which conditions something was made: what is told of a line over a window."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kernel.errors import Invalid
from monitoring import conditions, streams
from monitoring.conditions import Condition
from tests.conftest import House
from tests.monitoring.plant import a_line, samples, send


def _of(house: House, since: datetime, until: datetime, *, line_code: str = "L1", brand_id: str | None = None) -> dict[str, Condition]:
    with house.look(brand_id=brand_id) as unit:
        return {each.tag: each for each in conditions.of(unit, line_code=line_code, since=since, until=until)}


def _line(house: House) -> datetime:
    with house.begin("brand_admin") as unit:
        a_line(unit)
    return house.now - timedelta(hours=1)


def test_a_stream_is_told_by_its_range_its_mean_and_its_share_inside_the_limit(house: House) -> None:
    since = _line(house)
    send(house, samples(since, [72.5] * 90 + [71.5] * 10 + [73.0] * 100), now=house.now)
    outlet = _of(house, since, since + timedelta(seconds=199))["pasteuriser_outlet"]
    assert (outlet.low, outlet.high, outlet.unit, outlet.critical) == (72.0, None, "Cel", True)
    assert (outlet.minimum, outlet.maximum, outlet.readings) == (71.5, 73.0, 200)
    assert outlet.mean == pytest.approx((72.5 * 90 + 71.5 * 10 + 73.0 * 100) / 200)
    assert outlet.inside_share == pytest.approx(0.95)
    assert (outlet.gaps, outlet.silent_seconds) == ((), 0)


def test_a_value_on_the_limit_is_inside(house: House) -> None:
    since = _line(house)
    send(house, samples(since, [72.0] * 60), now=house.now)
    assert _of(house, since, since + timedelta(seconds=59))["pasteuriser_outlet"].inside_share == 1


def test_however_long_the_window_the_curve_is_short_and_loses_no_extreme(house: House) -> None:
    since = _line(house)
    values = [72.6] * 3000
    values[1234] = 69.0
    send(house, samples(since, values), now=house.now)
    outlet = _of(house, since, since + timedelta(seconds=2999))["pasteuriser_outlet"]
    assert len(outlet.points) <= conditions.POINTS
    assert sum(point.readings for point in outlet.points) == 3000
    assert min(point.low for point in outlet.points) == outlet.minimum == 69.0
    assert [point.at for point in outlet.points] == sorted(point.at for point in outlet.points)


def test_only_the_window_counts_and_only_good_readings(house: House) -> None:
    since = _line(house)
    send(house, samples(since - timedelta(seconds=60), [60.0] * 60 + [72.6] * 60 + [60.0] * 60), now=house.now)
    send(house, samples(since + timedelta(milliseconds=500), [-10.0] * 60), now=house.now)  # out of the physical range
    outlet = _of(house, since, since + timedelta(seconds=59))["pasteuriser_outlet"]
    assert (outlet.minimum, outlet.maximum, outlet.readings) == (72.6, 72.6, 60)


def test_silence_is_told_at_the_edges_and_between(house: House) -> None:
    since = _line(house)
    send(house, samples(since + timedelta(seconds=100), [72.6] * 100), now=house.now)
    send(house, samples(since + timedelta(seconds=400), [72.6] * 100), now=house.now)
    outlet = _of(house, since, since + timedelta(seconds=1000))["pasteuriser_outlet"]
    assert [((a - since).total_seconds(), (b - since).total_seconds()) for a, b in outlet.gaps] == [(0, 100), (199, 400), (499, 1000)]
    assert outlet.silent_seconds == 100 + 201 + 501


def test_the_longest_silences_are_named_and_all_are_added_up(house: House) -> None:
    since = _line(house)
    moments = [samples(since + timedelta(seconds=40 * step), [72.6])[0] for step in range(60)]
    send(house, moments, now=house.now)
    outlet = _of(house, since, since + timedelta(seconds=40 * 59))["pasteuriser_outlet"]
    assert len(outlet.gaps) == conditions.GAPS
    assert outlet.silent_seconds == 40 * 59


def test_a_stream_that_said_nothing_says_that_it_said_nothing(house: House) -> None:
    since = _line(house)
    outlet = _of(house, since, since + timedelta(minutes=10))["pasteuriser_outlet"]
    assert (outlet.readings, outlet.points, outlet.minimum, outlet.mean, outlet.inside_share) == (0, (), None, None, None)
    assert outlet.gaps == ((since, since + timedelta(minutes=10)),)


def test_critical_streams_come_first_and_those_without_a_limit_not_at_all(house: House) -> None:
    since = _line(house)
    with house.begin("brand_admin") as unit:
        line = streams.line_of(unit, "L1")
        streams.add_stream(unit, line_id=line.id, tag="room", name_zh="室温", name_en="Room", unit_code="Cel")
    told = _of(house, since, house.now)
    assert list(told) == ["pasteuriser_outlet", "cold_store", "homogeniser_pressure", "filler_flow"]
    assert (told["cold_store"].low, told["cold_store"].high) == (None, 7.0)  # the critical limit, not the plain one
    assert (told["homogeniser_pressure"].low, told["homogeniser_pressure"].high) == (165.0, 195.0)


def test_an_alert_of_the_window_is_told_with_its_evidence_and_others_are_not(house: House) -> None:
    since = _line(house)
    send(house, samples(since, [72.6] * 60 + [69.8] * 30 + [72.6] * 60), now=house.now)
    (incident,) = _of(house, since, since + timedelta(minutes=3))["pasteuriser_outlet"].incidents
    assert (incident.detector, incident.severity, incident.evidence["limit"]) == ("limits", "critical", 72.0)
    assert incident.ended_at is not None
    assert since < incident.began_at < incident.ended_at
    assert _of(house, since - timedelta(hours=2), since - timedelta(hours=1))["pasteuriser_outlet"].incidents == ()


def test_a_moment_is_a_window_too(house: House) -> None:
    since = _line(house)
    send(house, samples(since, [72.6]), now=house.now)
    assert _of(house, since, since)["pasteuriser_outlet"].readings == 1


def test_a_line_that_nobody_measures_has_no_conditions_nor_has_another_brands(house: House) -> None:
    since = _line(house)
    assert _of(house, since, house.now, line_code="L9") == {}
    assert _of(house, since, house.now, brand_id=house.other_brand_id) == {}


def test_a_window_the_wrong_way_round_or_without_a_zone_is_refused(house: House) -> None:
    since = _line(house)
    with house.look() as unit:
        for begin, end, rule in ((house.now, since, "order"), (since.replace(tzinfo=None), house.now, "offset")):
            with pytest.raises(Invalid) as refused:
                conditions.of(unit, line_code="L1", since=begin, until=end)
            assert refused.value.errors[0]["rule"] == rule
