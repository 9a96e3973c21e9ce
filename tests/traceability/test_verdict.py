"""What a scan means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.verdict import TONES, Known, decide

DAY = date(2026, 11, 21)
GOOD = Known(today=DAY, state="commissioned", lot_state="released", standing="clear", best_before=date(2026, 11, 28))


def test_a_code_that_is_not_ours_is_unknown_and_nothing_more_is_said() -> None:
    said = decide(Known(today=DAY))
    assert said.kind == "unknown"
    assert [reason.code for reason in said.reasons] == ["reason.unknown"]


def test_the_first_check_of_a_good_item() -> None:
    said = decide(GOOD)
    assert (said.kind, said.tone) == ("first_check", "good")


def test_a_second_check_says_when_and_where_the_first_was() -> None:
    first = datetime(2026, 11, 20, tzinfo=UTC)
    said = decide(replace(GOOD, times_before=1, first_at=first, first_place="杭州"))
    assert said.kind == "seen_before"
    assert said.reasons[0].params == {"times": 2, "first_at": first, "first_place": "杭州"}


@pytest.mark.parametrize(("times", "kind"), [(4, "seen_before"), (5, "look_twice")])
def test_many_checks_ask_to_look_twice(times: int, kind: str) -> None:
    assert decide(replace(GOOD, times_before=times)).kind == kind


@pytest.mark.parametrize(("day", "kind"), [(DAY, "first_check"), (date(2026, 11, 20), "expired")])
def test_the_printed_day_itself_is_still_good(day: date, kind: str) -> None:
    assert decide(replace(GOOD, best_before=day)).kind == kind


@pytest.mark.parametrize("lot_state", ["open", "finished"])
def test_goods_that_have_not_left_the_factory_are_not_released(lot_state: str) -> None:
    assert decide(replace(GOOD, lot_state=lot_state)).kind == "not_released"
    assert decide(Known(today=DAY, state="encoded")).kind == "not_released"


def test_gravity_decides_and_everything_that_speaks_against_the_item_is_said() -> None:
    known = replace(GOOD, lot_state="finished", best_before=date(2020, 1, 1), times_before=9)
    rest = ["not_released", "expired", "look_twice"]
    for standing, state, grave in (
        ("recalled", "void", ["recalled", "void"]),
        ("held", "void", ["void", "on_hold"]),
        ("held", "commissioned", ["on_hold"]),
        ("clear", "commissioned", []),
    ):
        said = decide(replace(known, standing=standing, state=state))
        assert [reason.code for reason in said.reasons] == [f"reason.{kind}" for kind in grave + rest]
        assert said.kind == (grave + rest)[0]


@given(
    st.builds(
        Known,
        today=st.just(DAY),
        state=st.sampled_from(["encoded", "commissioned", "void"]),
        lot_state=st.sampled_from([None, "open", "finished", "released"]),
        standing=st.sampled_from([None, "clear", "held", "recalled"]),
        best_before=st.none() | st.dates(),
        times_before=st.integers(0, 9),
    )
)
def test_a_recall_or_a_hold_is_never_hidden(known: Known) -> None:
    said = decide(known)
    assert said.kind in TONES
    if known.standing == "recalled":
        assert said.kind == "recalled"
    if known.standing == "held":
        assert said.tone == "stop"
        assert "reason.on_hold" in [reason.code for reason in said.reasons]
