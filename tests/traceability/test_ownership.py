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
def pairs(house: House) -> list[tuple[str, str, str]]:
    """(outer, inner, scan) of two items, both looked at from outside."""
    with house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
        order = codes.order(unit, product_id=a_product(unit).id, count=2, reference="PO-1", inner=True, formats=())
        outer, inner = (
            [each.decode() for each in faces.serials(unit, order, face=face, first=order.first, count=2).tolist()]
            for face in ("outer", "inner")
        )
    looks = []
    for serial in outer:
        with house.database.begin(VISITOR, now=house.now) as unit:
            looks.append(str(scans.read(unit, gtin=GTIN, serial=serial).scan_id))
    return list(zip(outer, inner, looks, strict=True))


def _try(house: House, serial: str, code: str, scan_id: str, hours: float = 0) -> ownership.Tried:
    with house.database.begin(VISITOR, now=house.now + timedelta(hours=hours)) as unit:
        unit.enter(house.brand_id)
        return ownership.try_inner(unit, gtin=GTIN, serial=serial, scan_id=scan_id, code=code)


def test_the_right_code_is_taken_however_it_is_written(house: House, pairs: list[tuple[str, str, str]]) -> None:
    outer, inner, scan = pairs[0]
    spaced = f" {inner[:4].lower()} {inner[4:8]}\t{inner[8:]} "
    for code in (inner, inner.lower(), spaced, f"https://s.cn/{inner}", f"HTTPS://ID.EXAMPLE/01/{GTIN}/21/{inner}"):
        assert _try(house, outer, code, scan).serial == inner, code


def test_after_five_wrong_ones_there_were_too_many_but_nobody_is_locked_out(house: House, pairs: list[tuple[str, str, str]]) -> None:
    (outer, inner, scan), (other, other_inner, other_scan) = pairs
    wrong = ["", "0" * 12, outer, other_inner, "x" * 300]
    assert [_try(house, outer, code, scan).left for code in wrong] == [4, 3, 2, 1, 0]
    locked = _try(house, outer, "0" * 12, scan, hours=1)
    assert (locked.serial, locked.left) == (None, 0)
    assert 22 * 3600 < locked.wait <= 23 * 3600 + 1
    assert _try(house, outer, inner, scan, hours=1).serial == inner
    assert _try(house, outer, "0" * 12, scan, hours=24).left == 4, "counted anew"
    assert _try(house, other, other_inner, other_scan).serial == other_inner


def test_only_a_look_at_that_very_item_of_that_day_opens_the_form(house: House, pairs: list[tuple[str, str, str]]) -> None:
    (outer, inner, scan), (_, _, other_scan) = pairs
    for serial, scan_id, hours in ((outer, other_scan, 0), (outer, "0" * 26, 0), ("0" * 12, scan, 0), (outer, scan, 25)):
        with pytest.raises(Missing):
            _try(house, serial, inner, scan_id, hours)
    with house.database.begin(VISITOR, now=house.now) as unit:
        unit.enter(house.other_brand_id)
        with pytest.raises(Missing):
            ownership.try_inner(unit, gtin=GTIN, serial=outer, scan_id=scan, code=inner)
