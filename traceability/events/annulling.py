"""An event is declared in error, and everything that was projected from it is taken back.

Source: EPCIS 2.0 §7.4.1.4. The event stays as it was told; what it said counts until the moment at which
the declaration was recorded, so that "as known on that day" stays answerable.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from kernel.unit import Unit
from traceability.events import states
from traceability.models import EventError, EventThing, Flow


class Declared(NamedTuple):
    """The event ``by`` says that another is in error."""

    by: str
    reason: str | None


def annul(unit: Unit, wrong: Mapping[str, Declared], *, at: datetime | None = None) -> None:
    """Take back these events (id → who says so). One that was taken back before stays as it is."""
    before = set(unit.session.scalars(select(EventError.event_id).where(EventError.event_id.in_(wrong))))
    fresh = {event_id: said for event_id, said in wrong.items() if event_id not in before}
    if not fresh:
        return
    known = at or unit.now
    for event_id, said in fresh.items():
        unit.session.add(EventError(event_id=event_id, declared_by=said.by, reason=said.reason, at=known))
    unit.session.flush()
    gone = update(Flow).where(Flow.event_id.in_(fresh)).values(annulled_at=known)
    unit.session.execute(gone.execution_options(synchronize_session=False))
    touched = set(unit.session.scalars(select(EventThing.thing).where(EventThing.event_id.in_(fresh))))
    states.find_states(unit, touched)
    states.find_parents(unit, states.children_of(unit, set(fresh)))
