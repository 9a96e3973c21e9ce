"""The same goods in other people's events: things that were made of ours, items of ours that they named, and to whom they sent them.

A partner packs anew, ships on and tells of it (EPCIS 2.0 §7.4); ``around`` knows what was in what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from kernel.unit import Unit
from traceability import keys as serial_keys
from traceability import stock
from traceability.batches import batched
from traceability.events import names
from traceability.events import things as thing_keys
from traceability.events.epcs import canonical
from traceability.models import EpcisEvent, EventThing, Thing
from traceability.reach.around import Around
from traceability.reach.goods import Packed, Stretch, keyed


@dataclass(frozen=True)
class Strange:
    """A thing that is no lot of this house: where it was last told to be, how disposed of, and in what it stands now."""

    key: bytes
    uri: str
    kind: str
    location: str | None
    at: datetime | None
    disposition: str | None
    inside: str | None


@dataclass
class Onward:
    """Somebody to whom others sent on what is in reach: by how many events, the first and the last."""

    destination: str
    first_at: datetime
    last_at: datetime
    things: set[str] = field(default_factory=set)
    event_ids: list[str] = field(default_factory=list)


def things(unit: Unit, reached: Collection[bytes], stretches: Sequence[Stretch]) -> list[Strange]:
    """What was made of the lots by others, and the items of the lots themselves that others named, by URI."""
    found = {each.key: each for each in _rows(unit, Thing.key, reached) if each.lot_id is None}
    found |= {each.key: each for each in _own_items(unit, stretches)}
    over = {each.key: each.uri for each in _rows(unit, Thing.key, {each.parent for each in found.values() if each.parent})}
    strange = [
        Strange(
            each.key, each.uri, each.kind, each.location, each.located_at, each.disposition, over.get(each.parent) if each.parent else None
        )
        for each in found.values()
    ]
    return sorted(strange, key=lambda each: each.uri)


def packed_with(unit: Unit, packed: Iterable[Packed]) -> set[bytes]:
    """The keys of the packs in which the goods are now."""
    own = {each.pack.sscc for each in packed} | {each.over for each in packed if each.over}
    return {thing_keys.key(unit.brand_id, names.logistic_unit(sscc)) for sscc in own}


def onward(unit: Unit, around: Around) -> list[Onward]:
    """To whom others sent these goods, by name: themselves, or a pack in which they were at that moment."""
    found: dict[str, Onward] = {}
    for event, keys in _leavings(unit, around.every):
        went = around.among(keys, event.event_time)
        for destination in _destinations(event) if went else ():
            mine = found.setdefault(destination, Onward(destination, event.event_time, event.event_time))
            mine.first_at, mine.last_at = min(mine.first_at, event.event_time), max(mine.last_at, event.event_time)
            mine.event_ids.append(event.id)
            mine.things |= {key.hex() for key in went}
    return [found[name] for name in sorted(found)]


def _own_items(unit: Unit, stretches: Sequence[Stretch]) -> Iterator[Any]:
    """Items of these stretches that an event names by their serial."""
    spans: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for gtin, version, pairs in keyed(stretches):
        spans.setdefault(gtin, {})[version] = pairs
    for gtin, wanted in spans.items():
        begin = names.item(gtin, "")
        between = Thing.uri.between(begin, begin.removesuffix("21/") + "22")  # in whatever order the database sorts
        named = unit.session.scalars(select(Thing).where(between, Thing.kind == "item"))
        by_serial = {canonical(each.uri).serial or "": each for each in named if each.uri.startswith(begin)}
        for serial, version, counter in serial_keys.counters(unit, gtin=gtin, serials=list(by_serial), versions=list(wanted)):
            if any(first <= counter <= last for first, last in wanted[version]):
                yield by_serial[serial]


def _rows(unit: Unit, column: Any, values: Collection[Any]) -> list[Any]:
    found: list[Any] = []
    for some in batched(values):
        found += unit.session.scalars(select(Thing).where(column.in_(some)))
    return found


def _leavings(unit: Unit, keys: Collection[bytes]) -> Iterator[tuple[EpcisEvent, set[bytes]]]:
    """The events of others by which any of these things went away, oldest first, with which of them."""
    met: dict[str, set[bytes]] = {}
    for some in batched(keys):
        query = (
            select(EventThing.event_id, EventThing.thing)
            .join(EpcisEvent, EpcisEvent.id == EventThing.event_id)
            .where(EventThing.thing.in_(some), EventThing.role != "input", EpcisEvent.told.is_not(None))
            .where(EpcisEvent.biz_step.in_(stock.ONWARD), *stock.counting())
        )
        for event_id, key in unit.session.execute(query).tuples():
            met.setdefault(event_id, set()).add(key)
    rows: list[EpcisEvent] = []
    for ids in batched(met):
        rows += unit.session.scalars(select(EpcisEvent).where(EpcisEvent.id.in_(ids)))
    for event in sorted(rows, key=lambda row: (row.event_time, row.id)):
        yield event, met[event.id]


def _destinations(event: EpcisEvent) -> list[str]:
    """Whom the event names as the one who has the goods then: the party before the place (EPCIS 2.0 §7.3.5.4)."""
    told = msgspec.json.decode(event.told or "{}")
    by_type = {each.get("type"): each.get("destination") for each in told.get("destinationList", ())}
    for kind in ("possessing_party", "owning_party", "location"):
        if by_type.get(kind):
            return [canonical(by_type[kind]).uri]
    return []
