"""Working days: at the borders of holidays, years and the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.requirements import MARKETS, Malformed, is_provisional, is_working_day, working_days_before, working_days_between
from suppliers.requirements.calendar import _year

DAYS = st.dates(date(2024, 1, 1), date(2037, 12, 31))


@pytest.mark.parametrize(("year", "off", "worked"), [(2025, 28, 5), (2026, 33, 6)])
def test_the_announced_years_of_china_add_up(year: int, off: int, worked: int) -> None:
    """As many days off as the notices list; every make-up day is a day of a weekend."""
    known = _year("CN", year)
    assert (len(known.off), len(known.work), known.provisional) == (off, worked, False)
    assert all(day.weekday() >= 5 for day in known.work)
    assert not known.off & known.work


def test_a_weekend_is_worked_when_a_holiday_was_joined_to_it() -> None:
    assert is_working_day(date(2026, 2, 14), "CN"), "the Saturday before the Spring Festival"
    assert not is_working_day(date(2026, 2, 23), "CN"), "the Monday at its end"
    assert not is_working_day(date(2026, 2, 14), "US")
    assert [day for day in range(1, 12) if is_working_day(date(2026, 10, day), "CN")] == [8, 9, 10]


def test_what_no_notice_has_announced_is_provisional() -> None:
    assert not is_provisional(date(2025, 1, 1), date(2026, 12, 31), "CN")
    assert is_provisional(date(2026, 12, 1), date(2027, 1, 1), "CN")
    assert is_provisional(date(2026, 1, 1), date(2026, 1, 2), "EU"), "member states have days of their own"
    assert not is_provisional(date(2026, 1, 1), date(2030, 1, 1), "US")
    assert not is_working_day(date(2027, 2, 8), "CN"), "Spring Festival by the statute"


@pytest.mark.parametrize("year", range(2027, 2036))
def test_the_provisional_years_have_all_thirteen_days_of_the_statute(year: int) -> None:
    """1 + 4 + 1 + 2 + 1 + 1 + 3; fewer only where two festivals fall on one day."""
    known = _year("CN", year)
    assert len(known.off) == 13 - (date(year, 10, 3) in known.off and year in (2028, 2031))
    eve = min(day for day in known.off if day > date(year, 1, 2))
    assert date(year, 1, 20) <= eve <= date(year, 2, 20), "the eve of the first new moon after 20 January"


@pytest.mark.parametrize(
    "day",
    """2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
    2021-12-31 2027-12-31""".split(),  # noqa: SIM905
)
def test_federal_holidays_of_the_united_states(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day), "US")


def test_federal_holidays_are_no_others() -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(day.weekday() < 5 and not is_working_day(day, "US") for day in year) == 11


def test_counting_back_from_a_last_day() -> None:
    friday = date(2026, 12, 11)
    assert working_days_before(friday, 0, "CN") == friday
    assert working_days_before(friday, 5, "CN") == date(2026, 12, 4)
    assert working_days_before(friday + timedelta(days=2), 0, "CN") == friday, "a Sunday is no day to act on"
    assert working_days_before(friday + timedelta(days=2), 5, "CN") == date(2026, 12, 4), "nor does it count"
    assert working_days_before(date(2026, 10, 8), 1, "CN") == date(2026, 9, 30), "over the National Day"
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 8), "CN") == 1
    assert working_days_between(date(2026, 9, 30), date(2026, 9, 30), "CN") == 0


@given(DAYS, st.integers(0, 200), st.sampled_from(MARKETS))
def test_as_many_days_follow_as_were_counted_back(day: date, n: int, market: str) -> None:
    found = working_days_before(day, n, market)
    assert is_working_day(found, market)
    assert working_days_between(found, day, market) == n


@given(DAYS, st.integers(0, 800), st.sampled_from(MARKETS))
def test_counting_is_the_sum_of_its_days(start: date, length: int, market: str) -> None:
    days = [start + timedelta(days=n) for n in range(1, length + 1)]
    assert working_days_between(start, start + timedelta(days=length), market) == sum(is_working_day(day, market) for day in days)


def test_the_ends_of_the_calendar_are_ends() -> None:
    assert working_days_before(date(1, 1, 3), 30, "CN") == date.min
    assert working_days_before(date.max, 0, "US") == date.max
    for market in MARKETS:
        assert isinstance(is_working_day(date.max, market), bool)


def test_no_calendar_is_no_answer() -> None:
    for ask in (lambda: is_working_day(date(2026, 1, 1), "XX"), lambda: working_days_between(date(2026, 1, 2), date(2026, 1, 1), "XX")):
        with pytest.raises(Malformed, match="XX"):
            ask()
    with pytest.raises(ValueError, match="below 0"):
        working_days_before(date(2026, 1, 1), -1, "CN")
