"""The critical tracking events of lots, each with its key data elements. Pure.

Source: 21 CFR 1.1325 (harvesting, cooling), 1.1330 (initial packing), 1.1335 (first land-based receiver), 1.1340 (shipping),
1.1345 (receiving), 1.1350 (transformation).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from traceability.events.epcs import canonical
from traceability.fsma204.events import Event, Portion
from traceability.fsma204.reading import COOLING, HARVESTING, INITIAL_PACKING, LANDING, RECEIVING, SHIPPING, TRANSFORMATION, Reading

_MADE = (INITIAL_PACKING, TRANSFORMATION)
_BEGUN = (HARVESTING, LANDING)


@dataclass(frozen=True)
class Earlier:
    """What happened to the raw produce before it was packed: when, where, and who it was."""

    at: datetime
    place: str | None
    party: str | None = None


@dataclass(frozen=True)
class Row:
    """One lot in one critical tracking event. Places and parties are canonical URIs.

    ``portion``: the lot with its quantity; ``used``: what it was made of, one row for each. ``place``: where it happened (from where
    it was shipped, where it was received); ``area``: the field or pond. ``tlc_source``: where the lot code was given.
    ``sender``, ``receiver``: the immediate previous source and the immediate subsequent recipient. ``party``: whose it was.
    """

    kind: str
    portion: Portion
    at: datetime
    event_id: str
    place: str | None = None
    area: str | None = None
    tlc_source: str | None = None
    sender: str | None = None
    receiver: str | None = None
    party: str | None = None
    documents: tuple[tuple[str, str], ...] = ()
    used: Portion | None = None
    supplier_lot: str | None = None
    harvested: Earlier | None = None
    cooled: Earlier | None = None
    received_at: datetime | None = None
    catch: tuple[str, str, str] = ("", "", "")
    """Of seafood: species, area, and when it was caught, as its master data say."""


def rows(
    events: Iterable[Event], lots: Collection[str] | None = None, *, since: datetime | None = None, until: datetime | None = None
) -> list[Row]:
    """The rows of these events, oldest first. ``lots``: of these alone (URIs), as what was handled, made or used.

    From ``since`` (inclusive) to ``until`` (exclusive); other events still tell where a lot code was given, what lay in a pack, and when
    produce was harvested.
    """
    reading = Reading(events)
    wanted = None if lots is None else {canonical(lot).uri for lot in lots}
    found = []
    for event in reading.events:
        if (since is not None and event.at < since) or (until is not None and event.at >= until):
            continue
        found += [row for row in _rows(reading, event) if wanted is None or row.portion.lot in wanted or _uses(row, wanted)]
    return found


def _uses(row: Row, wanted: set[str]) -> bool:
    return row.used is not None and row.used.lot in wanted


def _rows(reading: Reading, event: Event) -> Iterator[Row]:
    kind = reading.kind(event)
    if kind is None:
        return
    if kind in _MADE:
        yield from _made(reading, event, kind)
        return
    for portion in event.portions("quantityList") if kind in _BEGUN else reading.handled(event):
        yield _handled(reading, event, kind, portion)


def _made(reading: Reading, event: Event, kind: str) -> Iterator[Row]:
    inputs = reading.inputs(event)
    for portion in event.portions("outputQuantityList"):
        for used in inputs or (None,):
            raw = used.lot if used is not None and kind == INITIAL_PACKING else None
            received = reading.last(raw, RECEIVING, event.at) if raw else None
            yield Row(
                kind=kind,
                portion=portion,
                at=event.at,
                event_id=event.id,
                place=event.place(),
                tlc_source=reading.source(portion.lot),
                party=event.source("owning_party"),
                documents=event.documents,
                used=used,
                harvested=_earlier(reading, raw, HARVESTING, event.at),
                cooled=_earlier(reading, raw, COOLING, event.at),
                received_at=received.at if received else None,
            )


def _earlier(reading: Reading, lot: str | None, kind: str, at: datetime) -> Earlier | None:
    found = reading.last(lot, kind, at) if lot else None
    if found is None or lot is None:
        return None
    left = reading.carried(lot, found.at)
    return Earlier(found.at, found.place(), left.source("owning_party") if left else found.source("owning_party"))


def _handled(reading: Reading, event: Event, kind: str, portion: Portion) -> Row:
    place, sender, receiver, party = event.place(), None, event.destination(), event.source("owning_party")
    if kind == SHIPPING:
        place = event.source("location") or place
    elif kind == RECEIVING:
        place, sender, receiver = event.destination("location") or place, event.source(), None
    elif receiver is None:
        left = reading.carried(portion.lot, event.at)
        receiver, party = (left.destination(), left.source("owning_party") or party) if left else (None, party)
    return Row(
        kind=kind,
        portion=portion,
        at=event.at,
        event_id=event.id,
        place=place,
        area=event.place("bizLocation") if kind == HARVESTING else None,
        tlc_source=reading.source(portion.lot),
        sender=sender,
        receiver=receiver,
        party=party,
        documents=event.documents,
        supplier_lot=event.supplier_lots.get(portion.lot),
        catch=_catch(event) if kind == LANDING else ("", "", ""),
    )


def _catch(event: Event) -> tuple[str, str, str]:
    first, last = event.born_with("harvestDateStart"), event.born_with("harvestDateEnd")
    when = "/".join(dict.fromkeys([*first[:1], *last[:1]]))
    return ", ".join(event.born_with("fishType")), ", ".join(event.born_with("catchZone")), when
