"""What stands around every page of the staff and the suppliers, and what every such page needs."""

from __future__ import annotations

from typing import Any

from flask import render_template

from kernel.orm import Brand
from kernel.unit import Unit
from suppliers import directory
from traceability import products


def page(unit: Unit, template: str, **values: Any) -> str:
    """A page inside its brand's frame, drawn while the unit is open."""
    return render_template(template, brand=unit.session.get_one(Brand, unit.brand_id).name, **values)


def catalogue(unit: Unit) -> dict[str, Any]:
    """Every product and material by id, so that a page can call a lot by what it is made of."""
    things: list[Any] = [*products.every(unit), *directory.materials(unit)]
    return {thing.id: thing for thing in things}
