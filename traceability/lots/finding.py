"""Lots that are there: one, many, those that were on a line, and those that must stand still meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select, tuple_

from kernel.errors import Missing
from kernel.unit import Unit
from traceability.batches import batched
from traceability.given import can_stand
from traceability.models import Lot

SORTS: Final[Mapping[str, Any]] = {"code": Lot.code, "quantity": Lot.quantity, "started": Lot.started_at}
_AT_ONCE: Final = 10_000
"""Ids in one statement: databases take no more than some ten thousands."""


def get(unit: Unit, lot_id: str) -> Lot:
    lot = unit.session.get(Lot, lot_id)
    if lot is None:
        raise Missing("no such lot")
    return lot


def by_code(unit: Unit, code: str) -> Lot:
    lot = unit.session.scalar(select(Lot).where(Lot.code == code))
    if lot is None:
        raise Missing("no such lot")
    return lot


def every(unit: Unit, *, kind: str | None = None, limit: int | None = None, before: str | None = None) -> list[Lot]:
    """Lots, newest first: all of them, or the first ``limit``, older than the one with the id ``before``; only those of ``kind``
    (material or product) when given."""
    query = select(Lot).order_by(Lot.started_at.desc(), Lot.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(Lot.kind == kind)
    if before is not None:
        last = get(unit, before)
        query = query.where(tuple_(Lot.started_at, Lot.id) < (last.started_at, last.id))
    return list(unit.session.scalars(query))


def narrowed(unit: Unit, *, words: Mapping[str, Collection[str]], sort: str = "", limit: int, **exact: str | None) -> tuple[list[Lot], int]:
    """The first ``limit`` lots that fit, and how many fit.

    ``words``: each of these stands in the lot's code, place or line, or it is of one of the products or materials (by id) that go with the
    word. ``exact``: kind, state or standing. ``sort``: code, quantity or started, from the greatest with a ``-`` before it; newest first
    without it.
    """
    query = select(Lot).where(*(getattr(Lot, name) == value for name, value in exact.items() if value))
    for word, things in words.items():
        asked = (Lot.code, Lot.place, Lot.line_code) if can_stand(word) else ()
        texts = (column.icontains(word, autoescape=True) for column in asked)
        query = query.where(or_(*texts, Lot.product_id.in_(things), Lot.material_id.in_(things)))
    column = SORTS.get(sort.lstrip("-"))
    first = [] if column is None else [column.desc() if sort.startswith("-") else column]
    found = unit.session.scalars(query.order_by(*first, Lot.started_at.desc(), Lot.id.desc()).limit(limit))
    return list(found), unit.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def several(unit: Unit, ids: Iterable[str]) -> dict[str, Lot]:
    """Those of the lots that there are, by id."""
    return {lot.id: lot for some in batched(ids, _AT_ONCE) for lot in unit.session.scalars(select(Lot).where(Lot.id.in_(some)))}


def made_on(unit: Unit, *, line_code: str, since: datetime, until: datetime) -> list[Lot]:
    """The lots that were being made on that line at any moment of ``since`` … ``until``, oldest first."""
    query = (
        select(Lot)
        .where(Lot.line_code == line_code, Lot.started_at <= until, or_(Lot.finished_at.is_(None), Lot.finished_at >= since))
        .order_by(Lot.started_at, Lot.id)
    )
    return list(unit.session.scalars(query))


def locked(unit: Unit, ids: Iterable[str]) -> dict[str, Lot]:
    """Those of the lots that there are, by id, locked in one order until the end of the unit and read afresh."""
    query = select(Lot).order_by(Lot.id).with_for_update().execution_options(populate_existing=True)
    return {lot.id: lot for some in batched(ids, _AT_ONCE) for lot in unit.session.scalars(query.where(Lot.id.in_(some)))}
