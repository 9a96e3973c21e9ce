"""May they deliver? Only with every paper that is asked, standing today."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kernel.errors import Missing
from suppliers import certificates, directory, gate
from suppliers.models import Supplier
from tests.conftest import House
from tests.suppliers import shelf

DAY = date(2026, 11, 22)


@pytest.fixture
def dairy(house: House) -> tuple[Supplier, str]:
    """A dairy listed for milk powder, and the material's id."""
    house.now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    who = shelf.supplier(house)
    with house.begin() as unit:
        milk = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=milk.id)
    return who, milk.id


def ask(house: House, dairy: tuple[Supplier, str], day: date = DAY) -> gate.Decision:
    with house.begin() as unit:
        return gate.may(unit, supplier_id=dairy[0].id, material_id=dairy[1], day=day)


def test_nothing_shown_is_nothing_delivered(house: House, dairy: tuple[Supplier, str]) -> None:
    because = ["gate.missing:business_licence", "gate.missing:food_production"]
    assert ask(house, dairy) == gate.Decision(False, because, [], (("factory_report", "inspection_report"),))


def test_the_gate_opens_on_the_last_paper_and_names_what_carried_it(house: House, dairy: tuple[Supplier, str]) -> None:
    licence = shelf.hand_in(house, dairy[0], kind="business_licence", valid_until=None)
    production = shelf.hand_in(house, dairy[0])
    assert ask(house, dairy).because == ["gate.submitted:business_licence", "gate.submitted:food_production"]
    shelf.check(house, licence)
    assert ask(house, dairy).because == ["gate.submitted:food_production"]
    shelf.check(house, production)
    decision = ask(house, dairy)
    assert (decision.open, decision.because) == (True, [])
    assert set(decision.certificate_ids) == {licence.id, production.id}


def test_the_day_counts_even_before_the_nightly_chore(house: House, dairy: tuple[Supplier, str]) -> None:
    shelf.check(house, shelf.hand_in(house, dairy[0], kind="business_licence", valid_until=None))
    shelf.check(house, shelf.hand_in(house, dairy[0], valid_until=date(2026, 12, 1)))
    assert ask(house, dairy, date(2026, 12, 1)).open
    assert ask(house, dairy, date(2026, 12, 2)).because == ["gate.lapsed:food_production"]
    assert ask(house, dairy, date(2025, 12, 31)).because == ["gate.submitted:business_licence", "gate.submitted:food_production"]


def test_a_revoked_paper_closes_the_gate_and_an_older_good_one_keeps_it_open(house: House, dairy: tuple[Supplier, str]) -> None:
    shelf.check(house, shelf.hand_in(house, dairy[0], kind="business_licence", valid_until=None))
    first = shelf.check(house, shelf.hand_in(house, dairy[0]))
    spare = shelf.check(house, shelf.hand_in(house, dairy[0], content=b"%PDF-1.7 spare", valid_until=date(2029, 1, 1)))
    for paper, still_open in ((first, True), (spare, False)):
        with house.begin("brand_admin") as unit:
            certificates.decide(unit, certificate_id=paper.id, decision="reject", reason="登记系统显示已注销")
        assert ask(house, dairy).open is still_open
    assert ask(house, dairy).because == ["gate.revoked:food_production"]


def test_no_listing_and_no_rule_mean_no(house: House, dairy: tuple[Supplier, str]) -> None:
    with house.begin() as unit:
        other = directory.add_material(unit, code="X", name_zh="别的", name_en="Other", category="dairy")
        maker = directory.add_supplier(unit, name="瓶厂", uscc=shelf.OTHER_USCC, kind="packaging")
        directory.list_supply(unit, supplier_id=maker.id, material_id=dairy[1])
    assert ask(house, (dairy[0], other.id)).because == ["gate.unlisted"]
    assert ask(house, (maker, dairy[1])).because == ["gate.no_rule"]


def test_a_foreign_brand_asks_in_vain(house: House, dairy: tuple[Supplier, str]) -> None:
    with house.begin(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        gate.may(unit, supplier_id=dairy[0].id, material_id=dairy[1], day=DAY)
