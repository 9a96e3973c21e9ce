"""What is remembered between looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.suspicion import Model, Seen, follow, trail

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
CODES = ["CN-3301", "CN-31", "CN-11", "CN-33", "CN", "JP", "US", "ZZ-LONGE", None, "", "; drop", "一二", "1,2;3"]
looks = st.lists(
    st.tuples(
        st.integers(0, 60 * 24 * 400),
        st.one_of(st.none(), st.integers(0, 1 << 40)),
        st.sampled_from(CODES) | st.integers(1100, 9999).map(lambda n: f"CN-{n}"),
        st.booleans(),
    ),
    min_size=1,
    max_size=80,
)


@given(looks)
def test_it_is_bounded_and_comes_back_as_it_went(drawn: list[tuple[int, int | None, str | None, bool]]) -> None:
    text = None
    for minutes, device, region, unused in drawn:  # in no order at all
        text = follow(Model.DEFAULT, text, Seen(BEGIN + timedelta(minutes=minutes), device, region, unused)).trail
        assert len(text) <= trail.LONGEST
        kept = trail.read(text)
        assert kept is not None
        assert trail.write(kept) == text
    assert 1 <= kept.looks <= len(drawn)


def test_a_known_device_that_looks_again_within_the_hour_leaves_no_trace() -> None:
    first = follow(Model.DEFAULT, None, Seen(BEGIN, 5, "CN-31")).trail
    for minutes, device, region, same in (
        (1, 5, "CN-31", True),
        (59, 5, None, True),
        (60, 5, "CN-31", False),
        (1, 6, "CN-31", False),
        (1, 5, "JP", False),
    ):
        assert (follow(Model.DEFAULT, first, Seen(BEGIN + timedelta(minutes=minutes), device, region)).trail == first) is same


@given(st.text(max_size=450) | st.text("0123456789abcdef.;,-", min_size=20, max_size=400))
def test_garbage_starts_afresh(text: str) -> None:
    assert trail.read(text) is None
    seen = Seen(BEGIN, 5, "CN-31")
    assert follow(Model.DEFAULT, text, seen) == follow(Model.DEFAULT, None, seen)


@given(st.integers(0, 30), st.sampled_from(["nan", "inf", "-1", "1e300", "", "x", "99999999999999999999", "-7.5"]))
def test_a_trail_with_one_broken_field_does_not_raise(place: int, instead: str) -> None:
    text = None
    for day, region in enumerate(["CN-31", "CN-11", "CN-4403"]):
        text = follow(Model.DEFAULT, text, Seen(BEGIN + timedelta(days=day), day, region)).trail
    fields = str(text).split(";")
    fields[place % len(fields)] = instead
    followed = follow(Model.DEFAULT, ";".join(fields), Seen(BEGIN + timedelta(days=4), 9, "CN-5101"))
    assert -1e6 < followed.log_odds < 1e6
    assert trail.read(followed.trail) is not None


@pytest.mark.parametrize("text", [None, "", "1", "2;" + "0;" * 24, "1;" + "0;" * 500])
def test_nothing_and_other_forms_are_no_trail(text: str | None) -> None:
    assert trail.read(text) is None
