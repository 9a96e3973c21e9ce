"""Numbers in one written form; nothing of them in errors."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import phones


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "+8613812345678"),
        (" 138 1234 5678 ", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("0086 138-1234-5678", "+8613812345678"),
        ("+852 5123 4567", "+85251234567"),
        ("+49 1512 3456789", "+4915123456789"),
    ],
)
def test_one_number_has_one_form_however_it_is_typed(typed: str, kept: str) -> None:
    assert phones.e164(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "abc", "12345", "010-12345678", "10086", "+86 138 1234 567", "13812345678 ext. 5", "1" * 200, "+", "tel:", None, 5]
)
def test_what_cannot_take_a_message_is_refused_without_repeating_it(typed: object) -> None:
    with pytest.raises(phones.NotAPhone) as caught:
        phones.e164(typed)  # type: ignore[arg-type]
    assert caught.value.__cause__ is None
    assert not any(character.isdigit() for character in str(caught.value) + str(caught.value.errors))


@given(st.sampled_from(["138", "139", "150", "186", "199"]), st.integers(0, 99_999_999))
def test_the_kept_form_reads_as_itself(prefix: str, rest: int) -> None:
    number = phones.e164(f"{prefix}{rest:08d}")
    assert phones.e164(number, region="DE") == number
    assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_a_page_sees_two_digits() -> None:
    assert phones.hint("+8613812345678") == "78"
