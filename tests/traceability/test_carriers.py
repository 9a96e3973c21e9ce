"""A code is found by whatever its carrier says, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, carriers, codes, faces, gs1, imports
from traceability.models import CodeOrder


@pytest.fixture
def order(house: House) -> CodeOrder:
    with house.begin("brand_admin") as unit:
        addresses.add(unit, name="/DY")
        return codes.order(unit, product_id=a_product(unit).id, count=10, reference="O-1", inner=True, formats=())


def _link(house: House, order: CodeOrder, face: str, place: int) -> str:
    with house.look() as unit:
        (link,) = faces.links(unit, order, face=face, first=order.first + place, count=1)
    return link


def test_every_form_of_an_outer_code_means_the_same_item(house: House, order: CodeOrder) -> None:
    link = _link(house, order, "outer", 4)
    serial = link.rsplit("/", 1)[1]
    forms = [link, f" {link}/ ", f"/01/{GTIN}/21/{serial}", f"(01){GTIN}(21){serial}", f"]Q301{GTIN}21{serial}", f"\x1d01{GTIN}21{serial}"]
    with house.look() as unit:
        assert {carriers.find(unit, form).counter for form in forms} == {order.first + 4}


def test_an_inner_code_is_found_by_its_link_or_its_serial_in_either_case(house: House, order: CodeOrder) -> None:
    link = _link(house, order, "inner", 7)
    serial = link.rsplit("/", 1)[1]
    with house.look() as unit:
        found = [carriers.find(unit, form) for form in (link, link.lower(), serial, serial.lower(), f"https://s.cn/{serial}")]
    assert {(ref.counter, ref.inner) for ref in found} == {(order.first + 7, True)}


def test_a_serial_made_elsewhere_is_found_with_its_gtin(house: House) -> None:
    with house.begin("brand_admin") as unit:
        order = imports.bring_in(unit, product_id=a_product(unit).id, reference="OLD", serials=["A-1", "B(2)"])
    with house.look() as unit:
        assert carriers.find(unit, rf"(01){GTIN}(21)B\(2)").counter == order.first + 1


def test_a_code_of_another_brand_is_not_there(house: House, order: CodeOrder) -> None:
    for face in faces.FACES:
        link = _link(house, order, face, 0)
        with house.look(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
            carriers.find(unit, link)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("https://id.gs1.org/9999/12", "gs1-ai"),
        (f"https://s.cn/01/{GTIN}/9999/A", "gs1-ai"),
        ("https://id.gs1.org/00/106141412345678908", "key"),
        (f"https://s.cn/01/{GTIN}/21/", "gs1-short"),
        (f"https://s.cn/01/{GTIN}/21", "gs1-short"),
        (f"https://s.cn/01/{GTIN}/10/L/21/?x=1", "gs1-short"),
        (f"https://s.cn/01/{GTIN}/21/A%2", "gs1-percent"),
        (f"https://s.cn/01/{GTIN}/21/%zz", "gs1-percent"),
        (f"(01){GTIN}(8999)A", "gs1-ai"),
        ("]d201" + "1" * 14, "check-digit"),
    ],
)
def test_what_is_wrong_with_a_carrier_is_named_at_the_link(house: House, text: str, rule: str) -> None:
    with house.look() as unit, pytest.raises(gs1.NotGS1) as caught:
        carriers.find(unit, text)
    assert {(each["pointer"], each["rule"]) for each in caught.value.errors} == {("/link", rule)}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=60), st.from_regex(r"https?://[a-z.]{0,9}(/[0-9A-Za-z%()]{0,14}){0,5}", fullmatch=True)))
@example("")
@example("(")
@example("]d2")
@example(f"(01){GTIN}")
@example(f"https://x.cn/01/{GTIN}")
def test_whatever_else_is_said_is_missing_or_told_to_be_wrong(house: House, text: str) -> None:
    with house.look() as unit, pytest.raises((Missing, Invalid)):
        carriers.find(unit, text)
