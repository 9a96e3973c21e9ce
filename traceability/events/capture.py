"""The one way an event is written.

Every use case that changes what is true of a lot or a code calls ``record`` in the same
transaction as its projection. What an event means for states is the caller's business;
here it is only kept, whole and in the standard's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability.events import vocabulary
from traceability.models import EpcisEvent, EventLot

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
) -> EpcisEvent:
    """Write one event and which ``lots`` (id → object, input or output) it speaks of.

    ``what`` holds the standard's keys, plus ``codeRanges`` (see EpcisEvent); quantities in it
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
        what=what or {},
        why=why or {},
        ilmd=ilmd or {},
        transformation_id=transformation_id,
        by=unit.actor.id,
    )
    unit.session.add(event)
    unit.session.add_all(EventLot(id=unit.new_id(), event_id=event.id, lot_id=lot_id, role=role) for lot_id, role in lots.items())
    return event


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
