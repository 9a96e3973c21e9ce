"""Rows that come to be once, however many units try at the same moment: the unique constraint
decides and nobody fails. Knows no table of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from kernel.orm import Base
from kernel.unit import Unit


def insert(unit: Unit, kind: type[Base], rows: Sequence[dict[str, Any]], *, unique: list[str]) -> list[str]:
    """Insert those ``rows`` (column -> value, without brand_id) that meet no row of the same
    ``unique`` columns; the ids of the ones that came to be."""
    if not rows:
        return []
    dialect: Any = postgresql if unit.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(kind).values([{**row, "brand_id": unit.brand_id} for row in rows])
    kept = statement.on_conflict_do_nothing(index_elements=unique).returning(kind.__table__.c.id)
    return list(unit.session.scalars(kept))
