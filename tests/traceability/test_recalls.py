"""Recalls: what is called back, once and for ever."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from traceability import holds, lots, recalls
from traceability.events import query

SAY = {"reason": "检出李斯特菌", "advice": "请勿饮用。\n凭瓶身二维码到门店退款。"}


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


def test_everything_made_of_a_lot_comes_back_with_it(house: House, ids: dict[str, str]) -> None:
    with house.begin() as unit:
        recall = recalls.open(unit, lot_ids=[ids["milk"]], **SAY)
    with house.look() as unit:
        kept, back = recalls.get(unit, recall.id)
        assert kept.advice == SAY["advice"]
        assert {lot.code for lot in back} == {"milk", "one", "two"}
        assert {lot.standing for lot in back} == {"recalled"}
        assert recalls.of_lot(unit, ids["two"]).id == recall.id
        assert recalls.of_lot(unit, ids["caps"]) is None
        (event,) = [event for event in query.of_lot(unit, ids["one"]) if event.disposition == "recalled"]
        assert len(event.what["quantityList"]) == 3
    (body,) = house.told("LotsRecalled")
    assert body["recall_id"] == recall.id
    assert set(body["lot_ids"]) == {ids["milk"], ids["one"], ids["two"]}


def test_a_second_recall_takes_only_what_is_left(house: House, ids: dict[str, str]) -> None:
    with house.begin() as unit:
        first = recalls.open(unit, lot_ids=[ids["one"]], **SAY)
    with house.begin() as unit:
        second = recalls.open(unit, lot_ids=[ids["milk"]], **SAY)
        assert {lot.code for lot in recalls.get(unit, second.id)[1]} == {"milk", "two"}
        assert recalls.of_lot(unit, ids["one"]).id == first.id
    with pytest.raises(recalls.AlreadyRecalled), house.begin() as unit:
        recalls.open(unit, lot_ids=[ids["two"]], **SAY)
    with house.look() as unit:
        assert len(recalls.every(unit)) == 2


def test_a_recalled_lot_stays_recalled_and_is_used_no_more(house: House, ids: dict[str, str]) -> None:
    with house.begin() as unit:
        hold = holds.place(unit, lot_id=ids["one"], cause="person", cause_id="someone", reason="气味异常")
        assert hold is not None
        recalls.open(unit, lot_ids=[ids["milk"]], **SAY)
        holds.release(unit, hold_id=hold.id, why="召回处理")
        assert lots.get(unit, ids["one"]).standing == "recalled"
        with pytest.raises(lots.LotRecalled):
            lots.release(unit, lot_id=ids["one"])
        third = a_batch(unit, "three", a_product(unit, "06901234567908"))
        with pytest.raises(lots.LotRecalled):
            lots.finish(unit, lot_id=third.id, inputs=[(ids["milk"], Decimal(1))])


def test_a_drill_writes_nothing(house: House, ids: dict[str, str]) -> None:
    with house.begin() as unit:
        assert {lot.code for lot in recalls.drill(unit, lot_ids=[ids["caps"]])} == {"caps", "two"}
    with house.look() as unit:
        assert recalls.every(unit) == []
        assert {lot.standing for lot in lots.every(unit)} == {"clear"}


def test_a_recall_says_why_and_what_to_do(house: House, ids: dict[str, str]) -> None:
    with pytest.raises(Invalid) as trouble, house.begin() as unit:
        recalls.open(unit, lot_ids=[], reason="x" * 301, advice=" ")
    assert [error["pointer"] for error in trouble.value.errors] == ["/reason", "/advice", "/lot_ids"]
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        recalls.open(unit, lot_ids=[ids["milk"]], **SAY)
