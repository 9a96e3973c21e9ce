"""A stream's curve: what is said of it, and where its line, limits and silences stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.pages import curve
from app.pages.curve import EDGE, HIGH, ROWS, WIDE
from app.words import WORDS
from monitoring.conditions import Condition, Point

SINCE = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _condition(values: list[float | None], **more: object) -> Condition:
    """One value a minute; None is a minute without a reading."""
    known = [value for value in values if value is not None]
    points = tuple(Point(SINCE + timedelta(minutes=at), value, value, value, 60) for at, value in enumerate(values) if value is not None)
    low, high = more.get("low", 72.0), more.get("high")
    kept = [(low is None or value >= low) and (high is None or value <= high) for value in known]
    told = Condition("t", "温度", "Temperature", "Cel", True, 72.0, None, SINCE, SINCE + timedelta(minutes=len(values)), 60.0)
    told = replace(told, points=points, readings=60 * len(known), minimum=min(known, default=None), maximum=max(known, default=None))
    told = replace(told, mean=sum(known) / len(known) if known else None, inside_share=sum(kept) / len(kept) if kept else None)
    return replace(told, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "code", "tone"),
    [
        (_condition([72.1, 72.9]), "condition.inside.low", "good"),
        (_condition([3.0, 4.0], low=None, high=7.0), "condition.inside.high", "good"),
        (_condition([170.0, 190.0], low=165.0, high=195.0), "condition.inside.both", "good"),
        (_condition([72.1, 72.9], silent_seconds=90.0), "condition.partly.low", "good"),
        (_condition([72.1, 71.0]), "condition.outside.low", "look"),
        (_condition([]), "condition.silent", "quiet"),
    ],
)
def test_the_finding_says_which_limit_was_kept_broken_or_not_seen(condition: Condition, code: str, tone: str) -> None:
    found = curve.finding(condition)
    assert (found.code, found.tone) == (code, tone)
    assert code in WORDS


def test_no_number_is_rounded_towards_its_limit() -> None:
    found = curve.finding(_condition([71.999] + [72.96] * 2999))
    assert (found.values["minimum"], found.values["maximum"], found.values["low"]) == ("71.9", "73.0", "72.0")
    assert found.values["share"] == "99.9"  # 99.97 % is not all of it
    fine = curve.finding(_condition([72.06, 72.08], low=72.05))
    assert (fine.code, fine.values["minimum"], fine.values["low"]) == ("condition.inside.low", "72.06", "72.05")


def test_a_value_just_on_a_decimal_stays_there() -> None:
    assert curve.finding(_condition([72.1, 72.3])).values["minimum"] == "72.1"
    assert curve.finding(_condition([72.1, 72.3])).values["maximum"] == "72.3"


def test_the_line_breaks_where_nothing_was_read() -> None:
    drawn = curve.picture(
        _condition([72.5, 72.6, None, None, 72.7, 72.8], gaps=((SINCE + timedelta(minutes=2), SINCE + timedelta(minutes=4)),))
    )
    assert drawn is not None
    assert [len(line.split()) for line in drawn.lines] == [2, 2]
    assert [len(band.split()) for band in drawn.bands] == [4, 4]
    assert drawn.silences == ((200.0, 200.0),)


def test_everything_lies_inside_of_the_drawing_and_the_limit_below_what_keeps_to_it() -> None:
    drawn = curve.picture(_condition([72.1, 75.0, 72.4]))
    assert drawn is not None
    spots = [tuple(map(float, spot.split(","))) for band in drawn.bands for spot in band.split()]
    assert all(0 <= x <= WIDE and EDGE <= y <= HIGH - EDGE for x, y in spots)
    ((height, text, side),) = drawn.limits
    assert (text, side) == ("72.0", "low")
    assert height >= max(y for _, y in spots)


def test_a_flat_line_on_its_limit_and_a_window_of_no_length_can_be_drawn() -> None:
    flat = _condition([72.0])
    assert curve.picture(flat) is not None
    assert curve.picture(replace(flat, until=flat.since)) is not None
    assert curve.picture(_condition([])) is None


def test_the_table_is_short_weighs_its_means_and_loses_no_extreme() -> None:
    values: list[float | None] = [72.5] * 60
    values[31] = 70.0
    rows = curve.rows(_condition(values), lambda at: at.strftime("%H:%M"))
    assert len(rows) <= ROWS
    assert rows[0].clock == "12:00"
    assert min(float(row.low) for row in rows) == 70.0
    pairs = tuple(Point(SINCE, value, value, value, count) for value, count in ((72.0, 1), (74.0, 3)) * ROWS)
    assert {row.mean for row in curve.rows(replace(_condition([72.5]), points=pairs), str)} == {"73.5"}
    assert curve.rows(_condition([]), str) == []
