"""What would be closed? The gate's own answers on another day, or under another rule, and nothing is written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kernel.errors import Invalid, Refused
from suppliers import certificates, directory, foresight, gate, rules
from suppliers.models import Supplier
from tests.conftest import House
from tests.suppliers import shelf

TODAY = date(2026, 11, 22)
AHEAD = date(2027, 3, 1)


@pytest.fixture
def dairies(house: House) -> dict[str, Any]:
    """Two dairies with all that is asked of them; the first one's licence ends before AHEAD. And one with nothing."""
    house.now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    firms = [shelf.supplier(house), shelf.supplier(house, name="另一示例乳业有限公司", uscc=shelf.OTHER_USCC)]
    firms.append(shelf.supplier(house, name="空手示例乳业有限公司", uscc="913100006072491019"))
    with house.begin() as unit:
        powder = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        for who in firms:
            directory.list_supply(unit, supplier_id=who.id, material_id=powder.id)
    for place, who in enumerate(firms[:2]):
        licence = shelf.PDF + b"licence" + bytes([place])
        papers = [
            shelf.hand_in(house, who, kind="business_licence", number=who.uscc, valid_until=None, content=licence),
            shelf.hand_in(house, who, valid_until=date(2030, 1, 1) if place else date(2027, 2, 1), content=shelf.PDF + bytes([place])),
        ]
        with house.begin("system") as unit:
            for paper in papers:
                certificates.get(unit, paper.id).standing = "verified"
    return {"firms": firms, "material": powder.id}


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "id": "draft",
        "market": "CN",
        "supplier_kinds": ["manufacturer"],
        "categories": ["dairy"],
        "kinds": ["haccp"],
        "per": "supplier",
        "optional": False,
        "citation": "品牌手册 3.2",
        "why": "乳制品供应商须有 HACCP",
        "effective_from": date(2027, 1, 1),
    } | changes


def standing_open(house: House, who: Supplier, material: str, day: date) -> bool:
    with house.begin() as unit:
        return gate.may(unit, supplier_id=who.id, material_id=material, day=day).open


def test_a_day_ahead_closes_whom_the_gate_would_close(house: House, dairies: dict[str, Any]) -> None:
    with house.look() as unit:
        seen = foresight.simulate(unit, day=AHEAD)
    assert (seen.asked, seen.closing) == (3, 1)
    (change,) = seen.changes
    assert change.supplier.id == dairies["firms"][0].id
    assert (change.before, change.after) == ((), ("gate.lapsed:food_production",))
    for who in dairies["firms"]:
        closes = who.id == change.supplier.id
        assert standing_open(house, who, dairies["material"], AHEAD) == (
            standing_open(house, who, dairies["material"], TODAY) and not closes
        )


def test_a_draft_shows_whom_it_would_close_and_is_not_kept(house: House, dairies: dict[str, Any]) -> None:
    with house.look() as unit:
        seen = foresight.simulate(unit, day=date(2027, 1, 1), row=draft())
        assert rules.rows(unit) == []
    assert [each.supplier.id for each in seen.changes if each.closes] == [
        each.id for each in sorted(dairies["firms"][:2], key=lambda f: f.name)
    ]
    assert all("gate.missing:haccp" in each.after for each in seen.changes)
    assert not seen.changes[-1].closes, "whoever was closed before only has one more reason"


def test_before_its_first_day_a_row_changes_nothing(house: House, dairies: dict[str, Any]) -> None:
    with house.look() as unit:
        assert foresight.simulate(unit, day=date(2026, 12, 31), row=draft()).changes == ()


def test_a_row_that_is_kept_is_compared_with_the_house_without_it(house: House, dairies: dict[str, Any]) -> None:
    words = {name: value for name, value in draft().items() if name != "id"}
    with house.begin() as unit:
        row = rules.add_row(unit, **words)
        shaped = next(each for each in rules.extra(unit) if each["id"] == row.id)
        assert foresight.simulate(unit, day=date(2027, 1, 1), row=shaped).closing == 2
        assert foresight.simulate(unit, day=date(2027, 1, 2)).closing == 2


def test_a_dropped_row_opens_what_it_kept_closed(house: House, dairies: dict[str, Any]) -> None:
    with house.look() as unit:
        asked = rules.asked(unit, dairies["firms"][0], directory.material(unit, dairies["material"]), TODAY)
        production = next(each for each in asked if "food_production" in each.kinds)
        seen = foresight.simulate(unit, day=AHEAD, row=draft(kinds=[], drops=production.id))
    assert [(each.supplier.id, each.opens) for each in seen.changes if each.opens] == [(dairies["firms"][0].id, True)]


def test_a_paper_that_only_waits_for_its_first_day_counts_from_then_on(house: House) -> None:
    house.now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    who = shelf.supplier(house)
    with house.begin() as unit:
        powder = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=powder.id)
    shelf.check(house, shelf.hand_in(house, who, kind="business_licence", valid_until=None))
    paper = shelf.check(house, shelf.hand_in(house, who, valid_from=date(2026, 12, 24)))
    assert (paper.standing, paper.because) == ("submitted", ["standing.not_yet_valid"])
    with house.look() as unit:
        assert foresight.simulate(unit, day=date(2026, 12, 23)).changes == ()
        assert [each.opens for each in foresight.simulate(unit, day=date(2026, 12, 24)).changes] == [True]


def test_a_row_that_could_not_be_kept_is_refused_and_suppliers_see_nothing(house: House) -> None:
    with house.look() as unit, pytest.raises(Invalid):
        foresight.simulate(unit, day=TODAY, row=draft(kinds=["inspection_report"]))
    who = shelf.supplier(house)
    with house.begin("supplier", supplier_id=who.id) as unit, pytest.raises(Refused):
        foresight.simulate(unit, day=TODAY)
