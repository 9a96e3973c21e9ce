"""All that follows from history is made anew from it, and is the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from kernel.orm import Base
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_delivery, a_material, a_supplier
from tests.traceability.events.test_capturing import AT, CASE, ITEM, PALLET, _lot, a_making, a_packing, an_event, capture
from tests.traceability.moves.roll import Roll, a_roll, let_go
from traceability import holds, lots, moves, packing, rebuilding, shipments
from traceability.events import flows
from traceability.models import CodeRange, EpcisEvent, Flow, Lot, Pack, Product, Thing
from traceability.spans import Span

PROJECTIONS = {
    "thing": (), "event_thing": (), "event_range": (), "flow": (), "event_error": (), "pack": (),
    "packed_range": ("id",), "shipped_range": ("id",), "code_range": ("id",), "lot": ("revision",),
}  # fmt: skip
"""Table → columns that may differ."""


def everything(house: House) -> dict[str, set[tuple[Any, ...]]]:
    found = {}
    with house.database.engine.connect() as connection:
        for name, free in PROJECTIONS.items():
            columns = [column.name for column in Base.metadata.tables[name].columns if column.name not in free]
            told = ", ".join(f'"{column}"' for column in columns)
            found[name] = {
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in connection.execute(text(f"SELECT {told} FROM {name}"))
            }
    return found


@pytest.fixture
def history(house: House) -> Roll:
    """A bit of everything that can happen, told by the house and by others."""
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        let_go(unit, roll.lot_id)
        undone = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=60, count=5)
    with house.begin() as unit:
        moves.undo(unit, move_id=undone.id)
        moves.scrap(unit, order_id=roll.order_id, positions=[70, 72], reason="torn")
        cases = [packing.pack(unit, kind="case", items=[Span(GTIN, 1, at, at + 9)]).sscc for at in (0, 10, 20)]
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        pallet = packing.pack(unit, kind="pallet", children=cases[:2]).sscc
        words = {"customer": "杭州示例商贸", "regions": ["CN-33"]}
        shipments.ship(unit, reference="DN-1", sscc=[pallet], **words)
    with house.begin(now=house.now + timedelta(minutes=2)) as unit:
        packing.unpack(unit, sscc=cases[2], items=[Span(GTIN, 1, 22, 24)])
        packing.unpack(unit, sscc=pallet, children=cases[:1])
        shipments.ship(unit, reference="DN-2", order_id=roll.order_id, start=5, count=10, **words)
    with house.begin(now=house.now + timedelta(minutes=3)) as unit:
        supplier, material = a_supplier(unit, "远牧", "91150100MA0N000029"), a_material(unit, "CREAM")
        cream = a_delivery(unit, "C-1", material=material, supplier=supplier)
        second = a_batch(unit, "L-2", unit.session.get_one(Product, roll.product_id))
        second = lots.finish(unit, lot_id=second.id, inputs=[(cream.id, Decimal(7))])
        holds.place(unit, lot_id=second.id, cause="person", cause_id="x", reason="气味")
    wrong = a_making([(_lot("A"), 5)], [(_lot("B"), 5)], eventID="urn:uuid:7f0d1c3e-55b6-4c5e-9c5c-1d5f6a1d2b3c")
    with house.begin(now=house.now + timedelta(minutes=4)) as unit:
        capture(unit, wrong, a_packing(PALLET, [CASE], hours=5), a_packing(CASE, [ITEM + "1", ITEM + "2"], hours=1))
        capture(unit, a_packing(CASE, [ITEM + "2"], "DELETE", hours=4), an_event(epcList=[ITEM + "1"], disposition="active"))
        capture(
            unit, a_making([(_lot("X"), 5)], [], transformationID="urn:x:t1"), a_making([], [(_lot("Y"), 5)], transformationID="urn:x:t1")
        )
    with house.begin(now=house.now + timedelta(minutes=5)) as unit:
        capture(unit, {**wrong, "errorDeclaration": {"declarationTime": AT.isoformat(), "reason": "did_not_occur"}})
        item = f"https://id.gs1.org/01/{GTIN}/21/{roll.serials(unit)[3]}"
        capture(unit, an_event(type="TransformationEvent", action=None, inputEPCList=[item], outputEPCList=[ITEM + "9"]))
    _named_before(house, roll)
    return roll


def _named_before(house: House, roll: Roll) -> None:
    """Labels that others used before this house told that they are on a lot: one is, one was for a while."""
    for number, (start, hours) in enumerate({80: 6, 90: 7}.items()):
        with house.begin(now=house.now + timedelta(minutes=6 + 2 * number)) as unit:
            capture(unit, _repacked(_item(unit, roll, start + 2), f"{ITEM}8{number}", hours))
        with house.begin(now=house.now + timedelta(minutes=7 + 2 * number)) as unit:
            done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=start, count=5)
    with house.begin(now=house.now + timedelta(minutes=10)) as unit:
        moves.undo(unit, move_id=done.id)
        capture(unit, _repacked(_item(unit, roll, 93), ITEM + "83", 8))
        for hours, pack in enumerate((CASE, PALLET)):
            some = [{"epcClass": unit.session.get_one(Lot, roll.lot_id).uri, "quantity": 3}]
            capture(unit, a_packing(pack, [], childQuantityList=some, hours=hours))


def _item(unit: Unit, roll: Roll, place: int) -> str:
    return f"https://id.gs1.org/01/{GTIN}/21/{roll.serials(unit)[place]}"


def _repacked(item: str, into: str, hours: int) -> dict[str, Any]:
    return an_event(type="TransformationEvent", action=None, inputEPCList=[item], outputEPCList=[into], hours=hours)


def test_an_item_that_was_named_before_it_was_put_on_a_lot_is_of_that_lot(house: House) -> None:
    roll = a_roll(house, 20)

    def came_of_it() -> set[str]:
        with house.look() as unit:
            reached = flows.reached(unit, [unit.session.get_one(Lot, roll.lot_id).thing], "forward")
            return set(unit.session.scalars(select(Thing.uri).where(Thing.key.in_(reached))))

    with house.begin() as unit:
        item, gift = _item(unit, roll, 3), "https://example.org/gift/1"
        capture(unit, _repacked(item, gift, 1))
    assert came_of_it() == set()
    with house.begin() as unit:
        done = moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=0, count=10)
    assert came_of_it() == {item, gift}
    with house.begin() as unit:
        moves.undo(unit, move_id=done.id)
    assert came_of_it() == set()
    with house.begin() as unit:
        moves.commission(unit, order_id=roll.order_id, lot_id=roll.lot_id, start=2, count=2)
    assert came_of_it() == {item, gift}


def test_made_anew_it_is_the_same(house: House, history: Roll) -> None:
    before = everything(house)
    assert all(before[name] for name in PROJECTIONS), "every projection has something in it"
    with house.begin() as unit:
        done = rebuilding.rebuild(unit)
        assert (done.packs, done.codes, done.lots) == (0, 0, 0)
        assert done.events > 20
    assert everything(house) == before


def test_what_was_damaged_is_mended(house: House, history: Roll) -> None:
    before = everything(house)
    with house.begin() as unit:
        for table in (Flow, Thing):
            unit.session.execute(delete(table))
        unit.session.execute(update(Pack).values(parent_id=None))
        unit.session.execute(update(CodeRange).where(CodeRange.state == "commissioned").values(state="destroyed"))
        unit.session.execute(update(Lot).values(standing="clear"))
    assert everything(house) != before
    with house.begin() as unit:
        done = rebuilding.rebuild(unit)
        assert min(done.packs, done.codes, done.lots) > 0
    assert everything(house) == before


def test_a_house_without_history_has_nothing_to_make(house: House) -> None:
    with house.begin() as unit:
        told: list[tuple[str, int, int]] = []
        assert rebuilding.rebuild(unit, progress=lambda *step: told.append(step)).events == 0
        assert unit.session.scalars(select(EpcisEvent)).all() == []
