"""A shipment that was told wrongly is taken back: its event is declared in error (EPCIS 2.0 §7.4.1.4), and it stays listed as cancelled.

Its goods are here again. Items that an earlier shipment had go back to that one, as if this one had never been: what counts is replayed
from the events that speak of them (``rebuilding.packed``). There is no column for it; that a shipment was cancelled is what
``event_error`` says of its event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from kernel.unit import Unit
from traceability import lots, packs, ranges, shipments, spans
from traceability.events import capture
from traceability.given import Given
from traceability.models import EpcisEvent, EventError, EventRange, EventThing, Lot, Shipment, ShippedLot, ShippedRange
from traceability.rebuilding import packed
from traceability.spans import Span

_AT_ONCE: Final = 500


class Cancelled(NamedTuple):
    """When a shipment was cancelled, by whom, and why."""

    at: datetime
    by: str
    reason: str


def cancel(unit: Unit, *, shipment_id: str, reason: str) -> Shipment:
    """Take a shipment back; cancelled once more it stays as it is.

    Refused while one of its lots is held or recalled: whoever has the goods must not slip out of a recall. Raises Invalid, Missing,
    lots.LotOnHold or lots.LotRecalled; then nothing is done.
    """
    given = Given()
    why = given.text("/reason", reason, 300)
    given.done()
    made = shipments.get(unit, shipment_id)
    wide = [Span(row.gtin, row.key_version, max(row.first - 1, 0), row.last + 1) for row in shipments.items(unit, made.id)]
    for order_id in sorted({place.order_id for place in packs.places(unit, packs.joined(wide))}):
        spans.locked(unit, order_id)
    roles = _roles(unit, made)
    touched = lots.locked(unit, roles)
    if cancelled(unit, [made]):
        return made
    for lot in sorted(touched.values(), key=lambda lot: lot.code):
        lots.must_be_clear(lot)
        lots.touch(unit, lot)
    event = _declare(unit, made, why, roles)
    freed = _dropped(unit, made)
    _give_back(unit, freed)
    counts = {"items": sum(span.last - span.first + 1 for span in freed), "lots": len(touched)}
    unit.record("goods.shipment_cancelled", "shipment", made.id, reference=made.reference, event=event.id, reason=why, **counts)
    return made


def cancelled(unit: Unit, found: Iterable[Shipment]) -> dict[str, Cancelled]:
    """Shipment id → how it was cancelled; of those that were."""
    by_event = {str(each.event_id): each.id for each in found}
    said, told = aliased(EventError), {}
    query = select(said.event_id, said.at, EpcisEvent.by, EpcisEvent.why).join(EpcisEvent, EpcisEvent.id == said.declared_by)
    ordered = sorted(by_event)
    for start in range(0, len(ordered), _AT_ONCE):
        for event_id, at, by, why in unit.session.execute(query.where(said.event_id.in_(ordered[start : start + _AT_ONCE]))):
            told[by_event[event_id]] = Cancelled(at, by, str(why.get("note", "")))
    return told


def _roles(unit: Unit, made: Shipment) -> dict[str, str]:
    query = select(Lot.id, EventThing.role).join(EventThing, EventThing.thing == Lot.thing).where(EventThing.event_id == made.event_id)
    return dict(unit.session.execute(query).tuples().all())


def _declare(unit: Unit, made: Shipment, why: str, roles: dict[str, str]) -> EpcisEvent:
    wrong = unit.session.get_one(EpcisEvent, made.event_id)
    error: dict[str, Any] = {"declarationTime": unit.now.isoformat(timespec="milliseconds"), "reason": "did_not_occur"}
    return capture.record(
        unit,
        type=wrong.type,
        action=wrong.action,
        biz_step=str(wrong.biz_step),
        disposition=wrong.disposition,
        event_time=wrong.event_time,
        what=wrong.what,
        why={**wrong.why, "errorDeclaration": error, "note": why},
        read_point=wrong.read_point,
        lots=roles,
        declares=wrong.id,
    )


def _dropped(unit: Unit, made: Shipment) -> list[Span]:
    """Nothing is of this shipment any more; the items that were."""
    rows = shipments.items(unit, made.id)
    for table in (ShippedRange, ShippedLot):
        unit.session.execute(delete(table).where(table.shipment_id == made.id))
    unit.session.flush()
    return packs.joined(Span(row.gtin, row.key_version, row.first, row.last) for row in rows)


def _give_back(unit: Unit, freed: list[Span]) -> None:
    """To each shipment that had one of these items before, what it would have if the cancelled one had never been."""
    world = packed.replayed(unit, _telling_of(unit, freed))
    for shipment_id, goods in world.gone.items():
        back = [(number, piece) for number, span in goods for piece in packs.minus([span], packs.minus([span], freed))]
        if not back:
            continue
        rows = shipments.items(unit, shipment_id)
        had = {(row.sscc, Span(row.gtin, row.key_version, row.first, row.last)): row for row in rows}
        of = {number: [span for told, span in (*had, *back) if told == number] for number, _ in (*had, *back)}
        now = {(number, span) for number, several in of.items() for span in packs.joined(several)}
        for gone in set(had) - now:
            unit.session.delete(had[gone])
        shipments.put(unit, shipment_id, sorted(now - set(had), key=lambda each: (each[0] or "", each[1].gtin, each[1].first)))
    unit.session.flush()


def _telling_of(unit: Unit, freed: list[Span]) -> list[EpcisEvent]:
    """Every event that tells where these items were packed or that they left, in order: few, found by the items and by their packs."""
    ids = set()
    for gtin, version, pairs in packs.by_key(freed):
        query = select(EventRange.event_id, EventRange.first, EventRange.last).where(
            EventRange.gtin == gtin, EventRange.key_version == version
        )
        near = query.where(EventRange.first <= pairs[-1][1], EventRange.last >= pairs[0][0])
        ids |= {event_id for event_id, first, last in unit.session.execute(near) if ranges.meet(pairs, first, last)}
    cases = _things(unit, ids)
    above = _things(unit, _naming(unit, cases, "child"))
    for role in ("parent", "child", "object"):
        ids |= _naming(unit, cases | above, role)
    ordered, found = sorted(ids), []
    for at in range(0, len(ordered), _AT_ONCE):
        found += list(unit.session.scalars(packed.telling().where(EpcisEvent.id.in_(ordered[at : at + _AT_ONCE]))))
    return sorted(found, key=lambda event: (event.event_time, event.id))


def _things(unit: Unit, event_ids: Collection[str]) -> set[bytes]:
    """The packs in which these events put something, or out of which they took it."""
    ordered, found = sorted(event_ids), set()
    for at in range(0, len(ordered), _AT_ONCE):
        query = select(EventThing.thing).where(EventThing.event_id.in_(ordered[at : at + _AT_ONCE]), EventThing.role == "parent")
        found |= set(unit.session.scalars(query))
    return found


def _naming(unit: Unit, things: Collection[bytes], role: str) -> set[str]:
    ordered, found = sorted(things), set()
    for at in range(0, len(ordered), _AT_ONCE):
        query = select(EventThing.event_id).where(EventThing.thing.in_(ordered[at : at + _AT_ONCE]), EventThing.role == role)
        found |= set(unit.session.scalars(query))
    return found
