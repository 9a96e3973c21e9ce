"""What a caller gave, made fit to keep. Pure.

``Given`` gathers every flaw before it raises, so that a person is told all of them at once.
It knows lengths and characters, no table and no rule of the trade.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from unicodedata import category

from kernel.errors import Invalid, flaw

CHINA: Final = timezone(timedelta(hours=8))
"""Where the day begins that is printed on a pack."""

MOST: Final = Decimal(10) ** 12
UOM: Final = re.compile(r"[A-Z0-9]{2,3}")


def day_of(moment: datetime) -> date:
    """The day of a moment, as told where the goods are made."""
    return moment.astimezone(CHINA).date()


class Given:
    """Call ``text``, ``amount`` … for each value, then ``done``, which raises Invalid if any was wrong."""

    def __init__(self) -> None:
        self.flaws: list[dict[str, Any]] = []

    def wrong(self, pointer: str, rule: str, detail: str, **more: Any) -> None:
        self.flaws.append(flaw(pointer, rule, detail, **more))

    def text(self, pointer: str, value: object, most: int, *, lines: bool = False) -> str:
        """The text without outer blanks: 1 … ``most`` characters, none of control; line breaks only where allowed."""
        if not isinstance(value, str):
            self.wrong(pointer, "text", "must be text")
            return ""
        text = value.strip()
        if not text:
            self.wrong(pointer, "blank", "must not be blank")
        elif len(text) > most:
            self.wrong(pointer, "length", f"at most {most} characters", most=most)
        elif any(category(c) in ("Cc", "Cf", "Cs") and not (lines and c in "\r\n\t") for c in text):
            self.wrong(pointer, "characters", "must not hold control characters")
        return text

    def amount(self, pointer: str, value: object) -> Decimal:
        """A quantity above zero, with at most six decimals, never through a float."""
        try:
            amount = Decimal(value) if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool) else None
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite():
            self.wrong(pointer, "number", "must be a decimal number")
            return Decimal(0)
        if amount <= 0:
            self.wrong(pointer, "positive", "must be more than zero")
        elif amount >= MOST:
            self.wrong(pointer, "most", f"must be less than {MOST}")
        elif amount != round(amount, 6):
            self.wrong(pointer, "decimals", "at most six decimals")
        return amount

    def uom(self, pointer: str, value: object) -> str:
        """A unit code of UN/ECE Recommendation 20, as EPCIS 2.0 takes it."""
        if not isinstance(value, str) or not UOM.fullmatch(value):
            self.wrong(pointer, "uom", "must be a code of UN/ECE Recommendation 20, such as KGM or H87")
            return ""
        return value

    def moment(self, pointer: str, value: datetime | None, now: datetime) -> datetime:
        """The moment given, or now; it must say its offset and not lie more than a day ahead."""
        if value is None:
            return now
        if value.utcoffset() is None:
            self.wrong(pointer, "offset", "must say its offset from UTC")
            return now
        if value > now + timedelta(days=1):
            self.wrong(pointer, "future", "lies more than a day ahead")
        return value

    def done(self) -> None:
        if self.flaws:
            raise Invalid(errors=self.flaws)
