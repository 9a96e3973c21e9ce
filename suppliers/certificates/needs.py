"""What we need from a supplier: each paper asked for, how far it is, and for which of its materials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory, gate, rules
from suppliers.certificates import papers
from suppliers.models import Certificate, Material
from suppliers.requirements import Requirement

STATES = {"verified": "fine", "submitted": "checking", "needs_person": "waiting", "revoked": "rejected", "superseded": "lapsed"}


@dataclass(frozen=True)
class Todo:
    """``state``: missing, checking (the checks run, or it is not in force yet), waiting (a person will look), rejected,
    suspended, lapsed, expiring or fine; ``each_lot`` for a paper that every lot brings along. ``certificate`` is the one
    paper that serves the requirement best (of papers about lots: the newest); ``materials`` ask for it."""

    requirement: Requirement
    state: str
    certificate: Certificate | None
    materials: tuple[Material, ...]


def todo(unit: Unit, supplier_id: str) -> list[Todo]:
    """One line for each requirement that any of the supplier's materials asks, what is asked for
    certain before what is only welcome, what each lot brings along last."""
    who, today = directory.supplier(unit, supplier_id), day_of(unit.now)
    shown = papers.of_supplier(unit, who.id)
    asked: dict[tuple[str, ...], tuple[Requirement, list[Material]]] = {}
    for material in directory.supplied_by(unit, who.id):
        for requirement in rules.asked(unit, who, material, today):
            known, materials = asked.get(requirement.kinds, (requirement, []))
            better = requirement if known.optional and not requirement.optional else known
            asked[requirement.kinds] = (better, [*materials, material])
    lines = [_line(requirement, materials, shown, today) for requirement, materials in asked.values()]
    return sorted(lines, key=lambda line: (line.requirement.optional, line.requirement.per == "lot"))


def _line(requirement: Requirement, materials: list[Material], shown: list[Certificate], today: date) -> Todo:
    fitting = [paper for paper in shown if paper.kind in requirement.kinds]
    if requirement.per == "lot":
        return Todo(requirement, "each_lot", fitting[0] if fitting else None, tuple(materials))
    best = gate.best_on(today, fitting)
    state = gate.state_on(today, best)
    return Todo(requirement, STATES.get(state, state), best, tuple(materials))
