"""Every kind of identifier with its rule, in one table. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from suppliers.identifiers import china, shapes, world


@dataclass(frozen=True)
class Rule:
    """``flaw``: what is wrong with a text, or None. ``checked``: it has check characters, so a flaw is a
    mistake; otherwise only the shape is looked at and a flaw is a warning. ``flaws``: all that it may
    say. ``for_a_person``: flaws that numbers in use are known to have. ``example``: one that holds."""

    flaw: Callable[[str], str | None]
    checked: bool
    flaws: tuple[str, ...]
    example: str
    for_a_person: tuple[str, ...] = ()

    def __call__(self, text: str) -> str | None:
        return self.flaw(text)


_SHAPE: Final = ("shape",)
_CHECK: Final = ("shape", "check")

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "uscc": Rule(china.uscc_flaw, True, ("shape", "organisation", "outer"), "91350100M000100Y43", ("outer",)),
        "sc": Rule(china.sc_flaw, True, ("shape", "old", "category", "check"), "SC10531000000014"),
        "jy": Rule(china.jy_flaw, True, _CHECK, "JY13100000000017"),
        "lei": Rule(world.lei_flaw, True, _CHECK, "5299000J2N45DDNE4Y28"),
        "gln": Rule(world.gln_flaw, True, _CHECK, "4012345000009"),
        "ggn": Rule(world.ggn_flaw, True, _CHECK, "4012345000009"),
        "vat": Rule(world.vat_flaw, True, ("shape", "country", "check"), "DE136695976"),
        "ein": Rule(world.ein_flaw, False, _CHECK, "042103594"),
        "cma": Rule(shapes.cma_flaw, False, _SHAPE, "190000000001"),
        "cnas": Rule(shapes.cnas_flaw, False, _SHAPE, "CNAS L0001"),
        "organic_cn": Rule(shapes.organic_flaw, False, _SHAPE, "100OP1300014"),
        "organic_code": Rule(shapes.organic_code_flaw, False, _SHAPE, "00126000000000000"),
        "quarantine": Rule(shapes.quarantine_flaw, False, _SHAPE, "3700000001"),
        "gacc": Rule(shapes.gacc_flaw, False, _SHAPE, "CNZL00000000000001"),
        "xk": Rule(shapes.xk_flaw, False, _SHAPE, "XK16-204-00001"),
        "eu_approval": Rule(shapes.eu_approval_flaw, False, _SHAPE, "DE BY 00001 EG"),
        "eu_coi": Rule(shapes.eu_coi_flaw, False, _SHAPE, "COI.DE.2026.0000001"),
    }
)
