"""What is left of a lot in this house, and where the rest went, in the lot's own unit.

Read from events that count (not declared in error) and, for pieces that bear codes, from how their codes stand. An event
of somebody else about the same goods, a supplier's own shipping of them or a customer's use, moves nothing here: what was
captured from elsewhere counts when the place that it names is one of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, case, exists, func, select

from kernel.unit import Unit
from traceability.batches import batched
from traceability.events import names, units
from traceability.models import CodeRange, EpcisEvent, EventError, EventThing, Lot, ShippedRange, Site


class Step(NamedTuple):
    """``called``: what a quantity is called in the books of this house that is not here any more after this step, if it is.
    ``onward``: whoever the event names as destination has the goods then, or is about to."""

    called: str | None
    onward: bool


LEAVING: Final = {
    "shipping": Step("shipped", True),
    "staging_outbound": Step(None, True),
    "departing": Step(None, True),
    "receiving": Step(None, True),
    "retail_selling": Step("sold", True),
    "dispensing": Step("sold", True),
    "sampling": Step("sampled", False),
    "destroying": Step("destroyed", False),
    "decommissioning": Step("destroyed", False),
}
"""Business steps of an ObjectEvent (CBV 2.0 §7.1) by which goods go to somebody else, or cease to be. Those told before or after a
shipping of the same goods are no outflow of their own."""
SOLD: Final = tuple(name for name, step in LEAVING.items() if step.called == "sold")
ONWARD: Final = tuple(name for name, step in LEAVING.items() if step.onward)
PIECES: Final = "H87"
_AT_ONCE: Final = 500
_MILLIONTH: Final = Decimal("0.000001")
_BY_CODE: Final = {"sampled": "sampled", "inactive": "withdrawn", "destroyed": "destroyed"}


@dataclass(frozen=True)
class Stock:
    """Amounts in ``uom``. ``came``: received or produced. ``withdrawn``: pieces whose codes were taken out of use (sold,
    exported, lost). ``strange``: how many outflows were told in a unit that cannot be said in ``uom``; they are in no sum."""

    uom: str
    came: Decimal
    used: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    sold: Decimal = Decimal(0)
    sampled: Decimal = Decimal(0)
    destroyed: Decimal = Decimal(0)
    withdrawn: Decimal = Decimal(0)
    strange: int = 0

    @property
    def gone(self) -> Decimal:
        return self.used + self.shipped + self.sold + self.sampled + self.destroyed + self.withdrawn

    @property
    def left(self) -> Decimal:
        """Below zero when more went out than ever came in."""
        return (self.came - self.gone).normalize() + 0


def of(unit: Unit, lots: Iterable[Lot]) -> dict[str, Stock]:
    """Lot id → its stock now. An open lot has none yet: what it holds is only planned."""
    some = list(lots)
    found: dict[str, dict[str, Any]] = {lot.id: {"came": lot.quantity if lot.state != "open" else Decimal(0)} for lot in some}
    for at in range(0, len(some), _AT_ONCE):
        batch = some[at : at + _AT_ONCE]
        for lot, kind, quantity in (*_by_quantity(unit, batch), *_by_code(unit, batch)):
            sums = found[lot.id]
            if quantity is None:
                sums["strange"] = sums.get("strange", 0) + 1
            else:
                sums[kind] = sums.get(kind, Decimal(0)) + quantity
    return {lot.id: Stock(lot.uom, **found[lot.id]) for lot in some}


def kind_of(type: str, role: str, action: str | None, biz_step: str | None) -> str | None:
    """What an event does to a quantity that it names: received, produced, used, shipped, sold, sampled, destroyed, or nothing (None).

    An ObjectEvent with ADD says that a class came to be there (EPCIS 2.0 §7.4.2); what arrives under a class that its maker
    commissioned is observed as received.
    """
    if type == "TransformationEvent":
        return {"input": "used", "output": "produced"}.get(role)
    if type != "ObjectEvent" or role != "object":
        return None
    if biz_step == "receiving" and action != "DELETE":
        return "received"
    if action == "ADD":
        return "produced"
    step = LEAVING.get(biz_step or "")
    return (step.called if step else None) or ("destroyed" if action == "DELETE" else None)


def ours(unit: Unit, lots: Iterable[Lot] = ()) -> dict[str, str]:
    """How events may call the places of this house → the name: the sites, and where these lots came to be."""
    known = {*unit.session.scalars(select(Site.name)), *(lot.place for lot in lots)}
    return {told: name for name in known for told in (name, names.place(unit.outside.public_url, name))}


def counting() -> tuple[Any, Any]:
    """The conditions on ``epcis_event``: it says what happened, and was not declared in error."""
    return EpcisEvent.declares.is_(None), ~exists().where(EventError.event_id == EpcisEvent.id)


def in_unit(quantity: Decimal, told: str | None, uom: str) -> Decimal | None:
    """A quantity as it was told, in another unit; None where they cannot be compared."""
    told = told or PIECES
    if told == uom:
        return quantity
    if units.family(told) and units.family(told) == units.family(uom):
        return units.convert(quantity, told, uom).quantize(_MILLIONTH)
    return None


def _by_quantity(unit: Unit, lots: Collection[Lot]) -> Iterator[tuple[Lot, str, Decimal | None]]:
    by_thing, places = {lot.thing: lot for lot in lots}, ours(unit, lots)
    query = select(EventThing.event_id, EventThing.thing, EventThing.role, EventThing.quantity, EventThing.uom)
    named = unit.session.execute(
        query.where(EventThing.thing.in_(by_thing), EventThing.quantity.is_not(None), EventThing.role.in_(("object", "input")))
    ).all()
    events = _events(unit, {row.event_id for row in named})
    for event_id, thing, role, quantity, uom in named:
        event = events.get(event_id)
        kind = kind_of(event.type, role, event.action, event.biz_step) if event else None
        if event is None or kind in (None, "received", "produced"):
            continue
        if event.captured and event.read_point not in places and event.biz_location not in places:
            continue
        lot = by_thing[thing]
        yield lot, str(kind), in_unit(quantity or Decimal(0), uom, lot.uom)


def _events(unit: Unit, ids: Collection[str]) -> dict[str, Any]:
    """What these events say, of those that count: asked by their ids alone, or a database without statistics reads every event there is."""
    columns = (EpcisEvent.type, EpcisEvent.action, EpcisEvent.biz_step, EpcisEvent.read_point, EpcisEvent.biz_location)
    query = select(EpcisEvent.id, *columns, EpcisEvent.told.is_not(None).label("captured"))
    found = {}
    for some in batched(ids):
        for row in unit.session.execute(query.where(EpcisEvent.id.in_(some), *counting())):
            found[row.id] = row
    return found


def _by_code(unit: Unit, lots: Collection[Lot]) -> Iterator[tuple[Lot, str, Decimal]]:
    """Pieces that bear a code each: how they stand, and those on the market that were shipped."""
    by_id = {lot.id: lot for lot in lots if lot.uom == PIECES and lot.kind == "product"}
    if not by_id:
        return
    size = func.sum(CodeRange.last - CodeRange.first + 1)
    gone = select(CodeRange.lot_id, CodeRange.state, size).where(CodeRange.lot_id.in_(by_id), CodeRange.state.in_(_BY_CODE))
    for lot_id, state, many in unit.session.execute(gone.group_by(CodeRange.lot_id, CodeRange.state)):
        yield by_id[str(lot_id)], _BY_CODE[state], Decimal(int(many))
    low = case((ShippedRange.first > CodeRange.first, ShippedRange.first), else_=CodeRange.first)
    high = case((ShippedRange.last < CodeRange.last, ShippedRange.last), else_=CodeRange.last)
    key = and_(ShippedRange.gtin == CodeRange.gtin, ShippedRange.key_version == CodeRange.key_version)
    left = (
        select(CodeRange.lot_id, func.sum(high - low + 1))
        .join(ShippedRange, and_(key, ShippedRange.first <= CodeRange.last, ShippedRange.last >= CodeRange.first))
        .where(CodeRange.lot_id.in_(by_id), CodeRange.state.not_in(_BY_CODE))
    )
    for lot_id, many in unit.session.execute(left.group_by(CodeRange.lot_id)):
        yield by_id[str(lot_id)], "shipped", Decimal(int(many))
