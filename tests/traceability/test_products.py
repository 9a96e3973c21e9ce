"""Products and whose GTIN it is."""

from __future__ import annotations

import pytest

from kernel.errors import Invalid, Missing
from kernel.unit import VISITOR, Unit
from tests.conftest import House
from traceability import products
from traceability.models import Product

MILK = {"name_zh": "鲜牛奶", "name_en": "Fresh milk", "net_content": "950 ml", "shelf_life_days": 7}


def _add(unit: Unit, gtin: str = "6901234567892", **other: object) -> Product:
    return products.add(unit, gtin=gtin, **{**MILK, **other})  # type: ignore[arg-type]


def test_a_product_is_found_by_any_form_of_its_gtin_and_its_owner_from_outside_every_brand(house: House) -> None:
    with house.begin("brand_admin") as unit:
        product = _add(unit, name_zh="  鲜牛奶 ")
    assert (product.gtin, product.name_zh, product.category) == ("06901234567892", "鲜牛奶", "food")
    with house.look() as unit:
        assert products.by_gtin(unit, "6901234567892").id == products.get(unit, product.id).id == product.id
        assert [each.id for each in products.every(unit)] == [product.id]
    with house.database.look(VISITOR) as unit:
        owner = products.owner(unit, "06901234567892")
        assert owner is not None
        assert (owner.brand_id, owner.product_id) == (house.brand_id, product.id)
        assert products.owner(unit, "00000096385074") is None


def test_a_gtin_is_one_brands_once(house: House) -> None:
    with house.begin() as unit:
        _add(unit)
    for brand in (house.brand_id, house.other_brand_id):
        with pytest.raises(products.GtinTaken), house.begin(brand_id=brand) as unit:
            _add(unit, "06901234567892")
    with house.look(brand_id=house.other_brand_id) as unit:
        assert products.every(unit) == []


def test_another_brands_product_is_not_there(house: House) -> None:
    with house.begin() as unit:
        product = _add(unit)
    with house.look(brand_id=house.other_brand_id) as unit:
        for ask in (lambda: products.get(unit, product.id), lambda: products.by_gtin(unit, product.gtin)):
            with pytest.raises(Missing):
                ask()


def test_every_wrong_place_is_named_at_once(house: House) -> None:
    with pytest.raises(Invalid) as caught, house.begin() as unit:
        products.add(unit, gtin="1", name_zh="", name_en="x" * 121, net_content="a\x00b", shelf_life_days=0, category="Food!")
    assert {error["pointer"] for error in caught.value.errors} == {
        "/gtin",
        "/name_zh",
        "/name_en",
        "/net_content",
        "/shelf_life_days",
        "/category",
    }
    with pytest.raises(Invalid), house.begin() as unit:
        _add(unit, shelf_life_days=True)
