"""Whoever is told when a named question has new answers (EPCIS 2.0 §12.8): at once (``stream``), or by a ``schedule``.

A subscription hears of events recorded since its ``initialRecordTime``, which is now unless it says otherwise. From when it is
there every event goes past it (``delivering``); what was recorded before is looked up first, beside the writers
(``look_back``). Between the two nothing falls through, and nothing goes twice: while it is made nobody else writes an event
of the brand, what was recorded since that look is looked at, and what still waits to be matched is left to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select

from kernel.errors import Invalid, Missing, flaw
from kernel.orm import Brand
from kernel.outbox import Delivery, ToldFact
from kernel.unit import Unit
from traceability.events import asking, delivering, named, narrowing, querying
from traceability.events.asking import Question
from traceability.events.asking.values import instant
from traceability.events.deciding import Judge
from traceability.events.schedule import Schedule
from traceability.given import Given
from traceability.models import EpcisEvent, EpcisQuery, EpcisSubscription, SubscriptionEvent

FIELDS: Final = frozenset({"dest", "signatureToken", "reportIfEmpty", "initialRecordTime", "schedule", "stream"})
LONGEST_ADDRESS: Final = 500
LONGEST_TOKEN: Final = 500
MATCHING: Final = tuple(f"{each.__module__}.{each.__name__}" for each in (delivering.on_events_captured, delivering.on_events_recorded))
"""The reactions that note events for subscriptions, by the names that the outbox knows them by."""
_AT_ONCE: Final = 200
_ADDRESS: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?(?P<rest>[/?][!-~]*)?")
_HEAD: Final = re.compile(r"[A-Za-z]+://[^/?#]*")


@dataclass(frozen=True)
class Before:
    """What was recorded before a subscription begins to be made: events that were looked at, and those of them that answer."""

    looked_at: frozenset[str]
    found: tuple[str, ...]


NOTHING: Final = Before(frozenset(), ())


def look_back(unit: Unit, *, query_name: str, wish: Mapping[str, Any]) -> Before:
    """What a subscription that begins in the past is to be told first. It only reads, however long it takes, and goes before
    ``create``, which then looks at what was recorded since. Raises Invalid or Missing."""
    query, row = named.get(unit, query_name), _read(unit, wish)
    if wish.get("initialRecordTime") is None:
        return NOTHING
    question = _since_then(query, row)
    looked_at = _recorded(unit, question)
    return Before(looked_at, tuple(event_id for event_id in _answers(unit, question) if event_id in looked_at))


def create(unit: Unit, *, query_name: str, wish: Mapping[str, Any], epc_format: str, before: Before = NOTHING) -> EpcisSubscription:
    """Subscribe to a named query, in the fields of the standard. ``before``: of ``look_back``. Raises Invalid or Missing."""
    query = named.get(unit, query_name)
    row = _read(unit, wish)
    row.query_id, row.epc_format = query.id, epc_format
    unit.session.execute(select(Brand.id).where(Brand.id == unit.brand_id).with_for_update())
    unit.session.add(row)
    unit.session.flush()
    delivering.note(unit, row, _earlier(unit, _since_then(query, row), before))
    unit.record("subscription.created", "epcis_subscription", row.id)
    return row


def get(unit: Unit, query_name: str, subscription_id: str) -> EpcisSubscription:
    """One subscription to a named query. Raises Missing."""
    row = unit.session.get(EpcisSubscription, subscription_id)
    if row is None or row.query_id != named.get(unit, query_name).id:
        raise Missing("no such subscription")
    return row


def every(unit: Unit, query_name: str, *, most: int, after: str | None = None) -> list[EpcisSubscription]:
    """Subscriptions to a named query, oldest first, at most so many after this one."""
    mine = select(EpcisSubscription).where(EpcisSubscription.query_id == named.get(unit, query_name).id)
    query = mine.order_by(EpcisSubscription.id).limit(most)
    return list(unit.session.scalars(query if after is None else query.where(EpcisSubscription.id > after)))


def remove(unit: Unit, query_name: str, subscription_id: str) -> None:
    """End a subscription, with what it was not told yet. Raises Missing."""
    row = get(unit, query_name, subscription_id)
    unit.session.refresh(row, with_for_update=True)
    unit.session.execute(delete(SubscriptionEvent).where(SubscriptionEvent.subscription_id == row.id))
    unit.session.delete(row)
    unit.session.flush()
    unit.record("subscription.removed", "epcis_subscription", row.id)


def rewrap(unit: Unit) -> int:
    """Lock every signatureToken under the present root key; how many lay under another one."""
    moved = 0
    for row in unit.session.scalars(select(EpcisSubscription).where(EpcisSubscription.secret.is_not(None)).with_for_update()):
        fresh = unit.outside.keys.relock(delivering.PURPOSE, row.secret or b"")
        moved += fresh != row.secret
        row.secret = fresh
    return moved


def _since_then(query: EpcisQuery, row: EpcisSubscription) -> Question:
    """The question, of what was recorded since the subscription begins."""
    question = asking.read(query.question)
    since = max(filter(None, (question.narrow.recorded_from, row.min_record_time)))
    return replace(question, narrow=replace(question.narrow, recorded_from=since))


def _earlier(unit: Unit, question: Question, before: Before) -> list[str]:
    """What was recorded since the subscription begins, without what is going to be matched yet."""
    fresh = sorted(_recorded(unit, question) - before.looked_at) if before.looked_at else None
    answers = _answers(unit, question) if fresh is None else _fitting(unit, question, fresh)
    coming = _coming(unit)
    return [event_id for event_id in (*before.found, *answers) if event_id not in coming]


def _answers(unit: Unit, question: Question) -> list[str]:
    try:
        return [event.id for event in querying.every(unit, question)]
    except querying.QueryTooComplex:
        raise _too_much() from None


def _recorded(unit: Unit, question: Question) -> frozenset[str]:
    """The events that would have to be looked at."""
    query = select(EpcisEvent.id).where(*narrowing.clauses(unit, question.narrow)).limit(querying.MOST_SORTED + 1)
    found = frozenset(unit.session.scalars(query))
    if len(found) > querying.MOST_SORTED:
        raise _too_much()
    return found


def _fitting(unit: Unit, question: Question, event_ids: Sequence[str]) -> Iterator[str]:
    judge = Judge(unit, question)
    for at in range(0, len(event_ids), _AT_ONCE):
        for event in unit.session.scalars(select(EpcisEvent).where(EpcisEvent.id.in_(event_ids[at : at + _AT_ONCE]))):
            if judge.fits(event):
                yield event.id


def _too_much() -> Invalid:
    detail = f"since then more than {querying.MOST_SORTED} events were recorded: ask for those by the query, and begin later"
    return Invalid(errors=[flaw("/initialRecordTime", "query-too-complex", detail)])


def _coming(unit: Unit) -> set[str]:
    """Events whose matching is still in the outbox."""
    waiting = select(ToldFact.body).join(Delivery, Delivery.fact_id == ToldFact.id)
    facts = unit.session.scalars(waiting.where(Delivery.reaction.in_(MATCHING), ToldFact.brand_id == unit.brand_id))
    return {event_id for body in facts for event_id in body["event_ids"]}


def _read(unit: Unit, wish: Mapping[str, Any]) -> EpcisSubscription:
    given = Given()
    for name in wish.keys() - FIELDS:
        given.wrong(f"/{name[:80]}", "unknown-field", "is not known here")
    schedule, stream = wish.get("schedule"), wish.get("stream", False)
    if (schedule is not None) == (stream is True):
        given.wrong("/stream", "schedule-or-stream", "either a schedule, or stream: true")
    token = given.optional("/signatureToken", wish.get("signatureToken"), LONGEST_TOKEN)
    if not isinstance(wish.get("reportIfEmpty", False), bool):
        given.wrong("/reportIfEmpty", "flag", "must be true or false")
    row = EpcisSubscription(
        id=unit.new_id(),
        dest=_dest(unit, given, wish.get("dest")),
        secret=unit.outside.keys.lock(delivering.PURPOSE, token.encode()) if token else None,
        report_if_empty=wish.get("reportIfEmpty", False) is True,
        stream=stream is True,
        min_record_time=_since(unit, given, wish.get("initialRecordTime")),
        created_at=unit.now,
        created_by=unit.actor.id,
        failures=0,
    )
    if schedule is not None and stream is not True:
        _plan(unit, given, row, schedule)
    given.done()
    return row


def _dest(unit: Unit, given: Given, dest: object) -> str:
    """Where to tell it: https, or http too where this house itself is only there by http."""
    text = _HEAD.sub(lambda head: head[0].lower(), dest, count=1) if isinstance(dest, str) else ""
    found = _ADDRESS.fullmatch(text) if len(text) <= LONGEST_ADDRESS else None
    if found is None:
        given.wrong("/dest", "url", f"must be an https address of at most {LONGEST_ADDRESS} characters")
    elif found["scheme"] == "http" and unit.outside.public_url.startswith("https:"):
        given.wrong("/dest", "href-https", "must be an https address")
    return text


def _since(unit: Unit, given: Given, text: object) -> datetime:
    moment = unit.now if text is None else instant(text)
    if moment is None:
        given.wrong("/initialRecordTime", "date-time", "must be a date and time with its offset, such as 2026-11-21T08:00:00+08:00")
    return moment or unit.now


def _plan(unit: Unit, given: Given, row: EpcisSubscription, schedule: object) -> None:
    if not isinstance(schedule, Mapping):
        given.wrong("/schedule", "object", "must be an object with fields")
        return
    try:
        row.due_at = Schedule.read(schedule).next(unit.now)
    except Invalid as trouble:
        for each in trouble.errors:
            given.wrong(f"/schedule{each['pointer']}", each["rule"], each["detail"])
    row.schedule = {name: str(value) for name, value in schedule.items()}
