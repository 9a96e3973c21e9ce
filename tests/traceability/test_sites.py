"""Where the places are that lots name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from traceability import sites

PLANT, STATION = "岚牧一厂 一号线", "坝上收奶站"


def test_a_place_is_said_and_said_anew(house: House) -> None:
    with house.begin() as unit:
        first = sites.put(unit, name=f" {PLANT} ", region="CN-1301").id
        sites.put(unit, name=STATION, region="河北省张家口市")
    with house.begin() as unit:
        assert sites.put(unit, name=PLANT, region="石家庄").region == "CN-1301"
        again = sites.put(unit, name=PLANT, region="Baoding")
        assert (again.id, again.region) == (first, "CN-1306")
    with house.look() as unit:
        assert [(site.name, site.region) for site in sites.every(unit)] == [(STATION, "CN-1307"), (PLANT, "CN-1306")]
        assert sites.region_of(unit, {PLANT, "别处"}) == {PLANT: "CN-1306"}
        assert sites.region_of(unit, set()) == {}


@pytest.mark.parametrize(
    ("name", "region", "pointer", "rule"),
    [
        ("", "CN-1301", "/name", "blank"),
        ("x" * 121, "CN-1301", "/name", "length"),
        ("一\u200b厂", "CN-1301", "/name", "characters"),
        (PLANT, "", "/region", "blank"),
        (PLANT, "CN-9999", "/region", "region"),
        (PLANT, "亚特兰蒂斯", "/region", "region"),
        (PLANT, "<b>", "/region", "region"),
    ],
)
def test_what_cannot_be_a_place_is_refused(house: House, name: str, region: str, pointer: str, rule: str) -> None:
    with house.begin() as unit, pytest.raises(Invalid) as told:
        sites.put(unit, name=name, region=region)
    assert [(flaw["pointer"], flaw["rule"]) for flaw in told.value.errors] == [(pointer, rule)]
    with house.look() as unit:
        assert sites.every(unit) == []


def test_a_place_is_forgotten_once(house: House) -> None:
    with house.begin() as unit:
        sites.put(unit, name=PLANT, region="CN-1301")
        sites.remove(unit, name=PLANT)
        with pytest.raises(Missing):
            sites.remove(unit, name=PLANT)
        assert sites.every(unit) == []


def test_places_of_lots_wait_to_be_placed_the_newest_first(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
        for days, code, place in ((3, "A", "旧厂"), (2, "B", PLANT), (1, "C", "新厂"), (9, "D", "新厂")):
            a_batch(unit, code, product, house.now - timedelta(days=days)).place = place
        unit.session.flush()
        assert sites.nowhere(unit) == ["新厂", PLANT, "旧厂"]
        assert sites.nowhere(unit, most=1) == ["新厂"]
        sites.put(unit, name=PLANT, region="CN-1301")
        assert sites.nowhere(unit) == ["新厂", "旧厂"]


def test_another_brand_has_places_of_its_own(house: House) -> None:
    with house.begin() as unit:
        sites.put(unit, name=PLANT, region="CN-1301")
        a_batch(unit, "A", a_product(unit), house.now).place = STATION
    with house.begin(brand_id=house.other_brand_id) as unit:
        assert sites.every(unit) == []
        assert sites.nowhere(unit) == []
        assert sites.region_of(unit, [PLANT]) == {}
        with pytest.raises(Missing):
            sites.remove(unit, name=PLANT)
        sites.put(unit, name=PLANT, region="JP")
        sites.put(unit, name=STATION, region="JP")
    with house.look() as unit:
        assert sites.region_of(unit, [PLANT, STATION]) == {PLANT: "CN-1301"}
        assert sites.nowhere(unit) == [STATION]
