"""What a caller gave, made fit to keep. Pure.

``Given`` gathers every flaw before it raises, so that a person is told all of them at once.
It knows lengths and characters, no table and no rule of the trade. Markup is left alone: it
is text, and pages escape it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any, Final
from unicodedata import category

from kernel.errors import Invalid, flaw

CHINA: Final = timezone(timedelta(hours=8))
"""Where the days begin that stand on packs and papers."""
YEARS: Final = range(1900, 2200)
"""Of moments that people and machines name: further away no clock of this house goes, and reckoning with time zones would not end well."""
UNSEEN: Final = ("Cc", "Cf", "Cs")
"""Control, format and surrogate characters (Unicode): they let a name look like another."""


def day_of(moment: datetime) -> date:
    """The day of a moment, as told where the goods are made."""
    return moment.astimezone(CHINA).date()


class Given:
    """Call ``text``, ``choice`` … for each value, then ``done``, which raises Invalid if any was wrong."""

    def __init__(self) -> None:
        self.flaws: list[dict[str, Any]] = []

    def wrong(self, pointer: str, rule: str, detail: str, **more: Any) -> None:
        self.flaws.append(flaw(pointer, rule, detail, **more))

    def text(self, pointer: str, value: object, most: int, *, lines: bool = False) -> str:
        """The text without outer blanks: 1 … ``most`` characters, none unseen; line breaks only where allowed."""
        if not isinstance(value, str):
            self.wrong(pointer, "text", "must be text")
            return ""
        text = value.strip()
        if not text:
            self.wrong(pointer, "blank", "must not be blank")
        elif len(text) > most:
            self.wrong(pointer, "length", f"at most {most} characters", most=most)
        elif any(category(c) in UNSEEN and not (lines and c in "\r\n\t") for c in text):
            self.wrong(pointer, "characters", "must not hold control characters")
        return text

    def optional(self, pointer: str, value: object, most: int) -> str | None:
        """As ``text``; nothing and blank are None."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return self.text(pointer, value, most)

    def choice(self, pointer: str, value: object, among: tuple[str, ...]) -> str:
        """``value`` when it is one of ``among``."""
        if not isinstance(value, str) or value not in among:
            self.wrong(pointer, "choice", f"must be one of {', '.join(among)}", among=list(among))
            return ""
        return value

    def done(self) -> None:
        if self.flaws:
            raise Invalid(errors=self.flaws)
