"""The path of a Digital Link whose escapes are gone: which of its slashes stood inside a value. Pure.

What it finds is the shape of a link whose values fit; whether they also go together is the matter of ``uri``.

Source: GS1 Digital Link URI Syntax 1.4, 4.3 (keys), 4.8 (qualifiers); the rule of the fewest joins is the house's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from traceability.gs1.identifiers import Identifier
from traceability.gs1.keys import GTIN
from traceability.gs1.parts import flaws_of
from traceability.gs1.table import AIS

Pairs = list[tuple[str, str]]

_LONGEST_TAIL: Final = 120
"""Characters from a key to the end: a GTIN with the longest variant, lot and serial has 91."""


def fewest(parts: list[str]) -> Pairs | None:
    """Key and qualifiers of a path parted at every slash, joining the fewest neighbours; of equals the last key.

    None when there is no way, and when ``parts`` reads without joining as identifiers that each have
    a value which fits it, whether they may follow each other or not.
    """
    tail = _tail(parts)
    if _stands(tail):
        return None
    best: tuple[int, Pairs] | None = None
    for start in range(len(tail) - 2, -1, -1):
        key = AIS.get(tail[start])
        if key and key.path is not None:
            for pairs in _readings(tail[start:], key):
                joins = len(tail) - start - 2 * len(pairs)
                if best is None or joins < best[0]:
                    best = joins, pairs
    return best[1] if best else None


def _tail(parts: list[str]) -> list[str]:
    """The last of ``parts`` that can belong to a link, which bounds what is tried."""
    length = 0
    for place in range(len(parts) - 1, -1, -1):
        length += len(parts[place]) + 1
        if length > _LONGEST_TAIL:
            return parts[place + 1 :]
    return parts


def _stands(parts: list[str]) -> bool:
    """Whether from a key to the end every second part is an identifier and the next a value of it."""
    for start in range(len(parts) - 2, -1, -2):
        identifier = AIS.get(parts[start])
        if identifier is None or not _fits(identifier, parts[start + 1]):
            return False
        if identifier.path is not None:
            return True
    return False


def _readings(parts: list[str], key: Identifier) -> Iterator[Pairs]:
    """Every way to read ``parts`` from their first as ``key`` and some of its qualifiers in order, with values that fit."""
    for order in key.path or ():
        yield from _from(parts, key, order)


def _from(parts: list[str], identifier: Identifier, order: tuple[str, ...]) -> Iterator[Pairs]:
    value = ""
    for end in range(2, len(parts) + 1):
        value = f"{value}/{parts[end - 1]}" if end > 2 else parts[1]
        if len(value) > sum(part.most for part in identifier.parts):
            return
        if end == len(parts):
            if _fits(identifier, value):
                yield [(identifier.ai, value)]
        elif parts[end] in order and _fits(identifier, value):
            after = order[order.index(parts[end]) + 1 :]
            yield from ([(identifier.ai, value), *rest] for rest in _from(parts[end:], AIS[parts[end]], after))


def _fits(identifier: Identifier, value: str) -> bool:
    if identifier.ai == GTIN and len(value) in (8, 12, 13):
        value = value.zfill(14)
    return bool(value) and next(flaws_of("", identifier.parts, value), None) is None
