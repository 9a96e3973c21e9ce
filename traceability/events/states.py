"""How things stand, found anew from all their events: where an event was told late, taken back, or packed.

Where a thing is and how it was disposed of follow from its latest events, in whatever order they were told.
What it is packed in follows from all of its packings in the order in which they happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, exists, select, update
from sqlalchemy.orm import aliased

from kernel.unit import Unit
from traceability.models import EpcisEvent, EventError, EventRange, EventThing, Thing

_AT_ONCE: Final = 500


def batched(keys: Collection[bytes]) -> Iterator[list[bytes]]:
    """In one order, as many at once as a statement may well name."""
    ordered = sorted(keys)
    return (ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE))


class Packing(NamedTuple):
    """One event as the hierarchy sees it. ``children`` is empty when everything was taken out."""

    at: datetime
    recorded_at: datetime
    event_id: str
    action: str
    parent: bytes


def find_states(unit: Unit, keys: Collection[bytes]) -> None:
    """Set where these things are and how they are disposed of, from their events that are not in error."""
    for some in batched(keys):
        latest: dict[bytes, dict[str, Any]] = {key: dict(_NOTHING) for key in some}
        query = (
            select(EventThing.thing, EpcisEvent.event_time, EpcisEvent.biz_location, EpcisEvent.disposition)
            .join(EpcisEvent, EpcisEvent.id == EventThing.event_id)
            .where(EventThing.thing.in_(some), EventThing.role != "input", *_valid())
        )
        for key, at, location, disposition in unit.session.execute(query):
            _later(latest[key], "location", "located_at", location, at)
            _later(latest[key], "disposition", "disposed_at", disposition, at)
        for key, state in latest.items():
            unit.session.execute(update(Thing).where(Thing.key == key).values(state).execution_options(synchronize_session=False))


def find_parents(unit: Unit, keys: Collection[bytes]) -> None:
    """Set what these things are packed in now."""
    for some in batched(keys):
        now = packed_in(unit, some)
        before = dict(unit.session.execute(select(Thing.key, Thing.parent).where(Thing.key.in_(some))).tuples().all())
        for key in some:
            if before.get(key) != now.get(key):
                change = update(Thing).where(Thing.key == key).values(parent=now.get(key))
                unit.session.execute(change.execution_options(synchronize_session=False))


def packed_in(unit: Unit, keys: Collection[bytes], *, at: datetime | None = None, known_at: datetime | None = None) -> dict[bytes, bytes]:
    """Thing → the thing it is in: now, or ``at`` a moment, as far as was known at another. What is loose is left out."""
    told = _packings(unit, keys, at, known_at)
    emptied = _emptyings(unit, {each.parent for mine in told.values() for each in mine}, at, known_at)
    found = {}
    for key, mine in told.items():
        places = {each.parent for each in mine}
        parent = last_parent([*mine, *(each for place in places for each in emptied.get(place, ()))])
        if parent is not None:
            found[key] = parent
    return found


def last_parent(packings: Iterable[Packing]) -> bytes | None:
    """What a thing is in after all these happened to it or to what it was in, if anything."""
    inside: bytes | None = None
    for each in sorted(packings, key=lambda one: (one.at, one.recorded_at, one.event_id)):
        if each.action == "ADD":
            inside = each.parent
        elif each.action == "DELETE" and inside == each.parent:
            inside = None
    return inside


def children_of(unit: Unit, event_ids: Collection[str]) -> set[bytes]:
    """The things whose place in the hierarchy these events may have changed: who was packed or unpacked by name,
    and, where everything was taken out, whoever was ever put in."""
    named = select(EventThing.thing).where(EventThing.event_id.in_(event_ids), EventThing.role == "child")
    found = set(unit.session.scalars(named))
    emptied = select(EventThing.thing).join(EpcisEvent, EpcisEvent.id == EventThing.event_id)
    parents = list(
        unit.session.scalars(
            emptied.where(EventThing.event_id.in_(event_ids), EventThing.role == "parent", EpcisEvent.action == "DELETE", _empty())
        )
    )
    return found | set(_ever_in(unit, parents))


_NOTHING: Final = {"location": None, "located_at": None, "disposition": None, "disposed_at": None}


def _later(state: dict[str, Any], word: str, moment: str, told: str | None, at: datetime) -> None:
    if told is not None and (state[moment] is None or (state[moment], state[word]) < (at, told)):
        state[word], state[moment] = told, at


def _valid() -> tuple[Any, ...]:
    """Events that say something and were not taken back."""
    return EpcisEvent.declares.is_(None), ~exists().where(EventError.event_id == EpcisEvent.id)


def _known(query: Any, at: datetime | None, known_at: datetime | None) -> Any:
    """Only events that had happened, and were known and not yet taken back."""
    if at is not None:
        query = query.where(EpcisEvent.event_time <= at)
    if known_at is None:
        return query.where(*_valid())
    taken_back = exists().where(EventError.event_id == EpcisEvent.id, EventError.at <= known_at)
    return query.where(EpcisEvent.declares.is_(None), EpcisEvent.record_time <= known_at, ~taken_back)


def _empty() -> Any:
    """The event names nothing that was taken out."""
    inner = aliased(EventThing)
    child = exists().where(inner.event_id == EpcisEvent.id, inner.role == "child")
    ranges = exists().where(EventRange.event_id == EpcisEvent.id)
    return and_(~child, ~ranges)


def _packings(unit: Unit, keys: Collection[bytes], at: datetime | None, known_at: datetime | None) -> dict[bytes, list[Packing]]:
    above = aliased(EventThing)
    query = (
        select(EventThing.thing, EpcisEvent.event_time, EpcisEvent.record_time, EpcisEvent.id, EpcisEvent.action, above.thing)
        .join(EpcisEvent, EpcisEvent.id == EventThing.event_id)
        .join(above, and_(above.event_id == EpcisEvent.id, above.role == "parent"))
        .where(EventThing.thing.in_(keys), EventThing.role == "child", EpcisEvent.type == "AggregationEvent")
    )
    found: dict[bytes, list[Packing]] = {}
    for key, *rest in unit.session.execute(_known(query, at, known_at)):
        found.setdefault(key, []).append(Packing(*rest))
    return found


def _emptyings(unit: Unit, parents: Collection[bytes], at: datetime | None, known_at: datetime | None) -> dict[bytes, list[Packing]]:
    found: dict[bytes, list[Packing]] = {}
    for some in batched(parents):
        query = (
            select(EpcisEvent.event_time, EpcisEvent.record_time, EpcisEvent.id, EpcisEvent.action, EventThing.thing)
            .join(EpcisEvent, EpcisEvent.id == EventThing.event_id)
            .where(EventThing.thing.in_(some), EventThing.role == "parent")
            .where(EpcisEvent.type == "AggregationEvent", EpcisEvent.action == "DELETE", _empty())
        )
        for row in unit.session.execute(_known(query, at, known_at)):
            found.setdefault(row[-1], []).append(Packing(*row))
    return found


def _ever_in(unit: Unit, parents: Collection[bytes]) -> Iterator[bytes]:
    above = aliased(EventThing)
    for some in batched(parents):
        query = select(EventThing.thing).join(above, and_(above.event_id == EventThing.event_id, above.role == "parent"))
        yield from unit.session.scalars(query.where(above.thing.in_(some), EventThing.role == "child"))
