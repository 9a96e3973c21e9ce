"""What is left of a lot: everything that ever left it counts, and nothing that happened elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from kernel.errors import Invalid
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from tests.traceability.moves.roll import a_roll, let_go
from traceability import holds, lots, moves, shipments, stock
from traceability.events import names, query
from traceability.models import EpcisEvent, EventThing
from traceability.stock import Stock, kind_of

WORDS = {"customer": "杭州示例商贸", "regions": ["CN-33"]}


@dataclass
class Ground:
    milk: str
    batch: str


@pytest.fixture
def ground(house: House) -> Ground:
    with house.begin() as unit:
        milk = a_delivery(unit, material=a_material(unit), supplier=a_supplier(unit))
        return Ground(milk.id, a_batch(unit, "L-1", a_product(unit)).id)


def _stock(house: House, lot_id: str) -> Stock:
    with house.look() as unit:
        return stock.of(unit, [lots.get(unit, lot_id)])[lot_id]


def test_everything_that_left_counts_together(house: House, ground: Ground) -> None:
    assert _stock(house, ground.batch).came == 0, "an open lot holds nothing yet"
    with house.begin() as unit:
        lots.finish(unit, lot_id=ground.batch, inputs=[(ground.milk, Decimal(500))])
        lots.discard(unit, lot_id=ground.milk, quantity=Decimal("12.5"), reason="waste", note="洒了")
        lots.discard(unit, lot_id=ground.milk, quantity=Decimal("0.5"), reason="laboratory")
        lots.sell(unit, lot_id=ground.milk, quantity=Decimal(100), customer="奶吧")
        shipments.ship(unit, reference="DN-1", loose=[(ground.milk, Decimal(200))], **WORDS)
    found = _stock(house, ground.milk)
    assert (found.used, found.destroyed, found.sampled, found.sold, found.shipped) == (500, Decimal("12.5"), Decimal("0.5"), 100, 200)
    assert (found.came, found.left, found.strange) == (1000, 187, 0)
    for leave in (
        lambda unit: lots.discard(unit, lot_id=ground.milk, quantity=Decimal(188), reason="waste"),
        lambda unit: lots.sell(unit, lot_id=ground.milk, quantity=Decimal(188)),
        lambda unit: shipments.ship(unit, reference="DN-2", loose=[(ground.milk, Decimal(188))], **WORDS),
        lambda unit: lots.finish(unit, lot_id=a_batch(unit, "L-2", _product(unit)).id, inputs=[(ground.milk, Decimal(188))]),
    ):
        with pytest.raises(lots.NotEnoughLeft) as trouble, house.begin() as unit:
            leave(unit)
        assert trouble.value.more == {"lot": "M-1", "left": "187", "uom": "KGM"}


def _product(unit: object) -> object:
    from traceability import products

    return products.every(unit)[0]  # type: ignore[arg-type]


def test_a_part_that_is_gone_says_nothing_of_the_rest(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        holds.place(unit, lot_id=ground.milk, cause="person", cause_id="-", reason="气味异常")
    with house.begin() as unit:
        lots.discard(unit, lot_id=ground.milk, quantity=Decimal(400), reason="expired")
        lots.discard(unit, lot_id=ground.milk, quantity=Decimal(600), reason="expired")
        told = [event for event in query.of_lot(unit, ground.milk) if event.biz_step == "destroying"]
        assert [(event.action, event.disposition) for event in told] == [("DELETE", None), ("DELETE", "destroyed")]
    with pytest.raises(lots.LotOnHold), house.begin() as unit:
        lots.sell(unit, lot_id=ground.milk, quantity=Decimal(1))
    with pytest.raises(lots.LotNotReady), house.begin() as unit:
        lots.discard(unit, lot_id=ground.batch, quantity=Decimal(1), reason="waste")
    with pytest.raises(Invalid), house.begin() as unit:
        lots.discard(unit, lot_id=ground.milk, quantity=Decimal(1), reason="fun")


def test_pieces_with_codes_leave_once_by_their_codes(house: House) -> None:
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    with house.begin() as unit:
        lot = lots.get(unit, roll.lot_id)
        shipments.ship(unit, reference="DN-1", order_id=roll.order_id, start=0, count=20, **WORDS)
        moves.take(unit, "destroy", *_first(unit, roll.order_id, 5), reason="damaged")
        moves.take(unit, "sample", *_first(unit, roll.order_id, 3, at=20), reason="quality")
        found = stock.of(unit, [lot])[lot.id]
        assert (found.shipped, found.destroyed, found.sampled) == (15, 5, 3), "what was shipped and then destroyed is gone once"
        assert found.left == lot.quantity - 23


def _first(unit: object, order_id: str, count: int, at: int = 0) -> tuple[object, list[tuple[int, int]]]:
    from traceability import spans

    order = spans.locked(unit, order_id)  # type: ignore[arg-type]
    return order, [(order.first + at, order.first + at + count - 1)]


def test_what_others_told_of_the_same_goods_moves_nothing_here(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        lot = lots.get(unit, ground.milk)
        for place, quantity in (("urn:epc:id:sgln:4006381.00001.0", 700), (names.place("https://id.example", "青原"), 30)):
            event = EpcisEvent(
                id=unit.new_id(), type="ObjectEvent", action="OBSERVE", biz_step="shipping", by="-", told="{}", uri=f"urn:x:{place}"
            )
            event.event_time = event.record_time = unit.now
            event.read_point, event.what, event.why, event.ilmd = place, {}, {}, {}
            unit.session.add(event)
            unit.session.flush()
            unit.session.add(EventThing(thing=lot.thing, event_id=event.id, role="object", quantity=Decimal(quantity), uom="KGM"))
    assert _stock(house, ground.milk).shipped == 30


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (("TransformationEvent", "input", None, "commissioning"), "used"),
        (("TransformationEvent", "output", None, None), "produced"),
        (("ObjectEvent", "object", "ADD", "receiving"), "received"),
        (("ObjectEvent", "object", "OBSERVE", "receiving"), "received"),
        (("ObjectEvent", "object", "ADD", "commissioning"), "produced"),
        (("ObjectEvent", "object", "OBSERVE", "shipping"), "shipped"),
        (("ObjectEvent", "object", "DELETE", "holding"), "destroyed"),
        (("ObjectEvent", "object", "OBSERVE", "holding"), None),
        (("AggregationEvent", "child", "ADD", "shipping"), None),
    ],
)
def test_which_events_move_something(event: tuple[str, str, str | None, str | None], kind: str | None) -> None:
    assert kind_of(*event) == kind
