"""Can this number exist? Pure.

Which rule counts for a kind of paper stands in suppliers.requirements, the rules themselves in
suppliers.identifiers. One-character slips that would explain a wrong number are proposed, and never
applied; what the region digits say is told, and never decides.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from suppliers.checks.base import Finding, Paper
from suppliers.identifiers import RULES, flags, repairs, tidy
from suppliers.requirements import KINDS

TOLD: Final = ("category", "check", "old", "organisation", "outer", "shape")
"""Flaws with a sentence of their own."""
MOST: Final = 3
"""Repairs that are told; where there are more, each is a guess."""


class Identifier:
    """A code whose inner check holds and whose outer one does not is a mistyped last character,
    or one of the few issued so: two persons compare it with the register."""

    def ask(self, paper: Paper, day: date) -> Finding:
        kind = KINDS.get(paper.kind)
        rule = RULES.get(kind.number) if kind is not None and kind.number is not None else None
        if kind is None or kind.number is None or rule is None:
            return Finding("inconclusive", "check.identifier.no_rule")
        flaw = rule(paper.number)
        evidence: dict[str, Any] = {"number": paper.number}
        if flaw is None:
            return Finding("passed", "check.identifier.holds", evidence | {"flags": list(flags(kind.number, paper.number))})
        if not rule.checked:
            return Finding("inconclusive", "check.identifier.unusual", evidence)
        evidence["repairs"] = likely(paper, kind.number)
        because = f"check.identifier.{flaw}" if flaw in TOLD else "check.identifier.shape"
        return Finding("inconclusive" if flaw in rule.for_a_person else "failed", because, evidence)


def must_hold(kind: str) -> bool:
    """Is there a rule with a check character for the numbers of this kind of paper?"""
    known = KINDS.get(kind)
    rule = RULES.get(known.number) if known is not None and known.number is not None else None
    return rule is not None and rule.checked


def likely(paper: Paper, number_kind: str) -> list[str]:
    """What the number may have been: first what a symbol or another word of this paper confirms, else the
    repairs where they are few."""
    found = repairs(number_kind, paper.number)
    symbols = [str(each.get("text") or "")[:4000] for each in paper.seen("symbols")]
    others = [tidy(text) for text in (paper.holder_uscc or "", paper.words_read("number") or "", *symbols)]
    confirmed = [each for each in found if any(each in other or other in each for other in others if len(other) >= 8)]
    return confirmed[:MOST] or (found if len(found) <= MOST else [])
