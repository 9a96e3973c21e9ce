"""What the checks found on a paper, in words: used by the desk and by the portal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app.pages.look import amount, day, moment, tell
from app.words import known, say

DATES = ("from", "until", "signed_at")


@dataclass(frozen=True)
class Found:
    """``name`` and ``result`` are codes; ``sentence`` and ``evidence`` (label, value) are for reading."""

    name: str
    result: str
    because: str
    sentence: str
    evidence: list[tuple[str, str]]


def found(outcomes: Iterable[Any]) -> list[Found]:
    """One for each outcome, in their order."""
    return [
        Found(each.name, each.result, each.because, tell(each.because, _dated(each.evidence)), _evidence(each.evidence))
        for each in outcomes
    ]


def because(codes: Iterable[str], said: Iterable[Found]) -> list[str]:
    """Why a paper stands as it does: a check's own sentence where one said so, else the word alone."""
    sentences = {each.because: each.sentence for each in said}
    return [sentences.get(code) or say(code) for code in codes]


def _evidence(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(say(f"evidence.{key}"), _word(key, value)) for key, value in _dated(values).items() if value not in (None, "")]


def _dated(values: Mapping[str, Any]) -> dict[str, Any]:
    """Dates travel as text; here they become dates again."""
    return {
        key: _date(value) if key in ("from", "until", "signed_at") and isinstance(value, str) else value for key, value in values.items()
    }


def _date(text: str) -> date | datetime | str:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return text


def _word(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float):
        return amount(value)
    if isinstance(value, list):
        return str(_("、")).join(str(each) for each in value)
    return say(f"evidence.{key}.{value}") if known(f"evidence.{key}.{value}") else str(value)
