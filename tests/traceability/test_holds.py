"""Holds: placed once a cause, proposed, decided, released."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from tests.factories.recalls import PROOF
from traceability import holds, lots, signing
from traceability.events import query

ALERT = {"cause": "alert", "cause_id": "alert-1", "reason": "杀菌出口低于临界限"}


@pytest.fixture
def lot_id(house: House) -> str:
    with house.begin() as unit:
        return a_batch(unit, "L2611-07", a_product(unit)).id


def _standing(house: House, lot_id: str) -> tuple[str, int]:
    with house.look() as unit:
        lot = lots.get(unit, lot_id)
        return lot.standing, lot.revision


def test_one_cause_holds_one_lot_once(house: House, lot_id: str) -> None:
    with house.begin() as unit:
        hold = holds.place(unit, lot_id=lot_id, **ALERT)
        assert hold is not None
    with house.begin() as unit:
        assert holds.place(unit, lot_id=lot_id, **ALERT) is None
    assert _standing(house, lot_id) == ("held", 1)
    with house.look() as unit:
        (event,) = query.of_lot(unit, lot_id)
        assert (event.biz_step, event.disposition, event.why["hold"]) == ("holding", "non_conformant", hold.id)
        assert [each.id for each in holds.active(unit)] == [hold.id]


def test_a_lot_is_clear_when_its_last_hold_is_released(house: House, lot_id: str) -> None:
    with house.begin() as unit:
        first = holds.place(unit, lot_id=lot_id, **ALERT)
        second = holds.place(unit, lot_id=lot_id, cause="person", cause_id="someone", reason="气味异常")
        assert first
        assert second
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        holds.release(unit, hold_id=first.id, why="复检合格", proof=PROOF)
    assert _standing(house, lot_id)[0] == "held"
    with house.begin(now=house.now + timedelta(minutes=2)) as unit:
        done = holds.release(unit, hold_id=second.id, why="复检合格", proof=PROOF)
        assert (done.state, done.ended_why, done.ended_by) == ("released", "复检合格", "test-quality")
    assert _standing(house, lot_id) == ("clear", 4)
    with house.look() as unit:
        assert [event.disposition for event in query.of_lot(unit, lot_id)][-2:] == ["non_conformant", "conformant"]
    with pytest.raises(holds.HoldNotPlaced), house.begin() as unit:
        holds.release(unit, hold_id=second.id, why="again", proof=PROOF)


def test_a_cause_that_comes_back_holds_again(house: House, lot_id: str) -> None:
    with house.begin() as unit:
        hold = holds.place(unit, lot_id=lot_id, **ALERT)
        assert hold is not None
        holds.release(unit, hold_id=hold.id, why="复检合格", proof=PROOF)
    later = house.now + timedelta(hours=1)
    with house.begin(now=later) as unit:
        again = holds.place(unit, lot_id=lot_id, **ALERT)
        assert again is not None
        assert (again.id, again.state, again.made_at, again.ended_why) == (hold.id, "placed", later, None)
    assert _standing(house, lot_id)[0] == "held"


def test_a_proposal_leaves_the_lot_free_until_somebody_confirms(house: House, lot_id: str) -> None:
    with house.begin() as unit:
        proposal = holds.propose(unit, lot_id=lot_id, **ALERT)
        assert proposal is not None
        assert holds.propose(unit, lot_id=lot_id, **ALERT) is None
        assert [each.id for each in holds.waiting(unit)] == [proposal.id]
    assert _standing(house, lot_id) == ("clear", 0)
    with house.begin() as unit:
        assert holds.confirm(unit, hold_id=proposal.id, proof=PROOF).state == "placed"
    assert _standing(house, lot_id) == ("held", 1)
    with pytest.raises(holds.HoldNotProposed), house.begin() as unit:
        holds.decline(unit, hold_id=proposal.id, why="误报", proof=PROOF)


def test_a_grave_cause_confirms_its_own_proposal(house: House, lot_id: str) -> None:
    with house.begin() as unit:
        proposal = holds.propose(unit, lot_id=lot_id, **ALERT)
        placed = holds.place(unit, lot_id=lot_id, **ALERT)
        assert proposal is placed
        assert holds.waiting(unit) == []


def test_a_declined_proposal_is_not_made_again(house: House, lot_id: str) -> None:
    with house.begin() as unit:
        proposal = holds.propose(unit, lot_id=lot_id, **ALERT)
        assert proposal is not None
        assert holds.decline(unit, hold_id=proposal.id, why="误报", proof=PROOF).state == "declined"
        assert holds.propose(unit, lot_id=lot_id, **ALERT) is None
    assert _standing(house, lot_id) == ("clear", 0)


@pytest.mark.parametrize("wrong", [{"cause": "weather"}, {"reason": " "}, {"reason": "x" * 301}, {"cause_id": "x" * 65}])
def test_a_hold_needs_a_cause_and_a_reason(house: House, lot_id: str, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid), house.begin() as unit:
        holds.place(unit, lot_id=lot_id, **(ALERT | wrong))


def test_another_brands_lot_and_hold_are_missing(house: House, lot_id: str) -> None:
    with house.begin() as unit:
        hold = holds.place(unit, lot_id=lot_id, **ALERT)
        assert hold is not None
    with house.begin(brand_id=house.other_brand_id) as unit:
        with pytest.raises(Missing):
            holds.place(unit, lot_id=lot_id, **ALERT)
        with pytest.raises(Missing):
            holds.release(unit, hold_id=hold.id, why="mine", proof=PROOF)


def test_one_cause_that_is_heard_twice_at_once_holds_once(house: House, lot_id: str) -> None:
    def place(_: int) -> bool:
        with house.begin() as unit:
            return holds.place(unit, lot_id=lot_id, **ALERT) is not None

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(place, range(3))) == [False, False, True]
    assert _standing(house, lot_id) == ("held", 1)


@pytest.mark.parametrize("kind", ["machine", "device", "system", "plant", "supplier", "member", "visitor"])
def test_nobody_but_a_person_who_signs_lets_a_lot_go(house: House, lot_id: str, kind: str) -> None:
    with house.begin() as unit:
        by_alert = holds.place(unit, lot_id=lot_id, **ALERT)
        by_person = holds.place_signed(unit, lot_id=lot_id, reason="气味异常", proof=PROOF)
        assert by_alert is not None
    for hold in (by_alert, by_person):
        with pytest.raises(signing.MachinesDoNotSign), house.begin(kind) as unit:
            holds.release(unit, hold_id=hold.id, why="why not", proof=PROOF)
        with pytest.raises(signing.NotSigned), house.begin() as unit:
            holds.release(unit, hold_id=hold.id, why="复检合格", proof=None)
    assert _standing(house, lot_id)[0] == "held"
    with house.begin() as unit:
        holds.release(unit, hold_id=by_person.id, why="复检合格", proof=PROOF)
        assert {each.intent for each in signing.of(unit, "hold", by_person.id)} == {"hold.place", "hold.release"}
