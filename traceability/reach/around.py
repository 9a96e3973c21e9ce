"""In what goods were packed, at any moment: by this house's own events, which tell ranges of codes, and by those of others.

What was packed at the moment at which a pack was shipped, or made into something else, went with it, wherever it is now; so
it is asked for that moment, and not for now. Source: EPCIS 2.0 §7.4.3 (aggregation).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from kernel.unit import Unit
from traceability import ranges, stock
from traceability.batches import batched
from traceability.events import flows, states
from traceability.models import EpcisEvent, EventError, EventRange, EventThing, Flow
from traceability.ranges import Pair
from traceability.reach.goods import Stretch, keyed, meeting


class _Packing(NamedTuple):
    at: datetime
    recorded_at: datetime
    event_id: str
    action: str


class Around:
    """Goods, and all that was ever around them. ``loose``: things that are the goods themselves, or are packed with them now."""

    def __init__(self, unit: Unit, loose: set[bytes], wanted: Sequence[Stretch]) -> None:
        self._unit, self.loose = unit, loose
        self._held = _held(unit, wanted)
        self._at: dict[datetime, set[bytes]] = {}
        own = loose | self._held.keys()
        self.every = own | whole(unit, own, "child", "parent")

    def first(self, at: datetime) -> set[bytes]:
        """The goods themselves, and this house's cases in which any of them lay at a moment."""
        return self.loose | {pack for pack, turns in self._held.items() if _at(turns, at)}

    def packs(self, at: datetime) -> set[bytes]:
        """Every pack in which any of them was at a moment, however deep."""
        if at not in self._at:
            found: set[bytes] = set()
            ring = self.first(at)
            while ring:
                over = {parent for some in batched(ring) for parent in states.packed_in(self._unit, some, at=at).values()}
                over |= {parent for _, parent in states.amounts_in(self._unit, children=ring, at=at)}
                ring = over - found
                found |= over
            self._at[at] = found
        return self._at[at]

    def among(self, keys: set[bytes], at: datetime) -> set[bytes]:
        """Which of these things were the goods at a moment, or had them inside."""
        return keys & self.first(at) or keys & self.packs(at)

    def made(self) -> set[bytes]:
        """Every thing that came of transformations into which goods went in a pack, however many steps away."""
        went: set[bytes] = set()
        for some in batched(self.every):
            query = select(Flow.src, Flow.dst, Flow.event_time).where(Flow.src.in_(some), Flow.side == "in", Flow.annulled_at.is_(None))
            went |= {into for pack, into, at in self._unit.session.execute(query).tuples() if self.among({pack}, at)}
        return {each for some in batched(went) for each in flows.reached(self._unit, some, "forward")}


def whole(unit: Unit, keys: Collection[bytes], here: str, there: str) -> set[bytes]:
    """Everything in which any of these ever was (``here`` child, ``there`` parent), or that ever was in them, however deep."""
    other = aliased(EventThing)
    found: set[bytes] = set()
    ring = set(keys)
    while ring:
        fresh: set[bytes] = set()
        for some in batched(ring):
            query = select(other.thing).join(EventThing, EventThing.event_id == other.event_id).distinct()
            fresh |= set(unit.session.scalars(query.where(*_named(some, here), other.role == there)))
        ring = fresh - found - set(keys)
        found |= fresh
    return found


def packed_here(packs: Collection[bytes]) -> tuple[Any, ...]:
    """The conditions on ``event_thing``: the event packed something into one of these, or took it out."""
    return _named(packs, "parent")


def _named(keys: Collection[bytes], role: str) -> tuple[Any, ...]:
    in_error = exists().where(EventError.event_id == EventThing.event_id)
    return EventThing.thing.in_(keys), EventThing.role == role, ~in_error


def _held(unit: Unit, wanted: Sequence[Stretch]) -> dict[bytes, list[tuple[datetime, bool]]]:
    """The packs of this house in which any of these items ever lay themselves → from when on they did, and from when not."""
    parts: dict[str, list[Stretch]] = {}
    for row, part in meeting(unit, wanted, EventRange, EventRange.event_id):
        parts.setdefault(row.event_id, []).append(part)
    told: dict[bytes, list[_Packing]] = {}
    for some in batched(parts):
        for pack, *rest in unit.session.execute(_packings().where(EpcisEvent.id.in_(some))):
            told.setdefault(pack, []).append(_Packing(*rest))
    for some_packs in batched(told):
        nothing = ~exists().where(EventRange.event_id == EpcisEvent.id)
        query = _packings().where(EventThing.thing.in_(some_packs), EpcisEvent.action == "DELETE", nothing, ~_children())
        for pack, *rest in unit.session.execute(query):
            told[pack].append(_Packing(*rest))
    return {pack: list(_turns(sorted(mine, key=lambda each: each[:3]), parts)) for pack, mine in told.items()}


def _packings() -> Any:
    columns = select(EventThing.thing, EpcisEvent.event_time, EpcisEvent.record_time, EpcisEvent.id, EpcisEvent.action)
    query = columns.join(EventThing, EventThing.event_id == EpcisEvent.id)
    return query.where(EpcisEvent.type == "AggregationEvent", EventThing.role == "parent", *stock.counting())


def _children() -> Any:
    inner = aliased(EventThing)
    return exists().where(inner.event_id == EpcisEvent.id, inner.role == "child")


def _turns(mine: Iterable[_Packing], parts: dict[str, list[Stretch]]) -> Iterator[tuple[datetime, bool]]:
    inside: dict[tuple[str, int], list[Pair]] = {}
    for each in mine:
        if each.event_id not in parts:  # everything was taken out, by nobody's name
            inside = {}
        for gtin, version, pairs in keyed(parts.get(each.event_id, ())):
            rest = ranges.minus(inside.get((gtin, version), []), pairs)
            inside[gtin, version] = sorted([*rest, *pairs]) if each.action == "ADD" else rest
        yield each.at, any(inside.values())


def _at(turns: Sequence[tuple[datetime, bool]], at: datetime) -> bool:
    place = bisect_right(turns, at, key=lambda turn: turn[0])
    return bool(place) and turns[place - 1][1]
