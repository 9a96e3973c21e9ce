"""One look at one code."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select

from kernel.unit import VISITOR
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_delivery, a_material, a_product, a_supplier
from traceability import codes, gs1, holds, lots, recalls, scans
from traceability.models import ItemScans, Scan


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
        codes.activate(unit, order_id=order.id, lot_id=lot.id, start=0, count=4)
        codes.void(unit, order_id=order.id, start=4, count=1, reason="印刷不良")
        lots.finish(unit, lot_id=lot.id, inputs=[(milk.id, Decimal(10))])
        lots.release(unit, lot_id=lot.id)
    with house.look() as unit:
        serials = [gs1.parse(link).serial or "" for link in codes.links(unit, order.id)]
    return Shelf(lot.id, order.id, serials)


def _read(house: House, serial: str, gtin: str = GTIN, hours: float = 0, place: str | None = None) -> scans.Reading:
    with house.database.begin(VISITOR, now=house.now + timedelta(hours=hours)) as unit:
        return scans.read(unit, gtin=gtin, serial=serial, place=place)


def test_the_first_look_and_the_second(house: House, shelf: Shelf) -> None:
    first = _read(house, shelf.serials[0], place="杭州")
    assert (first.verdict.kind, first.times, first.first_place) == ("first_check", 1, "杭州")
    assert first.product
    assert first.lot
    assert first.ref
    assert (first.product.name_zh, first.product.gtin, first.lot.code) == ("鲜牛奶", GTIN, "L2611-07")
    assert (first.lot.standing, first.lot.state, first.ref.counter) == ("clear", "released", 0)
    second = _read(house, shelf.serials[0].lower(), hours=3, place="上海")
    assert (second.verdict.kind, second.times, second.first_place) == ("seen_before", 2, "杭州")
    assert second.first_at == house.now
    assert _read(house, shelf.serials[1]).times == 1


def test_every_look_is_kept_and_knows_no_person(house: House, shelf: Shelf) -> None:
    reading = _read(house, shelf.serials[0], place="杭州")
    _read(house, shelf.serials[0])
    with house.look() as unit:
        scan = unit.session.get_one(Scan, reading.scan_id)
        assert (scan.gtin, scan.counter, scan.lot_id, scan.verdict, scan.place) == (GTIN, 0, shelf.lot_id, "first_check", "杭州")
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
        recalls.open(unit, lot_ids=[shelf.lot_id], reason="检出李斯特菌", advice="请勿饮用")
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


def test_a_look_costs_four_statements_and_the_next_ones_three(house: House, shelf: Shelf) -> None:
    verbs = []
    for _ in range(2):
        with _statements(house) as seen:
            _read(house, shelf.serials[0])
        verbs.append([verb for verb in seen if verb in ("SELECT", "INSERT", "UPDATE")])
    assert verbs == [["SELECT", "SELECT", "INSERT", "INSERT"], ["SELECT", "INSERT", "INSERT"]]
