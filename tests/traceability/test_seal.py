"""Counters to serials and back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import ff1
from traceability.seal import ALPHABET, LETTERS, SPACE, new_key, seal, seal_many, unseal

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
