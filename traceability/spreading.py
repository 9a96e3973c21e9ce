"""A hold reaches what was made of its lot also where others tell of it late.

The house itself makes nothing of a lot on hold. But a partner may tell today what was made last week of a lot
that was held since: then what came of it is held for the same cause. What is recalled is not recalled further by
itself, since a recall takes two persons: it is held until they decide. Only what is newly known to be made of such a lot is held:
what was known before has been held, or let go, by those who decided then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from kernel.unit import Unit
from traceability import genealogy, holds, lots, recalls
from traceability.events import flows
from traceability.events.flows import Window
from traceability.facts import EventsCaptured
from traceability.models import Flow

_JUST_BEFORE: Final = timedelta(microseconds=1)


def on_events_captured(unit: Unit, fact: EventsCaptured) -> None:
    """Hold what these events made of lots that are held or recalled."""
    if fact.made:
        ids = fact.event_ids
        inputs: set[bytes] = set()
        since: list[datetime] = []
        for at in range(0, len(ids), 500):
            told = Flow.event_id.in_(ids[at : at + 500])
            inputs |= set(unit.session.scalars(select(Flow.src).where(told, Flow.side == "in")))
            since += filter(None, [unit.session.scalar(select(func.min(Flow.recorded_at)).where(told))])
        if since:
            sources = inputs | flows.reached(unit, inputs, "back")
            spread(unit, set(genealogy.lots_of(unit, sources).values()), min(since))


def spread(unit: Unit, sources: Iterable[str], since: datetime) -> None:
    """Everything that is known only ``since`` then to be made of these lots is held for what holds them."""
    for source in lots.several(unit, sources).values():
        if source.standing == "clear":
            continue
        causes = [(hold.cause, hold.cause_id, hold.reason) for hold in holds.of_lot(unit, source.id) if hold.state == "placed"]
        recall = recalls.of_lot(unit, source.id)
        if recall is not None:
            causes.append(("recall", recall.id, "hold.recall.made_of_it"))
        known = {source.id} | genealogy.forward(unit, [source.id], Window(known_at=since - _JUST_BEFORE))
        for lot in genealogy.affected(unit, [source.id]):
            for cause, cause_id, reason in causes if lot.standing != "recalled" and lot.id not in known else ():
                holds.place(unit, lot_id=lot.id, cause=cause, cause_id=cause_id, reason=reason)
