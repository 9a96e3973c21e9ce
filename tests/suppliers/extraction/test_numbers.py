from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.extraction import numbers
from suppliers.identifiers import USCC_ALPHABET, mod_11_10, organisation_check_character, sc_flaw, uscc_check_character

HOLDS = "91350100M000100Y43"
"""The worked example of GB 32100-2015."""


def test_found_anywhere_with_their_flaw() -> None:
    found = numbers.numbers(f"许可证 SC10599999900216，代码{HOLDS} CMA 250099990001 CNAS L1234")
    assert [(one.kind, one.value, one.flaw) for one in found] == [
        ("sc", "SC10599999900216", "check"),
        ("uscc", HOLDS, None),
        ("cma", "250099990001", None),
        ("cnas", "L1234", None),
    ]


@pytest.mark.parametrize("text", ["GB 2763-2021", "联系电话 13800000000", "2025年04月28日", "SC105"])
def test_what_is_no_number(text: str) -> None:
    assert numbers.numbers(text) == []


@pytest.mark.parametrize(
    ("kind", "read", "meant"),
    [
        ("uscc", "9135O100M000100Y43", HOLDS),
        ("uscc", "91350100MO00100Y43", HOLDS),
        ("sc", "SC1O599999900213", "SC10599999900213"),
        ("jy", "JY1330108O111719", "JY13301080111719"),
    ],
)
def test_a_letter_read_for_a_digit_is_proposed_back(kind: str, read: str, meant: str) -> None:
    assert numbers.repair(kind, read) == meant


def test_no_repair_of_what_holds_or_of_what_no_look_alike_mends() -> None:
    assert numbers.repair("uscc", HOLDS) is None
    assert numbers.repair("uscc", "91999999MA0TEKT17A", ["http://x.example/?id=91999999MA0TEKT17N"]) is None


def test_the_symbol_on_the_paper_must_agree() -> None:
    read = "SC1O599999900213"
    assert numbers.repair("sc", read, ["https://x.example/SC10599999900213"]) == "SC10599999900213"
    other = "1059999990022"
    assert numbers.repair("sc", read, [f"SC{other}{mod_11_10(other)}"]) is None


@st.composite
def codes(draw: st.DrawFn) -> str:
    body = draw(st.text(USCC_ALPHABET, min_size=8, max_size=8))
    first = "91" + draw(st.text("0123456789", min_size=6, max_size=6)) + body + organisation_check_character(body)
    return first + uscc_check_character(first)


@given(codes(), st.integers(2, 17), st.sampled_from(["0O", "1I", "2Z", "5S"]))
def test_a_character_that_cannot_be_comes_back(code: str, at: int, pair: str) -> None:
    if code[at] == pair[0] and organisation_check_character(code[8:16]) in USCC_ALPHABET:
        read = code[:at] + pair[1] + code[at + 1 :]
        assert numbers.repair("uscc", read) in (code, None)
        assert numbers.repair("uscc", read, [code]) == code


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 13), st.sampled_from("0123456789"))
def test_a_repair_always_holds(digits: str, at: int, digit: str) -> None:
    body = "1" + digits
    whole = body + str(mod_11_10(body))
    read = "SC" + whole[:at] + digit + whole[at + 1 :]
    repaired = numbers.repair("sc", read)
    assert repaired is None or (sc_flaw(repaired) is None and sum(a != b for a, b in zip(repaired, read, strict=True)) == 1)


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("http://report.example.invalid/q?no=SYJC-2025-001234", "SYJC-2025-001234"),
        ("http://cx.example.invalid/999OP1200001", "999OP1200001"),
        ("https://example.invalid/about", None),
        ("plain words", None),
    ],
)
def test_numbers_in_links(link: str, number: str | None) -> None:
    assert numbers.named_in_link(link) == number
