"""Counters to serials and back."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import ff1
from traceability.seal import ALPHABET, LETTERS, SPACE, letters, new_key, seal, seal_many, unseal, unseal_each, unseal_many

KEY = bytes(range(32))
counters = st.integers(0, SPACE - 1)


@given(counters)
def test_a_serial_gives_back_its_counter_in_either_case(counter: int) -> None:
    serial = seal(KEY, counter)
    assert len(serial) == LETTERS
    assert set(serial) <= set(ALPHABET)
    assert unseal(KEY, serial) == unseal(KEY, serial.lower()) == counter


@given(counters)
def test_the_short_way_is_the_standards_way(counter: int) -> None:
    digits = [(counter >> shift) & 31 for shift in range(55, -1, -5)]
    assert seal(KEY, counter) == "".join(ALPHABET[digit] for digit in ff1.encrypt(KEY, 32, b"", digits))


@pytest.mark.parametrize("first", [0, 2**30 - 3, 65_530, SPACE - 70_000])
def test_many_at_once_are_the_same_as_one_by_one(first: int) -> None:
    many = seal_many(KEY, first, 70_000)
    assert len(set(many)) == 70_000
    for place in (0, 1, 5, 65_535, 65_536, 69_999):
        assert many[place] == seal(KEY, first + place)


def test_none_at_all_are_none() -> None:
    assert seal_many(KEY, 5, 0) == []


@given(st.integers(0, SPACE - 5000), st.integers(0, 5000))
def test_fields_of_letters_give_back_their_counters_in_either_case(first: int, count: int) -> None:
    fields = letters(KEY, first, count)
    assert fields.shape == (count, LETTERS)
    lower = np.where(fields > ord("9"), fields | 0x20, fields).astype(np.uint8)
    for given_fields in (fields, lower):
        assert unseal_many(KEY, given_fields).tolist() == list(range(first, first + count))


@given(st.lists(st.binary(min_size=LETTERS, max_size=LETTERS) | st.text(ALPHABET, min_size=LETTERS, max_size=LETTERS).map(str.encode)))
def test_many_fields_mean_what_each_means_alone(fields: list[bytes]) -> None:
    alone = [unseal(KEY, field.decode("latin-1")) for field in fields]
    many = unseal_many(KEY, np.frombuffer(b"".join(fields), dtype=np.uint8).reshape(-1, LETTERS))
    assert many.tolist() == [-1 if counter is None else counter for counter in alone]


def test_fields_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="twelve"):
        unseal_many(KEY, np.zeros((2, 11), dtype=np.uint8))


@pytest.mark.parametrize(
    "text",
    ["", "0" * 11, "0" * 13, "I00000000000", "00000L000000", "O00000000000", "00000000000U", "é00000000000", "ﬀ0000000000", "00000 000000"],
)
def test_what_is_not_twelve_letters_of_the_alphabet_means_nothing(text: str) -> None:
    assert unseal(KEY, text) is None


@given(st.text(ALPHABET, min_size=LETTERS, max_size=LETTERS))
def test_every_twelve_letters_mean_exactly_one_counter(serial: str) -> None:
    counter = unseal(KEY, serial)
    assert counter is not None
    assert seal(KEY, counter) == serial


def test_another_key_gives_other_serials() -> None:
    one, other = new_key(), new_key()
    assert not set(seal_many(one, 0, 1000)) & set(seal_many(other, 0, 1000))


def test_counters_outside_the_space_are_refused() -> None:
    for counter in (-1, SPACE):
        with pytest.raises(ValueError, match="2\\^60"):
            seal(KEY, counter)
    with pytest.raises(ValueError, match="2\\^60"):
        seal_many(KEY, SPACE - 1, 2)


def test_a_scan_pays_little_for_it() -> None:
    serial = seal(KEY, 7)
    best = min(_seconds(serial) for _ in range(20))
    assert best < 500e-6  # about 25 microseconds on an idle core; the bound leaves room for a busy one


def _seconds(serial: str) -> float:
    start = time.perf_counter()
    for _ in range(10):
        unseal(KEY, serial)
    return (time.perf_counter() - start) / 10


@pytest.mark.parametrize("count", [0, 1, 7, 8, 40])
def test_serials_that_come_together_are_opened_as_each_alone(count: int) -> None:
    key = new_key()
    serials = ["", "short", "é" * 12, "I" * 12, *seal_many(key, 7, count)]
    serials[-1:] = [serials[-1].lower()] if count else serials[-1:]
    assert unseal_each(key, serials) == [unseal(key, serial) for serial in serials]
    assert unseal_each(key, serials)[4:] == list(range(7, 7 + count))
