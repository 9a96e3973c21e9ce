"""The food traceability records of lots, gathered: their critical tracking events as the FDA asks for them (FSMA 204).

Which event is what, and the columns, is ``fsma204``; here events are found that speak of lots, of what lies in packs with
them and of what went into them one step back, and places and products get the names by which people know them. Any lot
has records that an event names, also one of others. What was declared in error is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from sqlalchemy import and_, case, func, select

from kernel.errors import Invalid, flaw
from kernel.given import CHINA
from kernel.unit import Unit
from suppliers import directory
from traceability import fsma204, lots, products, regions, sites, stock, workbook
from traceability.batches import batched
from traceability.events import export, flows, names, things
from traceability.events.epcs import canonical
from traceability.fsma204 import COLUMNS, Event, Names, Portion, Row
from traceability.models import CodeRange, EpcisEvent, EventRange, EventThing, Lot, MasterDatum, Thing
from traceability.sheets import written

MOST: Final = 100_000
"""Events that one sheet is made of."""
_ROUNDS: Final = 16
"""Packs in packs."""
_SAID: Final = ("name", "street", "city", "state", "postalCode", "country", "telephone")
"""Attributes of a place that its description is made of (21 CFR 1.1310, location description), by the ends of their names."""


class TooManyEvents(Invalid):
    """These lots have more events than one sheet can hold. Ask for fewer lots."""

    code = "too-many-events"
    title = "Too many events for one sheet"


@dataclass(frozen=True)
class Records:
    """``lots``: canonical URIs of the lots that were asked for."""

    lots: tuple[str, ...]
    rows: tuple[Row, ...]
    names: Names
    made_at: datetime
    since: datetime | None
    until: datetime | None

    def csv(self) -> bytes:
        """The table in UTF-8."""
        table = (fsma204.cells(row, self.names) for row in self.rows)
        return written([title for title, _ in COLUMNS], ([_text(cell) for cell in line] for line in table))

    def xlsx(self) -> bytes:
        """The table, and a second sheet that says of what and when it was made."""
        about: list[tuple[str, workbook.Cell]] = [
            ("Rule", "FSMA 204, 21 CFR Part 1 Subpart S: electronic sortable spreadsheet"),
            ("Made at", self.made_at.isoformat(timespec="seconds")),
            ("From", self.since.isoformat(timespec="seconds") if self.since else "the beginning"),
            ("Until (exclusive)", self.until.isoformat(timespec="seconds") if self.until else "now"),
            ("Rows", len(self.rows)),
            *(("Lot", lot) for lot in self.lots),
        ]
        sheets = [
            workbook.Sheet("FSMA 204", COLUMNS, [fsma204.cells(row, self.names) for row in self.rows]),
            workbook.Sheet("About", (("What", 20), ("Value", 90)), about),
        ]
        return workbook.written(sheets, title="Food traceability records", made_at=self.made_at)


def of_lots(unit: Unit, lot_ids: Iterable[str], *, since: datetime | None = None, until: datetime | None = None) -> Records:
    """The records of these lots, by id, from ``since`` (inclusive) to ``until`` (exclusive). Raises Missing, TooManyEvents."""
    return of_things(unit, [lots.get(unit, lot_id).uri for lot_id in dict.fromkeys(lot_ids)], since=since, until=until)


def of_things(unit: Unit, uris: Iterable[str], *, since: datetime | None = None, until: datetime | None = None) -> Records:
    """The same of lots by the URIs by which events call them, ours or not."""
    asked = tuple(sorted({canonical(uri).uri for uri in uris}))
    keys = {things.key(unit.brand_id, uri) for uri in asked}
    found = _events(unit, _with_packs(unit, keys | flows.reached(unit, keys, "back", depth=1)))
    told = fsma204.rows(_told(unit, found), asked, since=since, until=until)
    return Records(asked, tuple(told), _names(unit, told), unit.now, since, until)


def _text(cell: workbook.Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _with_packs(unit: Unit, keys: set[bytes]) -> set[bytes]:
    """These things with every logistic unit that any of them was ever packed into."""
    met, ring = set(keys), set(keys)
    for _ in range(_ROUNDS):
        packings: set[bytes] = set()
        for some in batched(ring):
            inside = select(EventThing.event_id).where(EventThing.thing.in_(some), EventThing.role.in_(("child", "object")))
            parents = select(EventThing.thing).join(Thing, Thing.key == EventThing.thing)
            packings |= set(unit.session.scalars(parents.where(EventThing.event_id.in_(inside), EventThing.role == "parent")))
        ring = packings - met
        if not ring:
            break
        met |= ring
    return met


def _events(unit: Unit, keys: Collection[bytes]) -> list[EpcisEvent]:
    """What speaks of these things and counts, each once."""
    found: dict[str, EpcisEvent] = {}
    for some in batched(keys):
        about = select(EventThing.event_id).where(EventThing.thing.in_(some))
        query = select(EpcisEvent).where(EpcisEvent.id.in_(about), *stock.counting())
        found |= {event.id: event for event in unit.session.scalars(query.limit(MOST + 1))}
        if len(found) > MOST:
            raise TooManyEvents(errors=[flaw("/lots", "most-events", f"at most {MOST} events in one sheet", most=MOST)])
    return list(found.values())


def _told(unit: Unit, found: list[EpcisEvent]) -> Iterator[Event]:
    amounts = _by_code(unit, [event.id for event in found if event.what.get("codeRanges")])
    for event in found:
        if event.told is not None:
            told = msgspec.json.decode(event.told)
            yield Event({"type": event.type, "eventID": event.uri, **told})
        else:
            own = export.as_json(event, unit.outside.public_url, lambda _span: [])
            if event.event_offset == "+00:00":  # by our own clock: the day is that of the place
                own["eventTimeZoneOffset"] = event.event_time.astimezone(CHINA).isoformat()[-6:]
            yield Event(own, amounts.get(event.id, ()))


def _by_code(unit: Unit, event_ids: Collection[str]) -> dict[str, tuple[Portion, ...]]:
    """Event → of which lots the items are whose codes it names, in pieces."""
    overlap = and_(
        CodeRange.gtin == EventRange.gtin,
        CodeRange.key_version == EventRange.key_version,
        CodeRange.first <= EventRange.last,
        CodeRange.last >= EventRange.first,
    )
    first = case((CodeRange.first > EventRange.first, CodeRange.first), else_=EventRange.first)
    last = case((CodeRange.last < EventRange.last, CodeRange.last), else_=EventRange.last)
    found: dict[str, list[Portion]] = {}
    for some in batched(event_ids):
        query = (
            select(EventRange.event_id, Lot.uri, func.sum(last - first + 1))
            .join(CodeRange, overlap)
            .join(Lot, Lot.id == CodeRange.lot_id)
            .where(EventRange.event_id.in_(some))
            .group_by(EventRange.event_id, Lot.uri)
        )
        for event_id, uri, many in unit.session.execute(query).tuples():
            found.setdefault(event_id, []).append(Portion(uri, Decimal(int(many)), "H87"))
    return {event_id: tuple(sorted(portions)) for event_id, portions in found.items()}


def _names(unit: Unit, told: list[Row]) -> Names:
    named = [lot for row in told for lot in (row.portion.lot, row.used.lot if row.used else None) if lot]
    places = {uri for row in told for uri in (row.tlc_source, row.place, row.area, row.sender, row.receiver, row.party) if uri}
    places |= {row.harvested.party for row in told if row.harvested and row.harvested.party}
    ours = {lot.uri: lot for some in batched(set(named)) for lot in unit.session.scalars(select(Lot).where(Lot.uri.in_(some)))}
    classes = {uri.partition("/10/")[0] for uri in named}
    partners = _partners(unit, places | classes)
    called = {f"{names.CANONICAL}/01/{each.gtin}": _called(each, each.net_content) for each in products.every(unit)}
    materials = {each.id: _called(each) for each in directory.materials(unit)}
    called |= {uri: materials[lot.material_id] for uri, lot in ours.items() if lot.material_id}
    return Names(_own(unit, places) | partners, partners | called, {uri: lot.code for uri, lot in ours.items()})


def _called(thing: Any, more: str = "") -> str:
    return ", ".join(text for text in (thing.name_en, thing.name_zh, more) if text)


def _own(unit: Unit, uris: Iterable[str]) -> dict[str, str]:
    """What the house itself calls places and firms: by the names in their URIs, with the region where a place is known to lie."""
    base = unit.outside.public_url
    at = {uri: unquote(uri.removeprefix(f"{base}/place/")) for uri in uris if uri.startswith(f"{base}/place/")}
    region = sites.region_of(unit, set(at.values()))
    found = {uri: f"{name}, {regions.name(region[name], 'en')}" if name in region else name for uri, name in at.items()}
    firms = {names.party(base, directory.known_by(each)): each.name for each in directory.suppliers(unit)}
    return found | {uri: firms[uri] for uri in uris if uri in firms}


def _partners(unit: Unit, uris: Collection[str]) -> dict[str, str]:
    """What partners told of these in their master data (EPCIS 2.0 §9.4)."""
    found = {}
    for some in batched(uris):
        for row in unit.session.scalars(select(MasterDatum).where(MasterDatum.uri.in_(some)).order_by(MasterDatum.id)):
            if text := described(row.attributes):
                found[row.uri] = text
    return found


def described(attributes: Mapping[str, Any]) -> str:
    """One line out of the attributes of a place, a party or a product: its name first, then where it is and how to call it."""
    by_end: dict[str, str] = {}
    for key, value in attributes.items():
        end = key.replace("#", ":").rpartition(":")[2].casefold()
        place = next((place for place, word in enumerate(_SAID) if word.casefold() in end), None)
        texts = [text for text in ([value] if isinstance(value, str) else value) if text]
        if place is not None and texts:
            by_end.setdefault(_SAID[place], texts[0])
    return ", ".join(by_end[word] for word in _SAID if word in by_end)
