"""Subscribers whose wish cannot be, and what they hear when everything goes wrong or happens at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app import relay
from kernel.errors import Conflict, Invalid, Missing
from kernel.outbox import Delivery
from kernel.ports import Answer
from kernel.unit import PLATFORM, system
from tests.conftest import House
from tests.traceability.events.test_capturing import an_event, capture
from tests.traceability.events.test_querying import URN
from tests.traceability.events.test_subscriptions import DEST, Hook, _events, at_once, hook, left, subscribe, tell
from traceability.events import named, subscriptions
from traceability.models import EpcisSubscription, SubscriptionEvent

__all__ = ["hook"]


WRONG = [
    ({"dest": "ftp://x.example"}, "/dest"),
    ({"dest": "http://x.example/"}, "/dest"),
    ({"dest": "https://u:p@x.example/"}, "/dest"),
    ({"dest": None}, "/dest"),
    ({"stream": None}, "/stream"),
    ({"schedule": {"hour": "1"}}, "/stream"),
    ({"stream": None, "schedule": {"hour": "25"}}, "/schedule/hour"),
    ({"stream": None, "schedule": "hourly"}, "/schedule"),
    ({"initialRecordTime": "yesterday"}, "/initialRecordTime"),
    ({"reportIfEmpty": "yes"}, "/reportIfEmpty"),
    ({"signatureToken": 7}, "/signatureToken"),
    ({"secret": "x"}, "/secret"),
]


@pytest.mark.parametrize(("wish", "pointer"), WRONG, ids=[f"{number}" for number in range(len(WRONG))])
def test_a_wish_that_cannot_be_is_refused_with_its_place(house: House, wish: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as trouble:
        subscribe(house, **wish)
    assert [error["pointer"] for error in trouble.value.errors] == [pointer]


def test_a_query_has_one_name_and_must_be_one(house: House) -> None:
    with house.begin() as unit:
        named.create(unit, name="a", question={"eventType": ["ObjectEvent"]})
        for name in ("a", "SimpleEventQuery"):
            with pytest.raises(Conflict):
                named.create(unit, name=name, question={})
        for name, question in (("b/c", {}), ("b", {"EQ_what": ["x"]}), ("b", {"EQ_ext:x": "\0", "@context": {"ext": "https://x/"}})):
            with pytest.raises(Invalid):
                named.create(unit, name=name, question=question)
        named.create(unit, name="c", question={"@context": {"ext": "https://x.example/"}, "EQ_ext:x": "🍼"})
        assert [row.name for row in named.every(unit, most=5)] == ["a", "c"]
        assert [row.name for row in named.every(unit, most=5, after="a")] == ["c"]
    with house.begin(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        named.get(unit, "a")


STEPS = st.lists(st.sampled_from(["tell", "tell", "drain", "fail", "crash", "retry", "subscribe"]), min_size=4, max_size=14)


def test_whatever_happens_every_subscriber_has_each_event_once_in_the_end(house: House, hook: Hook) -> None:
    told = [0]

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def live(steps: list[str]) -> None:
        _forget(house, hook)
        house.now += timedelta(minutes=1)
        subs = {subscribe(house): told[0]}
        for step in steps:
            if step == "tell":
                tell(house, told[0], told[0] + 1)
                told[0] += 2
            elif step == "subscribe":
                subs[subscribe(house, initialRecordTime=(house.now + timedelta(seconds=2)).isoformat())] = told[0]
            elif step in ("fail", "crash"):
                hook.say.append(_crash if step == "crash" else lambda: Answer(500))
            else:
                _drain(house)
        for _ in range(20):
            _drain(house)
        heard: dict[str, list[str]] = {sub: [] for sub in subs}
        for document, _, _ in hook.heard:
            results = document["epcisBody"]["queryResults"]
            heard[results["subscriptionID"]] += [event["eventID"] for event in _events(document)]
        first, *later = subs
        assert sorted(heard[first]) == sorted(f"urn:x:{number}" for number in range(subs[first], told[0]))
        assert all(heard[sub] == [] for sub in later)  # theirs begins after all of it
        assert left(house) == 0

    live()


def _crash() -> Answer:
    raise RuntimeError("the machine dies while it tells")


def _drain(house: House) -> None:
    at_once(house)
    ids: list[str] = []
    while relay.carry(house.database, ids.append) or ids:
        for delivery_id in ids:
            relay.react(house.database, delivery_id)
        ids.clear()


def _forget(house: House, hook: Hook) -> None:
    hook.heard.clear()
    hook.say.clear()
    with house.begin() as unit:
        unit.session.execute(delete(SubscriptionEvent))
        unit.session.execute(delete(EpcisSubscription))
    with house.database.begin(PLATFORM) as unit:
        unit.session.execute(delete(Delivery))


def test_a_subscription_that_is_made_while_others_write_hears_of_all_of_it_once(house: House, hook: Hook) -> None:
    """Of what was there, of what waits to be matched, and of what is being written at that very moment."""
    stop = threading.Event()

    def write(hand: int) -> None:
        for number in range(8):
            with house.database.begin(system(house.brand_id)) as unit:
                capture(unit, an_event(eventID=f"urn:x:{hand}.{number}", epcList=[URN.format(hand)]))
                sleep(0.01)

    def carry() -> None:
        while not stop.wait(0.005):
            relay.drain(house.database)

    carrier = threading.Thread(target=carry)
    carrier.start()
    with house.begin() as unit:
        named.create(unit, name="mine", question={})
    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(write, hand) for hand in range(4)]
        for _ in range(3):
            sleep(0.05)
            wish = {"dest": DEST, "stream": True, "initialRecordTime": (house.now - timedelta(days=1)).isoformat()}
            with house.database.look(system(house.brand_id)) as unit:
                before = subscriptions.look_back(unit, query_name="mine", wish=wish)
            sleep(0.02)
            with house.database.begin(system(house.brand_id)) as unit:
                subscriptions.create(unit, query_name="mine", wish=wish, epc_format="Never_Translates", before=before)
        for writer in writers:
            writer.result()
    stop.set()
    carrier.join()
    house.drain()
    assert sorted(hook.events()) == sorted(3 * [f"urn:x:{hand}.{number}" for hand in range(4) for number in range(8)])
    assert left(house) == 0
