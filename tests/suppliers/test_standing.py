"""How a paper stands: absence is failure, and nobody talks a failed check away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.given import day_of
from suppliers.standing import GOOD, Outcome, judge

DAY = date(2026, 11, 22)
NEEDED = frozenset({"content", "holder"})
PASSED = {"content": Outcome("passed", "check.content.clean"), "holder": Outcome("passed", "check.holder.same_code")}
DOUBT = PASSED | {"holder": Outcome("inconclusive", "check.holder.near_name")}
FAILED = PASSED | {"holder": Outcome("failed", "check.holder.other_code")}


def standing(outcomes: dict[str, Outcome], **more: Any) -> str:
    given = {"required": NEEDED, "valid_from": date(2026, 1, 1), "valid_until": date(2027, 12, 31), "decision": None, "day": DAY}
    return judge(outcomes, **(given | more)).standing


def test_no_outcome_never_means_fine() -> None:
    assert standing({}) == "unverified"
    assert standing({}, decision="accept") == "unverified"
    assert standing({"content": PASSED["content"]}) == "unverified"


def test_a_doubt_waits_for_a_person_who_may_settle_it() -> None:
    assert standing(DOUBT) == "unverified"
    assert standing(DOUBT, decision="accept") == "accepted"
    assert standing(DOUBT, decision="reject") == "rejected"


def test_a_failed_check_stands_against_every_decision() -> None:
    assert standing(FAILED, decision="accept") == "rejected"
    assert judge(FAILED, required=NEEDED, valid_from=DAY, valid_until=None, decision="accept", day=DAY).because == [
        "check.holder.other_code"
    ]


def test_what_was_not_required_may_stay_open() -> None:
    assert standing(PASSED | {"identifier": Outcome("inconclusive", "check.identifier.no_rule")}) == "accepted"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), "unverified"),
        (date(2026, 1, 1), "accepted"),
        (date(2027, 11, 30), "accepted"),
        (date(2027, 12, 1), "lapsing"),
        (date(2027, 12, 31), "lapsing"),
        (date(2028, 1, 1), "lapsed"),
    ],
)
def test_the_calendar_moves_a_good_paper(day: date, expected: str) -> None:
    assert standing(PASSED, day=day) == expected


def test_a_paper_without_an_end_does_not_lapse() -> None:
    assert standing(PASSED, valid_until=None, day=date(2999, 1, 1)) == "accepted"


def test_revoked_stays() -> None:
    assert standing(PASSED, decision="revoke") == "revoked"
    assert standing(FAILED, decision="revoke", day=date(2030, 1, 1)) == "revoked"


def test_the_last_day_ends_at_midnight_in_shanghai() -> None:
    assert day_of(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert day_of(datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC)) == date(2027, 1, 1)


OUTCOMES = st.dictionaries(
    st.sampled_from(["content", "dates", "holder", "identifier", "signature"]),
    st.builds(Outcome, st.sampled_from(["passed", "failed", "inconclusive"]), st.just("check.x")),
)


@given(OUTCOMES, st.sampled_from([None, "accept", "reject", "revoke"]), st.integers(-400, 400), st.integers(0, 800))
def test_good_means_all_passed_or_a_person_and_never_a_failure(
    outcomes: dict[str, Outcome], decision: str | None, start: int, length: int
) -> None:
    begin = DAY + timedelta(days=start)
    got = judge(outcomes, required=NEEDED, valid_from=begin, valid_until=begin + timedelta(days=length), decision=decision, day=DAY)
    if got.standing in GOOD:
        assert all(outcome.result != "failed" for outcome in outcomes.values())
        assert decision == "accept" or all(outcomes[name].result == "passed" for name in NEEDED)
        assert begin <= DAY <= begin + timedelta(days=length)
    assert got.because
