"""Lots: opened, made of others, released."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.audit import AuditEntry
from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from traceability import lots
from traceability.events import query
from traceability.models import Flow, Lot, Product


@dataclass
class Ground:
    product: str
    milk: str
    batch: str


@pytest.fixture
def ground(house: House) -> Ground:
    with house.begin() as unit:
        product = a_product(unit)
        milk = a_delivery(unit, material=a_material(unit), supplier=a_supplier(unit))
        return Ground(product.id, milk.id, a_batch(unit, "L2611-07", product).id)


def test_best_before_counts_from_the_day_in_china(house: House, ground: Ground) -> None:
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    with house.begin(now=late + timedelta(hours=1)) as unit:
        lot = lots.open(unit, code="N", product_id=ground.product, line_code="L1", place="厂", quantity=Decimal(1), started_at=late)
        assert lot.best_before == date(2026, 11, 28)
        assert (lot.state, lot.standing, lot.revision) == ("open", "clear", 0)
        assert query.of_lot(unit, lot.id) == []


def test_a_lot_code_is_taken_once_in_a_brand_and_free_in_another(house: House, ground: Ground) -> None:
    with pytest.raises(lots.LotCodeTaken), house.begin() as unit:
        lots.open(unit, code="L2611-07", product_id=ground.product, line_code="L1", place="厂", quantity=Decimal(1))
    with house.begin(brand_id=house.other_brand_id) as unit:
        other = a_product(unit, "06901234567908")
        assert lots.open(unit, code="L2611-07", product_id=other.id, line_code="L1", place="厂", quantity=Decimal(1))


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"code": " "}, "/code"),
        ({"code": "批次七"}, "/code"),
        ({"code": "X" * 21}, "/code"),
        ({"place": "厂" * 121}, "/place"),
        ({"quantity": Decimal(0)}, "/quantity"),
        ({"quantity": Decimal("0.0000001")}, "/quantity"),
        ({"uom": "kilograms"}, "/uom"),
        ({"started_at": datetime(2026, 1, 1)}, "/started_at"),
    ],
)
def test_a_lot_that_cannot_be_kept_or_coded_is_refused(house: House, ground: Ground, wrong: dict, pointer: str) -> None:
    given = {"code": "OK", "product_id": ground.product, "line_code": "L1", "place": "厂", "quantity": Decimal(1)} | wrong
    with pytest.raises(Invalid) as trouble, house.begin() as unit:
        lots.open(unit, **given)
    assert [error["pointer"] for error in trouble.value.errors] == [pointer]


def test_finishing_writes_one_transformation_and_what_went_in(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        lot = lots.finish(unit, lot_id=ground.batch, inputs=[(ground.milk, Decimal("950.5"))], quantity=Decimal(990))
        assert (lot.state, lot.quantity, lot.revision) == ("finished", Decimal(990), 1)
    with house.look() as unit:
        (event,) = query.of_lot(unit, ground.batch)
        assert (event.type, event.biz_step, event.disposition) == ("TransformationEvent", "commissioning", "in_progress")
        assert event.what["inputQuantityList"] == [
            {"epcClass": "https://id.example/material/MILK/lot/M-1", "quantity": "950.5", "uom": "KGM"}
        ]
        assert event.what["outputQuantityList"] == [
            {"epcClass": "https://id.gs1.org/01/06901234567892/10/L2611-07", "quantity": "990", "uom": "H87"}
        ]
        into, out = unit.session.scalars(select(Flow).order_by(Flow.side))
        milk, batch = (unit.session.get_one(Lot, lot_id).thing for lot_id in (ground.milk, ground.batch))
        assert (into.src, into.event_id, out.dst, out.event_id) == (milk, event.id, batch, event.id)
        assert into.dst == out.src
        verbs = list(unit.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == ground.batch).order_by(AuditEntry.id)))
        assert sorted(verbs) == ["lot.finished", "lot.opened"]
    with pytest.raises(lots.LotNotOpen), house.begin() as unit:
        lots.finish(unit, lot_id=ground.batch, inputs=[(ground.milk, Decimal(1))])


def test_no_more_is_used_of_a_lot_than_came_in(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        lots.finish(unit, lot_id=ground.batch, inputs=[(ground.milk, Decimal("999.999999"))])
        second = a_batch(unit, "L2", unit.session.get_one(Product, ground.product)).id
    with pytest.raises(lots.NotEnoughLeft) as trouble, house.begin() as unit:
        lots.finish(unit, lot_id=second, inputs=[(ground.milk, Decimal("0.000002"))])
    assert trouble.value.more["left"] == "0.000001"
    with house.begin() as unit:
        lots.finish(unit, lot_id=second, inputs=[(ground.milk, Decimal("0.000001"))])


def test_what_cannot_go_into_a_lot_is_refused(house: House, ground: Ground) -> None:
    def finish(*inputs: tuple[str, Decimal]) -> None:
        with house.begin() as unit:
            lots.finish(unit, lot_id=ground.batch, inputs=list(inputs))

    with pytest.raises(Invalid):
        finish()
    with pytest.raises(Invalid):
        finish((ground.batch, Decimal(1)))
    with pytest.raises(Invalid):
        finish((ground.milk, Decimal(0)))
    with pytest.raises(Invalid):
        finish((ground.milk, Decimal(1)), (ground.milk, Decimal(1)))
    with pytest.raises(Missing):
        finish(("0" * 26, Decimal(1)))
    with house.begin() as unit:
        still_open = a_batch(unit, "L3", unit.session.get_one(Product, ground.product)).id
    with pytest.raises(lots.LotNotReady):
        finish((still_open, Decimal(1)))


def test_only_a_finished_lot_that_is_clear_is_released(house: House, ground: Ground) -> None:
    with pytest.raises(lots.LotNotFinished), house.begin() as unit:
        lots.release(unit, lot_id=ground.batch)
    with house.begin() as unit:
        lots.finish(unit, lot_id=ground.batch, inputs=[(ground.milk, Decimal(1))])
        lots.get(unit, ground.batch).standing = "held"
    with pytest.raises(lots.LotOnHold), house.begin() as unit:
        lots.release(unit, lot_id=ground.batch)
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        lots.get(unit, ground.batch).standing = "clear"
        assert lots.release(unit, lot_id=ground.batch).state == "released"
        assert query.of_lot(unit, ground.batch)[-1].disposition == "conformant"
    with pytest.raises(lots.LotNotFinished), house.begin() as unit:
        lots.release(unit, lot_id=ground.batch)


def test_nothing_is_made_of_what_did_not_exist_yet(house: House, ground: Ground) -> None:
    with pytest.raises(Invalid) as trouble, house.begin() as unit:
        early = a_batch(unit, "EARLY", unit.session.get_one(Product, ground.product), house.now - timedelta(hours=2))
        lots.finish(unit, lot_id=early.id, inputs=[(ground.milk, Decimal(1))], finished_at=house.now - timedelta(seconds=1))
    assert [(each["pointer"], each["rule"], each["lot"]) for each in trouble.value.errors] == [("/inputs/0/lot_id", "newer", "M-1")]


def test_a_line_tells_which_lots_it_was_making(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        product = unit.session.get_one(Product, ground.product)
        noon = house.now - timedelta(hours=6)
        first, other_line = a_batch(unit, "A", product, noon), a_batch(unit, "B", product, noon, line="L2")
        lots.get(unit, ground.milk).started_at = noon
        lots.finish(unit, lot_id=first.id, inputs=[(ground.milk, Decimal(1))], finished_at=noon + timedelta(hours=1))

        def codes(since: float, until: float, line: str = "L1") -> list[str]:
            hours = (noon + timedelta(hours=since), noon + timedelta(hours=until))
            return [lot.code for lot in lots.made_on(unit, line_code=line, since=hours[0], until=hours[1])]

        assert codes(-2, -1) == []
        assert codes(0.5, 0.6) == ["A"]
        assert codes(1, 2) == ["A"]
        assert codes(1.5, 2) == []
        assert codes(0.5, 6) == ["A", "L2611-07"]
        assert codes(9, 10, "L2") == [other_line.code]


def test_another_brand_meets_no_lot(house: House, ground: Ground) -> None:
    with house.look(brand_id=house.other_brand_id) as unit:
        assert lots.every(unit) == []
        with pytest.raises(Missing):
            lots.get(unit, ground.batch)
        with pytest.raises(Missing):
            lots.by_code(unit, "L2611-07")
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        lots.release(unit, lot_id=ground.batch)


def test_two_who_finish_at_once_cannot_use_the_same_milk(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        second = a_batch(unit, "L2", unit.session.get_one(Product, ground.product)).id

    def finish(batch: str) -> str:
        try:
            with house.begin() as unit:
                lots.finish(unit, lot_id=batch, inputs=[(ground.milk, Decimal(600))])
            return "finished"
        except lots.NotEnoughLeft:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(finish, [ground.batch, second])) == ["finished", "refused"]


def test_two_who_open_the_same_lot_at_once_make_one(house: House, ground: Ground) -> None:
    def begin(_: int) -> str:
        try:
            with house.begin() as unit:
                a_batch(unit, "TWIN", unit.session.get_one(Product, ground.product))
            return "opened"
        except lots.LotCodeTaken:
            return "taken"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(begin, range(3))) == ["opened", "taken", "taken"]
