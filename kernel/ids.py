"""Identifiers that sort by the moment they were made.

128 bits: 48 of milliseconds since 1970 and 80 of chance, written in Crockford's base 32
(26 characters, no I L O U), which is the ULID layout. Two ids of one millisecond collide
with probability n²/2⁸⁰: a million ids in the same millisecond meet with odds of 8·10⁻¹³.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def new_id(at: datetime) -> str:
    """A fresh id; ids of later milliseconds sort after it."""
    return _written(at, secrets.randbits(79))  # the highest bit is room for those that come after


def next_id(after: str) -> str:
    """A fresh id of the same millisecond that sorts after this one: what one unit made stays in the order in which it made it."""
    value = 0
    for letter in after:
        value = value << 5 | ALPHABET.index(letter)
    return _text(value + 1 + secrets.randbits(40))


def first_id(at: datetime) -> str:
    """The least id of that millisecond: ids of earlier ones sort before it."""
    return _written(at, 0)


def made_at(an_id: str) -> datetime:
    """The millisecond in which an id was made. Raises ValueError for a text that is none."""
    if len(an_id) != LENGTH:
        raise ValueError("not an id")
    milliseconds = 0
    for letter in an_id[:10]:
        milliseconds = milliseconds << 5 | ALPHABET.index(letter)
    return EPOCH + milliseconds * MILLISECOND


def _written(at: datetime, chance: int) -> str:
    return _text(((at - EPOCH) // MILLISECOND << 80) | chance)


def _text(value: int) -> str:
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
