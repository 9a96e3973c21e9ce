"""A renewal takes the place of the paper that ends sooner, and gives it back when it falls."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kernel.unit import Unit
from suppliers.models import Certificate
from suppliers.requirements import KINDS
from suppliers.standing import GOOD


def succeeds(new: Any, old: Any) -> bool:
    """Is ``new`` a renewal of ``old``? Pure, over papers: of the same supplier, kind and site, it ends later (or never), and bears
    the same number or speaks of all the goods that the old one does. A paper about lots is never renewed: the next is about others."""
    ends_later = old.valid_until is not None and (new.valid_until is None or new.valid_until > old.valid_until)
    same = (new.supplier_id, new.kind, new.site) == (old.supplier_id, old.kind, old.site)
    if not (ends_later and same and KINDS[old.kind].scope == "supplier"):
        return False
    return new.number == old.number or set(old.products or ()) <= set(new.products or ())


def siblings(unit: Unit, row: Certificate) -> list[Certificate]:
    """The other papers of the same supplier and kind that were judged, by id; none for a kind about lots."""
    if KINDS[row.kind].scope != "supplier":
        return []
    query = select(Certificate).where(Certificate.supplier_id == row.supplier_id, Certificate.kind == row.kind, Certificate.id != row.id)
    return list(unit.session.scalars(query.where(Certificate.judged_at.is_not(None)).order_by(Certificate.id)))


def successor(unit: Unit, row: Certificate) -> str | None:
    """The id of a paper that stands in this one's place now; of several the one that ends last."""
    good = [each for each in siblings(unit, row) if each.standing in GOOD and succeeds(each, row)]
    return max(good, key=lambda each: (each.valid_until is None, each.valid_until, each.id)).id if good else None
