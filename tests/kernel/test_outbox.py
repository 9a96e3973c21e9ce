"""The outbox: told with the transaction or not at all, leased, put off, never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel import outbox
from kernel.facts import Fact
from kernel.outbox import LEASE, MOST_TRIES, Delivery, ToldFact
from kernel.unit import PLATFORM, Unit
from tests.conftest import House


@dataclass(frozen=True)
class BellRang(Fact):
    times: int


@pytest.fixture
def platform(house: House) -> Callable[..., Unit]:
    """Writing units of the platform, so many seconds after the test began; two rooms hear the bell."""
    house.database.reactions = lambda name: ("one.room", "another.room") if name == "BellRang" else ()
    return lambda later=0.0: house.database.begin(PLATFORM, now=house.now + timedelta(seconds=later))


def test_a_fact_is_told_with_its_transaction_once_for_each_reaction(house: House, platform: Callable[..., Unit]) -> None:
    with house.begin() as unit:
        unit.tell(BellRang(3))
    with platform() as unit:
        rows = list(unit.session.scalars(select(Delivery).order_by(Delivery.reaction)))
        assert [(row.reaction, row.state, row.tries) for row in rows] == [("another.room", "new", 0), ("one.room", "new", 0)]
        (told,) = unit.session.scalars(select(ToldFact))
        assert (BellRang.from_json(told.body), told.brand_id) == (BellRang(3), house.brand_id)


def test_a_rollback_tells_nobody(house: House, platform: Callable[..., Unit]) -> None:
    with pytest.raises(RuntimeError), house.begin() as unit:
        unit.tell(BellRang(1))
        raise RuntimeError
    assert house.told() == []


def test_what_is_leased_is_not_given_out_again_until_the_lease_runs_out(house: House, platform: Callable[..., Unit]) -> None:
    with house.begin() as unit:
        unit.tell(BellRang(1))
    with platform() as unit:
        first = outbox.claim(unit.session, now=unit.now)
    assert len(first) == 2
    with platform(1) as unit:
        assert not outbox.anything_due(unit.session, now=unit.now)
        assert outbox.claim(unit.session, now=unit.now) == []
    with platform(LEASE.total_seconds()) as unit:
        assert sorted(outbox.claim(unit.session, now=unit.now)) == sorted(first)


def test_a_settled_delivery_is_gone(house: House, platform: Callable[..., Unit]) -> None:
    with house.begin() as unit:
        unit.tell(BellRang(1))
    with platform() as unit:
        one, _other = outbox.claim(unit.session, now=unit.now)
        taken = outbox.take(unit.session, one)
        assert taken is not None
        outbox.settle(unit.session, taken[0])
    with platform() as unit:
        assert outbox.take(unit.session, one) is None
        assert unit.session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_a_failed_delivery_waits_longer_each_time_and_in_the_end_for_a_person(house: House, platform: Callable[..., Unit]) -> None:
    with house.begin() as unit:
        unit.tell(BellRang(1))
    with platform() as unit:
        one, _other = outbox.claim(unit.session, now=unit.now)
    pauses = []
    for _ in range(MOST_TRIES):
        with platform() as unit:
            outbox.put_off(unit.session, one, now=unit.now, why="x" * 2000, final=False)
            row = unit.session.get_one(Delivery, one)
            pauses.append((row.due_at - unit.now).total_seconds())
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 0]
    with platform(10_000) as unit:
        row = unit.session.get_one(Delivery, one)
        assert (row.state, row.tries, len(row.error or "")) == ("dead", MOST_TRIES, 500)
        assert one not in outbox.claim(unit.session, now=unit.now)
        assert outbox.take(unit.session, one) is None


def test_a_person_revives_what_is_dead_and_only_that(house: House, platform: Callable[..., Unit]) -> None:
    with house.begin() as unit:
        unit.tell(BellRang(1))
    with platform() as unit:
        one, other = outbox.claim(unit.session, now=unit.now)
        outbox.put_off(unit.session, one, now=unit.now, why="refused", final=True)
    with platform(5) as unit:
        assert outbox.revive(unit.session, one, now=unit.now)
        assert not outbox.revive(unit.session, other, now=unit.now)
        assert outbox.claim(unit.session, now=unit.now) == [one]


def test_the_backlog_says_how_many_wait_and_how_long(house: House, platform: Callable[..., Unit]) -> None:
    with house.begin() as unit:
        unit.tell(BellRang(1))
    with platform(7) as unit:
        assert outbox.backlog(unit.session, now=unit.now) == {"waiting": 2, "dead": 0, "oldest_seconds": 7.0}


def test_old_facts_are_forgotten_unless_somebody_has_still_to_hear_them(house: House, platform: Callable[..., Unit]) -> None:
    with house.begin() as unit:
        unit.tell(BellRang(1))
    with platform(60) as unit:
        assert outbox.forget(unit.session, before=unit.now) == 0
        for row in unit.session.scalars(select(Delivery)):
            outbox.settle(unit.session, row)
    with platform(60) as unit:
        assert outbox.forget(unit.session, before=unit.now) == 1
    assert house.told() == []
