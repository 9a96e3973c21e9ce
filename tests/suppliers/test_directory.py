"""Who delivers what: once each, valid, and nobody sees another's firm."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from kernel.audit import AuditEntry
from kernel.errors import Invalid, Missing, Refused
from suppliers import directory
from tests.conftest import House
from tests.suppliers import shelf


def test_a_supplier_is_listed_once_in_a_brand_and_again_in_another(house: House) -> None:
    shelf.supplier(house)
    with pytest.raises(directory.SupplierKnown):
        shelf.supplier(house, name="同一家", uscc=" 91310112087994932f ")
    shelf.supplier(house, brand_id=house.other_brand_id)
    with house.look() as unit:
        (mine,) = directory.suppliers(unit)
        assert mine.uscc == shelf.USCC
        verbs = unit.session.scalars(select(AuditEntry.verb).where(AuditEntry.brand_id == house.brand_id)).all()
        assert [verb for verb in verbs if verb.startswith("supplier.")] == ["supplier.added"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": "  "}, "/name"),
        ({"name": "长" * 121}, "/name"),
        ({"name": "a\u202eb"}, "/name"),
        ({"name": None}, "/name"),
        ({"uscc": "91350100M000100Y44"}, "/uscc"),
        ({"uscc": "1"}, "/uscc"),
        ({"kind": "thief"}, "/kind"),
        ({"market": "XX"}, "/market"),
        ({"email": "nobody"}, "/email"),
    ],
)
def test_wrong_words_are_pointed_at(house: House, changes: dict[str, Any], pointer: str) -> None:
    good: dict[str, Any] = {"name": "甲", "uscc": shelf.USCC, "kind": "farm"}
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        directory.add_supplier(unit, **(good | changes))
    assert [error["pointer"] for error in caught.value.errors] == [pointer]


def test_a_material_code_is_taken_once_and_supply_is_listed_once(house: House) -> None:
    who = shelf.supplier(house)
    with house.begin() as unit:
        milk = directory.add_material(unit, code="M1", name_zh="生乳", name_en="Raw milk", category="dairy")
        first = directory.list_supply(unit, supplier_id=who.id, material_id=milk.id)
        assert directory.list_supply(unit, supplier_id=who.id, material_id=milk.id).id == first.id
        with pytest.raises(directory.MaterialKnown):
            directory.add_material(unit, code="M1", name_zh="生乳", name_en="Raw milk", category="dairy")
    with house.look() as unit:
        assert [material.code for material in directory.supplied_by(unit, who.id)] == ["M1"]


def test_a_foreign_brand_and_another_suppliers_people_find_nothing(house: House) -> None:
    mine = shelf.supplier(house)
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    with house.begin(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        directory.supplier(unit, mine.id)
    with house.begin("supplier", supplier_id=mine.id) as unit:
        assert [each.id for each in directory.suppliers(unit)] == [mine.id]
        with pytest.raises(Missing):
            directory.supplied_by(unit, other.id)
        with pytest.raises(Refused):
            directory.add_supplier(unit, name="甲", uscc=shelf.USCC, kind="farm")
