"""The chore that watches for guessing, over scans in a database."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.given import CHINA, day_of
from tests.conftest import House
from tests.factories.looks import some_looks
from traceability import cases

NOON = datetime(2026, 11, 20, 12, 0, 30, tzinfo=CHINA)


def _minutes(start: datetime, count: int, step: float = 1.0) -> list[datetime]:
    return [start + timedelta(minutes=number * step) for number in range(count)]


def _watch(house: House, now: datetime, **more: str) -> int:
    return int(house.chore("notice guessing", now=now, **more))


def _usual_day(house: House, day: datetime) -> None:
    with house.begin("system", now=day) as unit:
        some_looks(unit, _minutes(day, 400))
        some_looks(unit, _minutes(day, 4, 90), unknown=True)


def test_a_search_opens_one_case_of_the_day_with_its_evidence(house: House) -> None:
    _usual_day(house, NOON - timedelta(days=2))
    with house.begin("system", now=NOON) as unit:
        some_looks(unit, _minutes(NOON - timedelta(minutes=110), 100))
        some_looks(unit, _minutes(NOON - timedelta(minutes=12), 60, 0.1), unknown=True)
    assert [_watch(house, NOON), _watch(house, NOON)] == [1, 1]
    with house.look() as unit:
        (case,) = cases.every(unit, kind="guessing")
    assert (case.subject, case.state) == ("2026-11-20", "open")
    assert case.probability is not None
    assert case.probability > 0.9
    assert case.evidence["unknown"] == 60
    assert case.evidence["since"] == "2026-11-20T03:45:00+00:00"
    assert sum(unknown for _, _, unknown in case.evidence["stretches"]) == 60
    assert case.evidence["usual"] < 0.02


def test_a_usual_hour_and_an_empty_house_are_no_case(house: House) -> None:
    _usual_day(house, NOON - timedelta(days=2))
    assert _watch(house, NOON) == 0
    _usual_day(house, NOON - timedelta(minutes=400))
    assert _watch(house, NOON + timedelta(minutes=6)) == 0
    with house.look() as unit:
        assert cases.every(unit) == []


def test_a_stretch_is_not_judged_before_it_has_settled(house: House) -> None:
    now = NOON.replace(minute=4)
    with house.begin("system", now=now) as unit:
        some_looks(unit, _minutes(now - timedelta(minutes=3), 60, 0.02), unknown=True)
    assert _watch(house, now) == 0
    assert _watch(house, NOON.replace(minute=5, second=21)) == 1


def test_the_days_of_a_search_are_not_usual(house: House) -> None:
    day = NOON - timedelta(days=1)
    with house.begin("system", now=day) as unit:
        some_looks(unit, _minutes(day, 500), unknown=True)
        some_looks(unit, _minutes(day, 500))
        cases.suspect(unit, kind="guessing", subject=day_of(day).isoformat(), evidence={})
    with house.begin("system", now=NOON) as unit:
        some_looks(unit, _minutes(NOON - timedelta(minutes=12), 30, 0.1), unknown=True)
    assert _watch(house, NOON) == 1
    with house.look() as unit:
        case = cases.every(unit, kind="guessing")[0]
        assert case.subject == day_of(NOON).isoformat()
        assert case.evidence["usual"] == 0.01


def test_another_brands_unknown_codes_are_its_own(house: House) -> None:
    with house.begin("system", now=NOON) as unit:
        some_looks(unit, _minutes(NOON - timedelta(minutes=12), 60, 0.1), unknown=True)
    assert _watch(house, NOON, brand_id=house.other_brand_id) == 0
