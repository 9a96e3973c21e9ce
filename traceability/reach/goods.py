"""The items of some lots as this house keeps them: ranges of codes, what they are packed in, to whom they went, who looked.

Everything is asked by ranges. A hundred thousand items that share a fate are one row here, and one in every answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from sqlalchemy import func, select

from kernel.unit import Unit
from traceability import stock
from traceability.batches import batched
from traceability.events import names
from traceability.models import (
    CodeRange,
    EpcisEvent,
    EventThing,
    ItemScans,
    Lot,
    Pack,
    PackedRange,
    Shipment,
    ShippedLot,
    ShippedRange,
)
from traceability.ranges import Pair
from traceability.spans import Span

GONE: Final = ("destroyed",)
"""States of items that nobody can have any more."""


class Stretch(NamedTuple):
    """Counters ``first`` … ``last`` (both in) of one key: items of one lot that share a state."""

    gtin: str
    key_version: int
    first: int
    last: int
    state: str
    lot_id: str

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Packed:
    """A case or pallet: how many of the items lie in it itself, how many ``others``, and the SSCC of what it stands on."""

    pack: Pack
    items: int
    others: int
    over: str | None


@dataclass(frozen=True)
class Amount:
    """So much of a lot, without codes."""

    lot_id: str
    quantity: Decimal
    uom: str


@dataclass(frozen=True)
class Shipped:
    """What of the goods is in one shipment, and in no later one."""

    shipment: Shipment
    stretches: list[Stretch] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    packs: frozenset[str] = frozenset()
    """The SSCCs under which the items left, where they were packed."""

    @property
    def items(self) -> int:
        return sum(each.size for each in self.stretches)

    @property
    def lot_ids(self) -> set[str]:
        return {each.lot_id for each in self.stretches} | {each.lot_id for each in self.amounts}


@dataclass(frozen=True)
class Sold:
    """So much of a lot that ``customer`` bought loose, without a delivery note: ``event_id`` tells of it."""

    event_id: str
    customer: str
    at: datetime
    amount: Amount


@dataclass(frozen=True)
class Looked:
    """How often and at how many of the items anybody looked; ``regions``: where each was first looked at, the most first."""

    times: int = 0
    items: int = 0
    last_at: datetime | None = None
    regions: dict[str, int] = field(default_factory=dict)


def stretches(unit: Unit, lot_ids: Sequence[str]) -> list[Stretch]:
    """The items that are or were on these lots, in order of key and counter."""
    columns = select(CodeRange.gtin, CodeRange.key_version, CodeRange.first, CodeRange.last, CodeRange.state, CodeRange.lot_id)
    found: list[Stretch] = []
    for some in batched(lot_ids):
        rows = unit.session.execute(columns.where(CodeRange.lot_id.in_(some))).tuples()
        found += [Stretch(gtin, version, first, last, state, str(lot)) for gtin, version, first, last, state, lot in rows]
    return sorted(found)


def lots_at(unit: Unit, spans: Iterable[Span]) -> set[str]:
    """The lots on which any of these items are."""
    wanted = [Stretch(span.gtin, span.key_version, span.first, span.last, "", "") for span in spans]
    return {row.lot_id for row, _ in meeting(unit, wanted, CodeRange, CodeRange.lot_id) if row.lot_id}


def packed(unit: Unit, wanted: Sequence[Stretch]) -> list[Packed]:
    """The packs in which any of these items are now, by SSCC."""
    here: dict[str, int] = {}
    for row, part in meeting(unit, wanted, PackedRange, PackedRange.pack_id):
        here[row.pack_id] = here.get(row.pack_id, 0) + part.size
    packs = _by_id(unit, Pack, list(here))
    over = _by_id(unit, Pack, [pack.parent_id for pack in packs.values() if pack.parent_id])
    size = func.sum(PackedRange.last - PackedRange.first + 1)
    held: dict[str, int] = {}
    for some in batched(here):
        rows = select(PackedRange.pack_id, size).where(PackedRange.pack_id.in_(some)).group_by(PackedRange.pack_id)
        held |= {pack_id: int(count) for pack_id, count in unit.session.execute(rows)}
    found = [
        Packed(pack, here[pack.id], held[pack.id] - here[pack.id], over[pack.parent_id].sscc if pack.parent_id else None)
        for pack in packs.values()
    ]
    return sorted(found, key=lambda each: each.pack.sscc)


def shipped(unit: Unit, wanted: Sequence[Stretch], lot_ids: Sequence[str]) -> list[Shipped]:
    """The shipments in which any of these goods are, each item in its last one, by the time at which they left."""
    parts: dict[str, list[Stretch]] = {}
    under: dict[str, set[str]] = {}
    for went, part in meeting(unit, wanted, ShippedRange, ShippedRange.shipment_id, ShippedRange.sscc):
        parts.setdefault(went.shipment_id, []).append(part)
        under.setdefault(went.shipment_id, set()).update({went.sscc} - {None})
    amounts: dict[str, list[Amount]] = {}
    for some in batched(lot_ids):
        for row in unit.session.scalars(select(ShippedLot).where(ShippedLot.lot_id.in_(some)).order_by(ShippedLot.lot_id)):
            amounts.setdefault(row.shipment_id, []).append(Amount(row.lot_id, row.quantity, row.uom))
    found = _by_id(unit, Shipment, [*parts, *amounts])
    ordered = sorted(found.values(), key=lambda each: (each.at, each.id))
    return [Shipped(each, sorted(parts.get(each.id, ())), amounts.get(each.id, []), frozenset(under.get(each.id, ()))) for each in ordered]


def sold(unit: Unit, wanted: Iterable[Lot]) -> list[Sold]:
    """What of these lots this house sold loose to somebody whom it knows by name, oldest first."""
    by_thing, found = {lot.thing: lot for lot in wanted}, []
    for some in batched(by_thing):
        query = (
            select(EventThing.thing, EventThing.quantity, EventThing.uom, EpcisEvent.id, EpcisEvent.event_time, EpcisEvent.why)
            .join(EpcisEvent, EpcisEvent.id == EventThing.event_id)
            .where(EventThing.thing.in_(some), EventThing.role == "object", EventThing.quantity.is_not(None))
            .where(EpcisEvent.told.is_(None), EpcisEvent.biz_step.in_(stock.SOLD), *stock.counting())
        )
        for thing, quantity, uom, event_id, at, why in unit.session.execute(query):
            for each in why.get("destinationList", ()):
                amount = Amount(by_thing[thing].id, quantity, uom or stock.PIECES)
                found.append(Sold(event_id, _called(unit, each["destination"]), at, amount))
    return sorted(found, key=lambda each: (each.at, each.event_id))


def coded(unit: Unit, lot_ids: Sequence[str]) -> dict[str, int]:
    """Lot id → how many items of it there are, wherever they are now; not those destroyed."""
    size, found = func.sum(CodeRange.last - CodeRange.first + 1), dict.fromkeys(lot_ids, 0)
    for some in batched(lot_ids):
        rows = select(CodeRange.lot_id, size).where(CodeRange.lot_id.in_(some), CodeRange.state.not_in(GONE)).group_by(CodeRange.lot_id)
        found |= {str(lot_id): int(count) for lot_id, count in unit.session.execute(rows)}
    return found


def looked(unit: Unit, wanted: Sequence[Stretch]) -> Looked:
    """Every look at any of these items, counted."""
    times = items = 0
    last: datetime | None = None
    regions: dict[str, int] = {}
    for gtin, version, pairs in keyed(wanted):
        for first, end in pairs:
            query = (
                select(ItemScans.first_region, func.count(), func.sum(ItemScans.times), func.max(ItemScans.last_at))
                .where(ItemScans.gtin == gtin, ItemScans.key_version == version, ItemScans.counter.between(first, end))
                .group_by(ItemScans.first_region)
            )
            for region, many, looks, latest in unit.session.execute(query).tuples():
                items, times = items + many, times + int(looks or 0)
                last = max(filter(None, (last, latest)), default=None)
                if region:
                    regions[region] = regions.get(region, 0) + many
    return Looked(times, items, last, dict(sorted(regions.items(), key=lambda each: (-each[1], each[0]))))


def keyed(wanted: Iterable[Stretch]) -> Iterator[tuple[str, int, list[Pair]]]:
    """GTIN, key version and its counters as few spans, for each key."""
    for (gtin, version), group in groupby(sorted(wanted), key=lambda each: (each.gtin, each.key_version)):
        spans: list[Pair] = []
        for each in group:
            if spans and spans[-1][1] + 1 == each.first:
                spans[-1] = (spans[-1][0], each.last)
            else:
                spans.append((each.first, each.last))
        yield gtin, version, spans


def meeting(unit: Unit, wanted: Sequence[Stretch], table: Any, *columns: Any) -> Iterator[tuple[Any, Stretch]]:
    """The rows of the table's ranges that meet any stretch, with these columns, each with the part of a stretch that lies in it."""
    for (gtin, version), group in groupby(sorted(wanted), key=lambda each: (each.gtin, each.key_version)):
        mine = list(group)
        query = (
            select(table.first, table.last, *columns)
            .where(table.gtin == gtin, table.key_version == version)
            .where(table.first <= mine[-1].last, table.last >= mine[0].first)
            .order_by(table.first)
        )
        for row in unit.session.execute(query):
            at = bisect_left(mine, row.first, key=lambda each: each.last)
            while at < len(mine) and mine[at].first <= row.last:
                yield row, mine[at]._replace(first=max(mine[at].first, row.first), last=min(mine[at].last, row.last))
                at += 1


def _called(unit: Unit, uri: str) -> str:
    """The name that a party was given as ``names.place``, or the URI."""
    return unquote(uri.removeprefix(names.place(unit.outside.public_url, "")))


def _by_id(unit: Unit, table: Any, ids: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for some in batched(ids):
        found |= {row.id: row for row in unit.session.scalars(select(table).where(table.id.in_(some)))}
    return found
