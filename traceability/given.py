"""What a caller gave of quantities and moments, made fit to keep. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from kernel import given

MOST: Final = Decimal(10) ** 12
UOM: Final = re.compile(r"[A-Z0-9]{2,3}")


class Given(given.Given):
    """With the words of this trade: amounts, units, moments."""

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


def can_stand(text: str) -> bool:
    """Whether a text of a database can be this: none holds U+0000 or half a surrogate pair, and PostgreSQL fails on both."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)
