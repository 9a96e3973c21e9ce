"""Sentences in the reader's language: dates, numbers and the words of codes, for pages and for machines that ask for words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import format_date, format_datetime, format_decimal, get_locale

from app.words import say


def language() -> str:
    """The reader's language as HTML names it: zh-CN or en."""
    return "en" if str(get_locale()).startswith("en") else "zh-CN"


def moment(at: datetime) -> str:
    """A point in time, exact to the minute, in the house's time zone."""
    return str(format_datetime(at, "yyyy-MM-dd HH:mm"))


def day(on: date | datetime) -> str:
    """A day as one says it: 2026年11月28日, 28 November 2026."""
    if isinstance(on, datetime):
        return str(format_datetime(on, "d MMMM yyyy" if language() == "en" else "y年M月d日"))
    return str(format_date(on, "d MMMM yyyy" if language() == "en" else "y年M月d日", rebase=False))


def tell(code: str, values: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code, its dates and numbers said in the reader's way. A code may have a
    variant ``<code>.bare`` for when one of its values is not known."""
    values = values or {}
    if any(value is None for value in values.values()):
        bare = say(f"{code}.bare", **_spoken(values))
        if bare != f"{code}.bare":
            return bare
    return say(code, **_spoken(values))


def _spoken(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _word(value) for name, value in values.items()}


def _word(value: Any) -> Any:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return f"{day(value)} {format_datetime(value, 'HH:mm')}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal | float):
        return format_decimal(value)
    if isinstance(value, list | tuple):
        return "、".join(str(each) for each in value)
    return value
