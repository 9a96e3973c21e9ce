"""The levels of a request: every set of keys in it that may have links of its own, the narrowest first. Pure.

An item is known by GTIN and serial alone: a link of one item never carries its lot or variant as
well, so that one item has one place. A lot in the same request is a level beside it, asked next.

Source: GS1-Conformant Resolver 1.2.1, 2.5.9; GS1 Digital Link URI Syntax 1.4, 4.8 (qualifiers).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from traceability.gs1.elements import Elements

Pairs = tuple[tuple[str, str], ...]

_LOT_AND_VARIANT: Final = (("22", "10"), ("10",), ("22",), ())
SETS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "00": ((),),
    "01": (("21",), ("235",), *_LOT_AND_VARIANT),
    "253": ((),),
    "255": ((),),
    "401": ((),),
    "402": ((),),
    "414": (("254",), ("7040",), ()),
    "415": (("8020",), ()),
    "417": (("7040",), ()),
    "8003": ((),),
    "8004": (("7040",), ()),
    "8006": (("21",), *_LOT_AND_VARIANT),
    "8010": (("8011",), ()),
    "8013": ((),),
    "8017": (("8019",), ()),
    "8018": (("8019",), ()),
}
"""Key → the sets of its qualifiers that may have links, the narrowest first."""


def of(elements: Elements) -> list[Pairs]:
    """The registrable sets of ``elements`` as (application identifier, value), most specific first; the key alone comes last.

    The key is the first one said; empty when there is none.
    """
    return among(elements.pairs)


def among(pairs: Iterable[tuple[str, str]]) -> list[Pairs]:
    """The same of pairs that are known to be right."""
    said = dict(pairs)
    for key in said:
        if key in SETS:
            return [
                ((key, said[key]), *((ai, said[ai]) for ai in qualifiers))
                for qualifiers in SETS[key]
                if all(ai in said for ai in qualifiers)
            ]
    return []


def is_registrable(elements: Elements) -> bool:
    """Whether links may be kept for exactly these: a key and one set of its qualifiers, nothing more (2.5.9, rule 2)."""
    return any(set(pairs) == set(elements.pairs) for pairs in of(elements))


def anchor(pairs: Iterable[tuple[str, str]]) -> str:
    """The path of a set without a leading slash: ``01/095…/10/A%2FB``."""
    return "/".join([f"{ai}/{quote(value, safe='')}" for ai, value in pairs])
