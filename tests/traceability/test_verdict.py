"""What a scan means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.life import STATES
from traceability.verdict import TONES, Known, Reason, decide, tells_nothing

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
    said = decide(replace(GOOD, times_before=1, first_at=first, first_region="杭州"))
    assert said.kind == "seen_before"
    assert said.reasons[0].params == {"times": 2, "first_at": first, "first_region": "杭州"}


def test_many_checks_alone_mean_nothing_and_a_suspicion_asks_to_look_twice() -> None:
    assert decide(replace(GOOD, times_before=500)).kind == "seen_before"
    said = decide(replace(GOOD, times_before=3, suspicions=(Reason("suspect.devices", {"count": 4}),)))
    assert (said.kind, said.tone) == ("look_twice", "look")
    assert [reason.code for reason in said.reasons] == ["reason.look_twice", "suspect.devices"]


@pytest.mark.parametrize(
    ("inner", "opened", "here", "kind", "reason"),
    [
        (False, False, False, "ask_inner", "ask_inner"),
        (False, True, False, "ask_inner", "opened"),
        (False, True, True, "ask_inner", "opened"),
        (True, False, False, "first_check", "opened_first"),
        (True, True, True, "seen_before", "opened_here"),
        (True, True, False, "seen_before", "opened"),
    ],
)
def test_where_there_is_an_inner_code_it_alone_makes_an_item_genuine(inner: bool, opened: bool, here: bool, kind: str, reason: str) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC) if opened else None
    for times in (0, 7):
        said = decide(replace(GOOD, has_inner=True, inner=inner, opened_at=at, opened_here=here, times_before=times))
        assert (said.kind, said.reasons[0].code) == (kind, f"reason.{reason}")


@pytest.mark.parametrize("state", STATES)
def test_only_labels_that_never_were_on_an_item_tell_nothing(state: str) -> None:
    said = decide(replace(GOOD, state=state))
    assert tells_nothing(said, state) is (state in ("invalid", "label_scrapped", "label_sampled"))
    assert tells_nothing(decide(Known(today=DAY)), None)


@pytest.mark.parametrize(("day", "kind"), [(DAY, "first_check"), (date(2026, 11, 20), "expired")])
def test_the_printed_day_itself_is_still_good(day: date, kind: str) -> None:
    assert decide(replace(GOOD, best_before=day)).kind == kind


@pytest.mark.parametrize("lot_state", ["open", "finished"])
def test_goods_that_have_not_left_the_factory_are_not_released(lot_state: str) -> None:
    assert decide(replace(GOOD, lot_state=lot_state)).kind == "not_released"


@pytest.mark.parametrize("state", ["allocated", "encoded"])
def test_a_label_that_is_on_no_item_is_not_released_and_that_is_said(state: str) -> None:
    said = decide(Known(today=DAY, state=state))
    assert (said.kind, [reason.code for reason in said.reasons]) == ("not_released", ["reason.not_released", "reason.not_released.label"])


@pytest.mark.parametrize("reason", ["sold", "opened"])
def test_an_item_in_the_hands_of_whoever_bought_it_is_as_it_should_be(reason: str) -> None:
    assert decide(replace(GOOD, state="inactive", state_reason=reason)).kind == "first_check"


@pytest.mark.parametrize(
    ("state", "reason", "more"),
    [
        ("inactive", "stolen", "stolen"),
        ("inactive", "exported", "exported"),
        ("inactive", "lost", "lost"),
        ("inactive", "other", None),
        ("sampled", "quality", "sampled"),
        ("destroyed", "expired", "destroyed"),
        ("invalid", "returned", "label"),
        ("label_scrapped", "torn", "label"),
        ("label_sampled", "retained", "label"),
    ],
)
def test_what_should_be_nowhere_is_void_and_why_is_said_where_it_helps(state: str, reason: str, more: str | None) -> None:
    said = decide(replace(GOOD, state=state, state_reason=reason))
    assert (said.kind, said.tone) == ("void", "stop")
    assert [each.code for each in said.reasons] == ["reason.void", *([f"reason.void.{more}"] if more else [])]


def test_every_state_of_life_has_its_verdict() -> None:
    kinds = {state: decide(replace(GOOD, state=state)).kind for state in STATES}
    assert {state for state, kind in kinds.items() if kind == "first_check"} == {"commissioned", "released"}
    assert {state for state, kind in kinds.items() if kind == "not_released"} == {"allocated", "encoded"}
    assert set(kinds.values()) == {"first_check", "not_released", "void"}


def test_gravity_decides_and_everything_that_speaks_against_the_item_is_said() -> None:
    known = replace(GOOD, lot_state="finished", best_before=date(2020, 1, 1), suspicions=(Reason("suspect.tempo"),))
    rest = ["not_released", "expired", "look_twice"]
    for standing, state, grave in (
        ("recalled", "destroyed", ["recalled", "void", "void.destroyed"]),
        ("held", "inactive", ["void", "on_hold"]),
        ("held", "commissioned", ["on_hold"]),
        ("clear", "commissioned", []),
    ):
        said = decide(replace(known, standing=standing, state=state))
        assert [reason.code for reason in said.reasons] == [*(f"reason.{kind}" for kind in grave + rest), "suspect.tempo"]
        assert said.kind == (grave + rest)[0]


@given(
    st.builds(
        Known,
        today=st.just(DAY),
        state=st.sampled_from(STATES),
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
