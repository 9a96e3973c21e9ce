"""Which lot an item of this house is of, when somebody else's event names it by its serial.

An item that went into a transformation of others, or came out of one, is tied to its lot in ``flow``: by the event that
put it on the lot, whichever of the two was told first. When that is taken back, so is the tie.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import exists, insert, select

from kernel.unit import Unit
from traceability import keys
from traceability.events import names, things
from traceability.events.epcs import ITEM, Named, canonical
from traceability.models import CodeRange, EpcisEvent, EventError, EventRange, EventThing, Flow, Lot, Product, Thing

_AT_ONCE: Final = 500
_TRANSFORMED: Final = exists().where(EventThing.thing == Thing.key, EventThing.role.in_(("input", "output")))


def lots_of_items(unit: Unit, items: Iterable[Named]) -> dict[str, Lot]:
    """URI of an item → its lot, for those that were put on one."""
    found = {}
    for gtin, uri, meant in _meanings(unit, items):
        lot = next((lot for each in meant if (lot := _lot_at(unit, gtin, each)) is not None), None)
        if lot is not None:
            found[uri] = lot
    return found


def tie(unit: Unit, uris: Iterable[str]) -> None:
    """Tie these items, which a transformation names, to the lots that they were put on, as far as they are of this house."""
    asked: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for gtin, uri, meant in _meanings(unit, (canonical(each) for each in sorted(set(uris)))):
        for each in meant:
            asked.setdefault((gtin, each.version), []).append((each.counter, uri))
    found: dict[str, set[str]] = {}
    for (gtin, version), items in asked.items():
        items.sort()
        counters = [counter for counter, _ in items]
        spans = select(EventRange.event_id, EventRange.first, EventRange.last).join(EpcisEvent, EpcisEvent.id == EventRange.event_id)
        spans = spans.where(EventRange.gtin == gtin, EventRange.key_version == version, *_puts_on_a_lot())
        for event_id, first, last in unit.session.execute(
            spans.where(EventRange.first <= counters[-1], EventRange.last >= counters[0])
        ).tuples():
            met = items[bisect_left(counters, first) : bisect_right(counters, last)]
            if met:
                found.setdefault(event_id, set()).update(uri for _, uri in met)
    _write(unit, found)


def joined(unit: Unit, event: EpcisEvent) -> None:
    """Tie the items that an event of this house puts on a lot, as far as a transformation named them before."""
    spans: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for span in event.what.get("codeRanges", ()):
        spans.setdefault(span["gtin"], {}).setdefault(span["keyVersion"], []).append((span["first"], span["last"]))
    found = {uri for gtin, wanted in spans.items() for uri in _named_before(unit, gtin, wanted)}
    _write(unit, {event.id: found} if found else {})


def tie_all(unit: Unit) -> None:
    """Tie every item that a transformation names."""
    after = b""
    while True:
        query = select(Thing.key, Thing.uri).where(Thing.key > after, Thing.kind == ITEM, _TRANSFORMED)
        rows = unit.session.execute(query.order_by(Thing.key).limit(_AT_ONCE)).tuples().all()
        if not rows:
            return
        after = rows[-1][0]
        tie(unit, [uri for _, uri in rows])


def _meanings(unit: Unit, items: Iterable[Named]) -> Iterator[tuple[str, str, list[keys.Meant]]]:
    """(GTIN, URI, what its serial may mean) of those items that bear a GTIN of this house."""
    asked: dict[str, dict[str, str]] = {}
    for item in items:
        if item.gtin is not None and item.serial is not None:
            asked.setdefault(item.gtin, {})[item.serial] = item.uri
    ours = set(unit.session.scalars(select(Product.gtin).where(Product.gtin.in_(asked)))) if asked else set()
    for gtin in sorted(ours):
        imported = keys.imported(unit, gtin=gtin, serials=asked[gtin])
        for serial, uri in asked[gtin].items():
            yield gtin, uri, [imported[serial]] if serial in imported else keys.meanings(unit, gtin=gtin, serial=serial)


def _named_before(unit: Unit, gtin: str, wanted: Mapping[int, list[tuple[int, int]]]) -> Iterator[str]:
    """The items of these ranges (key version → counters) that a transformation names."""
    begin = names.item(gtin, "")
    between = Thing.uri.between(begin, begin.removesuffix("21/") + "22")  # in whatever order the database sorts
    uris = unit.session.scalars(select(Thing.uri).where(between, Thing.kind == ITEM, _TRANSFORMED))
    by_serial = {canonical(uri).serial or "": uri for uri in uris if uri.startswith(begin)}
    for serial, version, counter in keys.counters(unit, gtin=gtin, serials=list(by_serial), versions=list(wanted)):
        if any(first <= counter <= last for first, last in wanted[version]):
            yield by_serial[serial]


def _puts_on_a_lot() -> tuple[Any, ...]:
    return EpcisEvent.told.is_(None), EpcisEvent.type == "ObjectEvent", EpcisEvent.action == "ADD", EpcisEvent.declares.is_(None)


def _write(unit: Unit, found: Mapping[str, set[str]]) -> None:
    """Write what is not there yet of lot → commissioned → item. ``found``: the event that put them there → items."""
    rows: dict[tuple[bytes, bytes, str], dict[str, Any]] = {}
    for at in range(0, len(found), _AT_ONCE):
        some = sorted(found)[at : at + _AT_ONCE]
        gone = dict(unit.session.execute(select(EventError.event_id, EventError.at).where(EventError.event_id.in_(some))).tuples().all())
        for event in unit.session.scalars(select(EpcisEvent).where(EpcisEvent.id.in_(some))):
            if len(event.what.get("lots", ())) == 1:
                rows |= {(row["src"], row["dst"], event.id): row for row in _ties(unit, event, found[event.id], gone.get(event.id))}
        there = select(Flow.src, Flow.dst, Flow.event_id).where(Flow.event_id.in_(some))
        for known in unit.session.execute(there).tuples():
            rows.pop(known, None)
    if rows:
        unit.session.execute(insert(Flow), [rows[each] for each in sorted(rows)])


def _ties(unit: Unit, event: EpcisEvent, uris: set[str], annulled_at: Any) -> Iterator[dict[str, Any]]:
    (lot,) = event.what["lots"]
    here = things.commissioned(unit.brand_id, lot)
    known = {"brand_id": unit.brand_id, "event_time": event.event_time, "recorded_at": event.record_time, "annulled_at": annulled_at}
    yield {"src": things.key(unit.brand_id, lot), "dst": here, "event_id": event.id, "side": "in", **known}
    for uri in uris:
        yield {"src": here, "dst": things.key(unit.brand_id, uri), "event_id": event.id, "side": "out", **known}


def _lot_at(unit: Unit, gtin: str, meant: keys.Meant) -> Lot | None:
    nearest = (
        select(CodeRange.last, CodeRange.lot_id)
        .where(CodeRange.gtin == gtin, CodeRange.key_version == meant.version, CodeRange.first <= meant.counter)
        .order_by(CodeRange.first.desc())
        .limit(1)
    )
    row = unit.session.execute(nearest).first()
    return unit.session.get(Lot, row.lot_id) if row and row.lot_id and meant.counter <= row.last else None
