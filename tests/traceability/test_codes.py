"""Codes from the order to the waste bin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel.audit import AuditEntry
from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_product
from traceability import codes, gs1, keys, lots
from traceability.events import query
from traceability.models import CodeOrder, CodeRange, Lot, Product, SerialKey


def _ordered(house: House, count: int = 100) -> tuple[Product, CodeOrder, Lot]:
    with house.begin() as unit:
        product = a_product(unit)
        lot = a_batch(unit, "L-1", product)
        return product, codes.order(unit, product_id=product.id, count=count, reference="PO-1", formats=()), lot


def _another_lot(house: House, product: Product, code: str = "L-2") -> Lot:
    with house.begin() as unit:
        return a_batch(unit, code, unit.session.get_one(Product, product.id))


def _rows(unit: Unit, order: CodeOrder) -> list[tuple[int, int, str, str | None]]:
    rows = unit.session.scalars(select(CodeRange).where(CodeRange.order_id == order.id).order_by(CodeRange.first))
    return [(row.first - order.first, row.last - order.first, row.state, row.lot_id) for row in rows]


def _serials(unit: Unit, order: CodeOrder) -> list[str]:
    return [gs1.parse(link).serial or "" for link in codes.links(unit, order.id)]


def test_a_billion_codes_are_one_order_and_one_range(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
        order = codes.order(unit, product_id=product.id, count=10**9, reference="PO-1", formats=())
        assert codes.balance(unit, order.id) == codes.Balance(10**9, 10**9, 0, 0)
        assert unit.session.scalar(select(func.count()).select_from(CodeRange)) == 1
        (last,) = codes.links(unit, order.id, start=10**9 - 1)
        found = codes.find(unit, gtin=GTIN, serial=gs1.parse(last).serial or "")
    assert found == codes.CodeRef(GTIN, 1, 10**9 - 1, "encoded", None, order.id)


def test_codes_of_two_orders_never_meet_and_lie_under_one_key(house: House) -> None:
    product, first, _ = _ordered(house, 500)
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        second = codes.order(unit, product_id=product.id, count=500, reference="PO-2", formats=())
        assert len(set(codes.links(unit, first.id)) | set(codes.links(unit, second.id))) == 1000
        (key,) = unit.session.scalars(select(SerialKey))
        assert key.next_counter == 1000
        assert [order.id for order in codes.orders(unit)] == [second.id, first.id]


def test_the_key_is_nowhere_in_the_clear(house: House) -> None:
    _ordered(house)
    with house.look() as unit:
        (row,) = unit.session.scalars(select(SerialKey))
        plain = keys.key(unit, GTIN, 1)
    assert len(plain) == 32
    assert plain not in row.locked


def test_the_same_reference_is_the_same_order(house: House) -> None:
    product, order, _ = _ordered(house)
    with house.begin() as unit:
        again = codes.order(unit, product_id=product.id, count=100, reference=" PO-1 ", formats=())
        assert again.id == order.id
        assert codes.balance(unit, order.id).ordered == 100
    with pytest.raises(codes.ReferenceUsed), house.begin() as unit:
        codes.order(unit, product_id=product.id, count=101, reference="PO-1", formats=())
    with house.begin(brand_id=house.other_brand_id) as unit:
        theirs = a_product(unit, "06901234567809")
        assert codes.order(unit, product_id=theirs.id, count=1, reference="PO-1", formats=()).id != order.id


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"count": 0}, "/count"),
        ({"count": 10**9 + 1}, "/count"),
        ({"count": True}, "/count"),
        ({"count": "7"}, "/count"),
        ({"reference": " "}, "/reference"),
        ({"reference": "x" * 65}, "/reference"),
        ({"formats": ("zpl",)}, "/formats"),
        ({"formats": ("csv", "csv")}, "/formats"),
        ({"formats": "csv"}, "/formats"),
        ({"count": 100_001, "formats": ("csv",)}, "/formats"),
    ],
)
def test_an_order_that_cannot_be_is_refused_by_name(house: House, wrong: dict[str, object], pointer: str) -> None:
    with house.begin() as unit:
        product = a_product(unit)
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        codes.order(unit, **{"product_id": product.id, "count": 1, "reference": "PO-1", **wrong})  # type: ignore[arg-type]
    assert [error["pointer"] for error in caught.value.errors] == [pointer]


def test_an_order_asks_for_its_files(house: House) -> None:
    with house.begin() as unit:
        codes.order(unit, product_id=a_product(unit).id, count=3, reference="PO-1")
    assert len(house.told("PrintAsked")) == 2


def test_codes_put_on_a_lot_are_commissioned_and_say_so_in_an_event(house: House) -> None:
    _, order, lot = _ordered(house)
    with house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=lot.id, start=10, count=20)
    with house.look() as unit:
        assert _rows(unit, order) == [(0, 9, "encoded", None), (10, 29, "commissioned", lot.id), (30, 99, "encoded", None)]
        assert codes.balance(unit, order.id) == codes.Balance(100, 80, 20, 0)
        assert codes.count_of(unit, lot.id) == 20
        assert codes.ranges_of(unit, lot.id) == [codes.Span(GTIN, 1, 10, 29)]
        (event,) = query.of_lot(unit, lot.id)
        assert (event.type, event.action, event.biz_step, event.disposition) == ("ObjectEvent", "ADD", "commissioning", "active")
        assert event.what == {"codeRanges": [{"gtin": GTIN, "keyVersion": 1, "first": 10, "last": 29}]}
        assert event.ilmd["cbvmda:lotNumber"] == "L-1"
        assert lots.get(unit, lot.id).revision == lot.revision + 1
        serials = _serials(unit, order)
        states = [codes.find(unit, gtin=GTIN, serial=serial) for serial in (serials[9], serials[10], serials[29].lower(), serials[30])]
        assert [ref and (ref.state, ref.lot_id) for ref in states] == [
            ("encoded", None),
            ("commissioned", lot.id),
            ("commissioned", lot.id),
            ("encoded", None),
        ]


def test_a_line_that_activates_box_by_box_leaves_one_range(house: House) -> None:
    _, order, lot = _ordered(house)
    for start in (0, 10, 30, 20):
        with house.begin() as unit:
            codes.activate(unit, order_id=order.id, lot_id=lot.id, start=start, count=10)
    with house.look() as unit:
        assert _rows(unit, order) == [(0, 39, "commissioned", lot.id), (40, 99, "encoded", None)]


def test_codes_of_another_lot_are_never_taken_over_and_nothing_is_half_done(house: House) -> None:
    product, order, lot = _ordered(house)
    other = _another_lot(house, product)
    with house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=lot.id, start=40, count=10)
        codes.void(unit, order_id=order.id, start=60, count=1, reason="misprint")
    with pytest.raises(codes.CodesNotFree) as caught, house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=other.id, start=45)
    assert caught.value.more["spans"] == [
        {"from": 46, "to": 50, "state": "commissioned"},
        {"from": 61, "to": 61, "state": "void"},
    ]
    with house.look() as unit:
        assert codes.count_of(unit, other.id) == 0
        assert codes.balance(unit, order.id) == codes.Balance(100, 89, 10, 1)
        assert lots.get(unit, other.id).revision == 0


def test_a_lot_of_another_product_of_another_brand_or_recalled_takes_no_codes(house: House) -> None:
    _, order, lot = _ordered(house)
    with house.begin() as unit:
        cheese = a_batch(unit, "L-2", a_product(unit, "06901234567809"))
    with pytest.raises(codes.LotOfAnotherProduct), house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=cheese.id)
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        codes.activate(unit, order_id=order.id, lot_id=lot.id)
    with house.begin() as unit:
        lots.get(unit, lot.id).standing = "recalled"
    with pytest.raises(lots.LotRecalled), house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=lot.id)


def test_waste_is_voided_for_good_and_keeps_its_lot_for_a_recall(house: House) -> None:
    _, order, lot = _ordered(house)
    with house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=lot.id, start=0, count=50)
        codes.void(unit, order_id=order.id, start=40, count=20, reason="胶带断裂")
    with house.look() as unit:
        assert _rows(unit, order) == [
            (0, 39, "commissioned", lot.id),
            (40, 49, "void", lot.id),
            (50, 59, "void", None),
            (60, 99, "encoded", None),
        ]
        assert codes.count_of(unit, lot.id) == 40
        assert codes.ranges_of(unit, lot.id) == [codes.Span(GTIN, 1, 0, 39), codes.Span(GTIN, 1, 40, 49)]
        assert lots.get(unit, lot.id).revision == lot.revision + 2
        event = next(event for event in query.of_lot(unit, lot.id) if event.action == "DELETE")
        assert (event.biz_step, event.disposition, event.why) == ("decommissioning", "inactive", {"reason": "胶带断裂"})
    with pytest.raises(codes.CodesNotFree), house.begin() as unit:
        codes.void(unit, order_id=order.id, start=59, count=2, reason="again")
    with pytest.raises(Invalid), house.begin() as unit:
        codes.void(unit, order_id=order.id, start=0, count=1, reason="")


@pytest.mark.parametrize(("start", "count"), [(-1, 1), (100, 1), (0, 0), (99, 2), (0, 101), (0.5, 1), (0, True)])
def test_positions_outside_the_order_are_refused(house: House, start: int, count: int) -> None:
    _, order, lot = _ordered(house)
    with pytest.raises(Invalid), house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=lot.id, start=start, count=count)


def test_only_what_was_ordered_is_found_and_only_by_its_brand(house: House) -> None:
    _, order, _ = _ordered(house, 3)
    with house.look() as unit:
        serial = _serials(unit, order)[2]
        beyond = gs1.parse(codes.link_of(unit, gtin=GTIN, key_version=1, counter=3)).serial or ""
        assert codes.find(unit, gtin=GTIN, serial=serial) is not None
        assert codes.find(unit, gtin=GTIN, serial=beyond) is None
        assert codes.find(unit, gtin=GTIN, serial="nonsense") is None
        assert codes.find(unit, gtin="06901234567809", serial=serial) is None
    with house.look(brand_id=house.other_brand_id) as unit:
        assert codes.find(unit, gtin=GTIN, serial=serial) is None
        with pytest.raises(Missing):
            codes.link_of(unit, gtin=GTIN, key_version=1, counter=0)
        with pytest.raises(Missing):
            codes.links(unit, order.id)


def test_codes_of_an_old_key_are_still_found_after_a_new_one_came(house: House) -> None:
    product, order, _ = _ordered(house, 3)
    with house.begin() as unit:
        locked = unit.outside.keys.lock(keys.PURPOSE, bytes(32))
        unit.session.add(SerialKey(id=unit.new_id(), gtin=GTIN, version=2, locked=locked, next_counter=0, created_at=unit.now))
        unit.session.flush()
        newer = codes.order(unit, product_id=product.id, count=3, reference="PO-2", formats=())
        assert (newer.key_version, newer.first) == (2, 0)
        for each in (order, newer):
            ref = codes.find(unit, gtin=GTIN, serial=_serials(unit, each)[1])
            assert ref is not None
            assert ref.order_id == each.id


def test_many_links_are_asked_for_in_parts(house: House) -> None:
    _, order, _ = _ordered(house, 100_001)
    with house.look() as unit:
        with pytest.raises(Invalid):
            codes.links(unit, order.id)
        assert codes.links(unit, order.id, start=1, count=2) == [
            codes.link_of(unit, gtin=GTIN, key_version=1, counter=counter) for counter in (1, 2)
        ]


def test_each_change_leaves_one_line_in_the_audit_and_no_serial(house: House) -> None:
    _, order, lot = _ordered(house)
    with house.begin() as unit:
        codes.activate(unit, order_id=order.id, lot_id=lot.id, count=5)
        codes.void(unit, order_id=order.id, start=0, count=1, reason="torn")
    with house.look() as unit:
        lines = list(unit.session.scalars(select(AuditEntry).where(AuditEntry.subject_id == order.id).order_by(AuditEntry.id)))
        assert sorted(line.verb for line in lines) == ["codes.activated", "codes.ordered", "codes.voided"]
        assert not any(serial in str(line.detail) for line in lines for serial in _serials(unit, order))
