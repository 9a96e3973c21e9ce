"""A document of other people's events, taken in: all of it or, when asked to proceed, all that is good.

An event is judged in three steps. What it says by itself was checked when the document was read; here it is
held against what the house knows (its eventID, what it takes back, lots on hold, what stands in what); then all
that passed is written at once, with everything that follows from it. The same event again, word for word, changes
nothing. Source: EPCIS 2.0 §8.2.7 (capture), §7.4.1 (eventID, errorDeclaration), CBV 2.0 §8.9 (event hash).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import func, select, update

from kernel.unit import Unit
from traceability.batches import batched
from traceability.events import annulling, checking, hashing, keeping, master_data, own, projecting, states, things
from traceability.events.annulling import Declared
from traceability.events.coming import Fresh
from traceability.events.documents import Document, Told
from traceability.events.epcs import canonical
from traceability.facts import EventsCaptured
from traceability.models import Lot

ROLLBACK: Final = "rollback"
PROCEED: Final = "proceed"
_AT_ONCE: Final = 500


@dataclass
class Captured:
    """What became of a document. ``ids``: of the rows that were written; ``repeated``: how many were known already, word for
    word. ``errors`` point into the document; under rollback nothing was written when there are any."""

    events: int
    ids: list[str] = field(default_factory=list)
    repeated: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)


def capture(unit: Unit, document: Document, *, behaviour: str = ROLLBACK, capture_id: str | None = None) -> Captured:
    """Take in what a document tells, in the caller's transaction. ``behaviour``: rollback (nothing, when anything is wrong)
    or proceed (all that is good)."""
    outcome = Captured(len(document.events))
    fresh = []
    for told, place, flaws in zip(document.events, document.places, document.flaws, strict=True):
        if flaws or told is None:
            outcome.errors += flaws
        else:
            fresh.append(_read(told, place))
    if not (outcome.errors and behaviour == ROLLBACK):
        _alone(unit)
        checking.check(unit, fresh)
        outcome.errors += [each for one in fresh for each in one.flaws]
    if outcome.errors and behaviour == ROLLBACK:
        return outcome
    master_data.keep(unit, document.master_data)
    good = [one for one in fresh if not one.flaws]
    outcome.repeated = sum(one.repeated for one in good)
    outcome.ids = _keep(unit, [one for one in good if not one.repeated], capture_id)
    return outcome


def _read(told: Told, place: str) -> Fresh:
    digest = hashing.digest(told)
    return Fresh(place, told, told.get("eventID", hashing.uri(digest)), digest, projecting.named(told))


def _keep(unit: Unit, fresh: list[Fresh], capture_id: str | None) -> list[str]:
    if not fresh:
        return []
    unit.session.flush()
    lots = _lock_lots(unit, fresh)
    rows, seen = [], []
    for one in fresh:
        one.id = unit.new_id()
        if one.after is not None:
            one.target, one.after = one.after.id or None, None
        rows.append(_row(one))
        seen.append(_projected(unit, one, rows[-1]))
    keeping.write(unit, rows, capture_id=capture_id)
    keeping.project(unit, seen)
    made = [one for one in fresh if one.told["type"] == "TransformationEvent" and one.counts]
    own.tie(unit, {each.uri for one in made for each in one.named if each.kind == "item"})  # what becomes of their lot becomes of them
    _follow(unit, fresh, lots)
    ids = [one.id for one in fresh]
    for at in range(0, len(fresh), _AT_ONCE):
        some = any(one.told["type"] == "TransformationEvent" for one in fresh[at : at + _AT_ONCE])
        unit.tell(EventsCaptured(event_ids=ids[at : at + _AT_ONCE], made=some))
    unit.record("events.captured", "capture_job" if capture_id else "epcis_event", capture_id or ids[0], events=len(ids))
    return ids


def _row(one: Fresh) -> keeping.Row:
    told = one.told
    return keeping.Row(
        id=one.id,
        type=told["type"],
        action=told.get("action"),
        biz_step=told.get("bizStep"),
        disposition=told.get("disposition"),
        event_time=datetime.fromisoformat(told["eventTime"]),
        event_offset=told["eventTimeZoneOffset"],
        read_point=_place(told, "readPoint"),
        biz_location=_place(told, "bizLocation"),
        transformation_id=told.get("transformationID"),
        declares=one.target,
        uri=one.uri,
        hash=one.hash,
        told=msgspec.json.encode(told).decode(),
    )


def _projected(unit: Unit, one: Fresh, row: keeping.Row) -> keeping.Projected:
    edges = list(projecting.edges(unit.brand_id, one.id, one.told, one.named)) if one.counts else []
    return keeping.Projected(row.id, row.event_time, unit.now, row.biz_location, row.disposition, one.named, edges, one.counts)


def _follow(unit: Unit, fresh: list[Fresh], lots: list[str]) -> None:
    """What comes of it for what was known: errors are taken back, packs are what they are now, pages of lots are told anew."""
    wrong = {one.target or one.id: Declared(one.id, one.declared.get("reason")) for one in fresh if one.declared is not None}
    if wrong:
        annulling.annul(unit, wrong)
    packings = {one.id for one in fresh if one.told["type"] == "AggregationEvent" and one.counts and one.declared is None}
    if packings:
        states.find_parents(unit, states.children_of(unit, packings))
    for some in batched(lots):
        named = update(Lot).where(Lot.id.in_(some)).values(revision=Lot.revision + 1)
        unit.session.execute(named.execution_options(synchronize_session=False))


def _alone(unit: Unit) -> None:
    """One capture of a brand at a time: what is known is asked once, and two that bring the same events meet in order."""
    connection = unit.session.connection()
    if connection.dialect.name == "postgresql":
        place = int.from_bytes(things.key(unit.brand_id, "capture")[:8], "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(place)))


def _lock_lots(unit: Unit, fresh: Iterable[Fresh]) -> list[str]:
    """The ids of the lots these events name, locked before the things are: in the order in which all of the house works."""
    uris = {each.uri for one in fresh for each in one.named if each.kind in ("lot", "other")}
    ids = [lot_id for some in batched(uris) for lot_id in unit.session.scalars(select(Lot.id).where(Lot.uri.in_(some)))]
    for some in batched(ids):
        unit.session.execute(select(Lot.id).where(Lot.id.in_(some)).order_by(Lot.id).with_for_update())
    return ids


def _place(told: Told, name: str) -> str | None:
    place = told.get(name)
    return canonical(place["id"]).uri if place else None
