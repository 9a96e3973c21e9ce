"""From the outbox to the reactions: once, whatever the courier does, and nothing is swallowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import relay
from app.wiring import Reaction
from kernel.errors import Refused, Unavailable
from kernel.facts import Fact
from kernel.outbox import Delivery
from kernel.unit import PLATFORM, Unit
from suppliers.models import Material
from tests.conftest import House


@dataclass(frozen=True)
class BellRang(Fact):
    code: str


class Bell:
    """One reaction that writes a row, and does before that whatever the test asks."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.looked = 0

    def before(self, unit: Unit, fact: BellRang) -> str:
        self.looked += 1
        return "Bell of " + fact.code

    def act(self, unit: Unit, fact: BellRang, prepared: str) -> None:
        unit.session.add(Material(id=unit.new_id(), code=fact.code, name_zh="铃", name_en=prepared, category="dairy"))
        unit.session.flush()
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def bell(house: House, monkeypatch: pytest.MonkeyPatch) -> Bell:
    bell = Bell()
    monkeypatch.setattr(relay, "FACTS", {"BellRang": BellRang})
    monkeypatch.setattr(relay, "BY_NAME", {"bell.act": Reaction(bell.act, before=bell.before)})
    house.database.reactions = lambda _name: ("bell.act",)
    with house.begin() as unit:
        unit.tell(BellRang("B-1"))
    return bell


def rung(house: House) -> list[str]:
    with house.look() as unit:
        return list(unit.session.scalars(select(Material.name_en)))


def kept(house: House) -> Delivery | None:
    with house.database.look(PLATFORM) as unit:
        return unit.session.scalar(select(Delivery))


def carried(house: House) -> str:
    ids: list[str] = []
    relay.carry(house.database, ids.append)
    (only,) = ids
    return only


def test_a_reaction_runs_in_the_brand_that_told_the_fact_and_settles_its_delivery(house: House, bell: Bell) -> None:
    assert relay.react(house.database, carried(house))
    assert rung(house) == ["Bell of B-1"]
    assert kept(house) is None
    with house.look(brand_id=house.other_brand_id) as unit:
        assert unit.session.scalars(select(Material)).all() == []


def test_a_delivery_that_comes_twice_does_nothing_the_second_time(house: House, bell: Bell) -> None:
    delivery = carried(house)
    assert [relay.react(house.database, delivery) for _ in range(3)] == [True, False, False]
    assert rung(house) == ["Bell of B-1"]


def test_two_who_prepare_the_same_delivery_make_one_effect(house: House, bell: Bell) -> None:
    """The slow part runs outside the transaction; the other worker finishes while this one prepares."""
    delivery = carried(house)
    prepare: Callable[..., str] = bell.before

    def slowly(unit: Unit, fact: BellRang) -> str:
        relay.BY_NAME["bell.act"] = Reaction(bell.act, before=prepare)
        assert relay.react(house.database, delivery)
        return prepare(unit, fact)

    relay.BY_NAME["bell.act"] = Reaction(bell.act, before=slowly)
    assert not relay.react(house.database, delivery)
    assert (bell.looked, rung(house)) == (2, ["Bell of B-1"])


@pytest.mark.parametrize(
    ("trouble", "state", "says"),
    [
        (Unavailable("the post is asleep"), "new", "unavailable: the post is asleep"),
        (Refused("never"), "dead", "refused: never"),
        (ZeroDivisionError("13800138000"), "new", "ZeroDivisionError"),
    ],
    ids=["unavailable is tried again", "a refusal is final", "the unforeseen is tried again and says no value"],
)
def test_a_reaction_that_fails_is_kept_with_its_reason_and_leaves_no_half_effect(
    house: House, bell: Bell, trouble: Exception, state: str, says: str
) -> None:
    bell.trouble = trouble
    assert not relay.react(house.database, carried(house))
    row = kept(house)
    assert row is not None
    assert (row.state, row.tries, row.error) == (state, 1, says)
    assert rung(house) == []


def test_pauses_grow_and_success_ends_them(house: House, bell: Bell) -> None:
    bell.trouble = Unavailable("asleep")
    delivery, pauses = carried(house), []
    for _ in range(3):
        relay.react(house.database, delivery)
        row = kept(house)
        assert row is not None
        with house.database.look(PLATFORM) as unit:
            pauses.append(row.due_at - unit.now)
    assert [round(pause.total_seconds()) for pause in pauses] == [2, 4, 8]
    assert relay.carry(house.database, lambda _id: None) == 0  # not due yet
    bell.trouble = None
    assert relay.react(house.database, delivery)
    assert rung(house) == ["Bell of B-1"]


def test_what_a_crash_swallowed_is_carried_again(house: House, bell: Bell) -> None:
    """The broker took the message and died with it: after the lease the delivery is due again."""
    first = carried(house)
    with house.database.begin(PLATFORM) as unit:
        unit.session.get_one(Delivery, first).due_at -= timedelta(seconds=61)
    assert carried(house) == first
    assert relay.react(house.database, first)
    assert rung(house) == ["Bell of B-1"]
