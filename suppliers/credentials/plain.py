"""Plain values out of loose JSON: a text in the reader's language, a thing with a name, never more than fits on a page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from suppliers.credentials.parts import listed

LONGEST: Final = 500
MOST: Final = 50
_INVISIBLE: Final = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_LANGUAGES: Final = ("zh", "en")
_USCC: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)


def text(value: Any) -> str:
    """One line: of a string, a number, a language map, or values with languages, Chinese first, then English; ``""`` for none."""
    if isinstance(value, str):
        return " ".join(_INVISIBLE.sub(" ", value[: 4 * LONGEST]).split())[:LONGEST]
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return text(value["@value"]) if "@value" in value else _of_languages([(str(key), each) for key, each in value.items()])
    if isinstance(value, list):
        tagged = [(str(each.get("@language", "")), each) for each in value[:MOST] if isinstance(each, Mapping) and "@value" in each]
        return _of_languages(tagged) if tagged else text(value[0]) if value else ""
    return ""


def _of_languages(tagged: list[tuple[str, Any]]) -> str:
    """A language map, or nothing when the keys are no languages."""
    if not all(len(tag) <= 12 for tag, _ in tagged):
        return ""
    for wanted in _LANGUAGES:
        for tag, value in tagged:
            if tag.lower().split("-")[0] == wanted and text(value):
                return text(value)
    strings = [value for _, value in tagged if isinstance(value, str | list) or (isinstance(value, Mapping) and "@value" in value)]
    return text(strings[0]) if strings and len(strings) == len(tagged) else ""


def first(source: Any, *names: str) -> Any:
    """The value of the first of ``names`` that is there."""
    if isinstance(source, Mapping):
        for name in names:
            if source.get(name) not in (None, "", [], {}):
                return source[name]
    return None


def things(source: Any, *names: str) -> list[Mapping[str, Any]]:
    """The objects under the first of ``names`` that is there."""
    return [each for each in listed(first(source, *names))[:MOST] if isinstance(each, Mapping)]


def unique(values: Iterable[str]) -> list[str]:
    """Each text once, in order, none empty, not too many."""
    return list(dict.fromkeys(each for each in values if each))[:MOST]


def identified(thing: Any) -> dict[str, str]:
    """``id name registered scheme`` of a party, a product or a place; a bare string is its id."""
    if not isinstance(thing, Mapping):
        return {"id": text(thing), "name": "", "registered": "", "scheme": ""}
    scheme = first(thing, "idScheme", "identifierScheme")
    return {
        "id": text(first(thing, "id", "@id")),
        "name": text(first(thing, "name", "tradingName")),
        "registered": text(first(thing, "registeredId", "identifier", "facilityID", "productID")),
        "scheme": text(first(scheme, "name", "id")) if isinstance(scheme, Mapping) else text(scheme),
    }


def uscc_of(party: Mapping[str, str]) -> str:
    """The unified social credit code among a party's identifiers, by its shape (GB 32100: 18 signs); ``""`` when there is none."""
    for value in (party.get("registered", ""), party.get("id", "").rsplit(":", 1)[-1].rsplit("/", 1)[-1].rsplit("=", 1)[-1]):
        if _USCC.fullmatch(value.upper()):
            return value.upper()
    return ""
