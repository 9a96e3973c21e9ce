"""Goods that left for a customer, and the regions in which that customer may sell them.

A shipment is told by the packs that went (by SSCC) or by a span of an order, and by so much of lots without codes. It is an ObjectEvent
(EPCIS 2.0, 7.4.2; bizStep shipping) and a row for each run of items, never one for each item. An item is in one
shipment at most: shipped once more it belongs to the later one, and the events remember the rest. What is
looked at where is not known here (``diversion``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import func, select, tuple_
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import codes, gs1, lots, moves, packing, packs, ranges, regions, shipped_lots, spans, stock
from traceability.events import capture, names
from traceability.given import Given, can_stand
from traceability.models import EpcisEvent, EventError, Lot, Pack, Shipment, ShippedRange
from traceability.spans import Span

MOST: Final = 1_000
"""Packs in one shipment."""
MOST_REGIONS: Final = 50
SHIPPABLE: Final = packing.PACKABLE
_NAMED: Final = 10

Goods = list[tuple[str | None, Span]]
"""Items with the SSCC by which they were told, if any."""


class ShipmentReferenceUsed(Conflict):
    """A reference is the shipper's own name of one shipment (the delivery note), so that a repeated request ships
    nothing twice. This one was used for other goods, another customer or other regions: choose a new one."""

    code = "shipment-reference-used"
    title = "This reference belongs to another shipment"


class ShipmentCancelled(Conflict):
    """The shipment of this reference was cancelled, and stays so. Ship the goods under a new reference."""

    code = "shipment-cancelled"
    title = "This shipment was cancelled"


class NotShippable(Conflict):
    """Only items that are on a lot, and not yet sold, sampled or gone, can be shipped. ``items`` says how many of
    these are not, ``spans`` names the first ten stretches of them by their order's ``reference``, their place in it and state."""

    code = "not-shippable"
    title = "Some of these items cannot be shipped"


def ship(
    unit: Unit,
    *,
    reference: str,
    customer: str,
    regions: Sequence[str],
    sscc: Sequence[str] = (),
    order_id: str | None = None,
    start: int = 0,
    count: int | None = None,
    loose: Sequence[tuple[str, Decimal]] = (),
) -> Shipment:
    """Goods leave for a customer who may sell them in these regions (codes of ``regions``; ``CN`` is all of China).

    The goods are packs with all that is in them now, or ``count`` items from position ``start`` (from 0) of an order
    on; with them, or alone, ``loose``: so much of each of these lots (by id), in its own unit, as goods without codes. The same reference
    again, with the same words, is the same shipment. Raises Invalid, Missing, NotShippable, ShipmentReferenceUsed,
    ShipmentCancelled, moves.LotNotReleased, lots.LotOnHold, lots.LotRecalled or lots.NotEnoughLeft; then nothing is done.
    """
    given = Given()
    reference, customer = given.text("/reference", reference, 64), given.text("/customer", customer, 120)
    allowed = _allowed(given, regions)
    bulk = shipped_lots.given(given, loose)
    if (sscc and order_id is not None) or not (sscc or order_id is not None or loose):
        given.wrong("/sscc", "ship-which", "name packs, or a span of an order, and not both")
    elif len(sscc) > MOST:
        given.wrong("/sscc", "most", f"at most {MOST} packs at once", most=MOST)
    given.done()
    words = (customer, allowed, _what(unit, sscc, order_id, start, count) | shipped_lots.what(unit, bulk))
    earlier = _earlier(unit, reference, words)
    if earlier is not None:
        return earlier
    goods: Goods = _packed(unit, sscc) if sscc else [(None, _span(unit, order_id, start, count))] if order_id is not None else []
    touched = _fit(unit, [span for _, span in goods], bulk)
    earlier = _earlier(unit, reference, words)  # whoever shipped the same goods at the same moment held the same locks
    if earlier is not None:
        return earlier
    made = _new(unit, Shipment(reference=reference, customer=customer, regions=allowed))
    made.event_id = _tell(unit, made, goods, words[2], touched).id
    _keep(unit, made, goods)
    shipped_lots.keep(unit, made, bulk, touched)
    counts = {"items": _count(goods), "lots": len(bulk)}
    unit.record("goods.shipped", "shipment", made.id, reference=reference, customer=customer, regions=allowed, **counts)
    return made


def get(unit: Unit, shipment_id: str) -> Shipment:
    """Raises Missing."""
    found = unit.session.get(Shipment, shipment_id)
    if found is None:
        raise Missing("no such shipment")
    return found


def every(unit: Unit, *, customer: str | None = None, limit: int | None = None, before: str | None = None) -> list[Shipment]:
    """Shipments, newest first: all of them, or the first ``limit``, older than the one with the id ``before``; to one customer only."""
    query = select(Shipment).order_by(Shipment.at.desc(), Shipment.id.desc()).limit(limit)
    if customer is not None and not can_stand(customer):
        return []
    if customer is not None:
        query = query.where(Shipment.customer == customer)
    if before is not None:
        last = get(unit, before)
        query = query.where(tuple_(Shipment.at, Shipment.id) < (last.at, last.id))
    return list(unit.session.scalars(query))


def customers(unit: Unit) -> list[str]:
    """To whom anything was shipped, by name."""
    return list(unit.session.scalars(select(Shipment.customer).distinct().order_by(Shipment.customer)))


def items(unit: Unit, shipment_id: str, *, limit: int | None = None) -> list[ShippedRange]:
    """The items that went with a shipment and with no later one, as runs in order: all of them, or the first ``limit``."""
    query = select(ShippedRange).where(ShippedRange.shipment_id == shipment_id).limit(limit)
    return list(unit.session.scalars(query.order_by(ShippedRange.gtin, ShippedRange.key_version, ShippedRange.first)))


def counts(unit: Unit, ids: Iterable[str]) -> dict[str, int]:
    """How many items are in each of these shipments and in no later one."""
    size = func.sum(ShippedRange.last - ShippedRange.first + 1)
    wanted = list(ids)
    query = select(ShippedRange.shipment_id, size).where(ShippedRange.shipment_id.in_(wanted)).group_by(ShippedRange.shipment_id)
    found = {shipment_id: int(count) for shipment_id, count in unit.session.execute(query)}
    return {shipment_id: found.get(shipment_id, 0) for shipment_id in wanted}


def left_with(unit: Unit, found: Iterable[Shipment]) -> dict[str, int]:
    """How many items left with each of these, whatever became of them later."""
    by_event = {each.event_id: each.id for each in found}
    query = select(EpcisEvent.id, EpcisEvent.why).where(EpcisEvent.id.in_(list(by_event)))
    return {by_event[event_id]: int(why.get("items", 0)) for event_id, why in unit.session.execute(query)}


def of_item(unit: Unit, *, gtin: str, key_version: int, counter: int) -> Shipment | None:
    """The last shipment that an item went with, if any."""
    nearest = (
        select(ShippedRange.last, ShippedRange.shipment_id)
        .where(ShippedRange.gtin == gtin, ShippedRange.key_version == key_version, ShippedRange.first <= counter)
        .order_by(ShippedRange.first.desc())
        .limit(1)
        .subquery()
    )
    return unit.session.scalar(select(Shipment).join(nearest, nearest.c.shipment_id == Shipment.id).where(nearest.c.last >= counter))


def _allowed(given: Given, asked: Sequence[str]) -> list[str]:
    """The regions once each, in the order of their codes."""
    if not asked:
        given.wrong("/regions", "empty", "name at least one region")
    if len(asked) > MOST_REGIONS:
        given.wrong("/regions", "most", f"at most {MOST_REGIONS} regions", most=MOST_REGIONS)
    for place, code in enumerate(asked):
        if not isinstance(code, str) or not regions.known(code):
            given.wrong(f"/regions/{place}", "ship-region", "no such region", region=str(code)[:40])
    return sorted(set(asked)) if not given.flaws else []


def _what(unit: Unit, sscc: Sequence[str], order_id: str | None, start: int, count: int | None) -> dict[str, Any]:
    """What an event says of the goods. A pack is named alone: what is in it follows it (EPCIS 2.0, 7.4.3). Raises Invalid, Missing."""
    if order_id is not None:
        return spans.what([_span(unit, order_id, start, count)])
    for place, number in enumerate(sscc):
        if not gs1.is_sscc(number):
            raise Invalid(errors=[flaw(f"/sscc/{place}", "sscc", "an SSCC has 18 digits, the last of which checks the others")])
        if number in sscc[:place]:
            raise Invalid(errors=[flaw(f"/sscc/{place}", "twice", "a pack is given twice")])
    return {"epcList": [names.logistic_unit(number) for number in sorted(sscc)]} if sscc else {}


def _span(unit: Unit, order_id: str, start: int, count: int | None) -> Span:
    return spans.span(codes.get(unit, order_id), start, count)


def _earlier(unit: Unit, reference: str, words: tuple[str, list[str], dict[str, Any]]) -> Shipment | None:
    """The shipment of this reference, if there is one and it was told in the same words; or ShipmentReferenceUsed, ShipmentCancelled."""
    found = unit.session.scalar(select(Shipment).where(Shipment.reference == reference).execution_options(populate_existing=True))
    if found is None:
        return None
    event = unit.session.get_one(EpcisEvent, found.event_id)
    what = {name: told for name, told in event.what.items() if name != "lots"}
    if (found.customer, found.regions, what) != words:
        raise ShipmentReferenceUsed("this reference was used for other goods, another customer or other regions", reference=reference)
    if unit.session.get(EventError, event.id) is not None:
        raise ShipmentCancelled("the shipment of this reference was cancelled", reference=reference)
    return found


def _packed(unit: Unit, sscc: Sequence[str]) -> Goods:
    """All items in these packs now, however deep, each with the pack by which it was told. Raises Invalid."""
    found = {pack.sscc: pack for pack in unit.session.scalars(select(Pack).where(Pack.sscc.in_(sscc)))}
    flaws = [
        flaw(f"/sscc/{place}", "ship-pack", "no such pack, or it was unpacked", sscc=number)
        for place, number in enumerate(sscc)
        if number not in found or found[number].unpacked_at is not None
    ]
    if flaws:
        raise Invalid(errors=flaws)
    told = {pack.id: pack.sscc for pack in found.values()}
    inner = list(unit.session.scalars(select(Pack).where(Pack.parent_id.in_(list(told)))))
    twice = [case.sscc for case in inner if case.id in told]
    if twice:
        raise Invalid(errors=[flaw(f"/sscc/{list(sscc).index(twice[0])}", "twice", "this case stands on a pallet that is given as well")])
    told |= {case.id: told[str(case.parent_id)] for case in inner}
    inside = packs.items_of(unit, list(told))
    by_pack: dict[str, list[Span]] = {number: [] for number in sscc}
    for pack_id, things in inside.items():
        by_pack[told[pack_id]] += things
    return [(number, span) for number, things in by_pack.items() for span in packs.joined(things)]


def _fit(unit: Unit, goods: Iterable[Span], bulk: shipped_lots.Bulk) -> dict[str, Lot]:
    """The lots of goods that may leave, by id, with their orders locked. Raises NotShippable and what is told of lots."""
    by_order: dict[str, list[packs.Place]] = {}
    for place in packs.places(unit, packs.joined(goods)):
        by_order.setdefault(place.order_id, []).append(place)
    found: dict[str, list[Span]] = {}
    strays: list[dict[str, Any]] = []
    for order_id in sorted(by_order):
        order = spans.locked(unit, order_id)
        pairs = sorted((order.first + place.start, order.first + place.start + place.count - 1) for place in by_order[order_id])
        hull = Span(order.gtin, order.key_version, pairs[0][0], pairs[-1][1])
        for run in ranges.inside(spans.runs(unit, order, hull), pairs):
            if run.state not in SHIPPABLE or run.lot_id is None:
                strays.append({**spans.named(order, run.first, run.last), "reference": order.reference, "state": run.state})
            else:
                found.setdefault(run.lot_id, []).append(Span(order.gtin, order.key_version, run.first, run.last))
    if strays:
        number = sum(stray["count"] for stray in strays)
        raise NotShippable(f"{number} of these items are not on a lot or no longer there", items=number, spans=strays[:_NAMED])
    touched = lots.locked(unit, {*found, *bulk})
    for lot in sorted(touched.values(), key=lambda lot: lot.code):
        lots.must_be_clear(lot)
        if lot.state != "released":
            raise moves.LotNotReleased(f"lot {lot.code} is {lot.state}", lot=lot.code, state=lot.state)
    for lot_id, lot in sorted(touched.items(), key=lambda each: each[1].code):
        coded = _count_here(unit, found.get(lot_id, ())) if lot.uom == stock.PIECES else 0
        if leaving := bulk.get(lot_id, Decimal(0)) + coded:
            lots.must_hold(unit, lot, leaving)
    return touched


def _count_here(unit: Unit, goods: Iterable[Span]) -> int:
    """How many of these items went with no shipment yet: the others are counted as gone already."""
    here = 0
    for gtin, version, pairs in packs.by_key(goods):
        query = select(ShippedRange.first, ShippedRange.last).where(ShippedRange.gtin == gtin, ShippedRange.key_version == version)
        near = query.where(ShippedRange.first <= pairs[-1][1], ShippedRange.last >= pairs[0][0]).order_by(ShippedRange.first)
        gone = [(int(first), int(last)) for first, last in unit.session.execute(near)]
        here += sum(last - first + 1 for first, last in ranges.minus(pairs, gone))
    return here


def _new(unit: Unit, made: Shipment) -> Shipment:
    made.id, made.at, made.by = unit.new_id(), unit.now, unit.actor.id
    try:
        with unit.session.begin_nested():
            unit.session.add(made)
    except IntegrityError as error:
        raise ShipmentReferenceUsed("somebody used this reference at this moment", reference=made.reference) from error
    return made


def _tell(unit: Unit, made: Shipment, goods: Goods, what: dict[str, Any], touched: dict[str, Lot]) -> EpcisEvent:
    base = unit.outside.public_url
    places = {lot.place for lot in touched.values()}
    why = {
        "bizTransactionList": [{"type": "desadv", "bizTransaction": f"{base}/shipment/{quote(made.reference, safe='')}"}],
        "destinationList": [{"type": "possessing_party", "destination": names.place(base, made.customer)}],
        "items": _count(goods),
        "regions": made.regions,
    }
    event = capture.record(
        unit,
        type="ObjectEvent",
        action="OBSERVE",
        biz_step="shipping",
        disposition="in_transit",
        event_time=unit.now,
        what=what,
        why=why,
        read_point=places.pop() if len(places) == 1 else None,
        lots=dict.fromkeys(touched, "object"),
    )
    unit.session.flush()
    return event


def _keep(unit: Unit, made: Shipment, goods: Goods) -> None:
    """These items are of this shipment, and of no earlier one any more."""
    for gtin, version, pairs in packs.by_key(span for _, span in goods):
        query = select(ShippedRange).where(ShippedRange.gtin == gtin, ShippedRange.key_version == version)
        for row in unit.session.scalars(query.where(ShippedRange.first <= pairs[-1][1], ShippedRange.last >= pairs[0][0])).all():
            if ranges.meet(pairs, row.first, row.last):
                left = [Span(gtin, version, *pair) for pair in ranges.minus([(row.first, row.last)], pairs)]
                put(unit, row.shipment_id, [(row.sscc, span) for span in left])
                unit.session.delete(row)
    put(unit, made.id, goods)
    unit.session.flush()


def put(unit: Unit, shipment_id: str, goods: Goods) -> None:
    """Write that these items are of a shipment; that they are of no other is the caller's business."""
    unit.session.add_all(
        ShippedRange(
            id=unit.new_id(),
            shipment_id=shipment_id,
            sscc=number,
            gtin=span.gtin,
            key_version=span.key_version,
            first=span.first,
            last=span.last,
        )
        for number, span in goods
    )


def _count(goods: Goods) -> int:
    return sum(span.last - span.first + 1 for _, span in goods)
