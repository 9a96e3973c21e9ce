"""The two AIs that carry a whole North American coupon. Pure: digits in, whether they hold together.

Each field is a length digit and that many digits more, or of a fixed length; optional fields
begin with their number and come in rising order.

Source: GS1 US, North American Coupon Application Guideline Using GS1 DataBar Expanded Symbols
(AI 8110) and the positive offer file (AI 8112).
"""

from __future__ import annotations

from typing import Final

from traceability.gs1.dates import is_day

_CODES: Final = "012349"
"""Purchase requirement codes."""


class _Broken(ValueError):
    """The digits do not go on as they must."""


class _Tape:
    """Digits, taken from the front."""

    def __init__(self, digits: str) -> None:
        if not (digits.isascii() and digits.isdigit()):
            raise _Broken
        self.rest = digits

    def take(self, count: int, among: str = "") -> str:
        head, self.rest = self.rest[:count], self.rest[count:]
        if len(head) < count or (among and head not in among):
            raise _Broken
        return head

    def counted(self, among: str, more: int = 0) -> str:
        """A length digit out of ``among``, then that many digits and ``more``."""
        return self.take(int(self.take(1, among)) + more)


def is_coupon(text: str) -> bool:
    """Whether ``text`` is the value of an AI 8110."""
    try:
        tape = _Tape(text)
        tape.counted("0123456", 6)  # company prefix of the funder
        tape.take(6)  # offer
        tape.counted("12345")  # what is saved
        _requirement(tape)
        return _options_hold(tape)
    except _Broken:
        return False


def is_positive_offer(text: str) -> bool:
    """Whether ``text`` is the value of an AI 8112."""
    try:
        tape = _Tape(text)
        tape.take(1, "01")  # format
        tape.counted("0123456", 6)  # funder
        tape.take(6)  # offer
        tape.counted("0123456789", 6)  # serial
    except _Broken:
        return False
    return not tape.rest


def _options_hold(tape: _Tape) -> bool:
    last, days = "0", []
    while tape.rest:
        number = tape.take(1)
        if number <= last:
            return False
        last = number
        if number in "34":  # expires, starts
            days.append(tape.take(6))
        else:
            _option(tape, number)
    ends_first = len(days) == 2 and days[0] < days[1]
    return all(is_day(day) for day in days) and not ends_first


def _option(tape: _Tape, number: str) -> None:
    if number in "12":  # a second and a third purchase, with its company prefix or 9 for the first one's
        if number == "1":
            tape.take(1, "0123")
        _requirement(tape)
        length = tape.take(1, "01234569")
        if length != "9":
            tape.take(int(length) + 6)
    elif number == "5":
        tape.counted("0123456789", 6)  # serial
    elif number == "6":
        tape.counted("1234567", 6)  # retailer
    elif number == "9":
        tape.take(1, "01256")  # save value code
        tape.take(1, "012")  # which item it applies to
        tape.take(1)  # a store's own coupon
        tape.take(1, "01")  # not to be multiplied
    else:
        raise _Broken


def _requirement(tape: _Tape) -> None:
    tape.counted("12345")
    tape.take(1, _CODES)
    tape.take(3)  # family
