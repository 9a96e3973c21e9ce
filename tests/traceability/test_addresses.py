"""Where a brand's codes begin."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from kernel.errors import Invalid, Missing
from kernel.unit import VISITOR
from tests.conftest import House
from tests.factories.dairy import a_product
from traceability import addresses, codes, imports


def test_hosts_come_before_short_names_and_both_are_read_in_either_case(house: House) -> None:
    with house.begin() as unit:
        addresses.add(unit, name="/dy")
        assert (addresses.for_links(unit), addresses.for_serials(unit)) == ("https://id.example", "https://id.example/DY")
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        assert addresses.add(unit, name=" S.CN:8443 ").name == "s.cn:8443"
        assert [address.name for address in addresses.every(unit)] == ["s.cn:8443", "/DY"]
        assert (addresses.for_links(unit), addresses.for_serials(unit)) == ("https://s.cn:8443",) * 2
        assert addresses.add(unit, name="S.CN:8443").added_at == unit.now
    with house.database.look(VISITOR) as unit:
        assert addresses.owner(unit, host="S.cn:8443", path="") == house.brand_id
        assert addresses.owner(unit, host="id.example", path="/dy") == house.brand_id
        assert addresses.owner(unit, host="s.cn", path="") is None
        assert addresses.owner(unit, host="id.example", path="/ZZ") is None


def test_without_one_there_are_no_compact_codes(house: House) -> None:
    with house.begin() as unit, pytest.raises(addresses.NoAddress):
        addresses.for_serials(unit)


@pytest.mark.parametrize("name", ["s.cn", "/DY"])
def test_an_address_leads_to_one_brand(house: House, name: str) -> None:
    with house.begin() as unit:
        addresses.add(unit, name=name)
    with house.begin(brand_id=house.other_brand_id) as unit:
        with pytest.raises(addresses.AddressTaken):
            addresses.add(unit, name=name.swapcase())
        assert addresses.every(unit) == []
        with pytest.raises(Missing):
            addresses.remove(unit, name=name)


def test_the_platforms_own_host_is_nobodys(house: House) -> None:
    with house.begin() as unit, pytest.raises(addresses.AddressTaken):
        addresses.add(unit, name="ID.example")


@pytest.mark.parametrize("name", sorted(addresses.KEPT))
def test_a_door_of_the_platform_is_nobodys(house: House, name: str) -> None:
    with house.begin() as unit, pytest.raises(addresses.AddressTaken):
        addresses.add(unit, name=name.lower())


@pytest.mark.parametrize(
    "name",
    [
        "",
        "s",
        "s..cn",
        "-s.cn",
        "s.cn/",
        "https://s.cn",
        "s.cn:0",
        "s.cn:99999",
        "s_n.cn",
        "s.cn:123456",
        "/D",
        "/DYDYDYDYD",
        "/DO",
        "/12",
        "/D Y",
        "/D/Y",
        "ｓ.cn",
        7,
    ],
)
def test_what_is_no_address_is_refused(house: House, name: object) -> None:
    with house.begin() as unit, pytest.raises(Invalid):
        addresses.add(unit, name=name)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["s.cn", "/DY"])
def test_an_address_that_is_printed_stays(house: House, name: str) -> None:
    with house.begin() as unit:
        addresses.add(unit, name=name)
        addresses.remove(unit, name=name)
        assert addresses.every(unit) == []
        addresses.add(unit, name=name)
        codes.order(unit, product_id=a_product(unit).id, count=1, reference="1", scheme="compact", formats=())
        with pytest.raises(addresses.AddressInUse):
            addresses.remove(unit, name=name)
        addresses.add(unit, name="x" + name if name[0] != "/" else "/DYX")
        addresses.remove(unit, name="x" + name if name[0] != "/" else "/DYX")


@pytest.mark.parametrize("imported", [False, True])
def test_an_address_stays_while_an_order_is_being_written(house: House, imported: bool) -> None:
    with house.begin() as unit:
        addresses.add(unit, name="s.cn")
        product_id = a_product(unit).id
    outcomes: list[object] = []

    def remove() -> None:
        try:
            with house.begin() as unit:
                outcomes.append(addresses.remove(unit, name="s.cn"))
        except addresses.AddressInUse as error:
            outcomes.append(error.code)

    other = threading.Thread(target=remove)
    with house.begin() as unit:
        if imported:
            order = imports.bring_in(unit, product_id=product_id, reference="1", serials=["A1"])
        else:
            order = codes.order(unit, product_id=product_id, count=1, reference="1", scheme="compact", inner=True, formats=())
        other.start()
        other.join(1)  # it waits; did it not, it would be done by now
    other.join()
    assert outcomes == ["address-in-use"]
    assert order.base_url == "https://s.cn"
