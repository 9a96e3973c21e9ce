"""Lots that are there: one, many, those that were on a line, and those that must stand still meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select

from kernel.errors import Missing
from kernel.unit import Unit
from traceability.models import Lot


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


def every(unit: Unit, *, kind: str | None = None) -> list[Lot]:
    """All lots, newest first; only those of ``kind`` (material or product) when given."""
    query = select(Lot).order_by(Lot.started_at.desc(), Lot.id.desc())
    return list(unit.session.scalars(query if kind is None else query.where(Lot.kind == kind)))


def several(unit: Unit, ids: Iterable[str]) -> dict[str, Lot]:
    """Those of the lots that there are, by id."""
    return {lot.id: lot for lot in unit.session.scalars(select(Lot).where(Lot.id.in_(set(ids))))}


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
    query = select(Lot).where(Lot.id.in_(set(ids))).order_by(Lot.id).with_for_update().execution_options(populate_existing=True)
    return {lot.id: lot for lot in unit.session.scalars(query)}
