"""The words on a paper as somebody typed or confirmed them, made fit to keep. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from kernel.given import YEARS, Given
from suppliers.identifiers import tidy
from suppliers.requirements import KINDS

NEVER: Final = date(9999, 12, 31)
"""What many registers write for "no end"."""
MOST_NAMED: Final = 200
"""Lots or products that one paper speaks of."""


def tidied(given: Mapping[str, Any], flaws: list[dict[str, Any]]) -> dict[str, Any]:
    """The words, tidied. Invalid names every flaw at once, ``flaws`` of the file among them."""
    each = Given()
    words: dict[str, Any] = {
        "kind": each.choice("/kind", given["kind"], tuple(KINDS)),
        "number": each.text("/number", given["number"], 80),
        "holder_name": each.text("/holder_name", given["holder_name"], 120),
        "holder_uscc": tidy(each.optional("/holder_uscc", given["holder_uscc"], 40) or "") or None,
        "issuer_name": each.optional("/issuer_name", given["issuer_name"], 120),
        "lots": _named(each, "/lots", given["lots"], 60),
        "products": _named(each, "/products", given["products"], 120),
        "site": each.optional("/site", given["site"], 200),
        "scope": each.optional("/scope", given["scope"], 500),
        "accreditation": each.optional("/accreditation", given["accreditation"], 80),
    }
    words["number_plain"] = tidy(words["number"])[:80]
    if words["holder_uscc"] and len(words["holder_uscc"]) != 18:
        each.wrong("/holder_uscc", "length", "must have 18 characters")
    for name in ("valid_from", "valid_until", "issued_on"):
        words[name] = None if name == "valid_until" and given[name] == NEVER else given[name]
        if (words[name] is not None or name == "valid_from") and not (type(words[name]) is date and words[name].year in YEARS):
            each.wrong(f"/{name}", "date", "must be a date")
    each.flaws += flaws
    each.done()
    return words


def _named(each: Given, pointer: str, values: Iterable[str], longest: int) -> list[str]:
    found = [value for value in dict.fromkeys(values) if not (isinstance(value, str) and not value.strip())]
    if len(found) > MOST_NAMED:
        each.wrong(pointer, "many", f"at most {MOST_NAMED}", most=MOST_NAMED)
    return [each.text(f"{pointer}/{at}", value, longest) for at, value in enumerate(found[:MOST_NAMED])]
