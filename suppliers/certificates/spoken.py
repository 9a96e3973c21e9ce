"""What people said of papers: their decisions in order, and what two of them let pass. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from kernel.unit import Unit
from suppliers.models import Certificate, PaperOverride, StandingChange
from suppliers.standing import Outcome

Answer = Sequence[Any]
"""Of one check: [result, because, final, digest of its evidence]."""
Found = Mapping[str, Answer]
"""Name of a check → its answer."""


@dataclass(frozen=True)
class Said:
    """``decision``: what a person said last about the paper as it is now, None for nothing; ``accepted``: what stood open
    before whoever accepted it, by the name of the check: they answer for just that. None when that was not written down."""

    decision: str | None = None
    accepted: Mapping[str, str] | None = None


class LetPass(NamedTuple):
    """An override: it answers for what the check said and showed when it was asked, and for nothing else."""

    name: str
    because: str
    evidence: str | None


NOTHING = Said()


def outcomes(found: Found | None) -> dict[str, Outcome]:
    """What each check said, as ``standing.judge`` takes it."""
    return {name: Outcome(str(said[0]), str(said[1]), bool(said[2]), *map(str, said[3:4])) for name, said in (found or {}).items()}


def open_points(found: Found | None) -> dict[str, str]:
    """What had not passed, as ``Said.accepted`` keeps it."""
    return {name: f"{said[1]}:{said[3] if len(said) > 3 else ''}" for name, said in (found or {}).items() if said[0] != "passed"}


def last_decision(unit: Unit, row: Certificate) -> str | None:
    """What a person said last about the paper as it is now; a suspension that was lifted is as if it had not been."""
    return said(unit, [row.id]).get(row.id, NOTHING).decision


def said(unit: Unit, ids: Iterable[str] | None) -> dict[str, Said]:
    """What counts of what people said about these papers; about all when None."""
    return {id: last_of(told) for id, told in _told(unit, ids).items()}


def without_suspension(unit: Unit, row: Certificate) -> Said:
    """What counts once a suspension is lifted."""
    return last_of([*_told(unit, [row.id]).get(row.id, ()), ("resume", None)])


def last_of(told: Iterable[tuple[str, Any]]) -> Said:
    """What counts of these decisions, each with what it was made on, oldest first."""
    spoken: list[tuple[str, Any]] = []
    for decision, basis in told:
        if decision == "reset":
            spoken = []
        elif decision == "resume":
            spoken = [each for each in spoken if each[0] != "suspend"]
        elif decision != "override":
            spoken.append((decision, basis))
    if not spoken:
        return NOTHING
    decision, basis = spoken[-1]
    found = basis.get("found") if isinstance(basis, dict) else None
    return Said(decision, open_points(found) if found else None)


def _told(unit: Unit, ids: Iterable[str] | None) -> dict[str, list[tuple[str, Any]]]:
    """Each paper's decisions with what they were made on, oldest first."""
    columns = (StandingChange.certificate_id, StandingChange.decision, StandingChange.basis)
    query = select(*columns).where(StandingChange.decision.is_not(None))
    query = query if ids is None else query.where(StandingChange.certificate_id.in_(list(ids)))
    told: dict[str, list[tuple[str, Any]]] = {}
    for id, decision, basis in unit.session.execute(query.order_by(StandingChange.certificate_id, StandingChange.place)):
        told.setdefault(id, []).append((str(decision), basis))
    return told


def overridden(unit: Unit, row: Certificate) -> frozenset[str]:
    """The checks that two persons let pass, as long as they say and show what they did then."""
    return still(let_pass(unit, [row.id]).get(row.id, ()), row.found)


def let_pass(unit: Unit, ids: Iterable[str] | None) -> dict[str, list[LetPass]]:
    """What two persons let pass on each paper; of all papers when None."""
    query = select(PaperOverride.certificate_id, PaperOverride.name, PaperOverride.because, PaperOverride.evidence)
    query = query.where(PaperOverride.state == "approved")
    found: dict[str, list[LetPass]] = {}
    rows = unit.session.execute(query if ids is None else query.where(PaperOverride.certificate_id.in_(list(ids))))
    for id, name, because, evidence in rows.tuples():
        found.setdefault(id, []).append(LetPass(name, because, evidence))
    return found


def still(passed: Iterable[LetPass], found: Found | None) -> frozenset[str]:
    """The names among these whose check says and shows the very same today."""
    told = found or {}
    return frozenset(
        each.name
        for each in passed
        if each.name in told and told[each.name][1] == each.because and each.evidence in (None, *told[each.name][3:4])
    )
