"""What a supplier did with its papers, as the score hears of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.errors import Missing
from suppliers import conduct, directory
from suppliers.models import Certificate, PaperOverride, StandingChange, Supplier
from suppliers.score import Asked
from tests.conftest import House
from tests.suppliers import shelf


@pytest.fixture
def dairy(house: House) -> Supplier:
    """A dairy listed for milk powder."""
    who = shelf.supplier(house)
    with house.begin() as unit:
        milk = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=milk.id)
    return who


def a_paper(house: House, who: Supplier, *, ago: int = 0, number: int = 1, **stands: Any) -> str:
    """A paper of so many days ago that stands so."""
    words = {name: stands.pop(name) for name in ("kind", "valid_until") if name in stands}
    paper = shelf.hand_in(house, who, at=house.now - timedelta(days=ago), content=b"%%PDF-1.7 %d" % number, **words)
    with house.begin("system") as unit:
        row = unit.session.get_one(Certificate, paper.id)
        for name, value in {"standing": "verified", **stands}.items():
            setattr(row, name, value)
    return paper.id


def of(house: House, who: Supplier, **lots: int) -> conduct.Conduct:
    with house.look() as unit:
        return conduct.of(unit, who.id, **lots)


def test_what_is_asked_stands_as_its_best_paper(house: House, dairy: Supplier) -> None:
    assert set(of(house, dairy).asked) == {Asked("business_licence", "missing"), Asked("food_production", "missing")}
    a_paper(house, dairy, kind="business_licence", valid_until=None)
    a_paper(house, dairy, number=2, valid_until=house.now.date() - timedelta(days=2))
    assert set(of(house, dairy).asked) == {Asked("business_licence", "verified"), Asked("food_production", "lapsed")}


def test_a_year_is_a_year(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy, ago=366, standing="rejected")
    assert (of(house, dairy).handed_in, of(house, dairy).rejected) == (0, 0)
    a_paper(house, dairy, ago=364, number=2, standing="rejected")
    a_paper(house, dairy, number=3, found={"duplicate": ["inconclusive", "check.duplicate.conflict", False]})
    found = of(house, dairy, lots=7, lots_held=2)
    assert (found.handed_in, found.rejected, found.conflicts, found.lots, found.lots_held) == (2, 1, 1, 7, 2)


def test_a_renewal_came_in_time_or_not(house: House, dairy: Supplier) -> None:
    today = house.now.date()
    new = a_paper(house, dairy, valid_until=date(2031, 1, 1))
    a_paper(house, dairy, ago=400, number=2, valid_until=today - timedelta(days=3), standing="superseded", superseded_by=new)
    (found,) = of(house, dairy).renewals
    assert found.kind == "food_production"
    assert found.days_before in (-3, -4)  # the day in Shanghai may be ahead
    assert 5 <= found.last_rung <= 30  # five working days, whatever holidays lie there


def test_what_was_revoked_or_let_pass_counts_once_for_each_paper(house: House, dairy: Supplier) -> None:
    one = a_paper(house, dairy)
    with house.begin("quality") as unit:
        for place in range(2):
            told = {"place": place, "standing": "revoked", "because": [], "at": unit.now, "by": "-"}
            unit.session.add(StandingChange(id=unit.new_id(), certificate_id=one, **told))
            words = {"name": "dates", "because": "check.dates.lapsed", "reason": "x", "state": "approved"}
            when = {"proposed_at": unit.now, "proposed_by": "a", "decided_at": unit.now, "decided_by": "b"}
            unit.session.add(PaperOverride(id=unit.new_id(), certificate_id=one, **words, **when))
    found = of(house, dairy)
    assert (found.revoked, found.overridden) == (1, 1)
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    assert (of(house, other).revoked, of(house, other).overridden) == (0, 0)


def test_a_score_adds_up_and_is_nobody_elses(house: House, dairy: Supplier) -> None:
    a_paper(house, dairy, kind="business_licence", valid_until=None)
    with house.look() as unit:
        found = conduct.scored(unit, dairy.id)
    assert found.points is not None
    assert found.points == 100 + sum(reason.points for reason in found.reasons)
    assert ("score.paper.missing", -20) in [(reason.code, reason.points) for reason in found.reasons]
    with house.look(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        conduct.scored(unit, dairy.id)
