"""Whether anybody listens: what the house writes itself is told to the matching of subscriptions only then.

Asked after an event was written, so that its transaction holds on to the brand: a subscription that is being made waits
for it and finds the event, or the event waits and finds the subscription (``subscriptions.create``).
"""

from __future__ import annotations

from sqlalchemy import select

from kernel.unit import Unit
from traceability.facts import EventsRecorded
from traceability.models import EpcisSubscription

_KNOWN = "epcis.listening"


def recorded(unit: Unit, event_id: str) -> None:
    """Tell that the house wrote an event, if the brand has any subscription."""
    if _KNOWN not in unit.session.info:
        unit.session.info[_KNOWN] = unit.session.scalar(select(EpcisSubscription.id).limit(1)) is not None
    if unit.session.info[_KNOWN]:
        unit.tell(EventsRecorded(event_ids=[event_id]))
