"""The code under the cap, typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Missing
from kernel.unit import VISITOR
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, codes, faces, ownership, scans


@pytest.fixture
def pairs(house: House) -> list[tuple[str, str]]:
    """(outer, inner) of two items, both looked at from outside."""
    with house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
        order = codes.order(unit, product_id=a_product(unit).id, count=2, reference="PO-1", inner=True, formats=())
        outer, inner = (
            [each.decode() for each in faces.serials(unit, order, face=face, first=order.first, count=2).tolist()]
            for face in ("outer", "inner")
        )
    for serial in outer:
        with house.database.begin(VISITOR, now=house.now) as unit:
            scans.read(unit, gtin=GTIN, serial=serial)
    return list(zip(outer, inner, strict=True))


def _try(house: House, serial: str, code: str, hours: float = 0) -> ownership.Tried:
    with house.database.begin(VISITOR, now=house.now + timedelta(hours=hours)) as unit:
        unit.enter(house.brand_id)
        return ownership.try_inner(unit, gtin=GTIN, serial=serial, code=code)


def test_the_right_code_is_taken_however_it_is_written(house: House, pairs: list[tuple[str, str]]) -> None:
    (outer, inner), _ = pairs
    spaced = f" {inner[:4].lower()} {inner[4:8]}\t{inner[8:]} "
    for code in (inner, inner.lower(), spaced, f"https://s.cn/{inner}", f"HTTPS://ID.EXAMPLE/01/{GTIN}/21/{inner}"):
        assert _try(house, outer, code).serial == inner, code


def test_after_five_wrong_ones_not_even_the_right_one_is_taken_until_a_day_has_gone(house: House, pairs: list[tuple[str, str]]) -> None:
    (outer, inner), (_, another_inner) = pairs
    wrong = ["", "0" * 12, outer, another_inner, "x" * 300]
    assert [_try(house, outer, code).left for code in wrong] == [4, 3, 2, 1, 0]
    locked = _try(house, outer, inner, hours=1)
    assert (locked.serial, locked.left) == (None, 0)
    assert 22 * 3600 < locked.wait <= 23 * 3600 + 1
    assert _try(house, outer, inner, hours=24).serial == inner
    assert _try(house, outer, "0" * 12, hours=25).left == 4, "counted anew"
    assert _try(house, pairs[1][0], another_inner).serial == another_inner, "another item has tries of its own"


def test_what_is_no_item_or_was_never_looked_at_is_missing(house: House, pairs: list[tuple[str, str]]) -> None:
    with house.begin("brand_admin") as unit:
        fresh = codes.order(unit, product_id=codes.get(unit, codes.orders(unit)[0].id).product_id, count=1, reference="PO-2", formats=())
        serial = faces.serials(unit, fresh, face="outer", first=fresh.first, count=1).tolist()[0].decode()
    for each in ("0" * 12, serial):
        with pytest.raises(Missing):
            _try(house, each, pairs[0][1])
