"""Which row of a paper's trail a told change of its standing is: for whoever hears of it, maybe late."""

from __future__ import annotations

from sqlalchemy import select

from kernel.unit import Unit
from suppliers.facts import StandingChanged
from suppliers.models import StandingChange


def told_of(unit: Unit, fact: StandingChanged) -> StandingChange | None:
    """The change that ``fact`` tells of; where it does not name its place, the newest after which the paper stood so. None when the
    trail knows of none."""
    query = select(StandingChange).where(StandingChange.certificate_id == fact.certificate_id, StandingChange.standing == fact.standing)
    if fact.place:
        query = query.where(StandingChange.place == fact.place)
    return unit.session.scalar(query.order_by(StandingChange.place.desc()).limit(1))
