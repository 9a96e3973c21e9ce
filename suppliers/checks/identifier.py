"""Can this number exist? Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from suppliers.checks.base import Finding, Paper
from suppliers.identifiers import jy_flaw, sc_flaw, uscc_flaw

RULES: Final[dict[str, Callable[[str], str | None]]] = {
    "business_licence": uscc_flaw,
    "food_production": sc_flaw,
    "food_trade": jy_flaw,
}
"""The kinds whose numbers carry a check digit."""


class Identifier:
    """A code whose inner check holds and whose outer one does not is a mistyped last character,
    or one of the few issued so: a person compares it with the register."""

    def ask(self, paper: Paper, day: date) -> Finding:
        rule = RULES.get(paper.kind)
        if rule is None:
            return Finding("inconclusive", "check.identifier.no_rule")
        flaw = rule(paper.number)
        if flaw is None:
            return Finding("passed", "check.identifier.holds")
        return Finding("inconclusive" if flaw == "outer" else "failed", f"check.identifier.{flaw}", {"number": paper.number})
