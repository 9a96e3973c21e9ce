"""Who somebody is, by the id that history keeps: the accounts of one brand, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.auth.models import Account
from kernel.unit import Unit


def names(unit: Unit, ids: Iterable[str | None]) -> dict[str, str]:
    """Account -> name, of this brand's people among ``ids``; machines, chores and others' people are left out."""
    query = select(Account.id, Account.name).where(Account.brand_id == unit.brand_id, Account.id.in_({each for each in ids if each}))
    return dict(unit.session.execute(query).tuples().all())
