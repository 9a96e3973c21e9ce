"""The books of a time, made of events: what is in them, and what stands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Invalid
from suppliers import directory
from tests.conftest import House
from tests.factories.dairy import a_batch, a_farms_papers, a_material, a_product, a_supplier
from tests.traceability.moves.roll import a_roll, let_go
from traceability import accounting, deliveries, ledger, lots, moves, shipments, spans, stock
from traceability.arrivals import Line
from traceability.events import capture
from traceability.models import EpcisEvent, EventThing

WORDS = {"customer": "奶吧", "regions": ["CN"]}


@dataclass
class Ground:
    milk: str
    batch: str


@pytest.fixture
def ground(house: House) -> Ground:
    """A tonne of milk came in to 青原; 900 kg of it became 950 bottles at 岚牧一厂, 100 of them were shipped."""
    with house.begin("brand_admin") as unit:
        farm, milk = a_supplier(unit), a_material(unit)
        directory.list_supply(unit, supplier_id=farm.id, material_id=milk.id)
        a_farms_papers(unit, farm, "T7")
        line = Line(milk.id, Decimal(1000), "KGM", lot_code="M-1", supplier_lot="T7")
        deliveries.receive(unit, supplier_id=farm.id, reference="LS", place="岚牧一厂", lines=[line])
        source, batch = lots.by_code(unit, "M-1"), a_batch(unit, "L-1", a_product(unit))
        lots.finish(unit, lot_id=batch.id, inputs=[(source.id, Decimal(900))], quantity=Decimal(950))
        lots.release(unit, lot_id=batch.id)
        shipments.ship(unit, reference="DN", loose=[(batch.id, Decimal(100))], **WORDS)
        return Ground(source.id, batch.id)


def _books(house: House, **more: Any) -> accounting.Books:
    with house.look() as unit:
        words: dict[str, Any] = {"since": house.now - timedelta(days=1), "until": house.now + timedelta(days=1), **more}
        return accounting.of_time(unit, **words)


def test_books_that_balance(house: House, ground: Ground) -> None:
    books = _books(house)
    rows = {row.lot.code: row.account for row in books.lots if row.lot}
    assert (rows["M-1"].inflow, rows["M-1"].outflow, rows["M-1"].left, rows["M-1"].uom) == (1000, 900, 100, "KGM")
    assert (rows["L-1"].inflow, rows["L-1"].outflow, rows["L-1"].uom) == (950, 100, "H87")
    assert books.excesses == 0
    assert books.places == ["岚牧一厂"]
    assert {each.account.uom for each in books.sites} == {"KGM", "H87"}
    assert _books(house, site="别处").lots == []
    assert _books(house, since=house.now + timedelta(hours=1)).lots == [], "nothing moved then"


def test_an_excess_comes_first_with_the_events_behind_it(house: House, ground: Ground) -> None:
    event_id = _claimed(house, ground.milk, "150", place="https://id.example/place/%E5%B2%9A%E7%89%A7%E4%B8%80%E5%8E%82")
    first = _books(house).lots[0]
    assert first.lot is not None
    assert (first.lot.code, first.account.excess, first.account.left) == ("M-1", 50, -50)
    assert first.explanation is not None
    assert first.explanation.events == (event_id,)
    assert _books(house, tolerance=Decimal("0.06")).excesses == 0
    with house.look() as unit:
        account, why = accounting.of_one(unit, lots.get(unit, ground.milk), until=house.now + timedelta(days=1)) or (None, None)
        assert account is not None
        assert (account.excess, why) == (50, first.explanation)
        assert stock.of(unit, [lots.get(unit, ground.milk)])[ground.milk].left == -50, "the same books, read for one lot"


def _claimed(house: House, lot_id: str, quantity: str, *, place: str) -> str:
    """Somebody's system told that so much of a lot was shipped from there."""
    with house.begin() as unit:
        event = EpcisEvent(id=unit.new_id(), type="ObjectEvent", action="OBSERVE", biz_step="shipping", by="-", told="{}", uri="urn:x:1")
        event.event_time = event.record_time = unit.now
        event.read_point, event.what, event.why, event.ilmd = place, {}, {}, {}
        unit.session.add(event)
        unit.session.flush()
        thing = lots.get(unit, lot_id).thing
        unit.session.add(EventThing(thing=thing, event_id=event.id, role="object", quantity=Decimal(quantity), uom="KGM"))
        return event.id


def test_what_happened_elsewhere_counts_only_when_asked(house: House, ground: Ground) -> None:
    _claimed(house, ground.milk, "5000", place="urn:epc:id:sgln:4006381.00001.7")
    assert _books(house).excesses == 0
    everywhere = _books(house, everywhere=True)
    assert [row.site for row in everywhere.lots if row.account.excess] == ["https://id.gs1.org/414/4006381000017"]


def test_a_step_that_gives_more_than_it_took(house: House, ground: Ground) -> None:
    with house.begin() as unit:
        cream, more = "https://id.example/x/cream", [("cream", "120")]
        source = lots.get(unit, ground.milk)
        capture.record(
            unit,
            type="TransformationEvent",
            biz_step="commissioning",
            event_time=unit.now,
            what={
                "inputQuantityList": [lots.portion(source, Decimal(100))],
                "outputQuantityList": [{"epcClass": cream, "quantity": quantity, "uom": "KGM"} for _, quantity in more],
            },
            read_point="岚牧一厂",
            lots={},
        )
    (step,) = _books(house).steps
    assert (step.account.excess, step.account.uom, step.outputs) == (20, "KGM", [])


def test_pieces_with_codes_are_in_the_books(house: House) -> None:
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    with house.begin() as unit:
        shipments.ship(unit, reference="DN-1", order_id=roll.order_id, start=0, count=20, **WORDS)
        order = spans.locked(unit, roll.order_id)
        moves.take(unit, "destroy", order, [(order.first, order.first + 4)], reason="damaged")
        moves.take(unit, "inactivate", order, [(order.first + 30, order.first + 31)], reason="sold")
        lot = lots.get(unit, roll.lot_id)
        told = ledger.movements(unit, until=unit.now + timedelta(days=1), lot_uri=lot.uri)
        out = {each.movement.kind: each.movement.quantity for each in told if not each.movement.inward}
        assert out == {"shipped": 15, "destroyed": 5, "sold": 2}
        assert sum(out.values()) == stock.of(unit, [lot])[lot.id].gone


@pytest.mark.parametrize("wrong", [{"tolerance": Decimal(2)}, {"since": None}])
def test_a_time_that_is_none_is_refused(house: House, wrong: dict[str, Any]) -> None:
    if "since" in wrong:
        wrong = {"since": house.now + timedelta(days=2)}
    with pytest.raises(Invalid):
        _books(house, **wrong)


def test_what_was_sold_after_it_was_shipped_left_once(house: House) -> None:
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
    with house.begin() as unit:
        shipments.ship(unit, reference="DN-1", order_id=roll.order_id, start=0, count=60, **WORDS)
    with house.begin(now=house.now + timedelta(hours=1)) as unit:
        moves.inactivate(unit, order_id=roll.order_id, start=0, count=20, reason="sold")
        lot = lots.get(unit, roll.lot_id)
        told = ledger.movements(unit, until=unit.now + timedelta(days=1), lot_uri=lot.uri)
        out = [(each.movement.kind, each.movement.quantity) for each in told if not each.movement.inward]
        assert sorted(out) == [("shipped", 40), ("sold", 20)]
        assert sum(amount for _, amount in out) == stock.of(unit, [lot])[lot.id].gone
