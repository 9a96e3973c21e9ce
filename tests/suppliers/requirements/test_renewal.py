"""Renewal ladders: the statutory days, and the reminders before them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.requirements import KINDS, MARKETS, Malformed, ladder, soon, working_days_between
from suppliers.requirements.renewal import months_before

END = date(2026, 12, 31)


def due(kind: str, end: date, name: str) -> date:
    return next(step.due for step in ladder(kind, end, "CN") if step.name == name)


def test_a_production_licence_is_renewed_thirty_working_days_before_its_end() -> None:
    apply_by = due("food_production", END, "apply_by")
    assert apply_by == date(2026, 11, 19)
    assert working_days_between(apply_by, END, "CN") == 30
    assert working_days_between(apply_by + timedelta(days=1), END, "CN") == 29, "a day later is too late"
    assert due("additive_production", END, "apply_by") == apply_by


def test_holidays_move_the_day() -> None:
    """30 working days before 31 October 2026: 25–27 September and 1–7 October are off, 20 September and 10 October worked."""
    assert due("food_production", date(2026, 10, 31), "apply_by") == date(2026, 9, 14)


def test_a_trade_licence_is_renewed_between_ninety_and_fifteen_working_days_before_its_end() -> None:
    opens, closes = due("food_trade", END, "opens"), due("food_trade", END, "closes")
    assert [working_days_between(day, END, "CN") for day in (opens, closes)] == [90, 15]
    assert working_days_between(opens - timedelta(days=1), END, "CN") == 91 or opens.weekday() == 0
    assert [step.name for step in ladder("food_trade", END, "CN") if step.statutory] == ["opens", "closes"]


def test_the_fda_window_is_the_last_quarter_of_an_even_year() -> None:
    steps = {step.name: step.due for step in ladder("us_facility_registration", END, "US")}
    assert (steps["opens"], steps["expires"]) == (date(2026, 10, 1), END)


def test_months_end_where_months_end() -> None:
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2024, 5, 31), 3) == date(2024, 2, 29)
    assert months_before(date(2026, 3, 15), 6) == date(2025, 9, 15)
    assert months_before(date(1, 3, 1), 6) == date.min


def test_a_paper_counts_as_expiring_from_its_first_step() -> None:
    assert soon("food_production", END, "CN") == due("food_production", END, "early") == date(2026, 10, 9)
    assert soon("inspection_report", END, "CN") == END + timedelta(days=1), "papers of lots do not expire soon"


def test_what_has_no_end_or_no_kind_has_no_ladder() -> None:
    assert ladder("business_licence", None, "CN") == ladder("factory_report", END, "CN") == ladder("letter", END, "CN") == ()
    with pytest.raises(Malformed):
        ladder("food_trade", END, "XX")


def test_days_in_years_without_a_notice_are_provisional() -> None:
    assert not any(step.provisional for step in ladder("food_production", END, "CN"))
    later = ladder("food_production", date(2029, 12, 31), "CN")
    assert {step.name for step in later if not step.provisional} == {"expires"}


@given(st.sampled_from(sorted(KINDS)), st.dates(date(1, 1, 1), date.max), st.sampled_from(MARKETS))
def test_steps_go_up_to_the_last_day_and_never_beyond(kind: str, end: date, market: str) -> None:
    steps = ladder(kind, end, market)
    days = [step.due for step in steps]
    assert days == sorted(days)
    assert all(day <= end for day in days)
    if steps:
        assert (steps[-1].name, steps[-1].due) == ("expires", end)
        assert soon(kind, end, market) == days[0]
