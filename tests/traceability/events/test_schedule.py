"""Schedules of queries that stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from traceability.events.schedule import Schedule

START = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "comes"),
    [
        ({"hour": "1", "minute": "5"}, "2026-11-22T01:05:00"),
        ({"second": "0,30"}, "2026-11-21T12:00:30"),
        ({"second": "*"}, "2026-11-21T12:00:01"),
        ({"minute": "[10-12]"}, "2026-11-21T12:10:00"),
        ({"hour": "[1-12]"}, "2026-11-22T01:00:00"),
        ({"dayOfWeek": "1"}, "2026-11-23T00:00:00"),
        ({"dayOfWeek": 6, "hour": 12, "minute": 0, "second": 1}, "2026-11-21T12:00:01"),
        ({"dayOfMonth": "31"}, "2026-12-31T00:00:00"),
        ({"dayOfMonth": "29", "month": "2"}, "2028-02-29T00:00:00"),
        ({"dayOfMonth": "29", "month": "2", "dayOfWeek": "7"}, "2032-02-29T00:00:00"),
        ({"month": "1", "hour": "23", "minute": "59", "second": "59"}, "2027-01-01T23:59:59"),
    ],
)
def test_the_next_time(told: dict[str, Any], comes: str) -> None:
    assert Schedule.read(told).next(START) == datetime.fromisoformat(comes + "+00:00")


def test_the_next_time_is_later_and_in_utc_whatever_the_offset() -> None:
    daily = Schedule.read({"hour": "4"})
    at = daily.next(datetime.fromisoformat("2026-11-21T12:00:00+08:00"))
    assert at.isoformat() == "2026-11-22T04:00:00+00:00"


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({}, ""),
        ({"hour": ""}, ""),
        ({"hour": "24"}, "/hour"),
        ({"minute": "60"}, "/minute"),
        ({"dayOfMonth": "0"}, "/dayOfMonth"),
        ({"dayOfWeek": "0"}, "/dayOfWeek"),
        ({"month": "[3-1]"}, "/month"),
        ({"month": "1,"}, "/month"),
        ({"second": "*/5"}, "/second"),
        ({"second": "1-5"}, "/second"),
        ({"second": -1}, "/second"),
        ({"second": True}, "/second"),
        ({"second": ["1"]}, "/second"),
        ({"second": "１"}, "/second"),
        ({"day": "1"}, "/day"),
        ({"dayOfMonth": "[30-31]", "month": "2"}, "/dayOfMonth"),
    ],
)
def test_nonsense_is_refused(told: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        Schedule.read(told)
    assert [error["pointer"] for error in caught.value.errors] == [pointer]


def _text(least: int, most: int) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    span = st.tuples(number, number).map(lambda pair: f"[{min(pair)}-{max(pair)}]")
    return st.lists(number.map(str) | span, min_size=1, max_size=3).map(",".join) | st.just("*")


def _holds(text: str | None, value: int) -> bool:
    if text is None or text == "*":
        return True
    spans = [element.strip("[]").split("-") for element in text.split(",")]
    return any(int(span[0]) <= value <= int(span[-1]) for span in spans)


@given(
    st.fixed_dictionaries({"second": _text(0, 59)}, optional={"minute": _text(0, 59), "hour": st.just("*") | _text(0, 2)}),
    st.datetimes(datetime(2026, 1, 30), datetime(2026, 3, 2)),
)
@settings(max_examples=60)
def test_as_a_watch_that_ticks_each_second(told: dict[str, str], after: datetime) -> None:
    after = after.replace(tzinfo=UTC)
    at = after.replace(microsecond=0) + timedelta(seconds=1)
    while not (_holds(told.get("hour"), at.hour) and _holds(told.get("minute"), at.minute) and _holds(told["second"], at.second)):
        at += timedelta(seconds=1)
    assert Schedule.read(told).next(after) == at


@given(
    st.fixed_dictionaries({}, optional={"dayOfMonth": _text(1, 28), "month": _text(1, 12), "dayOfWeek": _text(1, 7)}).filter(bool),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),
)
@settings(max_examples=60)
def test_as_a_calendar_that_is_leafed_through(told: dict[str, str], after: datetime) -> None:
    at = after.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    fields = {"dayOfMonth": lambda: at.day, "month": lambda: at.month, "dayOfWeek": at.isoweekday}
    while not all(_holds(told.get(name), value()) for name, value in fields.items()):
        at += timedelta(days=1)
        fields["dayOfWeek"] = at.isoweekday
    assert Schedule.read(told).next(after.replace(tzinfo=UTC)) == at.replace(tzinfo=UTC)
