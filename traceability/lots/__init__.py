"""Batches: opened on a line, made of other batches, released to the market, and gone bit by bit.

A lot knows what went into it and how it stands; it knows no sensor, no paper and no person.
How it came to be held or recalled is the business of ``holds`` and ``recalls``, which are
built on this room.

making    open, finish, release
leaving   so much of a lot is thrown away, taken as a sample, or sold loose
finding   one lot, many, those on a line; locked
keeping   how a lot is written and what events call it
"""

from traceability.lots.finding import by_code, every, get, locked, made_on, narrowed, several
from traceability.lots.keeping import born_with, keep, must_be_clear, portion, touch
from traceability.lots.leaving import REASONS, discard, must_hold, sell
from traceability.lots.making import PRODUCT_LOT_CODE, finish, inputs_of, open, release
from traceability.lots.troubles import (
    LotCodeTaken,
    LotNotFinished,
    LotNotOpen,
    LotNotReady,
    LotOnHold,
    LotRecalled,
    NotEnoughLeft,
)

__all__ = [
    "PRODUCT_LOT_CODE",
    "REASONS",
    "LotCodeTaken",
    "LotNotFinished",
    "LotNotOpen",
    "LotNotReady",
    "LotOnHold",
    "LotRecalled",
    "NotEnoughLeft",
    "born_with",
    "by_code",
    "discard",
    "every",
    "finish",
    "get",
    "inputs_of",
    "keep",
    "locked",
    "made_on",
    "must_be_clear",
    "must_hold",
    "narrowed",
    "open",
    "portion",
    "release",
    "sell",
    "several",
    "touch",
]
