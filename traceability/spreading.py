"""A hold reaches what was made of its lot also where others tell of it late.

The house itself makes nothing of a lot on hold. But a partner may tell today what was made last week of a lot
that was held since: then what came of it is held for the same cause. What is recalled is not recalled further by
itself, since a recall takes two persons: it is held until they decide.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from kernel.unit import Unit
from traceability import genealogy, holds, lots, recalls
from traceability.events import flows
from traceability.facts import EventsCaptured
from traceability.models import Flow


def on_events_captured(unit: Unit, fact: EventsCaptured) -> None:
    """Hold what these events made of lots that are held or recalled."""
    if fact.made:
        ids = fact.event_ids
        inputs: set[bytes] = set()
        for at in range(0, len(ids), 500):
            inputs |= set(unit.session.scalars(select(Flow.src).where(Flow.event_id.in_(ids[at : at + 500]), Flow.side == "in")))
        sources = inputs | flows.reached(unit, inputs, "back")
        spread(unit, set(genealogy.lots_of(unit, sources).values()))


def spread(unit: Unit, sources: Iterable[str]) -> None:
    """Everything that was made of these lots is held for what holds them."""
    for source in lots.several(unit, sources).values():
        if source.standing == "clear":
            continue
        causes = [(hold.cause, hold.cause_id, hold.reason) for hold in holds.of_lot(unit, source.id) if hold.state == "placed"]
        recall = recalls.of_lot(unit, source.id)
        if recall is not None:
            causes.append(("recall", recall.id, "hold.recall.made_of_it"))
        for lot in genealogy.affected(unit, [source.id]):
            for cause, cause_id, reason in causes if lot.standing != "recalled" else ():
                holds.place(unit, lot_id=lot.id, cause=cause, cause_id=cause_id, reason=reason)
