"""What a misread number may have been: one look-alike character put right. Pure.

OCR and tired eyes take 8 for B and 1 for I. A check character finds the mistake; with two, as a
unified code has, the cure is mostly unique. A repair is only ever proposed: it is shown beside
the picture and a person agrees.
"""

from __future__ import annotations

from typing import Final

from suppliers.identifiers.china import uscc_parts
from suppliers.identifiers.regions import NATIONAL, PROVINCES, region
from suppliers.identifiers.table import RULES
from suppliers.identifiers.tidying import tidy

_ALIKE: Final = (
    "0O", "0D", "0Q", "OD", "OQ", "1I", "1L", "17", "IL", "2Z", "38", "3B", "4A", "56", "5S", "68", "6B", "6G", "7T", "8B",
    "9G", "9Q", "CG", "EF", "HN", "KX", "MN", "MW", "PR", "UV", "VY",
)  # fmt: skip

LOOK_ALIKE: Final = {
    each: "".join(sorted({other for pair in _ALIKE if each in pair for other in pair} - {each})) for each in sorted(set("".join(_ALIKE)))
}
"""A character -> those it is taken for."""


def repairs(kind: str, text: str) -> list[str]:
    """All texts that differ from ``text`` in one look-alike character and whose every check holds, tidied,
    in the order of the place. Empty for a number that holds, for a kind without check characters and
    for unknown kinds. One entry: a repair to propose; several: ask a person to read again."""
    rule, code = RULES.get(kind), tidy(text)
    if rule is None or not rule.checked or len(code) > 40 or rule(code) is None:
        return []
    tried = (code[:place] + other + code[place + 1 :] for place, each in enumerate(code) for other in LOOK_ALIKE.get(each, ""))
    return list(dict.fromkeys(each for each in tried if rule(each) is None and _can_be(kind, each)))


def _can_be(kind: str, code: str) -> bool:
    """A number that is read is never refused for its region; one that is only supposed must name a province,
    and a unified code an authority and a kind of body that exist (GB 32100-2015, 5.1)."""
    place, parts = region(kind, code), uscc_parts(code) if kind == "uscc" else None
    if place is not None and not (place.isdigit() and (place == NATIONAL or place[:2] in PROVINCES)):
        return False
    return parts is None or parts.sort is not None
