"""Where a thing is now, how it stands, and what it is in: an item, a case or pallet, a lot, or what others tell of.

What moved with its pack moved as well: of all that was said of a thing, of what it stands in, and of what it stood in as
long as it did, the latest counts (EPCIS 2.0 §7.3.5.4: bizLocation holds until something else is said; CBV 2.0 §7.2). An answer about an
item names its pack and its shipment, never its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import codes, packs, shipments
from traceability.codes import CodeRef
from traceability.events import names, states, things
from traceability.events.epcs import ITEM, canonical
from traceability.models import EpcisEvent, EventError, EventRange, EventThing, Lot, Shipment, Thing


@dataclass(frozen=True)
class Said:
    """A word, and when it came to hold. ``by_way_of``: the URI of the pack that it was said of, if not of the thing itself."""

    word: str
    at: datetime
    by_way_of: str | None = None


@dataclass(frozen=True)
class Whereabouts:
    """``inside``: what it stands in, nearest first. ``state``: of a code of this house. ``shipment``: the last it went with."""

    uri: str
    kind: str
    location: Said | None
    disposition: Said | None
    inside: tuple[str, ...]
    lot: Lot | None = None
    state: str | None = None
    shipment: Shipment | None = None


def of(unit: Unit, text: str) -> Whereabouts:
    """Where the thing is that this URI (EPC URN, Digital Link, or another) names. Raises Missing when nobody ever told of it."""
    named = canonical(text)
    if named.kind == ITEM and named.gtin and named.serial:
        ref = codes.find(unit, gtin=named.gtin, serial=named.serial)
        if ref is not None:
            return _own(unit, named.uri, ref)
    thing = unit.session.get(Thing, things.key(unit.brand_id, named.uri))
    if thing is None:
        raise Missing("no event of this brand names it")
    above = _above(unit, thing)
    lot = unit.session.get(Lot, thing.lot_id) if thing.lot_id else None
    known = [_State.of(each, itself=each is thing) for each in (thing, *above)]
    known += [state for each in (thing, *above) for state in _left(unit, states.way(unit, each.key)[0])]
    location, disposition = (_latest(known, word) for word in ("location", "disposition"))
    return Whereabouts(thing.uri, thing.kind, location, disposition, _uris(above), lot)


def _own(unit: Unit, uri: str, ref: CodeRef) -> Whereabouts:
    """An item of this house: its own events are those over its range; others may have told of it by its name."""
    gtin, version, counter = ref.gtin, ref.key_version, ref.counter
    cases = [names.logistic_unit(pack.sscc) for pack in packs.of_item(unit, gtin=gtin, key_version=version, counter=counter)]
    by_name = unit.session.get(Thing, things.key(unit.brand_id, uri))
    outer = [thing for case in cases if (thing := unit.session.get(Thing, things.key(unit.brand_id, case))) is not None]
    above = outer or ([] if by_name is None else _above(unit, by_name))
    location, disposition = _of_ranges(unit, ref)
    around = [each for each in (by_name, *above) if each is not None]
    known = [_State.of(each, itself=each is by_name) for each in around]
    ways = [states.stays(_packings(unit, ref))[0], *(states.way(unit, each.key)[0] for each in around)]
    known += [state for way in ways for state in _left(unit, way)]
    return Whereabouts(
        uri,
        ITEM,
        _later(location, _latest(known, "location")),
        _later(disposition, _latest(known, "disposition")),
        tuple(cases) or _uris(above),
        unit.session.get(Lot, ref.lot_id) if ref.lot_id else None,
        ref.state,
        shipments.of_item(unit, gtin=gtin, key_version=version, counter=counter),
    )


def _of_ranges(unit: Unit, ref: CodeRef) -> tuple[Said | None, Said | None]:
    """The last place and disposition that events of this house told of an item."""
    query = (
        select(EpcisEvent.event_time, EpcisEvent.biz_location, EpcisEvent.disposition)
        .join(EventRange, EventRange.event_id == EpcisEvent.id)
        .where(EventRange.gtin == ref.gtin, EventRange.key_version == ref.key_version)
        .where(EventRange.first <= ref.counter, EventRange.last >= ref.counter, EpcisEvent.declares.is_(None))
        .where(
            EpcisEvent.id.not_in(select(EventError.event_id)),
            or_(EpcisEvent.biz_location.is_not(None), EpcisEvent.disposition.is_not(None)),
        )
        .order_by(EpcisEvent.event_time, EpcisEvent.id)
    )
    location = disposition = None
    for at, place, word in unit.session.execute(query):
        location = Said(place, at) if place else location
        disposition = Said(word, at) if word else disposition
    return location, disposition


def _packings(unit: Unit, ref: CodeRef) -> list[states.Packing]:
    """What this house told of packing an item and of taking it out."""
    query: Any = (
        select(EpcisEvent.event_time, EpcisEvent.record_time, EpcisEvent.id, EpcisEvent.action, EventThing.thing)
        .join(EventRange, EventRange.event_id == EpcisEvent.id)
        .join(EventThing, EventThing.event_id == EpcisEvent.id)
        .where(EventRange.gtin == ref.gtin, EventRange.key_version == ref.key_version, EventThing.role == "parent")
        .where(EventRange.first <= ref.counter, EventRange.last >= ref.counter, EpcisEvent.type == "AggregationEvent")
        .where(EpcisEvent.declares.is_(None), EpcisEvent.id.not_in(select(EventError.event_id)))
    )
    return states.with_emptyings(unit, [states.Packing(*row) for row in unit.session.execute(query)])


class _State(NamedTuple):
    """What was said of one thing, as in the columns of ``thing``. ``uri``: of the pack; None of the thing itself."""

    uri: str | None
    location: str | None
    located_at: datetime | None
    disposition: str | None
    disposed_at: datetime | None

    @classmethod
    def of(cls, thing: Thing, *, itself: bool) -> _State:
        return cls(None if itself else thing.uri, thing.location, thing.located_at, thing.disposition, thing.disposed_at)


def _left(unit: Unit, way: Iterable[tuple[bytes, datetime]], met: frozenset[bytes] = frozenset()) -> Iterator[_State]:
    """What was said of packs until a thing left them, and of what they stood in or had left by then."""
    for key, until in way:
        pack = unit.session.get(Thing, key)
        if pack is None or key in met:
            continue
        yield _State(pack.uri, **states.latest(unit, key, until))
        left, inside = states.way(unit, key, until=until)
        yield from _left(unit, [*left, *([(inside, until)] if inside else [])], met | {key})


def _above(unit: Unit, thing: Thing) -> list[Thing]:
    """What a thing stands in, nearest first; only as long as no circle leads back. A lot of which there is some in several
    packs stands in none."""
    amounts = sorted(parent for _, parent in states.amounts_in(unit, children=[thing.key]))
    if len(amounts) > 1:
        return []
    found: list[Thing] = []
    met = {thing.key}
    while (parent := found[-1].parent if found else thing.parent or next(iter(amounts), None)) is not None and parent not in met:
        over = unit.session.get(Thing, parent)
        if over is None:
            break
        met.add(parent)
        found.append(over)
    return found


def _latest(known: Iterable[_State], word: str) -> Said | None:
    found: Said | None = None
    for each in known:
        said, at = (each.location, each.located_at) if word == "location" else (each.disposition, each.disposed_at)
        if said is not None and at is not None:
            found = _later(found, Said(said, at, each.uri))
    return found


def _later(one: Said | None, other: Said | None) -> Said | None:
    if one is None or other is None:
        return one or other
    return other if other.at > one.at else one


def _uris(above: Iterable[Thing]) -> tuple[str, ...]:
    return tuple(each.uri for each in above)
