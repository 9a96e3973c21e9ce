"""Moments as credentials write them: xsd:dateTimeStamp (XML Schema 1.1 part 2, 3.4.28), nothing looser. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

_STAMP: Final = re.compile(
    r"(?P<year>[0-9]{4}|[1-9][0-9]{4,8})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,32}))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
END: Final = datetime.max.replace(tzinfo=UTC)


def moment(text: Any) -> datetime | None:
    """The moment, in its own offset; None when it is no dateTimeStamp. Years that no calendar here reaches are the end of it."""
    found = _STAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    hour, minute, second = (int(found[name]) for name in ("hour", "minute", "second"))
    midnight = (hour, minute, second) == (24, 0, 0) and not (found["part"] or "").strip("0")
    far = int(found["year"]) > 9998
    try:
        made = datetime(
            2000 if far else int(found["year"]), int(found["month"]), int(found["day"]), 0 if midnight else hour, minute, second,
            int((found["part"] or "0")[:6].ljust(6, "0")), _zone(found["zone"]),
        )  # fmt: skip
        made += timedelta(days=midnight)
        made.astimezone(UTC)  # the first hours of year 1 have no moment in UTC
    except (ValueError, OverflowError):
        return None
    return END if far else made


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError(text)
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def day_of(text: Any) -> str | None:
    """The ISO date of a date or a moment, as its writer wrote it; None when it is neither."""
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            return None
    found = moment(text)
    return found.date().isoformat() if found else None
