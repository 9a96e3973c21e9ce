"""How things stand, found anew from all their events: where an event was told late, taken back, or packed.

Where a thing is and how it was disposed of follow from its latest events, in whatever order they were told.
What it is packed in follows from all of its packings in the order in which they happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, and_, bindparam, exists, or_, select, update

from kernel.unit import Unit
from traceability.batches import batched
from traceability.events.flows import PIECES, told_in
from traceability.models import EpcisEvent, EventError, EventRange, EventThing, Thing

_event, _named, _error, _range, _thing = (cast(Table, each.__table__).c for each in (EpcisEvent, EventThing, EventError, EventRange, Thing))
"""Asked as bare tables, past the wall: a key holds its brand, and so does everything that is joined to it. With the brand named
in each table once more, SQLite would rather read all events of the brand than those of a few things."""


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
            select(_named.thing, _event.event_time, _event.biz_location, _event.disposition)
            .where(_event.id == _named.event_id)
            .where(_named.thing.in_(some), _named.role != "input", *_valid())
        )
        for key, at, location, disposition in unit.session.execute(query):
            _later(latest[key], "location", "located_at", location, at)
            _later(latest[key], "disposition", "disposed_at", disposition, at)
        _set(unit, latest)


def find_parents(unit: Unit, keys: Collection[bytes]) -> None:
    """Set what these things are packed in now. What was packed by quantity is in no one pack (``amounts_in``)."""
    for some in batched(keys):
        now = packed_in(unit, some)
        _set(unit, {key: {"parent": now.get(key)} for key in some})


def _set(unit: Unit, wanted: Mapping[bytes, Mapping[str, Any]]) -> None:
    """Write these values of things, of those that stand otherwise: in the order of ``wanted``, which is that of their keys."""
    words = list(next(iter(wanted.values()), ()))
    before = select(_thing.key, *(_thing[word] for word in words)).where(_thing.key.in_(wanted))
    stand = {key: dict(zip(words, row, strict=True)) for key, *row in unit.session.execute(before)}
    changes = [{"which": key, **values} for key, values in wanted.items() if key in stand and stand[key] != values]
    if changes:
        table = cast(Table, Thing.__table__)
        unit.session.connection().execute(update(table).where(table.c.key == bindparam("which")), changes)


def packed_in(unit: Unit, keys: Collection[bytes], *, at: datetime | None = None, known_at: datetime | None = None) -> dict[bytes, bytes]:
    """Thing → the thing it is in: now, or ``at`` a moment, as far as was known at another. What is loose is left out."""
    told = packings(unit, keys, at, known_at)
    emptied = emptyings(unit, {each.parent for mine in told.values() for each in mine}, at, known_at)
    found = {}
    for key, mine in told.items():
        parent = last_parent(_with_emptyings(mine, emptied))
        if parent is not None:
            found[key] = parent
    return found


def amounts_in(
    unit: Unit,
    *,
    children: Collection[bytes] | None = None,
    parents: Collection[bytes] | None = None,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> set[tuple[bytes, bytes]]:
    """(Thing, pack), wherever some of a lot or class still is: what was put in less what was taken out, by quantity.
    Asked of these things, of these packs, or of both; a quantity that nobody told is some when put in, all when taken out."""
    above = cast(Table, EventThing.__table__).alias().c
    column, asked = (_named.thing, children) if children is not None else (above.thing, parents or ())
    found: set[tuple[bytes, bytes]] = set()
    for some in batched(asked):
        query = (
            select(_named.thing, above.thing, _event.event_time, _event.record_time, _event.id, _event.action, _named.quantity, _named.uom)
            .where(_event.id == _named.event_id, above.event_id == _event.id, above.role == "parent", _thing.key == _named.thing)
            .where(column.in_(some), _named.role == "child", _event.type == "AggregationEvent", _by_quantity())
        )
        told: dict[tuple[bytes, bytes], list[_Amount]] = {}
        for child, parent, *rest in unit.session.execute(_known(query, at, known_at)):
            if parents is None or parent in parents:
                told.setdefault((child, parent), []).append(_Amount(*rest))
        emptied = emptyings(unit, {parent for _, parent in told}, at, known_at)
        for (child, parent), mine in told.items():
            out = (_Amount(each.at, each.recorded_at, each.event_id, each.action, None, None) for each in emptied.get(parent, ()))
            if _is_left([*mine, *out]):
                found.add((child, parent))
    return found


def way(unit: Unit, key: bytes, *, until: datetime | None = None) -> tuple[list[tuple[bytes, datetime]], bytes | None]:
    """``stays`` of one thing, up to a moment or until now."""
    return stays(with_emptyings(unit, packings(unit, [key], until, None).get(key, []), until))


def with_emptyings(unit: Unit, told: list[Packing], until: datetime | None = None) -> list[Packing]:
    """What happened to a thing, with the moments at which everything was taken out of what it was in."""
    return _with_emptyings(told, emptyings(unit, {each.parent for each in told}, until, None))


def _with_emptyings(told: list[Packing], emptied: Mapping[bytes, list[Packing]]) -> list[Packing]:
    return [*told, *(each for place in {each.parent for each in told} for each in emptied.get(place, ()))]


def latest(unit: Unit, key: bytes, until: datetime) -> dict[str, Any]:
    """Where a thing was and how it was disposed of at a moment, by what was said of itself: as the columns of ``thing``."""
    state = dict(_NOTHING)
    query = (
        select(_event.event_time, _event.biz_location, _event.disposition)
        .where(_event.id == _named.event_id, _named.thing == key, _named.role != "input", _event.event_time <= until, *_valid())
        .where(or_(_event.biz_location.is_not(None), _event.disposition.is_not(None)))
    )
    for at, location, disposition in unit.session.execute(query):
        _later(state, "location", "located_at", location, at)
        _later(state, "disposition", "disposed_at", disposition, at)
    return state


class _Amount(NamedTuple):
    at: datetime
    recorded_at: datetime
    event_id: str
    action: str
    quantity: Decimal | None
    uom: str | None


def _is_left(amounts: Iterable[_Amount]) -> bool:
    """Whether some is still in after all these. Where units are unlike nobody can say, so some is."""
    left: Decimal | None = Decimal(0)  # None: some, nobody knows how much
    uom: str | None = None
    for each in sorted(amounts, key=lambda one: (one.at, one.recorded_at, one.event_id)):
        if each.action == "ADD":
            uom = each.uom if left == 0 else uom
            more = _as(each, uom)
            left = None if left is None or more is None else left + more
        elif each.action == "DELETE" and each.quantity is None:
            left = Decimal(0)
        elif each.action == "DELETE" and left is not None:
            less = _as(each, uom)
            left = None if less is None else max(left - less, Decimal(0))
    return left != 0


def _as(amount: _Amount, uom: str | None) -> Decimal | None:
    return None if amount.quantity is None else told_in(amount.quantity, amount.uom, uom or PIECES)


def last_parent(packings: Iterable[Packing]) -> bytes | None:
    """What a thing is in after all these happened to it or to what it was in, if anything."""
    return stays(packings)[1]


def stays(packings: Iterable[Packing]) -> tuple[list[tuple[bytes, datetime]], bytes | None]:
    """The packs that a thing left, each with the moment, and what it is in after all these happened, if anything."""
    left: list[tuple[bytes, datetime]] = []
    inside: bytes | None = None
    for each in sorted(packings, key=lambda one: (one.at, one.recorded_at, one.event_id)):
        into = each.parent if each.action == "ADD" else None if each.action == "DELETE" and inside == each.parent else inside
        if inside is not None and into != inside:
            left.append((inside, each.at))
        inside = into
    return left, inside


def children_of(unit: Unit, event_ids: Collection[str]) -> set[bytes]:
    """The things whose place in the hierarchy these events may have changed: who was packed or unpacked by name,
    and, where everything was taken out, whoever was ever put in."""
    found = set(unit.session.scalars(select(_named.thing).where(_named.event_id.in_(event_ids), _named.role == "child")))
    emptied = select(_named.thing).where(_event.id == _named.event_id, _named.event_id.in_(event_ids), _named.role == "parent")
    return found | set(_ever_in(unit, list(unit.session.scalars(emptied.where(_event.action == "DELETE", _empty())))))


_NOTHING: Final = {"location": None, "located_at": None, "disposition": None, "disposed_at": None}


def _later(state: dict[str, Any], word: str, moment: str, told: str | None, at: datetime) -> None:
    if told is not None and (state[moment] is None or (state[moment], state[word]) < (at, told)):
        state[word], state[moment] = told, at


def _valid() -> tuple[Any, ...]:
    """Events that say something and were not taken back."""
    return _event.declares.is_(None), ~exists().where(_error.event_id == _event.id)


def _known(query: Any, at: datetime | None, known_at: datetime | None) -> Any:
    """Only events that had happened, and were known and not yet taken back."""
    if at is not None:
        query = query.where(_event.event_time <= at)
    if known_at is None:
        return query.where(*_valid())
    taken_back = exists().where(_error.event_id == _event.id, _error.at <= known_at)
    return query.where(_event.declares.is_(None), _event.record_time <= known_at, ~taken_back)


def _empty() -> Any:
    """The event names nothing that was taken out."""
    inner = cast(Table, EventThing.__table__).alias().c
    child = exists().where(inner.event_id == _event.id, inner.role == "child")
    ranges = exists().where(_range.event_id == _event.id)
    return and_(~child, ~ranges)


def _by_quantity() -> Any:
    """The event names the thing as so much of a class, which can be in many packs at once (EPCIS 2.0 §7.3.3.3)."""
    return or_(_named.quantity.is_not(None), _thing.kind.in_(("lot", "class")))


def packings(unit: Unit, keys: Collection[bytes], at: datetime | None, known_at: datetime | None) -> dict[bytes, list[Packing]]:
    above = cast(Table, EventThing.__table__).alias().c
    query = (
        select(_named.thing, _event.event_time, _event.record_time, _event.id, _event.action, above.thing)
        .where(_event.id == _named.event_id, above.event_id == _event.id, above.role == "parent")
        .where(_named.thing.in_(keys), _named.role == "child", _event.type == "AggregationEvent")
        .where(_thing.key == _named.thing, ~_by_quantity())
    )
    found: dict[bytes, list[Packing]] = {}
    for key, *rest in unit.session.execute(_known(query, at, known_at)):
        found.setdefault(key, []).append(Packing(*rest))
    return found


def emptyings(unit: Unit, parents: Collection[bytes], at: datetime | None, known_at: datetime | None) -> dict[bytes, list[Packing]]:
    found: dict[bytes, list[Packing]] = {}
    for some in batched(parents):
        query = (
            select(_event.event_time, _event.record_time, _event.id, _event.action, _named.thing)
            .where(_event.id == _named.event_id, _named.thing.in_(some), _named.role == "parent")
            .where(_event.type == "AggregationEvent", _event.action == "DELETE", _empty())
        )
        for row in unit.session.execute(_known(query, at, known_at)):
            found.setdefault(row[-1], []).append(Packing(*row))
    return found


def _ever_in(unit: Unit, parents: Collection[bytes]) -> Iterator[bytes]:
    above = cast(Table, EventThing.__table__).alias().c
    for some in batched(parents):
        query = select(_named.thing).where(above.event_id == _named.event_id, above.role == "parent")
        yield from unit.session.scalars(query.where(above.thing.in_(some), _named.role == "child"))
