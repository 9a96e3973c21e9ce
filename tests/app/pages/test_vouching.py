"""What a stranger reads of a paper: how it stood then, what became of it, and what was asked, but not what was compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from app.pages.vouching import NOT_CONCERNED, UNTOLD, PaperTold, paper_told
from app.words import WORDS
from suppliers.certificates import Stood
from suppliers.checks import CHECKS
from suppliers.standing import Standing
from tests.app.conftest import Web
from traceability.passport import CheckSeen, Paper

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
SINCE = datetime(2026, 11, 21, 17, tzinfo=UTC)
"""The next day in Shanghai."""


@contextmanager
def _reading(web: Web, language: str = "zh") -> Iterator[None]:
    with web.app.test_request_context("/", headers={"Accept-Language": language}):
        yield


def _paper(*checks: tuple[str, str, str], kind: str = "business_licence", standing: str = "verified", **more: Any) -> Paper:
    seen = tuple(CheckSeen(name, result, because, {"listed": "王小明", "site": "青原路 8 号"}, NOON) for name, result, because in checks)
    return Paper(kind, "91150100MA0N000010", "牧场", "示例局", standing, NOON.date(), None, NOON, None, seen, ("M-1",), **more)


def _stood(then: str, now: str, *, in_force: bool = True) -> PaperTold:
    since = SINCE if then != now else NOON
    return paper_told(_paper(as_of=Stood("c", then, in_force, now, since, None)))


def test_a_paper_is_told_by_result_and_an_unknown_result_counts_as_not_checked(web: Web) -> None:
    paper = _paper(*((name, result, f"check.{name}.x") for name, result in _RESULTS.items()))
    with _reading(web):
        told = paper_told(paper)
    assert [each.name for each in told.passed] == ["dates"]
    assert [each.name for each in told.failed] == ["holder"]
    assert [each.name for each in told.inconclusive] == ["signature", "content"]


_RESULTS = {"dates": "passed", "holder": "failed", "signature": "inconclusive", "content": "odd"}


def test_a_check_is_told_as_its_question_and_never_with_what_it_compared(web: Web) -> None:
    checks = [(name, "passed", f"check.{name}.x") for name in CHECKS]
    for language in ("zh", "en"):
        with _reading(web, language):
            told = paper_told(_paper(*checks, ("status", "passed", "check.status.no_credential")))
        assert "王小明" not in repr(told.passed)
        assert "青原路" not in repr(told.passed)
        assert all(each.sentence for each in told.passed)
        assert {each.name for each in told.passed} == set(CHECKS) - set(UNTOLD)
        assert len(told.passed) == len(CHECKS) - len(UNTOLD), "what does not concern the paper is not told"
    assert all(code.split(".")[1] in CHECKS for code in NOT_CONCERNED)


def test_the_facts_are_those_of_its_kind_with_the_end_of_the_number(web: Web) -> None:
    with _reading(web):
        facts = dict(paper_told(_paper()).facts)
    assert facts["编号末几位"] == "…0010"
    assert facts["有效期"].endswith("长期")
    assert "91150100MA0N000010" not in repr(facts)


@pytest.mark.parametrize(
    ("then", "now", "tone", "sentences"),
    [
        ("verified", "verified", "good", ("有效，已核对", None)),
        ("expiring", "verified", "good", ("有效，已核对", None)),
        ("submitted", "verified", "look", ("还没有核对完", "核对通过")),
        ("verified", "revoked", "good", ("有效，已核对", "起已被撤销")),
        ("verified", "superseded", "good", ("有效，已核对", "由新的一份接替")),
        ("verified", "lapsed", "good", ("有效，已核对", "起已到期")),
        ("revoked", "revoked", "stop", ("这一批生产时：", None)),
    ],
)
def test_it_says_how_it_stood_then_and_what_has_become_of_it(
    web: Web, then: str, now: str, tone: str, sentences: tuple[str, str | None]
) -> None:
    with _reading(web):
        told = _stood(then, now)
    assert told.then is not None
    assert told.then[0] == tone
    assert sentences[0] in told.then[1]
    if sentences[1] is None:
        assert told.since is None
    else:
        assert told.since is not None
        assert sentences[1] in told.since[1]
        assert "22" in told.since[1], "the day in Shanghai"


def test_a_day_outside_of_its_dates_is_told_although_it_stood(web: Web) -> None:
    with _reading(web, "en"):
        told = _stood("verified", "verified", in_force=False)
        assert told.then == ("look", "Outside its dates on the day this lot was begun")
        came = paper_told(_paper(as_of=Stood("c", "verified", True, "verified", None, None)), made=False)
        assert came.then == ("good", "In force and checked when this lot came in")
        assert paper_told(_paper()).then is None


def test_every_standing_has_words_for_what_has_become_of_a_paper() -> None:
    assert [each for each in Standing.__args__ if f"asof.now.{each}" not in WORDS] == []  # type: ignore[attr-defined]
