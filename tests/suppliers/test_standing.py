"""How a paper stands: absence is failure, one person answers for what is open, two for what failed, nobody for what is final."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.given import day_of
from suppliers.checks import CHECKS, required_checks
from suppliers.standing import GOOD, REVOKED, SUSPENDED, TWO_PERSONS, Judgement, Outcome, judge

DAY = date(2026, 11, 22)
NEEDED = frozenset({"content", "holder"})
PASSED = {"content": Outcome("passed", "check.content.clean"), "holder": Outcome("passed", "check.holder.same_code")}
DOUBT = PASSED | {"holder": Outcome("inconclusive", "check.holder.near_name")}
FAILED = PASSED | {"holder": Outcome("failed", "check.holder.other_code")}
FINAL = PASSED | {"content": Outcome("failed", "check.content.active", final=True)}
OUTER = PASSED | {"identifier": Outcome("inconclusive", "check.identifier.outer")}
HOLDER = frozenset({"holder"})
EVERY = frozenset({"content", "holder", "identifier", "status"})


def judged(outcomes: dict[str, Outcome], **more: Any) -> Judgement:
    given: dict[str, Any] = {
        "required": NEEDED,
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2027, 12, 31),
        "decision": None,
        "day": DAY,
    }
    return judge(outcomes, **(given | more))


@pytest.mark.parametrize(
    ("outcomes", "more", "expected"),
    [
        ({}, {}, ("submitted", ["standing.not_checked"])),
        ({}, {"decision": "accept"}, ("submitted", ["standing.not_checked"])),
        ({}, {"decision": "accept", "overrides": EVERY}, ("submitted", ["standing.not_checked"])),
        ({}, {"decision": "reject"}, ("rejected", ["standing.rejected_by_person"])),
        ({"content": PASSED["content"]}, {"decision": "accept"}, ("submitted", ["check.holder.missing"])),
        (PASSED, {}, ("verified", ["standing.all_passed"])),
        (PASSED, {"decision": "accept"}, ("verified", ["standing.accepted_by_person"])),
        (PASSED, {"decision": "reject"}, ("rejected", ["standing.rejected_by_person"])),
        (PASSED, {"overrides": HOLDER}, ("verified", ["standing.all_passed"])),
        (DOUBT, {}, ("needs_person", ["check.holder.near_name"])),
        (DOUBT, {"decision": "accept"}, ("verified", ["standing.accepted_by_person"])),
        (DOUBT, {"decision": "resume"}, ("needs_person", ["check.holder.near_name"])),
        (DOUBT, {"decision": "reject"}, ("rejected", ["standing.rejected_by_person"])),
        (DOUBT, {"overrides": HOLDER}, ("verified", ["standing.accepted_by_two"])),
        (FAILED, {"decision": "accept"}, ("rejected", ["check.holder.other_code"])),
        (FAILED, {"overrides": HOLDER}, ("verified", ["standing.accepted_by_two"])),
        (FAILED, {"overrides": frozenset({"content"})}, ("rejected", ["check.holder.other_code"])),
        (FAILED, {"overrides": HOLDER, "decision": "reject"}, ("rejected", ["standing.rejected_by_person"])),
        (FINAL, {"overrides": EVERY, "decision": "accept"}, ("rejected", ["check.content.active"])),
        (OUTER, {"decision": "accept"}, ("needs_person", ["check.identifier.outer"])),
        (OUTER, {"overrides": frozenset({"identifier"})}, ("verified", ["standing.accepted_by_two"])),
        (PASSED | {"host": Outcome("inconclusive", "check.host.unknown")}, {}, ("verified", ["standing.all_passed"])),
        (PASSED | {"host": Outcome("failed", "check.host.lookalike")}, {}, ("rejected", ["check.host.lookalike"])),
        (PASSED | {"holder": Outcome("?", "check.holder.odd")}, {}, ("needs_person", ["check.holder.odd"])),
        (PASSED, {"superseded": True}, ("superseded", ["standing.superseded"])),
        (DOUBT, {"superseded": True}, ("needs_person", ["check.holder.near_name"])),
        (PASSED, {"superseded": True, "day": date(2028, 1, 1)}, ("superseded", ["standing.superseded"])),
        (PASSED, {"superseded": True, "day": date(2025, 12, 31)}, ("submitted", ["standing.not_yet_valid"])),
        (PASSED, {"decision": "revoke"}, ("revoked", ["standing.revoked_by_person"])),
        (FAILED, {"decision": "revoke", "day": date(2030, 1, 1)}, ("revoked", ["standing.revoked_by_person"])),
        (PASSED, {"decision": "suspend"}, ("suspended", ["standing.suspended_by_person"])),
        (PASSED, {"decision": "resume"}, ("verified", ["standing.all_passed"])),
    ],
)
def test_the_table(outcomes: dict[str, Outcome], more: dict[str, Any], expected: tuple[str, list[str]]) -> None:
    got = judged(outcomes, **more)
    assert (got.standing, got.because) == expected


SITE = PASSED | {"holder": Outcome("inconclusive", "check.site.unknown", evidence="0a")}
SEEN = {name: outcome.key for name, outcome in SITE.items()}


@pytest.mark.parametrize(
    ("outcomes", "accepted", "expected"),
    [
        (SITE, SEEN, ("verified", ["standing.accepted_by_person"])),
        (SITE, None, ("verified", ["standing.accepted_by_person"])),
        (SITE, {}, ("needs_person", ["check.site.unknown"])),
        (SITE | {"holder": Outcome("inconclusive", "check.site.unknown", evidence="0b")}, SEEN, ("needs_person", ["check.site.unknown"])),
        (SITE | {"holder": Outcome("inconclusive", "check.site.unread", evidence="0a")}, SEEN, ("needs_person", ["check.site.unread"])),
        (SITE | {"content": Outcome("inconclusive", "check.content.odd")}, SEEN, ("needs_person", ["check.content.odd"])),
        (SITE | {"host": Outcome("inconclusive", "check.host.unknown")}, SEEN, ("verified", ["standing.accepted_by_person"])),
        (OUTER, {name: outcome.key for name, outcome in OUTER.items()}, ("needs_person", ["check.identifier.outer"])),
        (PASSED, {}, ("verified", ["standing.accepted_by_person"])),
    ],
)
def test_an_acceptance_answers_for_what_was_open_when_it_was_given_and_for_nothing_else(
    outcomes: dict[str, Outcome], accepted: dict[str, str] | None, expected: tuple[str, list[str]]
) -> None:
    got = judged(outcomes, decision="accept", accepted=accepted)
    assert (got.standing, got.because) == expected
    assert judged(outcomes, decision=None, accepted=SEEN).standing == judged(outcomes, decision=None).standing


@pytest.mark.parametrize("decision", [None, "accept", "reject", "suspend", "resume"])
@pytest.mark.parametrize("code", sorted(REVOKED))
def test_what_the_issuer_revoked_no_person_brings_back(code: str, decision: str | None) -> None:
    for others in (PASSED, DOUBT, FAILED, FINAL):
        got = judged(others | {"status": Outcome("failed", code)}, decision=decision, overrides=EVERY)
        assert (got.standing, got.because) == ("revoked", [code])


@pytest.mark.parametrize("code", sorted(SUSPENDED))
def test_what_the_issuer_suspended_no_person_resumes(code: str) -> None:
    for decision in (None, "accept", "reject", "suspend", "resume"):
        got = judged(FAILED | {"status": Outcome("failed", code)}, decision=decision, overrides=EVERY)
        assert (got.standing, got.because) == ("suspended", [code])
    assert judged(PASSED | {"status": Outcome("failed", code)}, decision="revoke").standing == "revoked"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), "submitted"),
        (date(2026, 1, 1), "verified"),
        (date(2027, 11, 30), "verified"),
        (date(2027, 12, 1), "expiring"),
        (date(2027, 12, 31), "expiring"),
        (date(2028, 1, 1), "lapsed"),
    ],
)
def test_the_calendar_moves_a_good_paper(day: date, expected: str) -> None:
    assert judged(PASSED, day=day, soon=date(2027, 12, 1)).standing == expected


def test_not_in_force_yet_says_so() -> None:
    assert judged(PASSED, day=date(2025, 12, 31)).because == ["standing.not_yet_valid"]


def test_without_an_end_or_a_ladder_nothing_expires() -> None:
    assert judged(PASSED, valid_until=None, day=date(2999, 1, 1), soon=date(2027, 1, 1)).standing == "verified"
    assert judged(PASSED, day=date(2027, 12, 31)).standing == "verified"


def test_the_last_day_ends_at_midnight_in_shanghai() -> None:
    assert day_of(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert day_of(datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC)) == date(2027, 1, 1)


CODES = ("check.x", "check.identifier.outer", "check.status.revoked", "check.register.suspended")
DECISIONS = (None, "accept", "reject", "revoke", "suspend", "resume")
OUTCOME = st.builds(Outcome, st.sampled_from(["passed", "failed", "inconclusive"]), st.sampled_from(CODES), st.booleans())
OUTCOMES = st.dictionaries(st.sampled_from(sorted(EVERY)), OUTCOME)
NAMES = st.frozensets(st.sampled_from(sorted(EVERY)))
AROUND = st.fixed_dictionaries(
    {
        "required": NAMES,
        "decision": st.sampled_from(DECISIONS),
        "overrides": NAMES,
        "superseded": st.booleans(),
        "soon": st.none() | st.integers(-400, 400).map(lambda days: DAY + timedelta(days=days)),
        "valid_from": st.integers(-400, 400).map(lambda days: DAY + timedelta(days=days)),
        "valid_until": st.none() | st.integers(-400, 400).map(lambda days: DAY + timedelta(days=days)),
    }
)


@given(OUTCOMES, AROUND)
def test_good_means_that_everything_asked_was_passed_or_answered_for(outcomes: dict[str, Outcome], around: dict[str, Any]) -> None:
    got = judged(outcomes, **around)
    assert got.because
    if got.standing not in (*GOOD, "superseded", "lapsed"):
        return
    assert outcomes
    assert around["required"] <= outcomes.keys()
    assert around["decision"] in (None, "accept", "resume")
    for name, outcome in outcomes.items():
        answered = name in around["overrides"]
        assert outcome.because not in REVOKED | SUSPENDED
        assert outcome.result != "failed" or (answered and not outcome.final)
        if outcome.result == "inconclusive" and not answered:
            assert outcome.because not in TWO_PERSONS
            assert name not in around["required"] or around["decision"] == "accept"
    if got.standing in GOOD:
        assert not around["superseded"]
        assert around["valid_from"] <= DAY <= (around["valid_until"] or date.max)


@given(OUTCOMES, AROUND, st.sampled_from(sorted(EVERY)), st.booleans())
def test_one_failure_more_never_makes_a_paper_good(outcomes: dict[str, Outcome], around: dict[str, Any], name: str, final: bool) -> None:
    worse = outcomes | {name: Outcome("failed", "check.x", final)}
    if judged(worse, **around).standing in GOOD and name not in around["overrides"]:
        pytest.fail("a failure that nobody overrode")
    fewer = around | {"overrides": frozenset()}
    assert judged(worse, **fewer).standing not in GOOD


@given(OUTCOMES, AROUND)
def test_an_answer_less_never_makes_a_paper_good(outcomes: dict[str, Outcome], around: dict[str, Any]) -> None:
    if judged(outcomes, **around).standing not in GOOD:
        for name in around["required"] & outcomes.keys():
            assert judged({each: said for each, said in outcomes.items() if each != name}, **around).standing not in GOOD


def test_every_combination_of_two_checks_and_every_voice() -> None:
    answers = [Outcome(*each) for each in itertools.product(("passed", "failed", "inconclusive"), CODES[:2], (False, True))]
    for one, two, decision, bits in itertools.product(answers, answers, DECISIONS, range(4)):
        overrides = frozenset(name for at, name in enumerate(("content", "holder")) if bits >> at & 1)
        got = judged({"content": one, "holder": two}, decision=decision, overrides=overrides)
        if got.standing in GOOD:
            for name, outcome in (("content", one), ("holder", two)):
                by_two = name in overrides and not (outcome.result == "failed" and outcome.final)
                by_one = outcome.result == "inconclusive" and decision == "accept" and outcome.because not in TWO_PERSONS
                assert outcome.result == "passed" or by_two or by_one


def test_ten_thousand_suppliers_with_five_papers_are_judged_again_in_less_than_two_seconds() -> None:
    outcomes = {name: Outcome("passed", f"check.{name}.good") for name in CHECKS}
    needed, begin, until, soon = required_checks("food_production"), date(2026, 1, 1), date(2027, 12, 31), date(2027, 12, 1)
    started = process_time()
    for _ in range(10_000):
        judge(outcomes, required=needed, valid_from=begin, valid_until=until, decision=None, day=DAY, soon=soon)
    assert process_time() - started < 0.4
