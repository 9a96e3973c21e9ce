"""Check characters: against published numbers, and against every mistyped one."""

from __future__ import annotations

import csv
import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.identifiers import (
    RULES,
    USCC_ALPHABET,
    gs1_check_digit,
    jy_business,
    jy_flaw,
    mod_11_10,
    mod_97_10,
    organisation_check_character,
    sc_category,
    sc_flaw,
    tidy,
    uscc_check_character,
    uscc_flaw,
    uscc_parts,
)
from tests.conftest import shared_data

REAL = "91310112087994932F"
PUBLISHED = ("ggn", "jy", "lei", "sc", "uscc")


def published(kind: str, expected: str = "valid") -> list[str]:
    with (shared_data("certificates") / "identifiers" / "identifiers.tsv").open(encoding="utf-8") as lines:
        return [row["value"] for row in csv.DictReader(lines, delimiter="\t") if row["kind"] == kind and row["expected"] == expected]


def misread(number: str) -> Iterator[str]:
    """Every text that differs in one digit."""
    for place, each in enumerate(number):
        if each.isdigit():
            yield from (number[:place] + other + number[place + 1 :] for other in string.digits if other != each)


@pytest.mark.parametrize("kind", PUBLISHED)
def test_published_numbers_hold_and_invented_ones_do_not(kind: str) -> None:
    right = published(kind)
    assert right
    assert [number for number in right if RULES[kind](number) is not None] == []
    assert [number for number in published(kind, "invalid") if RULES[kind](number) is None] == []


def test_numbers_issued_with_a_wrong_last_character_are_for_a_person() -> None:
    known = [*published("uscc", "invalid_but_issued"), "91350203M0001QAY9B"]
    assert {uscc_flaw(number) for number in known} == {"outer"} <= set(RULES["uscc"].for_a_person)
    assert uscc_flaw("91310000MA1FK8R90J") == "organisation"


@pytest.mark.parametrize("kind", PUBLISHED)
def test_every_single_wrong_digit_of_every_published_number_is_caught(kind: str) -> None:
    wrong = [text for number in published(kind) for text in misread(number)]
    assert len(wrong) >= 200
    assert [text for text in wrong if RULES[kind](text) is None] == []


@pytest.mark.parametrize(("kind", "share"), [("sc", 0.95), ("jy", 0.85), ("lei", 0.99), ("ggn", 0.7), ("uscc", 0.99)])
def test_most_swaps_of_two_neighbours_are_caught(kind: str, share: float) -> None:
    """MOD 11,10 misses few; the sum of GS1 misses neighbours that differ by five."""
    swapped = [
        number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        for number in published(kind)
        for place in range(len(number) - 1)
        if number[place] != number[place + 1]
    ]
    caught = sum(RULES[kind](text) is not None for text in swapped)
    assert caught >= share * len(swapped), f"{caught} of {len(swapped)}"


@pytest.mark.parametrize("kind", sorted(RULES))
def test_every_rule_takes_its_own_example_as_it_is_printed(kind: str) -> None:
    rule = RULES[kind]
    full_width = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in rule.example)
    assert [rule(text) for text in (rule.example, rule.example.lower(), f" {rule.example} ", full_width)] == [None] * 4
    assert rule("") == rule("-") == rule("长期") == "shape"
    assert set(rule.for_a_person) <= set(rule.flaws)


@pytest.mark.parametrize("kind", sorted(kind for kind, rule in RULES.items() if rule.checked))
def test_every_rule_with_check_characters_finds_every_wrong_digit_of_its_example(kind: str) -> None:
    plain = tidy(RULES[kind].example)
    assert [text for text in misread(plain) if RULES[kind](text) is None] == []


@pytest.mark.parametrize("kind", sorted(RULES))
@given(text=st.one_of(st.text(), st.text("0123456789ABCDEFGXK. ٣二²", min_size=8, max_size=24)))
def test_no_text_breaks_a_rule(kind: str, text: str) -> None:
    assert RULES[kind](text) in (None, *RULES[kind].flaws)


def test_digits_of_other_scripts_are_not_digits() -> None:
    assert jy_flaw("1330108011171٩") == sc_flaw("1153213920046๕") == RULES["gln"]("406306182646६") == "shape"


def test_the_worked_example_of_the_standard_holds() -> None:
    assert uscc_check_character("91350100M000100Y4") == "3"


def test_width_case_and_spaces_do_not_matter() -> None:
    assert uscc_flaw(" ９１３１０112 087994932f ") is None
    assert uscc_flaw("9131\u200b0112087994932F") is None
    assert sc_flaw("sc 1153 2139 2004 65") is None
    assert sc_flaw("11532139200465") is None
    assert RULES["ggn"]("GGN 4063061826466") is None


def test_old_numbers_and_unknown_categories_are_named() -> None:
    assert sc_flaw("QS440524010025") == "old"
    assert sc_flaw("19932139200465") == "category"
    assert sc_flaw("SC1153213920046") == "shape"
    assert jy_flaw("JY43301080111719") == "shape"


def test_a_licence_number_says_what_its_holder_makes_and_does() -> None:
    assert sc_category("SC11532139200465") == "115"
    assert sc_category("SC11532139200466") is None
    assert jy_business("JY13301080111719") == "sale"
    assert jy_business("JY23506230105266") == "catering"
    assert jy_business("JY2350623010526") is None


def test_a_unified_code_says_what_its_bearer_is() -> None:
    parts = uscc_parts("121200004013590816")
    assert parts is not None
    assert (parts.authority, parts.sort, parts.region, parts.organisation) == ("1", "public_institution", "120000", "401359081")
    assert uscc_parts("92310112087994932F") is not None, "the parts are told even when the checks do not hold"
    assert uscc_parts("9131") is None


def test_check_digits_of_a_legal_entity_run_from_02_to_98() -> None:
    body = next(f"{n:018}" for n in range(10_000) if mod_97_10(f"{n:018}") == "02")
    assert RULES["lei"](f"{body}02") is None
    assert RULES["lei"](f"{body}99") == "check", "99 has the same remainder as 02"


@pytest.mark.parametrize(
    "number", ["DE 136,695 976", "ATU13585627", "EL 094259216", "CHE-116.281.710 MWST", "GB 980 7806 84", "NL4495445B01"]
)
def test_vat_numbers_of_many_countries_hold(number: str) -> None:
    assert RULES["vat"](number) is None


def test_vat_numbers_that_do_not_hold_say_why() -> None:
    assert RULES["vat"]("DE136695978") == "check"
    assert RULES["vat"]("QQ136695978") == "country"
    assert RULES["vat"]("136695976") == "shape"


@given(st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_is_always_found(place: int, other: str) -> None:
    mistyped = REAL[:place] + other + REAL[place + 1 :]
    assert (uscc_flaw(mistyped) is None) == (mistyped == REAL)


@given(st.text(string.digits, min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_mod_11_10_finds_every_single_wrong_digit(body: str, place: int, shift: int) -> None:
    number = body + str(mod_11_10(body))
    mistyped = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert mod_11_10(mistyped[:13]) != int(mistyped[13])


@given(st.text(USCC_ALPHABET, min_size=8, max_size=8))
def test_a_made_code_holds(organisation: str) -> None:
    first = "91999999" + organisation + organisation_check_character(organisation)
    assert uscc_flaw(first + uscc_check_character(first)) is None


@given(st.text(string.digits, min_size=12, max_size=12))
def test_a_made_location_number_holds(body: str) -> None:
    assert RULES["gln"](f"{body}{gs1_check_digit(body)}") is None


@given(st.text(string.digits + string.ascii_uppercase, min_size=18, max_size=18))
def test_a_made_legal_entity_identifier_holds(body: str) -> None:
    assert RULES["lei"](body + mod_97_10(body)) is None
