"""Codes from the order to the waste bin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_product
from traceability import balance, codes, gs1, keys
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
        assert (balance.of(unit, order.id).ordered, balance.of(unit, order.id).allocated) == (10**9, 10**9)
        assert unit.session.scalar(select(func.count()).select_from(CodeRange)) == 1
        (last,) = codes.links(unit, order.id, start=10**9 - 1)
        found = codes.find(unit, gtin=GTIN, serial=gs1.parse(last).serial or "")
    assert found == codes.CodeRef(GTIN, 1, 10**9 - 1, "allocated", None, order.id)


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
        assert balance.of(unit, order.id).ordered == 100
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
        ({"formats": ("docx",)}, "/formats"),
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
