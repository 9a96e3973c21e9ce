"""What every page of a supplier's people needs: which firm they are of, its frame, and who did what. It must not know any one page."""

from __future__ import annotations

from typing import Any

from app.auth import colleagues
from app.pages.frame import page
from kernel.errors import Missing
from kernel.unit import Unit
from suppliers import messages


def own(unit: Unit) -> str:
    """The supplier whose person stands at the door. Raises Missing."""
    if unit.actor.supplier_id is None:
        raise Missing("this account belongs to no supplier")
    return unit.actor.supplier_id


def portal_page(unit: Unit, template: str, **values: Any) -> str:
    """A page of the portal in its brand's frame, with the count of messages nobody has read yet."""
    return page(unit, template, unread=messages.unread(unit, own(unit)), **values)


def people(unit: Unit) -> dict[str, str]:
    """Account -> name, of this supplier's own people; anybody else is the brand's."""
    return {each.id: each.name for each in colleagues.listed(unit, supplier_id=own(unit))}
