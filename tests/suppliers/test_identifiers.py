"""Check characters: against published numbers, and against every mistyped one."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.identifiers import (
    USCC_ALPHABET,
    jy_flaw,
    mod_11_10,
    organisation_check_character,
    sc_flaw,
    uscc_check_character,
    uscc_flaw,
)
from tests.conftest import shared_data

FLAWS = {"uscc": uscc_flaw, "sc": sc_flaw, "jy": jy_flaw}
REAL = "91310112087994932F"


@pytest.mark.parametrize("kind", sorted(FLAWS))
def test_published_numbers_are_told_right(kind: str) -> None:
    with (shared_data("certificates") / "identifiers" / "identifiers.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["kind"] == kind]
    assert rows
    wrong = [row["value"] for row in rows if (FLAWS[kind](row["value"]) is None) != (row["expected"] == "valid")]
    assert wrong == []


def test_a_code_issued_with_a_wrong_last_character_is_a_case_for_a_person() -> None:
    assert uscc_flaw("91350203M0001QAY9B") == "outer"
    assert uscc_flaw("91310000MA1FK8R90J") == "organisation"


def test_the_worked_example_of_the_standard_holds() -> None:
    assert uscc_check_character("91350100M000100Y4") == "3"


def test_width_case_and_spaces_do_not_matter() -> None:
    assert uscc_flaw(" ９１310112 087994932f ") is None
    assert sc_flaw("sc 1153 2139 2004 65") is None
    assert sc_flaw("11532139200465") is None


def test_old_numbers_and_unknown_categories_are_named() -> None:
    assert sc_flaw("QS440524010025") == "old"
    assert sc_flaw("19932139200465") == "category"
    assert sc_flaw("SC1153213920046") == "shape"
    assert jy_flaw("JY43301080111719") == "shape"


@given(st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_is_always_found(place: int, other: str) -> None:
    mistyped = REAL[:place] + other + REAL[place + 1 :]
    assert (uscc_flaw(mistyped) is None) == (mistyped == REAL)


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_mod_11_10_finds_every_single_wrong_digit(body: str, place: int, shift: int) -> None:
    number = body + str(mod_11_10(body))
    mistyped = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert mod_11_10(mistyped[:13]) != int(mistyped[13])


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8))
def test_a_made_code_holds(organisation: str) -> None:
    inner = organisation + organisation_check_character(organisation)
    first = "91999999" + inner
    assert uscc_flaw(first + uscc_check_character(first)) is None


@given(st.text())
def test_no_text_breaks_the_rules(text: str) -> None:
    for rule in FLAWS.values():
        assert rule(text) in (None, "shape", "organisation", "outer", "old", "category", "check")
