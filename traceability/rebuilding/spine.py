"""Things, what events name, what flows where, and what was taken back: all from ``epcis_event``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, select, tuple_

from kernel.unit import Unit
from traceability.events import annulling, capture, keeping, own, projecting, states
from traceability.events.annulling import Declared
from traceability.models import EpcisEvent, EventError, EventRange, EventThing, Flow, Lot, Thing

_AT_ONCE: Final = 1_000


def rebuild(unit: Unit, tell: Callable[[str, int, int], None]) -> int:
    """How many events there are."""
    for table in (EventError, Flow, EventRange, EventThing, Thing):
        unit.session.execute(delete(table).execution_options(synchronize_session=False))
    for lot in unit.session.scalars(select(Lot).order_by(Lot.id).execution_options(yield_per=_AT_ONCE)):
        keeping.be_known(unit, uri=lot.uri, kind="lot", lot_id=lot.id)
    total, done = unit.session.scalar(select(func.count()).select_from(EpcisEvent)) or 0, 0
    for events in _events(unit):
        captured = [event for event in events if event.told is not None]
        for event in events:
            if event.told is None:
                capture.project_content(unit, event)
        _captured(unit, captured)
        done += len(events)
        tell("events", done, total)
    own.tie_all(unit)
    _errors(unit)
    _hierarchy(unit, tell)
    return total


def _events(unit: Unit) -> Iterator[list[EpcisEvent]]:
    """In the order in which they were told."""
    after: str = ""
    while True:
        query = select(EpcisEvent).where(EpcisEvent.id > after).order_by(EpcisEvent.id).limit(_AT_ONCE)
        events = list(unit.session.scalars(query))
        if not events:
            return
        after = events[-1].id
        yield events
        unit.session.expunge_all()


def _captured(unit: Unit, events: list[EpcisEvent]) -> None:
    seen = []
    for event in events:
        told: dict[str, Any] = msgspec.json.decode(str(event.told))
        named = projecting.named(told)
        counts = event.declares is None
        edges = list(projecting.edges(unit.brand_id, event.id, told, named)) if counts else []
        place = (event.event_time, event.record_time, event.biz_location, event.disposition)
        seen.append(keeping.Projected(event.id, *place, named, edges, counts))
    keeping.project(unit, seen)


def _errors(unit: Unit) -> None:
    """Every declaration, the first of each event, a thousand at a time."""
    after: tuple[Any, str] | None = None
    declaring = EpcisEvent.declares.is_not(None) | EpcisEvent.told.contains('"errorDeclaration"')
    while True:
        query = select(EpcisEvent).where(declaring).order_by(EpcisEvent.record_time, EpcisEvent.id).limit(_AT_ONCE)
        if after is not None:
            query = query.where(tuple_(EpcisEvent.record_time, EpcisEvent.id) > tuple_(*after))
        events = list(unit.session.scalars(query))
        if not events:
            return
        after = events[-1].record_time, events[-1].id
        for event in events:
            told = event.why if event.told is None else msgspec.json.decode(event.told)
            declared = told.get("errorDeclaration")
            if declared is not None:
                annulling.annul(unit, {event.declares or event.id: Declared(event.id, declared.get("reason"))}, at=event.record_time)
        unit.session.expunge_all()


def _hierarchy(unit: Unit, tell: Callable[[str, int, int], None]) -> None:
    packed = select(EventThing.thing).join(EpcisEvent, EpcisEvent.id == EventThing.event_id)
    packed = packed.where(EventThing.role == "child", EpcisEvent.type == "AggregationEvent").distinct()
    keys = sorted(unit.session.scalars(packed))
    for at in range(0, len(keys), _AT_ONCE):
        states.find_parents(unit, keys[at : at + _AT_ONCE])
        tell("hierarchy", min(at + _AT_ONCE, len(keys)), len(keys))
