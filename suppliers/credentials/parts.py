"""The small rules that many parts of a credential share: ids, types, texts in a language. Pure."""

from __future__ import annotations

import re
from typing import Any, Final

from suppliers.credentials.urls import is_url

_TEXT_KEYS: Final = frozenset(("@value", "@language", "@direction"))
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)


def flaw(code: str, at: str) -> dict[str, str]:
    """One flaw: ``because`` a ``credential.structure.*`` word, ``at`` a JSON pointer (RFC 6901), shortened."""
    return {"because": f"credential.structure.{code}", "at": at[:200]}


def listed(value: Any) -> list[Any]:
    """One or many, as many; nothing as none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(document: dict[str, Any]) -> list[str]:
    return [each for each in listed(document.get("type")) if isinstance(each, str)]


def check_types(document: dict[str, Any], required: str | None, at: str) -> list[dict[str, str]]:
    """VCDM 2.0 section 4.5: ``type`` is there, holds words, and among them ``required``."""
    types = listed(document.get("type"))
    if not types or not all(isinstance(each, str) and each for each in types):
        return [flaw("type", f"{at}/type")]
    return [flaw("type_required", f"{at}/type")] if required and required not in types else []


def check_id(document: dict[str, Any], at: str, *, required: bool = False) -> list[dict[str, str]]:
    """Section 4.4: if there is an id, it is one URL."""
    if "id" not in document:
        return [flaw("id_missing", f"{at}/id")] if required else []
    return [] if is_url(document["id"]) else [flaw("id", f"{at}/id")]


def check_object_list(document: dict[str, Any], name: str, at: str, *, with_id: bool, with_type: bool) -> list[dict[str, str]]:
    """A property that holds one object or several, each with what it must have."""
    if name not in document:
        return []
    flaws = [] if listed(document[name]) or document[name] == [] else [flaw("object", f"{at}/{name}")]
    for index, each in enumerate(listed(document[name])):
        place = f"{at}/{name}/{index}"
        if not isinstance(each, dict):
            flaws.append(flaw("object", place))
            continue
        flaws += check_id(each, place, required=with_id)
        flaws += check_types(each, None, place) if with_type else []
    return flaws


def check_text(document: dict[str, Any], name: str, at: str) -> list[dict[str, str]]:
    """Sections 4.6 and 11.1: a string, or language value objects with no other key."""
    if name not in document:
        return []
    value = document[name]
    values = value if isinstance(value, list) else [value]
    return [] if values and all(_is_text(each) for each in values) else [flaw("text", f"{at}/{name}")]


def _is_text(value: Any) -> bool:
    if isinstance(value, str):
        return True
    if not isinstance(value, dict) or not isinstance(value.get("@value"), str) or not value.keys() <= _TEXT_KEYS:
        return False
    language, direction = value.get("@language", "und"), value.get("@direction", "ltr")
    return isinstance(language, str) and bool(_LANGUAGE.fullmatch(language)) and direction in ("ltr", "rtl")
