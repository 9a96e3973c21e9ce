"""What this brand asks of its suppliers: the seeded matrix and the brand's own rows, with the days from which they count.

Which papers a combination asks is decided in ``requirements``; this room keeps the brand's rows and asks there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Invalid, Missing, Refused, flaw
from kernel.given import Given
from kernel.unit import Unit
from suppliers import requirements
from suppliers.facts import RequirementChanged
from suppliers.models import Material, RequirementRow, Supplier
from suppliers.requirements import CATEGORIES, KINDS, MARKETS, SUPPLIER_KINDS, Requirement

PER: Final = ("supplier", "lot")


def asked(unit: Unit, who: Supplier, what: Material, day: date) -> tuple[Requirement, ...]:
    """The papers that this brand asks of this supplier for this material on ``day``; empty when no rule is known."""
    return requirements.required(who.kind, who.market, what.category, day=day, claims=frozenset(what.claims or ()), extra=extra(unit))


def extra(unit: Unit) -> tuple[dict[str, Any], ...]:
    """The brand's own rows, in the shape of the matrix. One that was ended before its first day never counts."""
    return tuple(_shaped(row) for row in rows(unit) if row.effective_until is None or row.effective_until >= row.effective_from)


def rows(unit: Unit) -> list[RequirementRow]:
    """The brand's own rows, oldest first."""
    return list(unit.session.scalars(select(RequirementRow).order_by(RequirementRow.id)))


def add_row(
    unit: Unit,
    *,
    market: str,
    supplier_kinds: Iterable[str],
    categories: Iterable[str],
    kinds: Iterable[str] = (),
    per: str = "supplier",
    optional: bool = False,
    citation: str,
    why: str,
    effective_from: date,
    effective_until: date | None = None,
    drops: str | None = None,
) -> RequirementRow:
    """Ask for one more paper (any one of ``kinds``) from a day on, or switch a seeded row off (``drops`` names it)."""
    _by_the_brand(unit)
    given = Given()
    words: dict[str, Any] = {
        "market": given.choice("/market", market, tuple(MARKETS)),
        "supplier_kinds": _chosen(given, "/supplier_kinds", supplier_kinds, tuple(SUPPLIER_KINDS)),
        "categories": _chosen(given, "/categories", categories, tuple(CATEGORIES)),
        "kinds": [given.choice(f"/kinds/{at}", each, tuple(KINDS)) for at, each in enumerate(dict.fromkeys(kinds))],
        "per": given.choice("/per", per, PER),
        "optional": bool(optional),
        "citation": given.text("/citation", citation, 200),
        "why": given.text("/why", why, 300),
        "drops": given.choice("/drops", drops, tuple(row.id for row in requirements.ROWS)) if drops else None,
    }
    if not words["kinds"] and not drops:
        given.wrong("/kinds", "blank", "must not be empty")
    for name, value, needed in (("effective_from", effective_from, True), ("effective_until", effective_until, False)):
        if (value is not None or needed) and type(value) is not date:
            given.wrong(f"/{name}", "date", "must be a date")
    if not given.flaws and effective_until is not None and effective_until < effective_from:
        given.wrong("/effective_until", "order", "must not be before effective_from")
    given.done()
    row = RequirementRow(
        id=unit.new_id(),
        effective_from=effective_from,
        effective_until=effective_until,
        added_at=unit.now,
        added_by=unit.actor.id,
        **words,
    )
    wrong = requirements.flaw_of(_shaped(row))
    if wrong is not None:
        raise Invalid(errors=[flaw("", "requirement", wrong)])
    unit.session.add(row)
    unit.session.flush()
    unit.record("requirement.added", "requirement_row", row.id, kinds=row.kinds, drops=row.drops)
    unit.tell(RequirementChanged(row_id=row.id))
    return row


def end_row(unit: Unit, *, row_id: str, last_day: date) -> RequirementRow:
    """Let a row of the brand's count until ``last_day`` and no longer."""
    _by_the_brand(unit)
    row = unit.session.get(RequirementRow, row_id) if isinstance(row_id, str) else None
    if row is None:
        raise Missing("no such requirement")
    row.effective_until = last_day
    unit.session.flush()
    unit.record("requirement.ended", "requirement_row", row.id, last_day=last_day.isoformat())
    unit.tell(RequirementChanged(row_id=row.id))
    return row


def _shaped(row: RequirementRow) -> dict[str, Any]:
    names = ("id", "market", "supplier_kinds", "categories", "kinds", "per", "optional", "citation", "why", "drops")
    return {name: getattr(row, name) for name in (*names, "effective_from", "effective_until")}


def _chosen(given: Given, pointer: str, values: Iterable[str], among: tuple[str, ...]) -> list[str]:
    found = list(dict.fromkeys(values))
    if not found:
        given.wrong(pointer, "blank", "must not be empty")
    return [given.choice(f"{pointer}/{at}", each, among) for at, each in enumerate(found[: len(among) + 1])]


def _by_the_brand(unit: Unit) -> None:
    if unit.actor.kind not in ("quality", "brand_admin", "machine", "system"):
        raise Refused("only the brand says what it asks")
