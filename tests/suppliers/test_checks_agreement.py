"""Do the typed words say what stands on the paper? What opens something must have been read there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from suppliers.checks import LookupSeen, Paper
from tests.suppliers.specimen import DAY, OWN, PAPER, PDF, READ, REPORT, REPORT_READ, VC, ask, find, unsure, without, words


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"number": "SC11532139200473"}, ("inconclusive", "differs")),
        ({"number": "sc 11532139200465"}, ("passed", "agrees")),
        ({"holder_name": "别的公司"}, ("inconclusive", "differs")),
        ({"valid_until": None}, ("inconclusive", "differs")),
        ({"valid_from": date(2024, 7, 2)}, ("inconclusive", "differs")),
        ({"read": READ | words("valid_until", "2024-06-30")}, ("inconclusive", "differs")),
        ({"read": READ | words("valid_until", "2024-06-30", "document")}, ("failed", "document")),
        ({"read": words("number", "SC11532139200465")}, ("inconclusive", "unread")),
        ({"read": {}, "lookups": (LookupSeen("gsxt", "valid", DAY),)}, ("passed", "register")),
        ({"read": {"number": "no mapping"}}, ("inconclusive", "unread")),
    ],
)
def test_agreement(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert ask("agreement", **changes) == expected


def test_agreement_names_the_field_and_both_values() -> None:
    told = find("agreement", valid_until=date(2030, 1, 1)).evidence
    assert told == {"fields": ["valid_until"], "typed": ["2030-01-01"], "read": ["2029-06-30"]}


@pytest.mark.parametrize(
    ("paper", "changes", "field"),
    [
        (PAPER, {"kind": "gfsi_brcgs"}, "kind"),
        (PAPER, {"scope": "肉制品；乳制品", "read": READ | words("scope", "肉制品")}, "scope"),
        (PAPER, {"scope": "乳制品", "read": READ | words("extra.食品类别", "肉制品")}, "scope"),
        (PAPER, {"products": ("有机牛奶",), "read": READ | words("products", "茶叶")}, "products"),
        (PAPER, {"products": ("茶叶", "有机牛奶"), "read": READ | words("products", "茶叶、红茶")}, "products"),
        (PAPER, {"site": "南山路1号", "read": READ | words("extra.生产地址", "北海路99号")}, "site"),
        (REPORT, {"accreditation": "CMA 250099990009"}, "accreditation"),
        (REPORT, {"issuer_name": "另一家检测有限公司", "reading": PDF}, "issuer_name"),
    ],
)
def test_a_word_typed_beyond_what_stands_on_the_paper(paper: Paper, changes: dict[str, Any], field: str) -> None:
    told = find("agreement", paper, **changes)
    assert (told.result, told.because, told.evidence["fields"]) == ("inconclusive", "check.agreement.differs", [field])
    assert len(told.evidence["typed"]) == len(told.evidence["read"]) == 1
    assert all(told.evidence["read"])


@pytest.mark.parametrize(
    ("paper", "changes"),
    [
        (PAPER, {"scope": "乳制品；肉制品", "read": READ | words("scope", "1.肉 制 品[酱卤肉制品] 2.乳制品[液体乳]")}),
        (PAPER, {"scope": "乳制品", "read": READ | words("scope", "105")}),
        (PAPER, {"products": ("Green Tea",), "read": READ | words("products", "GREEN  TEA; Black tea")}),
        (PAPER, {"site": "南山路1号", "read": READ | words("site", "样本市南山路１号（一层）")}),
        (PAPER, {"site": None, "read": READ | words("site", "样本市南山路1号")}),
        (REPORT, {"issuer_name": "XM Sample Testing"}),
        (REPORT, {"read": REPORT_READ | words("issuer_name", "检验专用章")}),
        (PAPER, {"site": "南山路1号", "read": READ | unsure("site", "北海路99号")}),
        (replace(PAPER, kind="other"), {"read": without(READ, "kind"), "number": "SC11532139200465"}),
    ],
)
def test_words_that_stand_on_the_paper_in_another_dress(paper: Paper, changes: dict[str, Any]) -> None:
    assert ask("agreement", paper, **changes)[0] == "passed"


def test_a_kind_that_nobody_read_is_a_question_and_one_hardly_read_contradicts_nothing() -> None:
    assert find("agreement", read=without(READ, "kind")).evidence == {"fields": ["kind"]}
    assert find("agreement", kind="gfsi_brcgs", read=READ | unsure("kind", "food_production")).because == "check.agreement.unread"
    assert ask("agreement", read=READ | unsure("kind", "food_production")) == ("passed", "agrees")
    vouched = (LookupSeen("gsxt", "valid", DAY),)
    assert ask("agreement", read=without(READ, "kind"), lookups=vouched) == ("passed", "register")
    assert ask("agreement", kind="gfsi_brcgs", lookups=vouched) == ("inconclusive", "differs")


def test_what_a_credential_says_of_itself_is_not_typed_otherwise() -> None:
    said = VC.read | words("products", "生牛乳", "document") | words("site", "一厂", "document")
    assert ask("agreement", VC, read=said, products=("生牛乳",), site="一厂")[0] == "passed"
    assert ask("agreement", VC, read=said, products=("生牛乳", "酸奶")) == ("failed", "document")
    assert ask("agreement", VC, read=said, site="二厂") == ("failed", "document")
    assert ask("agreement", VC, read=said | words("kind", "haccp", "document"))[1] == "differs"
    printed = PAPER.read | words("site", "一厂", "document")
    assert ask("agreement", read=printed, site="二厂") == ("inconclusive", "differs"), "on a page it is only guessed which address is meant"


@pytest.mark.parametrize(
    ("typed", "read", "expected"),
    [
        (("乙20260301",), "甲20260301", "differs"),
        (("乙班",), "见附页", "differs"),
        (("甲班",), "20260301;乙班", "differs"),
        (("1-23",), "12-3", "differs"),
        (("--",), ";", "differs"),
        ((" t－0417 ",), "T-0417", "agrees"),
        (("T–0417",), "T-0417;T-0418", "agrees"),
        (("甲班",), "甲 班", "agrees"),
    ],
)
def test_lots_are_compared_to_the_character(typed: tuple[str, ...], read: str, expected: str) -> None:
    assert ask("agreement", REPORT, lots=typed, read=REPORT_READ | words("lots", read))[1] == expected


@pytest.mark.parametrize(
    ("typed", "read", "expected"),
    [
        ("(2026)沪食检0099", "(2026)京食检0099", "differs"),
        ("(2026)沪食检0099", "（2026） 沪食检 0099", "agrees"),
        ("见附页", "无", "differs"),
        ("1-23", "12-3", "differs"),
    ],
)
def test_a_number_that_nothing_in_it_confirms_is_compared_to_the_character(typed: str, read: str, expected: str) -> None:
    assert ask("agreement", REPORT, number=typed, read=REPORT_READ | words("number", read))[1] == expected


def test_lots_typed_beyond_those_on_the_page() -> None:
    assert ask("agreement", REPORT) == ("passed", "agrees")
    assert ask("agreement", REPORT, lots=("T-0417", "T-0499")) == ("inconclusive", "differs")
    assert ask("agreement", REPORT, read=without(REPORT_READ, "lots")) == ("inconclusive", "unread")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://sc.example/SC11532139200465", "agrees"),
        ("http://sc.example/11532139200465?x=1", "agrees"),
        ("http://sc.example/SC11532139200468", "symbol"),
        ("http://sc.example/SC10599999900213", "symbol"),
        (f"http://gsxt.example/?uniscid={OWN}", "agrees"),
        ("http://sc.example/20240701120000", "agrees"),
        ("WIFI:S:factory;P:12345678;;", "agrees"),
    ],
)
def test_the_number_in_the_symbol(text: str, expected: str) -> None:
    assert ask("agreement", reading=PDF | {"symbols": [{"text": text, "page": 1}]})[1] == expected
