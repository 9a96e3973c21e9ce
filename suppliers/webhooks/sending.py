"""One event on its way to one address: kept with the act that it tells of, sent, tried again later and later, given up.

    tell_all: a WebhookDelivery an address + WebhookDue  => POST  2xx: sent
                                                                  410: nobody is there any more, the address ends
                                                                  else: the same again, after PAUSES; then failed

The row is written in the transaction of what happened, so nothing is told that did not happen and nothing that happened is
forgotten. If this machine dies between the answer and the note of it, the event is sent again under the same ``webhook-id``:
that alone can repeat, and the receiver can see it. Every event goes its own way: a later one may arrive before an earlier.

Source: Standard Webhooks, "Delivery" and "Retries".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from suppliers.facts import WebhookDue
from suppliers.models import Webhook, WebhookDelivery
from suppliers.webhooks import signature
from suppliers.webhooks.addresses import end, get, living, secrets_of
from suppliers.webhooks.events import EVENTS, PING

PAUSES: Final = (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 64_800, 86_400)
"""Seconds before the next attempt; after the last of them, about three days after the first attempt, it is given up."""
GONE: Final = 410
"""Of HTTP: the address says of itself that nobody listens there for good."""
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


class StillOnItsWay(Conflict):
    """This event is still being sent: it is tried again by itself. Only what arrived or was given up can be sent once more."""

    code = "webhook-on-its-way"
    title = "It is still on its way"


class Sent(NamedTuple):
    """What became of an attempt. ``status``: what was answered; None when nothing was. ``failure``: None when it arrived."""

    status: int | None
    failure: str | None = None


def tell_all(unit: Unit, event: str, data: Mapping[str, Any]) -> int:
    """Tell every address that wants to hear of ``event``; how many do. ``data``: plain values of JSON, ids and codes, nothing personal."""
    return len([_put(unit, row, event, data) for row in _listening(unit, event)])


def is_heard(unit: Unit, event: str) -> bool:
    """Whether anybody wants to hear of ``event``: asked first where it costs something to say what happened."""
    return bool(_listening(unit, event))


def ping(unit: Unit, *, webhook_id: str) -> WebhookDelivery:
    """Try an address out; the log says what it answered. Raises Missing, Refused, AddressEnded."""
    row = living(unit, webhook_id)
    return _put(unit, row, PING, {"webhook_id": row.id})


def resend(unit: Unit, *, delivery_id: str) -> WebhookDelivery:
    """Send an event once more, under its old id, as if it were new. Raises Missing, Refused, StillOnItsWay, AddressEnded."""
    row = unit.session.scalar(select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update())
    if row is None:
        raise Missing("no such delivery")
    living(unit, row.webhook_id)
    if row.state == "waiting":
        raise StillOnItsWay("it is still being sent")
    row.state, row.attempts, row.failure = "waiting", 0, None
    unit.record("webhook.resent", "webhook_delivery", row.id)
    unit.tell(WebhookDue(row.id))
    return row


def deliveries(unit: Unit, *, webhook_id: str, limit: int = 100, before: str | None = None) -> list[WebhookDelivery]:
    """What was told to an address, newest first, and what became of it."""
    row = get(unit, webhook_id)
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == row.id).order_by(WebhookDelivery.id.desc()).limit(limit)
    return list(unit.session.scalars(query if before is None else query.where(WebhookDelivery.id < before)))


def post(unit: Unit, fact: WebhookDue) -> Sent | None:
    """One attempt; None where there is nothing (more) to send. Writes nothing, and holds no connection while the other side thinks."""
    row = unit.session.get(WebhookDelivery, fact.delivery_id)
    address = unit.session.get(Webhook, row.webhook_id) if row is not None else None
    if row is None or address is None or row.state != "waiting":
        return None
    if address.ended_at is not None:
        return Sent(None, "the address was ended")
    body = _encode(row.body)
    headers = signature.headers(*secrets_of(unit, address), message=row.id, seconds=int(unit.now.timestamp()), body=body)
    url = address.url
    unit.rest()
    answer = unit.outside.web.tell(url, body, headers)
    if answer.refused:
        return Sent(None, "the address leads inside a network that is not asked")
    if answer.status is None:
        return Sent(None, "no answer")
    return Sent(answer.status, None if 200 <= answer.status < 300 else f"status {answer.status}")


def on_webhook_due(unit: Unit, fact: WebhookDue, sent: Sent | None) -> None:
    """Note what became of an attempt: arrived, tried again later, or given up."""
    row = unit.session.scalar(select(WebhookDelivery).where(WebhookDelivery.id == fact.delivery_id).with_for_update())
    if row is None or sent is None or row.state != "waiting":
        return
    address = unit.session.get_one(Webhook, row.webhook_id)
    row.attempts, row.status, row.failure, row.tried_at = row.attempts + 1, sent.status, sent.failure, unit.now
    if sent.failure is None:
        row.state = "sent"
    elif sent.status == GONE or address.ended_at is not None or row.attempts > len(PAUSES):
        row.state = "failed"
        unit.record("webhook.given-up", "webhook_delivery", row.id, failure=sent.failure)
    else:
        unit.tell(fact, due=unit.now + timedelta(seconds=PAUSES[row.attempts - 1]))
    if sent.status == GONE:
        end(unit, webhook_id=address.id)


def _listening(unit: Unit, event: str) -> list[Webhook]:
    if event not in EVENTS:
        raise ValueError(f"no such event: {event}")
    living_ones = unit.session.scalars(select(Webhook).where(Webhook.ended_at.is_(None)).order_by(Webhook.id))
    return [row for row in living_ones if not row.events or event in row.events]


def _put(unit: Unit, address: Webhook, event: str, data: Mapping[str, Any]) -> WebhookDelivery:
    body = {"type": event, "timestamp": unit.now.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "data": dict(data)}
    row = WebhookDelivery(id=unit.new_id(), webhook_id=address.id, event=event, body=body, state="waiting", attempts=0, at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    unit.tell(WebhookDue(row.id))
    return row
