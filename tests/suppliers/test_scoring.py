"""What a supplier did, counted from the tables: the score's reasons are true, and many suppliers cost as few statements as one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.errors import Missing, Refused
from suppliers import certificates, directory, scoring
from suppliers.models import CheckOutcome, PaperOverride, Supplier
from suppliers.score import Score
from tests.app.conftest import statements
from tests.conftest import House
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def dairy(house: House) -> Supplier:
    house.now = NOW
    who = shelf.supplier(house)
    listed(house, who, "M1")
    return who


def listed(house: House, who: Supplier, code: str) -> None:
    with house.begin() as unit:
        powder = directory.add_material(unit, code=code, name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=powder.id)


def ask(house: House, who: Supplier, lots: dict[str, tuple[int, int]] | None = None) -> Score:
    with house.look() as unit:
        one = scoring.scored(unit, who.id, lots=lots)
        assert one == scoring.overview(unit, lots=lots)[who.id].score
        return one


def said(found: Score) -> dict[str, int]:
    return {reason.code: reason.points for reason in found.reasons}


def complete(house: House, who: Supplier) -> None:
    shelf.check(house, shelf.hand_in(house, who, kind="business_licence", valid_until=None))
    shelf.check(house, shelf.hand_in(house, who))


def test_nothing_shown_is_no_score(house: House, dairy: Supplier) -> None:
    assert (ask(house, dairy).grade, said(ask(house, dairy))) == (None, {"score.nothing_shown": 0})


def test_all_that_is_asked_and_good_is_a_hundred(house: House, dairy: Supplier) -> None:
    complete(house, dairy)
    assert (ask(house, dairy).points, said(ask(house, dairy))) == (100, {"score.all_well": 0})


def test_two_materials_that_ask_the_same_paper_cost_it_once(house: House, dairy: Supplier) -> None:
    shelf.check(house, shelf.hand_in(house, dairy, kind="business_licence", valid_until=None))
    before = ask(house, dairy).points
    listed(house, dairy, "M2")
    assert ask(house, dairy).points == before == 80


def test_rejected_and_revoked_papers_and_held_lots_are_counted(house: House, dairy: Supplier) -> None:
    complete(house, dairy)
    bad = shelf.check(house, shelf.hand_in(house, dairy, number="SC10531011200176", content=shelf.PDF + b"bad"))
    assert bad.standing == "rejected"
    found = ask(house, dairy, {dairy.id: (20, 3)})
    assert said(found) == {"score.care.rejected": -12, "score.lots.held": -15}
    assert next(each.evidence for each in found.reasons if each.code == "score.care.rejected") == {"count": 1, "all": 3}
    with house.begin() as unit:
        paper = next(each for each in certificates.of_supplier(unit, dairy.id) if each.kind == "business_licence")
        certificates.decide(unit, certificate_id=paper.id, decision="reject", reason="执照已注销")
    assert said(ask(house, dairy)) | {"score.trust.revoked": -5, "score.paper.revoked": -20} == said(ask(house, dairy))


def test_what_was_longer_ago_than_a_year_is_forgotten(house: House, dairy: Supplier) -> None:
    old = NOW - timedelta(days=400)
    wrong = shelf.hand_in(house, dairy, at=old, number="SC10531011200176", content=shelf.PDF + b"bad")
    shelf.check(house, wrong, at=old)
    complete(house, dairy)
    assert said(ask(house, dairy)) == {"score.all_well": 0}


def test_a_renewal_after_the_end_costs_and_one_in_time_does_not(house: House, dairy: Supplier) -> None:
    shelf.check(house, shelf.hand_in(house, dairy, kind="business_licence", valid_until=None))
    then = datetime(2026, 2, 1, 4, 0, tzinfo=UTC)
    shelf.check(house, shelf.hand_in(house, dairy, at=then, valid_until=date(2026, 11, 12)), at=then)
    house.chore("lapse papers", now=NOW)
    shelf.check(house, shelf.hand_in(house, dairy, content=shelf.PDF + b"new"))
    found = ask(house, dairy)
    assert said(found) == {"score.renewal.late": -8}
    assert found.reasons[0].evidence == {"paper": "food_production", "days": 10}


def test_many_suppliers_cost_no_more_statements_than_one(house: House, dairy: Supplier) -> None:
    complete(house, dairy)
    with statements(house) as few, house.look() as unit:
        scoring.overview(unit)
    for place in range(12):
        with house.begin("brand_admin") as unit:
            other = directory.add_supplier(unit, name=f"示例{place}", country="DE", vat=f"DE{_vat(place)}", kind="manufacturer")
        listed(house, other, f"X{place}")
    with statements(house) as many, house.look() as unit:
        assert len(scoring.overview(unit)) == 13
    assert len(many) == len(few) <= 12


def _vat(place: int) -> str:
    """Eight digits and the check digit of a German VAT number (ISO 7064, MOD 11,10)."""
    body, product = f"1234567{place}"[:8].ljust(8, "0"), 10
    body = f"{12345600 + place}"
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return body + str((11 - product) % 10)


def test_a_supplier_sees_its_own_score_and_no_other(house: House, dairy: Supplier) -> None:
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    with house.begin("supplier", supplier_id=dairy.id) as unit:
        assert scoring.scored(unit, dairy.id).points is None
        with pytest.raises(Missing):
            scoring.scored(unit, other.id)
        with pytest.raises(Refused):
            scoring.overview(unit)


def test_a_renewal_in_the_last_days_after_the_last_rung_costs_less(house: House, dairy: Supplier) -> None:
    shelf.check(house, shelf.hand_in(house, dairy, kind="business_licence", valid_until=None))
    then = datetime(2026, 2, 1, 4, 0, tzinfo=UTC)
    shelf.check(house, shelf.hand_in(house, dairy, at=then, valid_until=date(2026, 11, 23)), at=then)
    shelf.check(house, shelf.hand_in(house, dairy, content=shelf.PDF + b"new"))
    found = ask(house, dairy)
    assert said(found) == {"score.renewal.close": -3}
    assert found.reasons[0].evidence == {"paper": "food_production", "days": 1}


def test_what_was_mended_was_turned_away_all_the_same(house: House, dairy: Supplier) -> None:
    complete(house, dairy)
    wrong = shelf.words(dairy, number="SC10531011200176", content=shelf.PDF + b"bad")
    with house.begin("supplier", supplier_id=dairy.id) as unit:
        paper = certificates.submit(unit, **wrong)
    assert shelf.check(house, paper).standing == "rejected"
    with house.begin("supplier", supplier_id=dairy.id) as unit:
        paper = certificates.submit(unit, **wrong | {"number": shelf.NUMBERS["food_production"]})
    assert shelf.check(house, paper).standing != "rejected"
    assert "score.care.rejected" in said(ask(house, dairy))


@pytest.mark.parametrize(("days", "counts"), [(364, True), (366, False)])
@pytest.mark.parametrize("because", scoring.CONFLICTS)
def test_papers_that_another_shows_as_its_own_count_for_a_year(
    house: House, dairy: Supplier, because: str, days: int, counts: bool
) -> None:
    complete(house, dairy)
    then = NOW - timedelta(days=days)
    paper = shelf.hand_in(house, dairy, at=then, content=shelf.PDF + b"twin")
    with house.begin("system") as unit:
        told = {"result": "failed", "because": because, "final": False, "evidence": {}, "at": unit.now}
        unit.session.add(CheckOutcome(id=unit.new_id(), certificate_id=paper.id, name="duplicate", **told))
    assert ("score.trust.conflict" in said(ask(house, dairy))) is counts


def test_what_two_persons_let_pass_counts_once_for_each_paper_and_for_nobody_else(house: House, dairy: Supplier) -> None:
    complete(house, dairy)
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    listed(house, other, "M9")
    with house.begin("quality") as unit:
        (one, _) = certificates.of_supplier(unit, dairy.id)
        for _ in range(2):
            words = {"name": "dates", "because": "check.dates.lapsed", "reason": "x", "state": "approved"}
            when = {"proposed_at": unit.now, "proposed_by": "a", "decided_at": unit.now, "decided_by": "b"}
            unit.session.add(PaperOverride(id=unit.new_id(), certificate_id=one.id, **words, **when))
    assert said(ask(house, dairy)) == {"score.trust.overridden": -5}
    assert said(ask(house, other)) == {"score.nothing_shown": 0}
