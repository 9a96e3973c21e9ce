"""What was moved where, read from events, and the books that are made of it.

The reckoning itself is ``mass_balance``, which knows no table; here events become its movements: native and captured ones alike, as far
as they count and happened at a place of this house (``everywhere`` lifts that). Pieces that bear codes are told by their codes:
each leaves once, by the step in which it stands now, so that the books of a time that is over change when an item that left in it
goes further. Goods that a foreign event names one by one, or by the pack
alone, are in no sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import and_, case, exists, func, select

from kernel.unit import Unit
from traceability import stock
from traceability.events import epcs, names, things
from traceability.mass_balance import Movement, Step
from traceability.models import CodeRange, EpcisEvent, EventRange, EventThing, Lot, Shipment, ShippedRange, Thing

_WITHDRAWN: Final = {"retail_selling": "sold", "shipping": "shipped"}
_STATES: Final = {
    "sampled": ("sampling",),
    "destroyed": ("destroying",),
    "inactive": ("retail_selling", "shipping", "decommissioning", "other"),
}


@dataclass(frozen=True)
class Told:
    """A movement with the transformation that it is a part of, if any."""

    movement: Movement
    step: str | None = None


def movements(unit: Unit, *, until: datetime, lot_uri: str | None = None, everywhere: bool = False) -> list[Told]:
    """Every movement before ``until``, oldest first; of one thing only, when it is named by its URI.

    The site of a movement is the read point or business location that a captured event names: a GLN without its extension, by name where
    it is one of ours. The house itself tells no moves between its own places, so that what it does with a lot is booked where that lot came
    to be.
    """
    found = [*_quantities(unit, until, lot_uri, everywhere), *_shipped(unit, until, lot_uri), *_by_code(unit, until, lot_uri)]
    return sorted(found, key=lambda each: (each.movement.at, each.movement.event_id, each.movement.kind, each.movement.lot))


def steps(told: list[Told]) -> list[Step]:
    """The transformations among these, in order of their last event; one that was told in several events is one step."""
    parts: dict[str, list[Movement]] = {}
    for each in told:
        if each.step is not None:
            parts.setdefault(each.step, []).append(each.movement)
    made = []
    for moved in parts.values():
        sides: dict[str, list[tuple[str, Decimal, str]]] = {"used": [], "produced": []}
        for moving in moved:
            sides[moving.kind].append((moving.lot, moving.quantity, moving.uom))
        last = moved[-1]
        made.append(Step(last.event_id, last.at, last.site, tuple(sides["used"]), tuple(sides["produced"])))
    return sorted(made, key=lambda step: (step.at, step.event_id))


def _quantities(unit: Unit, until: datetime, lot_uri: str | None, everywhere: bool) -> Iterator[Told]:
    places = stock.ours(unit)
    query = (
        select(
            EpcisEvent.id, EpcisEvent.type, EpcisEvent.action, EpcisEvent.biz_step, EpcisEvent.event_time, EpcisEvent.read_point,
            EpcisEvent.biz_location, EpcisEvent.transformation_id, EpcisEvent.told.is_not(None), EventThing.role, EventThing.quantity,
            EventThing.uom, Thing.uri, Lot.place,
        )
        .join(EventThing, EventThing.event_id == EpcisEvent.id)
        .join(Thing, Thing.key == EventThing.thing)
        .outerjoin(Lot, Lot.thing == Thing.key)
        .where(EpcisEvent.type.in_(("ObjectEvent", "TransformationEvent")), EventThing.role.in_(("object", "input", "output")))
        .where(EventThing.quantity.is_not(None), EpcisEvent.event_time < until, *stock.counting())
    )  # fmt: skip
    if lot_uri is not None:
        key = things.key(unit.brand_id, lot_uri)
        named = list(unit.session.scalars(select(EventThing.event_id).where(EventThing.thing == key)))
        query = query.where(Thing.key == key, EpcisEvent.id.in_(named))
    for row in unit.session.execute(query).tuples():
        event_id, type, action, biz_step, at, read_point, location, transformation, captured, role, quantity, uom, uri, home = row
        kind = stock.kind_of(type, role, action, biz_step)
        if home is not None and home not in places:
            for told in (home, names.place(unit.outside.public_url, home)):
                places[told] = home
        site = _site(places, read_point, location) if captured or home is None else home
        if kind is None or (captured and not everywhere and site not in places):
            continue
        step = (transformation or event_id) if type == "TransformationEvent" else None
        yield Told(Movement(event_id, at, site, uri, kind, quantity or Decimal(0), uom or stock.PIECES), step)


def _site(places: Mapping[str, str], *told: str | None) -> str:
    named = next((place for place in told if place), "")
    whole = epcs.canonical(named).uri.partition("/254/")[0] if ":" in named else named
    return places.get(named) or places.get(whole) or whole


def _shipped(unit: Unit, until: datetime, lot_uri: str | None) -> Iterator[Told]:
    """Items that left with a shipment and are on the market still."""
    size, overlap = _overlap(ShippedRange)
    query = (
        select(Shipment.event_id, Shipment.at, Lot.place, Lot.uri, size)
        .join(ShippedRange, ShippedRange.shipment_id == Shipment.id)
        .join(CodeRange, overlap)
        .join(Lot, Lot.id == CodeRange.lot_id)
        .where(Shipment.at < until, CodeRange.state.in_(("commissioned", "released")))
        .group_by(Shipment.event_id, Shipment.at, Lot.place, Lot.uri)
    )
    for event_id, at, place, uri, many in unit.session.execute(_of(query, lot_uri)).tuples():
        yield Told(Movement(str(event_id), at, place, uri, "shipped", Decimal(int(many)), stock.PIECES))


def _by_code(unit: Unit, until: datetime, lot_uri: str | None) -> Iterator[Told]:
    """Items that were taken out by their codes. A shipment's event is none of these: what was sold after it left has left once."""
    size, overlap = _overlap(EventRange)
    query = (
        select(EpcisEvent.id, EpcisEvent.event_time, EpcisEvent.biz_step, CodeRange.state, Lot.place, Lot.uri, size)
        .join(EventRange, EventRange.event_id == EpcisEvent.id)
        .join(CodeRange, overlap)
        .join(Lot, Lot.id == CodeRange.lot_id)
        .where(EpcisEvent.event_time < until, CodeRange.state.in_(_STATES), *stock.counting())
        .where(~exists().where(Shipment.event_id == EpcisEvent.id))
        .group_by(EpcisEvent.id, EpcisEvent.event_time, EpcisEvent.biz_step, CodeRange.state, Lot.place, Lot.uri)
    )
    for event_id, at, biz_step, state, place, uri, many in unit.session.execute(_of(query, lot_uri)).tuples():
        if biz_step in _STATES[state]:
            kind = _WITHDRAWN.get(str(biz_step), "destroyed") if state == "inactive" else state
            yield Told(Movement(event_id, at, place, uri, kind, Decimal(int(many)), stock.PIECES))


def _overlap(table: Any) -> tuple[Any, Any]:
    """How many codes lie in both a row of ``table`` and a code_range, and the condition that any do."""
    low = case((table.first > CodeRange.first, table.first), else_=CodeRange.first)
    high = case((table.last < CodeRange.last, table.last), else_=CodeRange.last)
    key = and_(table.gtin == CodeRange.gtin, table.key_version == CodeRange.key_version)
    return func.sum(high - low + 1), and_(key, table.first <= CodeRange.last, table.last >= CodeRange.first)


def _of(query: Any, lot_uri: str | None) -> Any:
    return query if lot_uri is None else query.where(Lot.uri == lot_uri)
