"""One look at one code."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select

from kernel.ids import new_id
from kernel.unit import VISITOR
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_delivery, a_material, a_product, a_supplier
from tests.factories.recalls import a_recall
from traceability import addresses, codes, faces, gs1, holds, imports, lots, moves, products, scans
from traceability.models import ItemScans, Scan
from traceability.prepared import Prepared


@dataclass
class Shelf:
    lot_id: str
    order_id: str
    serials: list[str]


@pytest.fixture
def shelf(house: House) -> Shelf:
    """Six codes: 0 … 3 on a released lot, 4 void, 5 not on any lot yet."""
    with house.begin("brand_admin") as unit:
        product = a_product(unit)
        milk = a_delivery(unit, material=a_material(unit), supplier=a_supplier(unit))
        lot = a_batch(unit, "L2611-07", product)
        order = codes.order(unit, product_id=product.id, count=6, reference="PO-1")
        moves.printed(unit, order_id=order.id)
        moves.commission(unit, order_id=order.id, lot_id=lot.id, start=0, count=4)
        moves.scrap(unit, order_id=order.id, start=4, count=1, reason="misprint")
        lots.finish(unit, lot_id=lot.id, inputs=[(milk.id, Decimal(10))])
        lots.release(unit, lot_id=lot.id)
    with house.look() as unit:
        serials = [gs1.parse(link).serial or "" for link in codes.links(unit, order.id)]
    return Shelf(lot.id, order.id, serials)


def _read(house: House, serial: str, gtin: str = GTIN, hours: float = 0, **look: Any) -> scans.Reading:
    with house.database.begin(VISITOR, now=house.now + timedelta(hours=hours)) as unit:
        return scans.read(unit, gtin=gtin, serial=serial, **look)


def test_the_first_look_and_the_second(house: House, shelf: Shelf) -> None:
    first = _read(house, shelf.serials[0], region="CN-3301")
    assert (first.verdict.kind, first.times, first.first_region) == ("first_check", 1, "CN-3301")
    assert first.product
    assert first.lot
    assert first.ref
    assert (first.product.name_zh, first.product.gtin, first.lot.code) == ("鲜牛奶", GTIN, "L2611-07")
    assert (first.lot.standing, first.lot.state, first.ref.counter) == ("clear", "released", 0)
    second = _read(house, shelf.serials[0].lower(), hours=3, region="CN-31")
    assert (second.verdict.kind, second.times, second.first_region) == ("seen_before", 2, "CN-3301")
    assert second.first_at == house.now
    assert _read(house, shelf.serials[1]).times == 1


def test_every_look_is_kept_and_knows_no_person(house: House, shelf: Shelf) -> None:
    reading = _read(house, shelf.serials[0], region="CN-3301")
    _read(house, shelf.serials[0])
    with house.look() as unit:
        scan = unit.session.get_one(Scan, reading.scan_id)
        assert (scan.gtin, scan.counter, scan.lot_id, scan.verdict, scan.region) == (GTIN, 0, shelf.lot_id, "first_check", "CN-3301")
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 2
        (item,) = unit.session.scalars(select(ItemScans))
        assert (item.times, item.brand_id) == (2, house.brand_id)


def test_hold_recall_void_and_not_yet_released_are_said(house: House, shelf: Shelf) -> None:
    assert _read(house, shelf.serials[4]).verdict.kind == "void"
    assert _read(house, shelf.serials[5]).verdict.kind == "not_released"
    assert _read(house, shelf.serials[2], hours=24 * 9).verdict.kind == "expired"
    with house.begin() as unit:
        holds.place(unit, lot_id=shelf.lot_id, cause="person", cause_id="someone", reason="气味异常")
    assert _read(house, shelf.serials[3]).verdict.kind == "on_hold"
    with house.begin() as unit:
        a_recall(unit, lot_ids=[shelf.lot_id], reason="检出李斯特菌", advice="请勿饮用")
    assert _read(house, shelf.serials[3]).verdict.kind == "recalled"


def test_a_serial_that_was_never_issued_is_counted_without_an_item(house: House, shelf: Shelf) -> None:
    for serial in ("0" * 12, "too-short", "<script>", ""):
        reading = _read(house, serial)
        assert (reading.verdict.kind, reading.times, reading.lot, reading.ref) == ("unknown", 0, None, None)
        assert reading.product is not None
    with house.look() as unit:
        assert {(scan.counter, scan.lot_id, scan.verdict) for scan in unit.session.scalars(select(Scan))} == {(None, None, "unknown")}
        assert unit.session.scalars(select(ItemScans)).all() == []


def test_a_gtin_of_nobody_leaves_no_trace(house: House, shelf: Shelf) -> None:
    reading = _read(house, shelf.serials[0], gtin="04012345666663")
    assert (reading.verdict.kind, reading.scan_id, reading.product) == ("unknown", None, None)
    with house.look() as unit:
        assert unit.session.scalars(select(Scan)).all() == []


def test_a_product_without_codes_has_only_unknown_serials(house: House) -> None:
    with house.begin() as unit:
        a_product(unit)
    assert _read(house, "0" * 12).verdict.kind == "unknown"


def test_looks_that_come_at_once_are_all_counted(house: House, shelf: Shelf) -> None:
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(lambda _: _read(house, shelf.serials[0]), range(8)))
    assert sorted(reading.times for reading in readings) == list(range(1, 9))
    assert [reading.verdict.kind for reading in readings].count("first_check") == 1


@contextmanager
def _statements(house: House) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement.split()[0])

    event.listen(house.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(house.database.engine, "before_cursor_execute", note)


def _cost(house: House, serial: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Statements of the ORM and by hand that one look costs."""
    by_hand: list[str] = []
    run = Prepared.run

    def counted(self: Prepared, connection: Any, given: Any) -> Any:
        by_hand.append("")
        return run(self, connection, given)

    with monkeypatch.context() as patched, _statements(house) as seen:
        patched.setattr(Prepared, "run", counted)
        _read(house, serial)
    return [len([verb for verb in seen if verb in ("SELECT", "INSERT", "UPDATE")]), len(by_hand)]


def test_a_look_costs_two_statements_once_it_is_known_whose_it_is(house: House, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (_cost(house, serial, monkeypatch) for serial in shelf.serials[:2])
    least = 3 if house.database.engine.dialect.name == "sqlite" else 2  # SQLite cannot write inside a WITH
    assert first == [2, least]
    assert second == [0, least]


def test_a_view_told_again_is_counted_once_and_tells_what_has_changed(house: House, shelf: Shelf) -> None:
    serial, view = shelf.serials[0], new_id(house.now)
    first = _read(house, serial, view=view)
    again = _read(house, serial, view=view)
    assert (first.told, first.times, first.verdict.kind) == (False, 1, "first_check")
    assert (again.told, again.times, again.verdict.kind) == (True, 1, "first_check")
    with house.begin() as unit:
        holds.place(unit, lot_id=shelf.lot_id, cause="person", cause_id="someone", reason="气味异常")
    assert _read(house, serial, view=view).verdict.kind == "on_hold"
    for _ in range(2):
        assert _read(house, "0" * 12, view=new_id(house.now)).verdict.kind == "unknown"
    unknown = new_id(house.now)
    assert [_read(house, "0" * 12, view=unknown).verdict.kind for _ in range(2)] == ["unknown", "unknown"]
    with house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 4
        assert unit.session.scalars(select(ItemScans.times)).all() == [1]


def test_looks_of_one_moment_are_as_if_each_had_come_alone(house: House, shelf: Shelf) -> None:
    one, other = shelf.serials[:2]
    view = new_id(house.now)
    batch = [scans.Look(one), scans.Look(other, view), scans.Look(one), scans.Look("0" * 12), scans.Look(other, view)]
    with house.database.begin(VISITOR, now=house.now) as unit:
        readings = scans.read_all(unit, gtin=GTIN, looks=batch)
    assert [(reading.verdict.kind, reading.times) for reading in readings] == [
        ("first_check", 1),
        ("first_check", 1),
        ("seen_before", 2),
        ("unknown", 0),
        ("first_check", 1),
    ]
    assert _read(house, one).times == 3
    with house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 5


def test_a_view_told_again_and_a_new_look_of_one_moment_are_counted_as_they_are(house: House, shelf: Shelf) -> None:
    serial, view = shelf.serials[0], new_id(house.now)
    _read(house, serial, view=view)
    for batch in ([scans.Look(serial, view), scans.Look(serial)], [scans.Look(serial), scans.Look(serial, view)]):
        with house.database.begin(VISITOR, now=house.now) as unit:
            readings = scans.read_all(unit, gtin=GTIN, looks=batch)
            fresh = next(reading for reading in readings if not reading.told)
        with house.look() as unit:
            assert fresh.times == unit.session.scalars(select(ItemScans.times)).one()


def test_a_device_is_another_number_at_another_item(house: House, shelf: Shelf) -> None:
    for serial in shelf.serials[:2]:
        for client in (b"a" * 32, b"b" * 32, b"a" * 32):
            _read(house, serial, client=client)
    with house.look() as unit:
        devices = [list(unit.session.scalars(select(Scan.device).where(Scan.counter == counter).order_by(Scan.id))) for counter in (0, 1)]
    assert all(len(set(each)) == 2 for each in devices)
    assert not set(devices[0]) & set(devices[1])


def test_an_outer_code_with_an_inner_one_is_never_called_genuine_and_the_first_inner_look_owns(house: House, shelf: Shelf) -> None:
    with house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
        product = products.by_gtin(unit, GTIN)
        order = codes.order(unit, product_id=product.id, count=2, reference="PO-2", inner=True, formats=())
        moves.printed(unit, order_id=order.id)
        lot = a_batch(unit, "L2611-08", product)
        moves.commission(unit, order_id=order.id, lot_id=lot.id)
        milk = a_delivery(unit, material=a_material(unit, "MILK-2"), supplier=a_supplier(unit, uscc="91150100MA0N000029"), code="M-2")
        lots.finish(unit, lot_id=lot.id, inputs=[(milk.id, Decimal(10))])
        lots.release(unit, lot_id=lot.id)
        outer, inner = (
            faces.serials(unit, order, face=face, first=order.first, count=1).tolist()[0].decode() for face in ("outer", "inner")
        )
    mine, other = b"m" * 32, b"o" * 32
    told = [
        _read(house, serial, client=client)
        for serial, client in ((outer, mine), (outer, other), (inner, mine), (inner, mine), (outer, mine), (inner, other))
    ]
    assert [reading.verdict.kind for reading in told] == [
        "ask_inner",
        "ask_inner",
        "first_check",
        "seen_before",
        "ask_inner",
        "seen_before",
    ]
    assert [reading.verdict.reasons[0].code for reading in told[2:]] == [
        "reason.opened_first",
        "reason.opened_here",
        "reason.opened",
        "reason.opened",
    ]
    with house.look() as unit:
        (item,) = unit.session.scalars(select(ItemScans))
        assert (item.times, item.owned_at) == (6, house.now)


def test_every_kind_of_code_of_an_item_is_the_same_item(house: House, shelf: Shelf) -> None:
    with house.begin() as unit:
        addresses.add(unit, name="s.cn")
        product = products.by_gtin(unit, GTIN)
        bottle = codes.order(unit, product_id=product.id, count=4, reference="PO-2", inner=True, formats=())
        short = codes.order(unit, product_id=product.id, count=4, reference="PO-3", scheme="compact", inner=True, formats=())
        printed = {
            (order.id, face): faces.serials(unit, order, face=face, first=order.first + 2, count=1).tolist()[0].decode()
            for order in (bottle, short)
            for face in faces.FACES
        }
    for order in (bottle, short):
        for times, face in ((1, "outer"), (2, "inner"), (3, "outer")):
            reading = _read(house, printed[order.id, face])
            assert reading.ref is not None
            assert (reading.ref.order_id, reading.ref.counter, reading.inner, reading.times) == (
                order.id,
                order.first + 2,
                face == "inner",
                times,
            )
    with house.look() as unit:
        for (order_id, face), serial in printed.items():
            found = codes.resolve(unit, serial=serial.lower())
            gs1_face = (order_id, face) == (bottle.id, "outer")
            assert found == (None if gs1_face else codes.find(unit, gtin=GTIN, serial=serial))
    with house.look(brand_id=house.other_brand_id) as unit:
        assert codes.resolve(unit, serial=printed[short.id, "outer"]) is None


def test_a_code_of_one_product_is_none_of_another(house: House, shelf: Shelf) -> None:
    with house.begin() as unit:
        addresses.add(unit, name="s.cn")
        other = a_product(unit, "06901234567809")
        order = codes.order(unit, product_id=other.id, count=4, reference="PO-2", scheme="compact", inner=True, formats=())
        serials = [faces.serials(unit, order, face=face, first=1, count=1).tolist()[0].decode() for face in faces.FACES]
        assert [codes.find(unit, gtin=GTIN, serial=serial) for serial in serials] == [None, None]
    for serial in serials:
        assert _read(house, serial).verdict.kind == "unknown"
        assert _read(house, serial, gtin="06901234567809").ref is not None


def test_inner_and_imported_codes_cost_no_look_at_an_outer_one_anything(
    house: House, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.begin() as unit:
        addresses.add(unit, name="s.cn")
        product = products.by_gtin(unit, GTIN)
        codes.order(unit, product_id=product.id, count=4, reference="PO-2", scheme="compact", inner=True, formats=())
        imports.bring_in(unit, product_id=product.id, reference="IMP", serials=["A"])
    least = 3 if house.database.engine.dialect.name == "sqlite" else 2
    assert _cost(house, shelf.serials[0], monkeypatch) == [2, least]
