"""The unit: one transaction, one brand."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from kernel.errors import Refused
from kernel.unit import VISITOR
from suppliers.models import Material
from tests.conftest import House


def _material(unit, code: str) -> Material:
    material = Material(id=unit.new_id(), code=code, name_zh="生乳", name_en="Raw milk", category="dairy")
    unit.session.add(material)
    return material


def test_leaving_with_an_error_leaves_nothing(house: House) -> None:
    with pytest.raises(RuntimeError), house.begin() as unit:
        _material(unit, "M1")
        unit.session.flush()
        raise RuntimeError
    with house.look() as unit:
        assert unit.session.scalars(select(Material)).all() == []


def test_a_brand_neither_sees_nor_changes_anothers_rows(house: House) -> None:
    with house.begin() as unit:
        _material(unit, "M1")
    with house.begin(brand_id=house.other_brand_id) as unit:
        assert unit.session.scalars(select(Material)).all() == []
        unit.session.execute(update(Material).values(code="stolen"))
        unit.session.execute(delete(Material))
    with house.look() as unit:
        (mine,) = unit.session.scalars(select(Material))
        assert mine.code == "M1"
        assert mine.brand_id == house.brand_id
    with house.look(brand_id=house.other_brand_id) as unit:
        assert unit.session.get(Material, mine.id) is None


def test_writing_into_another_brand_is_refused(house: House) -> None:
    with pytest.raises(PermissionError), house.begin() as unit:
        _material(unit, "M1").brand_id = house.other_brand_id


def test_a_visitor_sees_no_brand_until_he_enters_one_and_then_only_that(house: House) -> None:
    with house.begin() as unit:
        _material(unit, "M1")
    with house.database.look(VISITOR) as unit:
        assert unit.session.scalars(select(Material)).all() == []
        unit.enter(house.brand_id)
        assert len(unit.session.scalars(select(Material)).all()) == 1
        with pytest.raises(Refused):
            unit.enter(house.other_brand_id)


def test_a_looking_unit_keeps_nothing(house: House) -> None:
    with house.look() as unit:
        _material(unit, "M1")
        unit.session.flush()
    with house.look() as unit:
        assert unit.session.scalars(select(Material)).all() == []
