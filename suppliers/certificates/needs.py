"""What we need from a supplier: each paper asked for, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory, gate
from suppliers.certificates import papers
from suppliers.models import Certificate
from suppliers.requirements import Requirement, required


@dataclass(frozen=True)
class Todo:
    """``state``: missing, checking (the checks run), waiting (a person will look), rejected, lapsed,
    lapsing or fine. ``certificate`` is the one paper that serves the requirement best."""

    requirement: Requirement
    state: str
    certificate: Certificate | None


def todo(unit: Unit, supplier_id: str) -> list[Todo]:
    """One line for each kind of paper that any of the supplier's materials asks, what is asked for
    certain before what is only welcome."""
    who, today = directory.supplier(unit, supplier_id), day_of(unit.now)
    shown = papers.of_supplier(unit, who.id)
    asked: dict[str, Requirement] = {}
    for material in directory.supplied_by(unit, who.id):
        for requirement in required(who.kind, who.market, material.category):
            known = asked.get(requirement.kind)
            if known is None or known.optional:
                asked[requirement.kind] = requirement
    lines = []
    for requirement in sorted(asked.values(), key=lambda requirement: requirement.optional):
        best = gate.best_on(today, (paper for paper in shown if paper.kind == requirement.kind))
        lines.append(Todo(requirement, _state(best, gate.state_on(today, best)), best))
    return lines


def _state(paper: Certificate | None, state: str) -> str:
    if paper is not None and state == "unverified":
        return "waiting" if paper.judged_at is not None else "checking"
    return {"accepted": "fine", "revoked": "rejected"}.get(state, state)
