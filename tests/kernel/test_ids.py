"""Identifiers: they sort by time, they are 26 plain characters, they do not meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import ALPHABET, LENGTH, first_id, made_at, new_id, next_id

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


@given(MOMENTS)
def test_an_id_is_26_characters_of_crockfords_alphabet(at: datetime) -> None:
    made = new_id(at)
    assert len(made) == LENGTH == 26
    assert set(made) <= set(ALPHABET)
    assert made[0] <= "7"  # 128 bits in 130: a larger first character would be no ULID


@given(MOMENTS, st.integers(1, 10**9))
def test_an_id_of_a_later_millisecond_sorts_after(at: datetime, milliseconds: int) -> None:
    try:
        later = at + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return
    assert new_id(at) < new_id(later)


@given(MOMENTS)
def test_the_first_id_of_a_moment_lies_between_that_and_the_one_before(at: datetime) -> None:
    assert first_id(at) <= new_id(at)
    if at - datetime(1970, 1, 1, tzinfo=UTC) >= timedelta(milliseconds=1):
        assert new_id(at - timedelta(milliseconds=1)) < first_id(at)


def test_ids_of_one_moment_differ() -> None:
    now = datetime.now(UTC)
    assert len({new_id(now) for _ in range(10_000)}) == 10_000


@given(MOMENTS)
def test_the_next_id_sorts_after_and_is_of_the_same_moment(at: datetime) -> None:
    made = [new_id(at)]
    for _ in range(50):
        made.append(next_id(made[-1]))
    assert made == sorted(set(made))
    assert {made_at(each) for each in made} == {made_at(made[0])}
