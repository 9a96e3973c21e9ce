"""What checks found, in words: codes in the evidence, dates, and the order in which a person reads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.pages.findings import Found, because, found, plainly
from app.words import WORDS
from suppliers.checks import CHECKS
from tests.app.conftest import Web


def told(web: Web, name: str, because_of: str, evidence: dict[str, Any], lang: str = "zh") -> Found:
    with web.app.test_request_context(f"/?lang={lang}"):
        (one,) = found([SimpleNamespace(name=name, result="failed", because=because_of, evidence=evidence, final=True)])
        return one


def test_codes_in_lists_are_said(web: Web) -> None:
    one = told(web, "provenance", "check.provenance.doubtful", {"signals": ["editor", "saved_again", "not_known_here"], "weight": 3})
    words = dict(one.evidence)
    assert words["迹象"] == "用编辑软件处理过、生成后又保存过、not_known_here"
    assert "editor" not in one.sentence
    english = told(web, "provenance", "check.provenance.doubtful", {"signals": ["editor"]}, "en")
    assert english.evidence == [("Signs", "made with an editor")]


def test_words_that_differ_stand_one_by_one_with_both_sides(web: Web) -> None:
    evidence = {"fields": ["number", "valid_until"], "typed": ["SC1", "2027-01-02"], "read": ["SC2", ""]}
    one = told(web, "agreement", "check.agreement.differs", evidence)
    assert one.evidence == [("编号", "填写 SC1，读到 SC2"), ("到期日", "填写 2027年1月2日，读到 —")]
    assert "编号、到期日" in one.sentence


@pytest.mark.parametrize(
    ("evidence", "word"),
    [
        ({"asked_on": "2026-11-22"}, "2026年11月22日"),
        ({"issued_on": "2026-01-02"}, "2026年1月2日"),
        ({"register": "gsxt"}, WORDS["register.gsxt"][0]),
        ({"differs": ["holder_name"]}, "持有人"),
        ({"names_agree": True}, "是"),
        ({"covered": []}, None),
        ({"number": None}, None),
        ({"typed": "x"}, "x"),
        ({"fields": "x", "typed": 3, "read": None}, "x"),
    ],
)
def test_a_value_is_said_as_people_say_it(web: Web, evidence: dict[str, Any], word: str | None) -> None:
    one = told(web, "dates", "check.dates.within", evidence)
    assert [value for _, value in one.evidence][:1] == ([word] if word else [])


def test_the_order_is_that_of_the_checks_and_strangers_come_last(web: Web) -> None:
    names = ["zebra", *reversed(CHECKS)]
    with web.app.test_request_context():
        rows = [SimpleNamespace(name=name, result="passed", because="x", evidence={}) for name in names]
        assert [each.name for each in found(rows)] == [*CHECKS, "zebra"]


def test_a_sentence_whose_values_are_not_known_gives_way_to_the_name_of_its_check(web: Web) -> None:
    with web.app.test_request_context():
        assert "{" not in plainly("check.agreement.differs")
        assert because(["check.agreement.differs", "standing.all_passed"], ()) == [
            WORDS["check.agreement"][0],
            WORDS["standing.all_passed"][0],
        ]
