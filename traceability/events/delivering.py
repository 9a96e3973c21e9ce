"""New answers to standing queries, carried to whoever subscribed: nothing is lost, nothing that was acknowledged is told again.

    events => matched: one row for each event and subscription  => a turn: up to 200 of them in one fact => POST
                                                                       2xx: the rows go, the next turn is told
                                                                       else: the same turn again, later and later

One turn of a subscription is on its way at a time: ``due_at`` says so (a stream: it has one; a schedule: it has none until
all was told). A turn names its events and has a number, which is the header ``Idempotency-Key``. If this machine dies after
the subscriber answered and before that was written down, the turn is told again under the same number: that alone can
repeat, and the subscriber can see it.

A subscriber who is gone is given up after seven days: what waits for them is dropped, and ``last_failure`` says so. Whoever
comes back subscribes anew, from an ``initialRecordTime`` before that.

Signature: ``GS1-Signature: t=SECONDS,v1=HEX``, HEX being HMAC-SHA-256 under the subscriber's signatureToken over
``SECONDS.BODY``; SECONDS since 1970 say when it was signed, so that an old message can be refused.

Source: EPCIS 2.0 §8.2.5 (standing queries), §12.8 (webhooks, GS1-Signature), callback of GS1's OpenAPI.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Select, delete, func, select

from kernel.ids import made_at
from kernel.orm import Brand
from kernel.unit import Unit
from traceability.events import asking, export, names
from traceability.events.deciding import Judge, told_of
from traceability.events.schedule import Schedule
from traceability.facts import EventsCaptured, EventsRecorded, SubscriptionDue
from traceability.models import EpcisEvent, EpcisQuery, EpcisSubscription, EventRange, SubscriptionEvent

PURPOSE: Final = "epcis-subscription"
"""Of the keyring: what locks a signatureToken."""
MOST_EVENTS: Final = 200
"""Events in one message."""
PAUSES: Final = (2, 5, 15, 60, 300, 900, 3600)
"""Seconds before a turn is tried again; the last one until it succeeds, or the subscriber is given up (PATIENCE)."""
PATIENCE: Final = timedelta(days=7)
"""So long a turn is tried before its subscriber is given up: nothing more is kept for them, until they subscribe anew."""
_AT_ONCE: Final = 200
_encode: Final = msgspec.json.Encoder().encode


class Sent(NamedTuple):
    """What became of a message. ``status``: what was answered; None when nothing was, or nothing was sent."""

    status: int | None
    failure: str | None = None


Hits = dict[str, list[str]]
"""Subscription → the events that answer its question; every subscription that was asked stands in it."""


def judge(unit: Unit, fact: EventsCaptured | EventsRecorded) -> Hits:
    """Whom these events are to be told to. Writes nothing: it runs beside the writers."""
    return _judged(unit, fact.event_ids, unit.session.execute(_standing()).tuples().all())


def on_events_captured(unit: Unit, fact: EventsCaptured, hits: Hits) -> None:
    """Note whom these events are to be told to."""
    match(unit, fact.event_ids, hits)


def on_events_recorded(unit: Unit, fact: EventsRecorded, hits: Hits) -> None:
    """The same for what the house wrote itself."""
    match(unit, fact.event_ids, hits)


def match(unit: Unit, event_ids: Sequence[str], hits: Hits) -> None:
    """Note these events for every subscription whose question they answer, and let the telling begin. ``hits``: of ``judge``."""
    # A subscription in the making holds the brand alone: it is then there, or finds what is not matched yet itself.
    unit.session.execute(select(Brand.id).where(Brand.id == unit.brand_id).with_for_update(read=True, key_share=True))
    since = unit.session.execute(_standing().where(EpcisSubscription.id.not_in(hits))).tuples().all()
    hits = {**hits, **_judged(unit, event_ids, since)}
    for row in _locked(unit, [each for each, found in hits.items() if found]):
        if row.failures >= 0:
            note(unit, row, hits[row.id])


def _standing() -> Select[EpcisSubscription, EpcisQuery]:
    return select(EpcisSubscription, EpcisQuery).join(EpcisQuery, EpcisQuery.id == EpcisSubscription.query_id)


def _judged(unit: Unit, event_ids: Sequence[str], standing: Iterable[tuple[EpcisSubscription, EpcisQuery]]) -> Hits:
    asked = [(row, Judge(unit, asking.read(query.question))) for row, query in standing]
    hits: Hits = {row.id: [] for row, _ in asked}
    for at in range(0, len(event_ids) if asked else 0, _AT_ONCE):
        for event in unit.session.scalars(select(EpcisEvent).where(EpcisEvent.id.in_(event_ids[at : at + _AT_ONCE]))):
            told = told_of(event, unit.outside.public_url)
            for row, one in asked:
                if event.record_time >= row.min_record_time and one.fits(event, told):
                    hits[row.id].append(event.id)
    return hits


def note(unit: Unit, row: EpcisSubscription, event_ids: Iterable[str]) -> None:
    """These events are to be told to this subscriber: at once, or when its schedule says."""
    unit.session.add_all(SubscriptionEvent(subscription_id=row.id, event_id=event_id) for event_id in event_ids)
    unit.session.flush()
    if row.stream and row.due_at is None and _next(unit, row):
        row.due_at = unit.now


def due(unit: Unit) -> None:
    """Begin to tell the subscribers whose schedule says that it is time (a chore)."""
    ripe = select(EpcisSubscription).where(EpcisSubscription.due_at <= unit.now, EpcisSubscription.stream.is_(False))
    for row in unit.session.scalars(ripe.order_by(EpcisSubscription.id).with_for_update(skip_locked=True)):
        if _next(unit, row):
            row.due_at = None
        elif row.report_if_empty:
            unit.tell(SubscriptionDue(row.id, unit.new_id(), []))
            row.due_at = None
        else:
            _rest(unit, row)


def post(unit: Unit, fact: SubscriptionDue) -> Sent | None:
    """Tell a subscriber what this turn holds; None where there is nothing (more) to tell. Writes nothing."""
    row = unit.session.get(EpcisSubscription, fact.subscription_id)
    left = _left(unit, fact)
    if row is None or (fact.event_ids and not left):
        return None
    body = _encode(_message(unit, row, left))
    headers = _headers(unit, row, fact.turn, body)
    dest = row.dest
    unit.rest()
    answer = unit.outside.web.tell(dest, body, headers)
    if answer.status is not None and 200 <= answer.status < 300:
        return Sent(answer.status)
    if answer.refused:
        return Sent(None, "the address leads inside a network that is not asked")
    return Sent(answer.status, "no answer" if answer.status is None else f"status {answer.status}")


def on_subscription_due(unit: Unit, fact: SubscriptionDue, sent: Sent | None) -> None:
    """Note what became of a turn, and tell the next one, or the same one later."""
    for row in _locked(unit, [fact.subscription_id]):
        if sent is not None and sent.failure is not None:
            _failed(unit, row, fact, sent)
            continue
        if sent is not None:
            told = delete(SubscriptionEvent).where(SubscriptionEvent.subscription_id == row.id)
            unit.session.execute(told.where(SubscriptionEvent.event_id.in_(fact.event_ids)).execution_options(synchronize_session=False))
            row.told_at, row.failures, row.last_failure = unit.now, 0, None
        if not _next(unit, row):
            _rest(unit, row)


def _failed(unit: Unit, row: EpcisSubscription, fact: SubscriptionDue, sent: Sent) -> None:
    if sent.status == 413 and len(fact.event_ids) > 1:  # too much for the subscriber: half of it
        unit.tell(SubscriptionDue(row.id, unit.new_id(), fact.event_ids[: len(fact.event_ids) // 2]))
        return
    row.failures += 1
    row.last_failure = sent.failure
    if not fact.event_ids:  # that there was nothing need not be told any more
        _rest(unit, row)
        return
    if row.failures >= len(PAUSES) and unit.now - made_at(fact.turn) > PATIENCE:
        _give_up(unit, row)
        return
    later = unit.now + timedelta(seconds=PAUSES[min(row.failures, len(PAUSES)) - 1])
    row.due_at = later if row.stream else None
    unit.tell(fact, due=later)


def _give_up(unit: Unit, row: EpcisSubscription) -> None:
    """Who is gone is not told any more; the row stays and says so. ``failures`` below zero: given up after so many."""
    row.failures = -row.failures
    row.last_failure = f"given up after {PATIENCE.days} days: {row.last_failure}"[:120]
    row.due_at = None
    mine = delete(SubscriptionEvent).where(SubscriptionEvent.subscription_id == row.id)
    unit.session.execute(mine.execution_options(synchronize_session=False))
    unit.record("subscription.given-up", "epcis_subscription", row.id)


def _rest(unit: Unit, row: EpcisSubscription) -> None:
    """Nothing is on its way any more."""
    row.due_at = None if row.schedule is None or row.failures < 0 else Schedule.read(row.schedule).next(unit.now)


def _next(unit: Unit, row: EpcisSubscription) -> bool:
    """Tell the next turn, if there is anything to tell: no more events, nor items, than one document holds."""
    mine = select(SubscriptionEvent.event_id).where(SubscriptionEvent.subscription_id == row.id)
    ids = list(unit.session.scalars(mine.order_by(SubscriptionEvent.event_id).limit(MOST_EVENTS)))
    count = func.sum(EventRange.last - EventRange.first + 1)
    sized = select(EventRange.event_id, count).where(EventRange.event_id.in_(ids)).group_by(EventRange.event_id)
    sizes = dict(unit.session.execute(sized).tuples().all())
    taken: list[str] = []
    items = 0
    for event_id in ids:
        items += int(sizes.get(event_id, 0))
        if taken and items > export.MOST_EPCS:
            break
        taken.append(event_id)
    if taken:
        unit.tell(SubscriptionDue(row.id, unit.new_id(), taken))
    return bool(taken)


def _left(unit: Unit, fact: SubscriptionDue) -> list[str]:
    """What of a turn was not told yet."""
    mine = select(SubscriptionEvent.event_id).where(SubscriptionEvent.subscription_id == fact.subscription_id)
    return list(unit.session.scalars(mine.where(SubscriptionEvent.event_id.in_(fact.event_ids))))


def _message(unit: Unit, row: EpcisSubscription, event_ids: Sequence[str]) -> dict[str, Any]:
    """An EPCISQueryDocument; or a problem (RFC 9457) where one event alone is more than a document holds."""
    name = unit.session.get_one(EpcisQuery, row.query_id).name
    query = select(EpcisEvent).where(EpcisEvent.id.in_(event_ids)).order_by(EpcisEvent.record_time, EpcisEvent.id)
    events = list(unit.session.scalars(query))
    try:
        return export.query_document(unit, export.tell(unit, events, form=row.epc_format), query_name=name, subscription_id=row.id)
    except export.TooManyItems as trouble:
        about = {"queryName": name, "subscriptionID": row.id, "eventID": names.event(events[0].id)}
        return {"type": "epcisException:QueryTooLargeException", "title": trouble.title, "status": 413, "detail": str(trouble), **about}


def _headers(unit: Unit, row: EpcisSubscription, turn: str, body: bytes) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "GS1-EPCIS-Version": "2.0.0",
        "GS1-CBV-Version": "2.0.0",
        "GS1-EPC-Format": row.epc_format,
        "Idempotency-Key": turn,
    }
    if row.secret is not None:
        seconds = str(int(unit.now.timestamp()))
        token = unit.outside.keys.unlock(PURPOSE, row.secret)
        headers["GS1-Signature"] = f"t={seconds},v1={hmac.digest(token, seconds.encode() + b'.' + body, 'sha256').hex()}"
    return headers


def _locked(unit: Unit, ids: Iterable[str]) -> list[EpcisSubscription]:
    """Those that there are still, in one order, each for us alone until the end."""
    query = select(EpcisSubscription).where(EpcisSubscription.id.in_(list(ids))).order_by(EpcisSubscription.id).with_for_update()
    return list(unit.session.scalars(query.execution_options(populate_existing=True)))
