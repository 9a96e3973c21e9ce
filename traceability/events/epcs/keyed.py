"""What a URN or link names, whatever its key, by all of GS1's rules. Pure.

Slower than ``naming``, which asks this room where its own few patterns do not fit: other keys,
escapes, words in place of application identifiers, and whatever is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from kernel.errors import Invalid
from traceability.events.epcs.named import CANONICAL, CLASS, ITEM, LOT, OTHER, PLACE, UNIT, Named, on_canonical_host
from traceability.gs1 import uri, urn
from traceability.gs1.keys import NotGS1

LONGEST: Final = 2000
_WORDS: Final = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018", "gcn": "255",
    "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21",
}  # fmt: skip
"""As Digital Links said them up to 1.1; a parser of events still meets them."""
_KEY: Final = re.compile(
    r"/(?:0[01]|253|255|40[12]|41[457]|800[346]|801[0378]|gtin|itip|cpid|gln|party|gsrnp?|gcn|sscc|gdti|ginc|gsin|grai|giai)/"
)
_UNSAID: Final = {"22"}
"""A variant of the consumer product is no part of what is identified (CBV 2.0 8.9.2)."""
_LETTERS_AS_THEY_ARE: Final = "';="
"""Besides those that no URI escapes: what GS1's table of escapes leaves alone in a link."""
_PLACES: Final = frozenset({"414", "417"})
_WITH_SERIAL_INSIDE: Final = {"253": 13, "255": 13, "8003": 14}
"""Key → its length without a serial."""
_CLASSES: Final = frozenset({"01", "8006", "8010", "8013"})
"""Keys that name one thing only with a qualifier."""
_OTHER_SCHEMES: Final = re.compile(r"urn:epc:(?:id:(?:gid|usdod|adi|bic|imovn)|raw|tag|pat):.+")
"""What EPCglobal knows and no Digital Link can say."""


def named(text: str) -> Named:
    """What ``text``, a URN of EPC or an http address, names; where it is none of GS1's, itself."""
    if len(text) > LONGEST:
        return Named(text, OTHER)
    if text.startswith("urn:epc:"):
        return _of_urn(text)
    return _of_link(text)


def _of_urn(text: str) -> Named:
    try:
        return finest(urn.read(text.replace(":idpat:upui:", ":idpat:sgtin:")).elements.pairs)  # both mean all items of one GTIN
    except NotGS1 as trouble:
        return Named(text, OTHER, flaw=None if _OTHER_SCHEMES.fullmatch(text) else _why(trouble))


def _of_link(text: str) -> Named:
    address = re.split("[?#]", text, maxsplit=1)[0]
    if _KEY.search(address) is None:
        return Named(text, OTHER, flaw="not a GS1 Digital Link" if on_canonical_host(text) else None)
    try:
        return finest(uri.read(in_numbers(address), at_door=True).elements.pairs)
    except NotGS1 as trouble:
        return Named(text, OTHER, flaw=_why(trouble) if on_canonical_host(text) and not _only_check_digits(trouble) else None)


def in_numbers(address: str) -> str:
    """Application identifiers in place of the words that may stand for them from the first key onwards."""
    found = _KEY.search(address)
    if found is None:
        return address
    parts = address[found.start() :].split("/")
    parts[1::2] = [_WORDS.get(part, part) for part in parts[1::2]]
    return address[: found.start()] + "/".join(parts)


def finest(pairs: Sequence[tuple[str, str]]) -> Named:
    """The key, which ``pairs`` of identifier and value begin with, and no more qualifiers than its finest level needs."""
    (key, value), *qualifiers = pairs
    said = dict(qualifiers)
    if "21" in said:
        kept = [("21", said["21"])]
    elif "10" in said:
        kept = [("10", said["10"])]
    else:
        kept = [pair for pair in qualifiers if pair[0] not in _UNSAID]
    path = "".join(f"/{ai}/{quote(part, safe=_LETTERS_AS_THEY_ARE)}" for ai, part in [(key, value), *kept])
    gtin = value[:14] if key == "01" else None
    return Named(CANONICAL + path, _kind(key, value, dict(kept)), gtin, said.get("10"), _serial(key, value, said))


def _kind(key: str, value: str, qualifiers: dict[str, str]) -> str:
    if key == "00":
        return UNIT
    if key in _PLACES:
        return PLACE
    if "10" in qualifiers:
        return LOT
    if key in _WITH_SERIAL_INSIDE:
        return ITEM if len(value) > _WITH_SERIAL_INSIDE[key] else CLASS
    return CLASS if key in _CLASSES and not qualifiers else ITEM


def _serial(key: str, value: str, qualifiers: dict[str, str]) -> str | None:
    if key in _WITH_SERIAL_INSIDE:
        return value[_WITH_SERIAL_INSIDE[key] :] or None
    return value if key == "8004" else qualifiers.get("21") or qualifiers.get("235") or qualifiers.get("8011")


def _only_check_digits(trouble: Invalid) -> bool:
    """Repositories are full of them; the thing is named all the same."""
    return all(error["rule"] == "check-digit" for error in trouble.errors)


def _why(trouble: Invalid) -> str:
    return str(trouble.errors[0]["detail"])
