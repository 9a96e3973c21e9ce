"""What a rule or a day would change before it does: which suppliers the gate would close to, and to which it would open. Writes nothing.

The same pure weighing as the gate's, over all suppliers and materials, from a few statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Invalid, Refused, flaw
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import gate, requirements, rules
from suppliers.models import Certificate, CheckOutcome, Material, Supplier, Supply
from suppliers.requirements import KINDS

Extra = Mapping[str, Any]
_COLUMNS: Final = ("id", "supplier_id", "kind", "standing", "because", "valid_from", "valid_until")


@dataclass(frozen=True)
class Change:
    """A supplier and a material on which the answer is another. ``before`` and ``after``: why the gate is closed, as in
    ``gate.Decision.because``; empty when it is open."""

    supplier: Supplier
    material: Material
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def closes(self) -> bool:
        return bool(self.after) and not self.before

    @property
    def opens(self) -> bool:
        return bool(self.before) and not self.after


@dataclass(frozen=True)
class Foreseen:
    """``changes``: what closes first, then what opens, then what is only closed for other reasons. ``asked``: combinations of a
    supplier and a material that were looked at."""

    day: date
    asked: int
    changes: tuple[Change, ...]

    @property
    def closing(self) -> int:
        return sum(each.closes for each in self.changes)


def simulate(unit: Unit, *, day: date, row: Extra | None = None) -> Foreseen:
    """With ``row`` (one of the brand's by its ``id``, or a draft in the same shape): the gate on ``day`` without that row and with
    it. Without: the gate today and on ``day``, when papers have ended and rules begun. What no paper can foretell (new ones
    handed in, revocations) is left out. Raises Invalid for a row that could not be kept."""
    if unit.actor.kind not in ("quality", "brand_admin", "machine", "system"):
        raise Refused("only the brand sees what it may ask")
    own: tuple[Extra, ...] = rules.extra(unit)  # noqa: S610 (no ORM of another house)
    today = day_of(unit.now)
    if row is None:
        sides = (today, own), (day, own)
    else:
        wrong = requirements.flaw_of(row)
        if wrong is not None:
            raise Invalid(errors=[flaw("", "requirement", wrong)])
        others = tuple(each for each in own if each["id"] != row["id"])
        sides = (day, others), (day, (*others, row))
    who, supplies, papers = _known(unit)
    partly = _partly(unit)
    changes = []
    for supplier_id, what in supplies:
        beyond = frozenset(id for id, uncovered in partly.items() if what.code in uncovered)
        before, after = (_closed(who[supplier_id], what, papers.get(supplier_id, []), on, extra, beyond) for on, extra in sides)
        if before != after:
            changes.append(Change(who[supplier_id], what, before, after))
    changes.sort(key=lambda each: (not each.closes, not each.opens, each.supplier.name, each.material.code))
    return Foreseen(day, len(supplies), tuple(changes))


def _closed(
    who: Supplier, what: Material, papers: Iterable[Any], day: date, extra: Iterable[Extra], beyond: frozenset[str]
) -> tuple[str, ...]:
    """Why the gate is closed to a supplier for a material on a day, apart from what each lot brings along."""
    claims = frozenset(what.claims or ())
    asked = [
        each
        for each in requirements.required(who.kind, who.market, what.category, day=day, claims=claims, extra=extra)
        if not each.optional
    ]
    if not asked:
        return ("gate.no_rule",)
    return tuple(gate.weigh([each for each in asked if each.per == "supplier"], papers, day, beyond=beyond)[0])


def _known(unit: Unit) -> tuple[dict[str, Supplier], list[tuple[str, Material]], dict[str, list[Any]]]:
    who = {each.id: each for each in unit.session.scalars(select(Supplier))}
    listed = select(Supply.supplier_id, Material).join(Material, Material.id == Supply.material_id).order_by(Supply.id)
    supplies = [(str(supplier_id), what) for supplier_id, what in unit.session.execute(listed)]
    kinds = [each.code for each in KINDS.values() if each.scope == "supplier"]
    papers: dict[str, list[Any]] = {}
    columns = [getattr(Certificate, name) for name in _COLUMNS]
    for paper in unit.session.execute(select(*columns).where(Certificate.kind.in_(kinds))):
        papers.setdefault(paper.supplier_id, []).append(paper)
    return who, supplies, papers


def _partly(unit: Unit) -> dict[str, frozenset[str]]:
    """Papers that cover some of what their supplier is listed for: the codes of the materials that they do not."""
    query = select(CheckOutcome.certificate_id, CheckOutcome.evidence)
    found = unit.session.execute(query.where(CheckOutcome.name == "scope", CheckOutcome.because == "check.scope.partly"))
    return {id: frozenset(evidence.get("uncovered", ())) for id, evidence in found}
