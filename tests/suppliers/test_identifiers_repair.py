"""Repairs and hints: proposed, never applied, and never a verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.identifiers import FLAGS, RULES, flags, province, region, repairs
from suppliers.identifiers.repair import LOOK_ALIKE
from tests.suppliers.test_identifiers import published

REAL = "91310112087994932F"


def test_looking_alike_goes_both_ways() -> None:
    assert all(each in LOOK_ALIKE[other] for each, others in LOOK_ALIKE.items() for other in others)


def test_one_misread_character_is_put_right() -> None:
    assert repairs("uscc", "9131O112087994932F") == [REAL]
    assert repairs("uscc", "9l310112087994932F") == [REAL]
    assert repairs("sc", "SC 1I532139200465") == ["SC11532139200465"]
    assert "4063061826466" in repairs("gln", "40630618Z6466")


def test_what_holds_or_cannot_be_checked_is_left_alone() -> None:
    assert repairs("uscc", REAL) == []
    assert repairs("cma", "19000000000") == repairs("nothing", "1") == repairs("uscc", "B" * 10_000) == []


def test_a_code_issued_with_a_wrong_last_character_is_not_mended_into_anothers() -> None:
    """9B fails only outside: no look-alike of B is 9, and what would hold is another number."""
    assert "91350203M0001QAY99" not in repairs("uscc", "91350203M0001QAY9B")


def test_nearly_every_misread_code_has_one_repair_only_and_it_is_the_right_one() -> None:
    tried = right = 0
    for number in published("uscc"):
        for place, each in enumerate(number):
            for other in LOOK_ALIKE.get(each, ""):
                found = repairs("uscc", number[:place] + other + number[place + 1 :])
                tried += 1
                right += found == [number]
                assert number in found
    assert tried > 2_000
    assert right / tried > 0.97, f"{right} of {tried}"


@given(st.sampled_from(sorted(RULES)), st.text("0123456789ABCDEFOIlSZ长", max_size=22))
def test_every_repair_holds_and_differs_in_one_place(kind: str, text: str) -> None:
    for found in repairs(kind, text):
        assert RULES[kind](found) is None


def test_regions_are_told_and_never_judged() -> None:
    assert flags("sc", "11834020305037") == ()
    assert flags("sc", "11333019700024") == ("region.unlisted",)
    assert RULES["sc"]("11333019700024") is None
    assert province("sc", "11333019700024") == ("浙江", "Zhejiang")
    assert region("jy", "JY11108071215650") == "110807"
    assert flags("uscc", "91999999087994932F") == ("region.province",)


def test_a_firm_of_the_national_register_has_no_province() -> None:
    assert flags("uscc", "91100000100003962T") == ()


def test_who_gave_a_laboratory_its_approval() -> None:
    assert flags("cma", "190000000001") == ()
    assert flags("cma", "199900000001") == ("issuer.unknown",)


@pytest.mark.parametrize("kind", [*sorted(RULES), "nothing"])
@given(text=st.text())
def test_hints_never_fail(kind: str, text: str) -> None:
    assert set(flags(kind, text)) <= set(FLAGS)
