"""What the checks found on a paper, in words: used by the desk and by the portal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _

from app.pages.look import amount, day, moment, tell
from app.words import known, say
from suppliers.checks import CHECKS

DATES: Final = ("from", "until", "signed_at", "issued_on", "asked_on", "created", "modified")
CODES: Final = ("why", "trouble")
"""Values that are codes of the dictionary themselves."""
LIKE: Final = {"differs": "evidence.fields", "register": "register"}
"""Values whose words stand under another head than ``evidence.<name>``."""
PLACES: Final = {name: place for place, name in enumerate(CHECKS)}


@dataclass(frozen=True)
class Found:
    """``name`` and ``result`` are codes; ``sentence`` and ``evidence`` (label, value) are for reading. ``final``: no two persons
    may let it pass."""

    name: str
    result: str
    because: str
    sentence: str
    evidence: list[tuple[str, str]]
    final: bool = False


def found(outcomes: Iterable[Any]) -> list[Found]:
    """One for each outcome, in the order in which a person reads the checks."""
    return [
        Found(
            each.name,
            each.result,
            each.because,
            tell(each.because, _spoken(each.evidence)),
            _evidence(each.evidence),
            bool(getattr(each, "final", False)),
        )
        for each in sorted(outcomes, key=lambda each: PLACES.get(each.name, len(PLACES)))
    ]


def because(codes: Iterable[str], said: Iterable[Found]) -> list[str]:
    """Why a paper stands as it does: a check's own sentence where one said so, else the word alone."""
    sentences = {each.because: each.sentence for each in said}
    return [sentences.get(code) or plainly(code) for code in codes]


def plainly(code: str) -> str:
    """A code in words when its values are not known: a sentence with gaps gives way to the name of the check."""
    text = say(code)
    if "{" not in text:
        return text
    bare, parts = f"{code}.bare", code.split(".")
    return say(bare) if known(bare) and "{" not in say(bare) else say(".".join(parts[:2]))


def _evidence(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each, without what is not there. Words that differ stand one by one, both sides of each."""
    values = dict(values)
    told = list(_apart(values))
    if told:
        values = {name: value for name, value in values.items() if name not in ("fields", "typed", "read")}
    return told + [(say(f"evidence.{key}"), _word(key, value)) for key, value in values.items() if value not in (None, "", [])]


def _apart(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    columns = [values.get(name) for name in ("fields", "typed", "read")]
    if not all(isinstance(column, list) for column in columns):
        return
    for name, typed, read in zip(*columns, strict=False):  # type: ignore[arg-type]
        sides = {"typed": _item("fields", typed, name) or "—", "read": _item("fields", read, name) or "—"}
        yield _item("fields", name), _("填写 %(typed)s，读到 %(read)s", **sides)


def _spoken(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values fit to stand in a sentence: dates as dates, codes and lists of codes in words."""
    return {key: value if _is_plain(value) else _date(value) if key in DATES else _word(key, value) for key, value in values.items()}


def _is_plain(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _date(value: Any) -> Any:
    """Dates travel as text; here they become dates again."""
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def _word(key: str, value: Any) -> str:
    if isinstance(value, list):
        return str(_("、")).join(_item(key, each) for each in value)
    return _item(key, value)


def _item(key: str, value: Any, name: str = "") -> str:
    """One value in words. ``name``: of the word on a paper that it is the value of."""
    value = _date(value) if key in DATES or name in ("valid_from", "valid_until", "issued_on") else value
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float):
        return amount(value)
    if isinstance(value, Mapping):
        return str(_("；")).join(f"{name} {each}" for name, each in value.items())
    code = next((each for each in (f"evidence.{key}.{value}", f"{LIKE.get(key)}.{value}") if known(each)), None)
    if code is None and key in CODES and known(str(value)):
        code = str(value)
    return say(code) if code else str(value)
