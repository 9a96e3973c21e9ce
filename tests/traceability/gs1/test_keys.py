"""Keys by themselves: check digits and the key of what is packed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from traceability import gs1


@pytest.mark.parametrize(("body", "digit"), [("0950600013435", 2), ("629104150021", 3), ("9638507", 4), ("37610425002123456", 9), ("", 0)])
def test_the_check_digit_is_that_of_published_examples(body: str, digit: int) -> None:
    assert gs1.check_digit(body) == digit


def test_an_sscc_is_extension_prefix_reference_and_check_digit() -> None:
    assert gs1.sscc(3, "7610425", 2123456) == "376104250021234569"
    assert gs1.sscc(0, "690123456789", 7)[:17] == "06901234567890007"


@given(st.integers(0, 9), st.integers(7, 12), st.data())
def test_every_sscc_that_is_made_is_one(extension: int, length: int, data: st.DataObject) -> None:
    prefix = data.draw(st.text("0123456789", min_size=length, max_size=length))
    reference = data.draw(st.integers(0, 10 ** (16 - length) - 1))
    made = gs1.sscc(extension, prefix, reference)
    assert gs1.is_sscc(made)
    assert made[: 1 + length] == f"{extension}{prefix}"
    assert int(made[1 + length : -1]) == reference


@pytest.mark.parametrize(
    ("extension", "prefix", "reference", "pointer", "rule"),
    [
        (10, "6901234", 1, "/extension", "range"),
        (-1, "6901234", 1, "/extension", "range"),
        (0, "690123", 1, "/prefix", "gs1-prefix"),
        (0, "6901234567890", 1, "/prefix", "gs1-prefix"),
        (0, "690123x", 1, "/prefix", "gs1-prefix"),
        (0, "６９０１２３４", 1, "/prefix", "gs1-prefix"),
        (0, "6901234", 10**9, "/reference", "range"),
        (0, "6901234", -1, "/reference", "range"),
    ],
)
def test_what_makes_no_sscc_is_refused_at_its_place(extension: int, prefix: str, reference: int, pointer: str, rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        gs1.sscc(extension, prefix, reference)
    assert [(flaw["pointer"], flaw["rule"]) for flaw in caught.value.errors] == [(pointer, rule)]


@pytest.mark.parametrize("text", ["", "376104250021234568", "37610425002123456", "3761042500212345699", "²" * 18, "37610425002123456x"])
def test_what_is_no_sscc(text: str) -> None:
    assert not gs1.is_sscc(text)


def test_a_wrong_check_digit_is_told_with_the_right_one() -> None:
    with pytest.raises(Invalid) as caught:
        gs1.gtin14("6901234567899")
    assert caught.value.errors == [
        {"pointer": "/gtin", "rule": "check-digit", "detail": "the last digit of this GTIN should be 2", "expected": 2}
    ]
