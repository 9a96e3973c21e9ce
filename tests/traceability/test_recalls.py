"""Recalls: what is called back, once and for ever, by two persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.errors import Invalid, Missing
from kernel.unit import Actor, Unit
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from tests.factories.recalls import PROOF, SAY, a_recall
from tests.members.goods import lot_id, shelf
from traceability import codes, holds, lots, moves, recalls, signing
from traceability.events import query
from traceability.models import Recall


@pytest.fixture
def ids(house: House) -> dict[str, str]:
    """milk → one, two; caps → two."""
    with house.begin() as unit:
        material, supplier, product = a_material(unit), a_supplier(unit), a_product(unit)
        made = {code: a_delivery(unit, code, material=material, supplier=supplier).id for code in ("milk", "caps")}
        for code, inputs in {"one": ["milk"], "two": ["milk", "caps"]}.items():
            made[code] = a_batch(unit, code, product).id
            lots.finish(unit, lot_id=made[code], inputs=[(made[name], Decimal(10)) for name in inputs])
        return made


def _proposed(house: House, *lot_ids: str, kind: str = "quality") -> str:
    with house.begin(kind) as unit:
        return recalls.propose(unit, lot_ids=list(lot_ids), **SAY, proof=PROOF).id


def _approve(unit: Unit, recall_id: str) -> Recall:
    return recalls.approve(unit, recall_id=recall_id, seen=_seen(unit, recall_id), proof=PROOF)


def _seen(unit: Unit, recall_id: str) -> str:
    return recalls.digest(unit, recalls.get(unit, recall_id)[1])


def _standings(house: House) -> dict[str, str]:
    with house.look() as unit:
        return {lot.code: lot.standing for lot in lots.every(unit)}


def test_a_proposal_holds_everything_at_once_and_recalls_nothing(house: House, ids: dict[str, str]) -> None:
    recall_id = _proposed(house, ids["milk"])
    assert _standings(house) == {"milk": "held", "one": "held", "two": "held", "caps": "clear"}
    assert house.told("LotsRecalled") == []
    with house.look() as unit:
        assert [recall.id for recall in recalls.waiting(unit)] == [recall_id]
        assert recalls.of_lot(unit, ids["milk"]) is None
        (event,) = [event for event in query.of_lot(unit, ids["one"]) if event.biz_step == "holding"]
        assert (len(event.what["quantityList"]), event.disposition) == (3, "non_conformant")
        (hold,) = holds.of_lot(unit, ids["one"])
    with pytest.raises(holds.HoldOfRecall), house.begin() as unit:
        holds.release(unit, hold_id=hold.id, why="I would rather not wait", proof=PROOF)


def test_another_person_approves_and_all_that_was_made_of_it_comes_back(house: House, ids: dict[str, str]) -> None:
    recall_id = _proposed(house, ids["milk"])
    with house.begin("brand_admin") as unit:
        assert _approve(unit, recall_id).state == "open"
    with house.look() as unit:
        kept, back = recalls.get(unit, recall_id)
        assert (kept.advice, kept.proposed_by, kept.opened_by) == (SAY["advice"], "test-quality", "test-brand_admin")
        assert {lot.code for lot in back} == {"milk", "one", "two"}
        assert {lot.standing for lot in back} == {"recalled"}
        assert recalls.of_lot(unit, ids["two"]).id == recall_id
        assert recalls.of_lot(unit, ids["caps"]) is None
        (event,) = [event for event in query.of_lot(unit, ids["one"]) if event.disposition == "recalled"]
        assert len(event.what["quantityList"]) == 3
        assert holds.active(unit) == []
    (body,) = house.told("LotsRecalled")
    assert body["recall_id"] == recall_id
    assert set(body["lot_ids"]) == {ids["milk"], ids["one"], ids["two"]}


def test_whoever_proposed_cannot_approve_and_no_machine_can(house: House, ids: dict[str, str]) -> None:
    recall_id = _proposed(house, ids["milk"])
    with pytest.raises(recalls.TwoPersons), house.begin() as unit:
        _approve(unit, recall_id)
    for kind in ("machine", "device", "visitor", "system", "plant", "supplier", "platform"):
        with pytest.raises(signing.MachinesDoNotSign), house.begin(kind) as unit:
            _approve(unit, recall_id)
        with pytest.raises(signing.MachinesDoNotSign), house.begin(kind) as unit:
            recalls.decline(unit, recall_id=recall_id, why="no", proof=PROOF)
    assert _standings(house)["one"] == "held"


def test_what_a_machine_proposed_still_takes_two_persons(house: House, ids: dict[str, str]) -> None:
    recall_id = _proposed(house, ids["milk"], kind="machine")
    with pytest.raises(recalls.RecallUnadopted), house.begin() as unit:
        _approve(unit, recall_id)
    with house.begin() as unit:
        recalls.adopt(unit, recall_id=recall_id, seen=_seen(unit, recall_id), proof=PROOF)
    with pytest.raises(recalls.RecallNotProposed), house.begin("brand_admin") as unit:
        recalls.adopt(unit, recall_id=recall_id, seen=_seen(unit, recall_id), proof=PROOF)
    with pytest.raises(recalls.TwoPersons), house.begin() as unit:
        _approve(unit, recall_id)
    with house.begin("brand_admin") as unit:
        assert _approve(unit, recall_id).scope["told_by"] == "test-machine"


def test_nobody_approves_what_they_have_not_seen(house: House, ids: dict[str, str]) -> None:
    recall_id = _proposed(house, ids["milk"])
    with pytest.raises(recalls.RecallGrew), house.begin("brand_admin") as unit:
        seen = recalls.digest(unit, [lots.get(unit, ids["milk"])])
        recalls.approve(unit, recall_id=recall_id, seen=seen, proof=PROOF)
    assert _standings(house)["milk"] == "held"


def test_a_declined_proposal_lets_go_of_what_it_held_and_of_nothing_else(house: House, ids: dict[str, str]) -> None:
    with house.begin() as unit:
        holds.place(unit, lot_id=ids["one"], cause="person", cause_id="someone", reason="气味异常")
    recall_id = _proposed(house, ids["milk"])
    with house.begin("brand_admin", now=house.now + timedelta(minutes=9)) as unit:
        recalls.decline(unit, recall_id=recall_id, why="化验单看错了一行", proof=PROOF)
    assert _standings(house) == {"milk": "clear", "one": "held", "two": "clear", "caps": "clear"}
    with house.look() as unit:
        kept, shown = recalls.get(unit, recall_id)
        assert (kept.state, kept.declined_why, len(shown)) == ("declined", "化验单看错了一行", 3)
        by_lot = {code: [event.disposition for event in query.of_lot(unit, ids[code])][-1] for code in ("one", "two")}
        assert by_lot == {"one": "non_conformant", "two": "conformant"}
    with pytest.raises(recalls.RecallNotProposed), house.begin("brand_admin") as unit:
        _approve(unit, recall_id)


def test_a_second_recall_takes_only_what_is_left(house: House, ids: dict[str, str]) -> None:
    with house.begin() as unit:
        first = a_recall(unit, lot_ids=[ids["one"]])
    with house.begin() as unit:
        second = a_recall(unit, lot_ids=[ids["milk"]])
        assert {lot.code for lot in recalls.get(unit, second.id)[1]} == {"milk", "two"}
        assert recalls.of_lot(unit, ids["one"]).id == first.id
    with pytest.raises(recalls.AlreadyRecalled), house.begin() as unit:
        recalls.propose(unit, lot_ids=[ids["two"]], **SAY, proof=PROOF)
    with house.look() as unit:
        assert len(recalls.every(unit)) == 2


def test_two_proposals_for_the_same_lots_end_in_one_recall(house: House, ids: dict[str, str]) -> None:
    first, second = _proposed(house, ids["milk"]), _proposed(house, ids["one"])
    with house.begin("brand_admin") as unit:
        _approve(unit, first)
    with pytest.raises(recalls.AlreadyRecalled), house.begin("brand_admin") as unit:
        _approve(unit, second)
    with house.begin("brand_admin") as unit:
        recalls.decline(unit, recall_id=second, why="已随另一次召回", proof=PROOF)
    assert _standings(house)["one"] == "recalled"


def test_a_recalled_lot_stays_recalled_and_is_used_no_more(house: House, ids: dict[str, str]) -> None:
    with house.begin() as unit:
        hold = holds.place(unit, lot_id=ids["one"], cause="person", cause_id="someone", reason="气味异常")
        assert hold is not None
        a_recall(unit, lot_ids=[ids["milk"]])
        holds.release(unit, hold_id=hold.id, why="召回处理", proof=PROOF)
        assert lots.get(unit, ids["one"]).standing == "recalled"
        with pytest.raises(lots.LotRecalled):
            lots.release(unit, lot_id=ids["one"])
        third = a_batch(unit, "three", a_product(unit, "06901234567908"))
        with pytest.raises(lots.LotRecalled):
            lots.finish(unit, lot_id=third.id, inputs=[(ids["milk"], Decimal(1))])


def test_a_recall_says_why_and_what_to_do(house: House, ids: dict[str, str]) -> None:
    with pytest.raises(Invalid) as trouble, house.begin() as unit:
        recalls.propose(unit, lot_ids=[], reason="x" * 301, advice=" ", proof=PROOF)
    assert [error["pointer"] for error in trouble.value.errors] == ["/reason", "/advice", "/lot_ids"]
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        recalls.propose(unit, lot_ids=[ids["milk"]], **SAY, proof=PROOF)


def test_what_was_signed_is_bound_to_its_signature(house: House, ids: dict[str, str]) -> None:
    recall_id = _proposed(house, ids["milk"])
    with house.begin() as unit:
        recall, shown = recalls.get(unit, recall_id)
        said = recalls.content(unit, recall, shown)
        words = {"subject_kind": "recall", "subject_id": recall_id, "reason": recall.reason}
        made = signing.sign(unit, PROOF, intent="recall.propose", content=said, **words)
        assert signing.holds_for(made, said)
        assert not signing.holds_for(made, said | {"reason": "别的"})
        assert not signing.holds_for(made, said | {"lots": said["lots"][1:]})
        assert [each.by for each in signing.of(unit, "recall", recall_id)] == ["test-quality"] * 2
        with pytest.raises(Invalid):
            signing.sign(unit, PROOF, intent="recall.undo", content=said, **words)
        unit.actor = replace(Actor("machine", "key", house.brand_id))
        with pytest.raises(signing.MachinesDoNotSign):
            signing.sign(unit, PROOF, intent="recall.propose", content=said, **words)


def test_whoever_decides_signs_and_the_use_case_demands_it(house: House, ids: dict[str, str]) -> None:
    with pytest.raises(signing.NotSigned), house.begin() as unit:
        recalls.propose(unit, lot_ids=[ids["milk"]], **SAY)
    with pytest.raises(signing.MachinesDoNotSign), house.begin("system") as unit:
        recalls.propose(unit, lot_ids=[ids["milk"]], **SAY, proof=PROOF)
    recall_id = _proposed(house, ids["milk"], kind="machine")
    with house.look() as unit:
        assert signing.of(unit, "recall", recall_id) == []
    with pytest.raises(signing.NotSigned), house.begin() as unit:
        recalls.adopt(unit, recall_id=recall_id, seen=_seen(unit, recall_id), proof=None)
    with pytest.raises(recalls.RecallGrew), house.begin() as unit:
        recalls.adopt(unit, recall_id=recall_id, seen=recalls.digest(unit, []), proof=PROOF)
    with house.begin() as unit:
        recalls.adopt(unit, recall_id=recall_id, seen=_seen(unit, recall_id), proof=PROOF)
    with pytest.raises(signing.NotSigned), house.begin("brand_admin") as unit:
        recalls.approve(unit, recall_id=recall_id, seen=_seen(unit, recall_id), proof=None)
    with pytest.raises(signing.NotSigned), house.begin("brand_admin") as unit:
        recalls.decline(unit, recall_id=recall_id, why="no", proof=None)
    with house.begin("brand_admin") as unit:
        _approve(unit, recall_id)
        assert {each.intent for each in signing.of(unit, "recall", recall_id)} == {"recall.propose", "recall.approve"}


def test_the_very_same_lots_are_not_proposed_twice(house: House, ids: dict[str, str]) -> None:
    recall_id = _proposed(house, ids["milk"])
    with pytest.raises(recalls.AlreadyProposed) as trouble, house.begin("machine") as unit:
        recalls.propose(unit, lot_ids=[ids["milk"], ids["one"]], **SAY)
    assert trouble.value.more == {"recall": recall_id}
    with house.look() as unit:
        assert len(holds.of_lot(unit, ids["one"])) == 1


def test_an_item_that_joins_between_proposal_and_approval_is_noticed(house: House) -> None:
    shelf(house, ONE=3)
    one = lot_id(house, "ONE")
    recall_id = _proposed(house, one)
    with house.look() as unit:
        seen, (order,) = _seen(unit, recall_id), codes.orders(unit)
    with pytest.raises(lots.LotOnHold), house.begin("brand_admin") as unit:
        moves.undo(unit, move_id=next(each.id for each in moves.history(unit, order.id) if each.move == "commission"))
    with house.begin() as unit:
        moves.commission(unit, order_id=order.id, lot_id=one, start=3, count=1)
    with pytest.raises(recalls.RecallGrew), house.begin("brand_admin") as unit:
        recalls.approve(unit, recall_id=recall_id, seen=seen, proof=PROOF)
    with house.begin("brand_admin") as unit:
        assert _approve(unit, recall_id).state == "open"
        assert recalls.content(unit, *recalls.get(unit, recall_id))["lots"] == [[lots.get(unit, one).uri, 4]]
