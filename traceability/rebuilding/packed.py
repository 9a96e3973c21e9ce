"""Packs and shipments of this house: what is in what and what went with whom, replayed from its own events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, delete, select

from kernel.unit import Unit
from traceability import packs
from traceability.models import EpcisEvent, EventError, Pack, PackedRange, Shipment, ShippedRange
from traceability.spans import Span

Goods = list[tuple[str | None, Span]]


@dataclass
class World:
    """Packs by SSCC, as the events so far leave them, and the goods of each shipment."""

    items: dict[str, list[Span]] = field(default_factory=dict)
    parent: dict[str, str] = field(default_factory=dict)
    gone: dict[str, Goods] = field(default_factory=dict)


def rebuild(unit: Unit, tell: Callable[[str, int, int], None]) -> int:
    """How many rows stood otherwise before."""
    known = {pack.sscc: pack for pack in unit.session.scalars(select(Pack))}
    world = replayed(unit, unit.session.scalars(telling().order_by(EpcisEvent.event_time, EpcisEvent.id)))
    changed = _keep_packs(unit, world, known) + _keep_shipments(unit, world)
    tell("packs", len(known), len(known))
    return changed


def telling() -> Select[EpcisEvent]:
    """The events of this house that tell what is in what and what left, as far as they count."""
    wrong = select(EventError.event_id)
    query = select(EpcisEvent).where(EpcisEvent.told.is_(None), EpcisEvent.declares.is_(None), EpcisEvent.id.not_in(wrong))
    return query.where((EpcisEvent.type == "AggregationEvent") | (EpcisEvent.biz_step == "shipping"))


def replayed(unit: Unit, events: Iterable[EpcisEvent]) -> World:
    """How these events (see ``telling``), in their order, leave packs and shipments."""
    world = World()
    shipments = {str(row.event_id): row for row in unit.session.scalars(select(Shipment).order_by(Shipment.at, Shipment.id))}
    for event in events:
        if event.type == "AggregationEvent":
            _pack(world, event)
        elif event.id in shipments:
            _ship(world, shipments[event.id].id, event.what)
    return world


def _spans(what: dict[str, Any]) -> list[Span]:
    return [Span(span["gtin"], span["keyVersion"], span["first"], span["last"]) for span in what.get("codeRanges", ())]


def _number(uri: str) -> str:
    return uri.rpartition("/")[2]


def _pack(world: World, event: EpcisEvent) -> None:
    over, goods = _number(event.what["parentID"]), _spans(event.what)
    inside = world.items.setdefault(over, [])
    if event.action == "ADD":
        world.items[over] = packs.joined([*inside, *goods])
        world.parent |= {_number(uri): over for uri in event.what.get("childEPCs", ())}
    elif event.action == "DELETE":
        world.items[over] = packs.minus(inside, goods)
        for uri in event.what.get("childEPCs", ()):
            world.parent.pop(_number(uri), None)


def _ship(world: World, shipment_id: str, what: dict[str, Any]) -> None:
    goods: Goods = [(None, span) for span in _spans(what)]
    for number in map(_number, what.get("epcList", ())):
        inner = [case for case, over in world.parent.items() if over == number]
        goods += [(number, span) for span in packs.joined(span for each in (number, *inner) for span in world.items.get(each, ()))]
    taken = [span for _, span in goods]
    for earlier, left in world.gone.items():
        world.gone[earlier] = [(number, span) for number, mine in left for span in packs.minus([mine], taken)]
    world.gone[shipment_id] = goods


def _keep_packs(unit: Unit, world: World, known: dict[str, Pack]) -> int:
    before: dict[str, set[Span]] = {}
    for row in unit.session.scalars(select(PackedRange)):
        before.setdefault(row.pack_id, set()).add(Span(row.gtin, row.key_version, row.first, row.last))
    changed = 0
    for sscc, pack in known.items():
        over = world.parent.get(sscc)
        parent_id = known[over].id if over is not None else None
        if pack.parent_id != parent_id:
            pack.parent_id, changed = parent_id, changed + 1
        now = set(world.items.get(sscc, ()))
        if before.get(pack.id, set()) != now:
            unit.session.execute(delete(PackedRange).where(PackedRange.pack_id == pack.id).execution_options(synchronize_session=False))
            unit.session.add_all(PackedRange(id=unit.new_id(), pack_id=pack.id, **_columns(span)) for span in sorted(now, key=_order))
            changed += 1
    unit.session.flush()
    return changed


def _keep_shipments(unit: Unit, world: World) -> int:
    before: dict[str, set[tuple[str | None, Span]]] = {}
    for row in unit.session.scalars(select(ShippedRange)):
        before.setdefault(row.shipment_id, set()).add((row.sscc, Span(row.gtin, row.key_version, row.first, row.last)))
    changed = 0
    for shipment_id in sorted({*before, *world.gone}):
        now = world.gone.get(shipment_id, [])
        if before.get(shipment_id, set()) != set(now):
            gone = delete(ShippedRange).where(ShippedRange.shipment_id == shipment_id)
            unit.session.execute(gone.execution_options(synchronize_session=False))
            unit.session.add_all(
                ShippedRange(id=unit.new_id(), shipment_id=shipment_id, sscc=number, **_columns(span)) for number, span in now
            )
            changed += 1
    unit.session.flush()
    return changed


def _order(span: Span) -> tuple[str, int, int]:
    return span.gtin, span.key_version, span.first


def _columns(span: Span) -> dict[str, Any]:
    return {"gtin": span.gtin, "key_version": span.key_version, "first": span.first, "last": span.last}
