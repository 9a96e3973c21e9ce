"""The one way an event is written.

Every use case that changes what is true of a lot or a code calls ``record`` in the same
transaction as its projection. What an event means for states is the caller's business;
here it is only kept, whole and in the standard's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability.events import annulling, keeping, listening, projecting, states, vocabulary
from traceability.models import EpcisEvent, EventRange, Lot

FUTURE = timedelta(days=1)
"""How far ahead of our clock another clock may run."""

ROLES = frozenset({"object", "input", "output"})


def record(
    unit: Unit,
    *,
    type: str,
    action: str | None = None,
    biz_step: str,
    disposition: str | None = None,
    event_time: datetime,
    what: dict[str, Any] | None = None,
    why: dict[str, Any] | None = None,
    ilmd: dict[str, Any] | None = None,
    read_point: str | None = None,
    biz_location: str | None = None,
    transformation_id: str | None = None,
    lots: Mapping[str, str],
    declares: str | None = None,
) -> EpcisEvent:
    """Write one event, which ``lots`` (id → object, input or output) it speaks of, and what is projected from it.

    ``declares``: the id of an event that this one says is in error. ``what`` holds the standard's keys, plus
    ``codeRanges`` (see EpcisEvent); quantities in it
    are decimal strings. ``why`` holds the standard's lists or plain keys of ours, such as
    ``reason``. ``event_time`` must know its offset, which is kept beside it. Raises Invalid
    for words that are not CBV and for a time more than a day ahead.
    """
    vocabulary.check(type, action, biz_step, disposition)
    offset = _offset(event_time)
    flaws = _flaws(unit, event_time, lots, read_point=read_point, bizLocation=biz_location, transformationID=transformation_id)
    if ilmd and not vocabulary.bears_ilmd(type, action):
        flaws.append(flaw("/ilmd", "ilmd", f"{type} with {action} bears no master data of a lot"))
    if flaws:
        raise Invalid(errors=flaws)
    event = EpcisEvent(
        id=unit.new_id(),
        type=type,
        action=action,
        biz_step=biz_step,
        disposition=disposition,
        event_time=event_time,
        event_offset=offset,
        record_time=unit.now,
        read_point=read_point,
        biz_location=biz_location,
        what=_with_lots(unit, what or {}, lots),
        why=why or {},
        ilmd=ilmd or {},
        transformation_id=transformation_id,
        by=unit.actor.id,
        declares=declares,
    )
    unit.session.add(event)
    unit.session.flush()
    project(unit, event)
    listening.recorded(unit, event.id)
    return event


def project(unit: Unit, event: EpcisEvent) -> None:
    """Write what follows from one event of the house."""
    project_content(unit, event)
    if event.declares:
        said = annulling.Declared(event.id, event.why.get("errorDeclaration", {}).get("reason"))
        annulling.annul(unit, {event.declares: said}, at=event.record_time)
    elif event.type == "AggregationEvent":
        states.find_parents(unit, states.children_of(unit, {event.id}))


def project_content(unit: Unit, event: EpcisEvent) -> None:
    """Write what one event of the house says by itself: of things and their states, and of ranges of codes."""
    named = projecting.named_by_house(event.what)
    told = {"type": event.type, "action": event.action, "transformationID": event.transformation_id}
    edges = [] if event.declares else list(projecting.edges(event.brand_id, event.id, told, named))
    place = (event.event_time, event.record_time, event.biz_location, event.disposition)
    keeping.project(unit, [keeping.Projected(event.id, *place, named, edges, not event.declares)])
    unit.session.add_all(
        EventRange(
            event_id=event.id,
            place=number,
            gtin=span["gtin"],
            key_version=span["keyVersion"],
            first=span["first"],
            last=span["last"],
        )
        for number, span in enumerate(event.what.get("codeRanges", ()))
    )
    unit.session.flush()


def _with_lots(unit: Unit, what: dict[str, Any], lots: Mapping[str, str]) -> dict[str, Any]:
    """What happened, with the lots that it does not name already: of items, which stand there as ranges of codes."""
    rows = unit.session.execute(select(Lot.id, Lot.uri).where(Lot.id.in_(lots))).tuples()
    named = {(each.uri, each.role) for each in projecting.named(what)}
    more = {uri: lots[lot_id] for lot_id, uri in rows if (uri, lots[lot_id]) not in named}
    return {**what, "lots": dict(sorted(more.items()))} if more else what


def _offset(at: datetime) -> str:
    """``+08:00`` as EPCIS writes it; Invalid when the time knows no offset."""
    away = at.utcoffset()
    if away is None:
        raise Invalid(errors=[flaw("/eventTime", "offset", "must say its offset from UTC")])
    minutes = round(away.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _flaws(unit: Unit, event_time: datetime, lots: Mapping[str, str], **texts: str | None) -> list[dict[str, Any]]:
    flaws = []
    if event_time > unit.now + FUTURE:
        flaws.append(flaw("/eventTime", "future", "lies more than a day ahead"))
    if not set(lots.values()) <= ROLES:
        flaws.append(flaw("/lots", "role", "a lot is an event's object, input or output"))
    flaws.extend(
        flaw(f"/{name}", "length", "at most 120 characters") for name, text in texts.items() if text is not None and len(text) > 120
    )
    return flaws
