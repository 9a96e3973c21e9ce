"""What is printed: prefix and serial, outside and under the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.errors import Missing
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, codes, faces, keys
from traceability.models import CodeOrder, Product


def _order(unit: Unit, reference: str, **more: Any) -> CodeOrder:
    product = unit.session.query(Product).first() or a_product(unit)
    return codes.order(unit, product_id=product.id, count=40, reference=reference, formats=(), **more)


def test_a_gs1_link_is_upper_case_up_to_its_serial(house: House) -> None:
    with house.begin() as unit:
        order = _order(unit, "1")
        assert faces.prefix(unit, order) == f"HTTPS://ID.EXAMPLE/01/{GTIN}/21/"
        order.base_url = ""  # as an order from before addresses has it
        assert faces.prefix(unit, order) == f"HTTPS://ID.EXAMPLE/01/{GTIN}/21/"
        assert faces.links(unit, order, first=order.first, count=40) == codes.links(unit, order.id)


@pytest.mark.parametrize(("name", "begins"), [("s.cn", "HTTPS://S.CN/"), ("/dy", "HTTPS://ID.EXAMPLE/DY/")])
def test_a_compact_code_is_an_address_and_a_serial(house: House, name: str, begins: str) -> None:
    with house.begin() as unit:
        addresses.add(unit, name=name)
        order = _order(unit, "1", scheme="compact", inner=True)
        assert faces.prefix(unit, order) == faces.prefix(unit, order, "inner") == begins
        assert all(len(link) == len(begins) + 12 for link in codes.links(unit, order.id))


def test_an_order_keeps_its_faces_whatever_is_added_moved_or_rotated_later(house: House) -> None:
    def printed(unit: Unit, order: CodeOrder) -> list[list[str]]:
        return [faces.links(unit, order, face=face, first=order.first, count=40) for face in faces.FACES]

    with house.begin() as unit:
        addresses.add(unit, name="/DY")
        orders = [_order(unit, "1", inner=True), _order(unit, "2", scheme="compact", inner=True)]
        before = [printed(unit, order) for order in orders]
    with house.begin(now=house.now + timedelta(days=1)) as unit:
        unit.outside = replace(unit.outside, public_url="https://elsewhere.example")
        addresses.add(unit, name="s.cn")
        for kind, gtin in (("gs1", GTIN), ("compact", None), ("inner", None)):
            keys.rotate(unit, kind=kind, gtin=gtin, reason="x")
        assert [printed(unit, codes.get(unit, order.id)) for order in orders] == before


def test_inner_and_outer_are_paired_by_place_and_share_no_key(house: House) -> None:
    with house.begin() as unit:
        addresses.add(unit, name="s.cn")
        _order(unit, "1", inner=True)
        _order(unit, "2")
        order = _order(unit, "3", inner=True)  # so that the outer counters run ahead of the inner ones
        assert (order.first, order.inner_first) == (80, 40)
        outer = faces.serials(unit, order, first=order.first, count=40).tolist()
        inner = faces.serials(unit, order, face="inner", first=order.first, count=40).tolist()
        assert not set(outer) & set(inner)
        for place, (out, under) in enumerate(zip(outer, inner, strict=True)):
            above = codes.find(unit, gtin=GTIN, serial=under.decode())
            assert above == replace(codes.find(unit, gtin=GTIN, serial=out.decode()) or above, inner=True)  # type: ignore[type-var]
            assert above is not None
            assert above.counter == order.first + place


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.integers(0, 39), st.integers(1, 40))
def test_a_part_of_an_order_is_the_same_as_its_place_in_the_whole(house: House, start: int, count: int) -> None:
    count = min(count, 40 - start)
    with house.begin() as unit:
        if not addresses.every(unit):
            addresses.add(unit, name="s.cn")
        order = _order(unit, "1", inner=True)
        for face in faces.FACES:
            whole = faces.serials(unit, order, face=face, first=order.first, count=40)
            part = faces.serials(unit, order, face=face, first=order.first + start, count=count)
            assert part.dtype == "S12"
            assert part.tolist() == whole[start : start + count].tolist()


def test_an_order_without_inner_codes_has_none(house: House) -> None:
    with house.begin() as unit:
        order = _order(unit, "1")
        for ask in (lambda: faces.prefix(unit, order, "inner"), lambda: faces.serials(unit, order, face="inner", first=0, count=1)):
            with pytest.raises(Missing):
                ask()
