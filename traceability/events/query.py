"""Reading events back: what happened to these lots, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from kernel.errors import Missing
from kernel.unit import Unit
from traceability.models import EpcisEvent, EventThing, Lot


def get(unit: Unit, event_id: str) -> EpcisEvent:
    """The event of this id of ours. Raises Missing."""
    found = unit.session.get(EpcisEvent, event_id)
    if found is None:
        raise Missing("no such event")
    return found


def of_lot(unit: Unit, lot_id: str) -> list[EpcisEvent]:
    """Every event that speaks of this lot, oldest first."""
    return of_lots(unit, [lot_id])


def of_lots(unit: Unit, ids: Iterable[str]) -> list[EpcisEvent]:
    """Every event that speaks of any of these lots, each once, oldest first."""
    about = select(EventThing.event_id).join(Lot, Lot.thing == EventThing.thing).where(Lot.id.in_(set(ids)))
    found = unit.session.scalars(select(EpcisEvent).where(EpcisEvent.id.in_(about)))
    return sorted(found, key=lambda event: (event.event_time, event.record_time, event.id))


def subjects(unit: Unit, event_ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids of the lots to which each event happened: its objects or outputs, not what was used up."""
    found: dict[str, list[str]] = {event_id: [] for event_id in event_ids}
    named = select(EventThing.event_id, Lot.id).join(Lot, Lot.thing == EventThing.thing)
    rows = unit.session.execute(named.where(EventThing.event_id.in_(found), EventThing.role != "input").order_by(Lot.id)).tuples()
    for event_id, lot_id in rows:
        found[event_id].append(lot_id)
    return found


def valid(events: Iterable[EpcisEvent]) -> list[EpcisEvent]:
    """The events that were not declared in error, without those that declare it."""
    events = list(events)
    wrong = {event.declares for event in events}
    return [event for event in events if event.id not in wrong and event.declares is None]
