"""Where a thing is now, how it stands, and what it is in: an item, a case or pallet, a lot, or what others tell of.

What moved with its pack moved as well: of all that was said of a thing since it was packed, and of what it stands in,
the latest counts (EPCIS 2.0 §7.3.5.4: bizLocation holds until something else is said; CBV 2.0 §7.2). An answer about an
item names its pack and its shipment, never its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import codes, packs, shipments
from traceability.codes import CodeRef
from traceability.events import names, things
from traceability.events.epcs import ITEM, canonical
from traceability.models import EpcisEvent, EventError, EventRange, Lot, Shipment, Thing


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
    location, disposition = (_latest([thing, *above], word, thing) for word in ("location", "disposition"))
    return Whereabouts(thing.uri, thing.kind, location, disposition, _uris(above), lot)


def _own(unit: Unit, uri: str, ref: CodeRef) -> Whereabouts:
    """An item of this house: its own events are those over its range; others may have told of it by its name."""
    gtin, version, counter = ref.gtin, ref.key_version, ref.counter
    cases = [names.logistic_unit(pack.sscc) for pack in packs.of_item(unit, gtin=gtin, key_version=version, counter=counter)]
    by_name = unit.session.get(Thing, things.key(unit.brand_id, uri))
    outer = [thing for case in cases if (thing := unit.session.get(Thing, things.key(unit.brand_id, case))) is not None]
    above = outer or ([] if by_name is None else _above(unit, by_name))
    location, disposition = _of_ranges(unit, ref)
    known = [each for each in (by_name, *above) if each is not None]
    return Whereabouts(
        uri,
        ITEM,
        _later(location, _latest(known, "location", by_name)),
        _later(disposition, _latest(known, "disposition", by_name)),
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


def _above(unit: Unit, thing: Thing) -> list[Thing]:
    """What a thing stands in, nearest first; only as long as no circle leads back."""
    found: list[Thing] = []
    met = {thing.key}
    while (parent := (found[-1] if found else thing).parent) is not None and parent not in met:
        over = unit.session.get(Thing, parent)
        if over is None:
            break
        met.add(parent)
        found.append(over)
    return found


def _latest(known: Iterable[Thing], word: str, itself: Thing | None) -> Said | None:
    moment = "located_at" if word == "location" else "disposed_at"
    found: Said | None = None
    for each in known:
        said, at = getattr(each, word), getattr(each, moment)
        if said is not None:
            found = _later(found, Said(said, at, None if each is itself else each.uri))
    return found


def _later(one: Said | None, other: Said | None) -> Said | None:
    if one is None or other is None:
        return one or other
    return other if other.at > one.at else one


def _uris(above: Iterable[Thing]) -> tuple[str, ...]:
    return tuple(each.uri for each in above)
