"""Subscribers hear of every event that answers, once, whatever goes wrong on the way."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app import relay
from kernel.errors import Missing
from kernel.outbox import Delivery
from kernel.ports import Answer
from kernel.unit import PLATFORM
from tests.conftest import House
from tests.traceability.events.test_capturing import an_event, capture
from tests.traceability.events.test_querying import URN
from tests.traceability.moves.roll import Roll, a_roll
from traceability import moves
from traceability.events import delivering, export, named, names, subscriptions
from traceability.events.deciding import Judge
from traceability.facts import EventsCaptured, SubscriptionDue
from traceability.models import EpcisEvent, EpcisSubscription, SubscriptionEvent

DEST = "https://partner.example/hook"
Say = Callable[[], Answer]


@dataclass
class Hook:
    """A subscriber. ``say``: what it answers to each message; when there is no more, 204."""

    say: list[Say] = field(default_factory=list)
    heard: list[tuple[dict[str, Any], Mapping[str, str], bytes]] = field(default_factory=list)
    """Messages that it answered with 2xx."""
    asked: list[str] = field(default_factory=list)
    """The number of every message that came."""

    def ask(self, url: str) -> Answer:
        raise AssertionError(url)

    def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        assert url == DEST
        self.asked.append(headers["Idempotency-Key"])
        answer = self.say.pop(0)() if self.say else Answer(204)
        if answer.status is not None and answer.status < 300:
            self.heard.append((json.loads(body), headers, body))
        return answer

    def events(self) -> list[str]:
        """eventIDs in the order in which they were told."""
        return [event["eventID"] for document, _, _ in self.heard for event in _events(document)]


def _events(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


@pytest.fixture
def hook(house: House) -> Hook:
    hook = Hook()
    house.database.outside = replace(house.database.outside, web=hook)
    return hook


def subscribe(house: House, question: dict[str, Any] | None = None, name: str = "mine", **wish: Any) -> str:
    wish = {"dest": DEST, "stream": True, **wish}
    if wish["stream"] is None:
        del wish["stream"]
    with house.begin() as unit:
        try:
            named.get(unit, name)
        except Missing:
            named.create(unit, name=name, question={"EQ_bizStep": ["shipping"]} if question is None else question)
        return subscriptions.create(unit, query_name=name, wish=wish, epc_format="Never_Translates").id


def tell(house: House, *numbers: int, later: int = 0, **more: Any) -> None:
    with house.begin(now=house.now + timedelta(seconds=later)) as unit:
        events = [an_event(eventID=f"urn:x:{number}", epcList=[URN.format(number)], **more) for number in numbers]
        assert not capture(unit, *events).errors


def at_once(house: House) -> None:
    """What was put off is due now."""
    with house.database.begin(PLATFORM) as unit:
        unit.session.execute(update(Delivery).where(Delivery.state == "new").values(due_at=unit.now))


def _before(house: House, **more: Any) -> Roll:
    """A roll of 20 codes, from a minute ago."""
    now, house.now = house.now, house.now - timedelta(minutes=1)
    roll = a_roll(house, 20, **more)
    house.now = now
    return roll


def left(house: House) -> int:
    with house.look() as unit:
        return unit.session.scalar(select(func.count()).select_from(SubscriptionEvent)) or 0


def test_a_stream_is_told_at_once_signed_and_only_what_answers(house: House, hook: Hook) -> None:
    sub = subscribe(house, signatureToken="open sesame")
    tell(house, 1, 2)
    tell(house, 3, bizStep="receiving")
    house.drain()
    assert sorted(hook.events()) == ["urn:x:1", "urn:x:2"]
    ((document, headers, body),) = hook.heard
    results = document["epcisBody"]["queryResults"]
    assert (document["type"], results["queryName"], results["subscriptionID"]) == ("EPCISQueryDocument", "mine", sub)
    time, _, mac = headers["GS1-Signature"].removeprefix("t=").partition(",v1=")
    assert hmac.digest(b"open sesame", time.encode() + b"." + body, "sha256").hex() == mac
    assert left(house) == 0
    with house.look() as unit:
        row = subscriptions.get(unit, "mine", sub)
        assert (row.told_at is not None, row.failures, row.due_at) == (True, 0, None)
        assert b"sesame" not in (row.secret or b"")


def test_what_the_house_does_itself_is_told_as_well_and_nobody_is_bothered_when_nobody_listens(house: House, hook: Hook) -> None:
    roll = _before(house, commissioned=2)
    assert house.told("EventsRecorded") == []
    subscribe(house, {"MATCH_epc": ["https://id.gs1.org/01/06901234567892/21/*"], "EQ_action": "ADD"})
    with house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=5, count=3)
    house.drain()
    ((document, _, _),) = hook.heard
    (event,) = _events(document)
    assert (event["bizStep"], len(event["epcList"])) == ("commissioning", 3)


def test_a_failure_is_seen_and_tried_again_under_the_same_number_until_it_is_answered(house: House, hook: Hook) -> None:
    sub = subscribe(house)
    hook.say = [lambda: Answer(503), lambda: Answer(), lambda: Answer(refused=True), lambda: Answer(302)]
    tell(house, 1)
    seen = []
    for _ in range(5):
        house.drain()
        with house.look() as unit:
            row = subscriptions.get(unit, "mine", sub)
            seen.append((row.failures, row.last_failure))
        tell(house, 10 + len(seen))
        at_once(house)
    house.drain()
    assert [count for count, _ in seen] == [1, 2, 3, 4, 0]
    assert (seen[0][1], seen[1][1], seen[3][1], seen[4][1]) == ("status 503", "no answer", "status 302", None)
    assert len(set(hook.asked[:5])) == 1
    assert sorted(hook.events()) == sorted(["urn:x:1", *(f"urn:x:{number}" for number in range(11, 16))])
    assert left(house) == 0


@pytest.mark.parametrize("when", [{}, {"stream": None, "schedule": {"second": "0"}}], ids=["stream", "schedule"])
def test_who_is_gone_for_a_week_is_given_up_and_nothing_more_is_kept_for_them(house: House, hook: Hook, when: dict[str, Any]) -> None:
    sub, start = subscribe(house, **when), house.now
    hook.say = [lambda: Answer(410)] * 1_000
    tell(house, 1)
    house.drain()

    def row() -> EpcisSubscription:
        with house.look() as unit:
            return subscriptions.get(unit, "mine", sub)

    def retry(after: timedelta) -> None:
        with house.begin(now=start + after) as unit:
            delivering.due(unit)
        due = SubscriptionDue(**house.told("SubscriptionDue")[-1])
        with house.begin(now=start + after) as unit:
            delivering.on_subscription_due(unit, due, delivering.Sent(410, "status 410"))

    retry(timedelta(minutes=1))
    for _ in range(len(delivering.PAUSES)):
        retry(delivering.PATIENCE - timedelta(minutes=2))
    assert (row().failures > 0, left(house)) == (True, 1)
    tell(house, 2)
    house.drain()
    assert left(house) == 2
    retry(delivering.PATIENCE + timedelta(minutes=2))
    assert (row().failures < 0, row().due_at, left(house)) == (True, None, 0)
    assert row().last_failure == "given up after 7 days: status 410"
    messages = len(house.told("SubscriptionDue"))
    tell(house, 3)
    at_once(house)
    house.drain()
    with house.begin(now=start + timedelta(days=30)) as unit:
        delivering.due(unit)
    assert (left(house), row().due_at, hook.heard) == (0, None, [])
    assert len(house.told("SubscriptionDue")) == messages


def test_a_crash_after_the_answer_repeats_the_message_under_its_number_and_no_other_way(house: House, hook: Hook) -> None:
    subscribe(house)
    tell(house, 1)
    real = delivering.on_subscription_due

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    reaction = relay.BY_NAME[f"{real.__module__}.{real.__name__}"]
    relay.BY_NAME[reaction.name] = replace(reaction, act=dies)
    try:
        with pytest.raises(KeyboardInterrupt):
            house.drain()
    finally:
        relay.BY_NAME[reaction.name] = reaction
    with house.database.begin(PLATFORM) as unit:
        unit.session.execute(update(Delivery).values(state="new", due_at=unit.now))
    tell(house, 2)
    house.drain()
    assert hook.events() == ["urn:x:1", "urn:x:1", "urn:x:2"]
    assert hook.asked[0] == hook.asked[1] != hook.asked[2]


def test_a_subscriber_who_cannot_take_so_much_gets_half(house: House, hook: Hook) -> None:
    subscribe(house)
    hook.say = [lambda: Answer(413), lambda: Answer(413)]
    tell(house, *range(8))
    house.drain()
    assert [len(_events(document)) for document, _, _ in hook.heard] == [2, 6]
    assert sorted(hook.events()) == [f"urn:x:{number}" for number in range(8)]


def test_a_schedule_tells_when_it_is_time_and_that_there_is_nothing_only_when_asked(house: House, hook: Hook) -> None:
    plan = {"stream": None, "schedule": {"hour": "1", "minute": 5}}
    quiet, loud = subscribe(house, **plan), subscribe(house, **plan, reportIfEmpty=True)
    tell(house, 1)
    house.drain()
    assert hook.asked == []
    with house.look() as unit:
        first = subscriptions.get(unit, "mine", quiet).due_at
    assert first is not None
    assert (first.hour, first.minute, first.second) == (1, 5, 0)
    house.chore("tell subscribers", now=first)
    at_once(house)
    house.drain()
    assert hook.events() == ["urn:x:1", "urn:x:1"]  # each of the two
    with house.database.begin(PLATFORM) as unit:
        unit.session.execute(update(EpcisSubscription).values(due_at=first))
    hook.heard.clear()
    house.chore("tell subscribers", now=first + timedelta(days=1))
    house.chore("tell subscribers", now=first + timedelta(days=1))
    at_once(house)
    house.drain()
    assert [(_events(document), document["epcisBody"]["queryResults"]["subscriptionID"]) for document, _, _ in hook.heard] == [([], loud)]


def test_a_subscription_hears_what_was_recorded_since_it_begins_once(house: House, hook: Hook) -> None:
    """Also what was recorded and not matched yet when it was made."""
    tell(house, 1, later=-3600)
    tell(house, 2, later=-60)
    house.drain()
    tell(house, 3, later=-1)  # its matching still waits
    subscribe(house, initialRecordTime=(house.now - timedelta(seconds=90)).isoformat())
    subscribe(house, {}, name="other")
    house.drain()
    assert hook.events() == ["urn:x:2", "urn:x:3"]
    tell(house, 4)
    house.drain()
    assert sorted(hook.events()) == ["urn:x:2", "urn:x:3", "urn:x:4", "urn:x:4"]


def test_what_was_recorded_is_looked_at_before_anybody_has_to_wait(house: House, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the lock only what came since the look is judged."""
    tell(house, 1, 2, later=-60)
    tell(house, 3, bizStep="receiving", later=-60)
    house.drain()
    wish = {"dest": DEST, "stream": True, "initialRecordTime": (house.now - timedelta(days=1)).isoformat()}
    with house.begin() as unit:
        named.create(unit, name="mine", question={"EQ_bizStep": ["shipping"]})
    with house.look() as unit:
        before = subscriptions.look_back(unit, query_name="mine", wish=wish)
    tell(house, 4)
    tell(house, 5, bizStep="receiving")
    house.drain()
    judged: list[str] = []
    real = Judge.fits
    monkeypatch.setattr(Judge, "fits", lambda self, event, told=None: (judged.append(str(event.uri)), real(self, event, told))[1])
    with house.begin() as unit:
        subscriptions.create(unit, query_name="mine", wish=wish, epc_format="Never_Translates", before=before)
    assert judged == ["urn:x:4"]
    house.drain()
    assert sorted(hook.events()) == ["urn:x:1", "urn:x:2", "urn:x:4"]


def test_events_are_judged_beside_the_writers_and_for_who_came_since_again(
    house: House, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = subscribe(house)
    with house.begin() as unit:
        fact = EventsCaptured(event_ids=capture(unit, an_event(epcList=[URN.format(1)])).ids, made=False)
    with house.look() as unit:
        hits = delivering.judge(unit, fact)
        assert hits == {first: fact.event_ids}
    second = subscribe(house, initialRecordTime=(house.now - timedelta(days=1)).isoformat())
    judged: list[str] = []
    real = Judge.fits
    monkeypatch.setattr(Judge, "fits", lambda self, event, told=None: (judged.append(event.id), real(self, event, told))[1])
    with house.begin() as unit:
        delivering.on_events_captured(unit, fact, hits)
        assert judged == fact.event_ids
        noted = unit.session.execute(select(SubscriptionEvent.subscription_id, SubscriptionEvent.event_id)).tuples().all()
    assert sorted(noted) == sorted((each, fact.event_ids[0]) for each in (first, second))


def test_one_event_that_no_document_can_hold_is_told_as_a_problem(house: House, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    roll = _before(house)
    subscribe(house, {})
    monkeypatch.setattr(export, "MOST_EPCS", 4)
    with house.begin() as unit:
        for start, count in ((0, 3), (3, 5), (8, 1)):
            moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=start, count=count)
        told = select(EpcisEvent.id).where(EpcisEvent.type == "ObjectEvent").order_by(EpcisEvent.id.desc())
        big = unit.session.scalar(told.limit(1).offset(1))
    house.drain()
    bodies = [document for document, _, _ in hook.heard]
    problems = [body for body in bodies if body["type"].startswith("epcisException")]
    assert [(body["status"], body["eventID"]) for body in problems] == [(413, names.event(big))]
    assert sum(len(event.get("epcList", ())) for body in bodies if body not in problems for event in _events(body)) == 4
    assert left(house) == 0


def test_who_left_is_told_nothing_more(house: House, hook: Hook) -> None:
    first, second = subscribe(house), subscribe(house)
    tell(house, 1)
    with house.begin() as unit:
        subscriptions.remove(unit, "mine", first)
        with pytest.raises(Missing):
            subscriptions.get(unit, "mine", first)
        assert [row.id for row in subscriptions.every(unit, "mine", most=9)] == [second]
    house.drain()
    assert hook.events() == ["urn:x:1"]
    tell(house, 2)
    with house.begin() as unit:
        named.remove(unit, "mine")
        assert unit.session.scalar(select(func.count()).select_from(EpcisSubscription)) == 0
    house.drain()
    assert hook.events() == ["urn:x:1"]
