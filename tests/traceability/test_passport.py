"""The story of one lot: what it came from, who vouches, what happened."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kernel.errors import Missing
from kernel.unit import Unit
from suppliers.models import CheckOutcome, PaperOverride, RegisterLookup, StandingChange
from tests.conftest import House
from tests.factories.dairy import a_batch, a_delivery, a_material, a_paper, a_product, a_supplier
from tests.factories.recalls import a_recall
from traceability import holds, lots, passport
from traceability.models import Lot, LotPaper


def _dairy(unit: Unit) -> tuple[Lot, Lot, Lot]:
    """Milk went into a bulk lot, and the bulk and some cream into a lot of bottles; of the bulk another lot was made."""
    product = a_product(unit)
    farm = a_supplier(unit)
    milk = a_delivery(unit, "MILK-1", material=a_material(unit, "MILK"), supplier=farm, came=unit.now - timedelta(hours=3))
    cream = a_delivery(unit, "CREAM-1", material=a_material(unit, "CREAM"), supplier=farm)
    bulk = a_batch(unit, "BULK-1", product, unit.now - timedelta(hours=3), line="L0")
    lots.finish(unit, lot_id=bulk.id, inputs=[(milk.id, Decimal(900))], quantity=Decimal(900), finished_at=unit.now - timedelta(hours=2))
    bottles = a_batch(unit, "B-1", product, unit.now - timedelta(hours=1))
    lots.finish(unit, lot_id=bottles.id, inputs=[(bulk.id, Decimal(400)), (cream.id, Decimal(20)), (milk.id, Decimal(5))])
    other = a_batch(unit, "B-2", product, unit.now - timedelta(hours=1))
    lots.finish(unit, lot_id=other.id, inputs=[(bulk.id, Decimal(300))])
    return bottles, bulk, milk


def test_origin_is_what_went_in_directly_or_by_way_of_another_lot_and_how_much(house: House) -> None:
    with house.begin() as unit:
        bottles, _, _ = _dairy(unit)
        told = passport.of(unit, bottles.id)
    origin = {each.lot_code: each for each in told.origin}
    assert origin.keys() == {"MILK-1", "CREAM-1"}
    assert (origin["CREAM-1"].used, origin["CREAM-1"].by_way_of) == (Decimal(20), ())
    assert (origin["MILK-1"].used, origin["MILK-1"].uom, origin["MILK-1"].by_way_of) == (Decimal(905), "KGM", ("BULK-1",))


def test_the_lines_are_those_of_the_lot_and_of_what_it_was_made_of_and_of_no_other(house: House) -> None:
    with house.begin() as unit:
        bottles, _, _ = _dairy(unit)
        made = passport.of(unit, bottles.id).made
        finished = bottles.finished_at
    assert [(each.lot_code, each.line_code) for each in made] == [("BULK-1", "L0"), ("B-1", "L1")]
    assert made[-1].until == finished


def test_a_lot_that_is_still_being_made_has_no_end(house: House) -> None:
    with house.begin() as unit:
        lot = a_batch(unit, "OPEN", a_product(unit))
        (made,) = passport.of(unit, lot.id).made
    assert (made.lot_code, made.until) == ("OPEN", None)


def test_a_held_input_is_told_as_held(house: House) -> None:
    with house.begin() as unit:
        bottles, _, milk = _dairy(unit)
        holds.place(unit, lot_id=milk.id, cause="person", cause_id="x", reason="气味")
        standing = {each.lot_code: each.standing for each in passport.of(unit, bottles.id).origin}
    assert standing == {"MILK-1": "held", "CREAM-1": "clear"}


def test_a_paper_says_what_was_checked_when_who_answered_and_for_which_lot(house: House) -> None:
    with house.begin() as unit:
        bottles, _, milk = _dairy(unit)
        paper = a_paper(unit, a_supplier(unit, "别家", "91150100MA0N000029"))
        unit.session.add(LotPaper(id=unit.new_id(), lot_id=milk.id, certificate_id=paper.id))
        for name, result in (("dates", "passed"), ("signature", "inconclusive")):
            unit.session.add(
                CheckOutcome(
                    id=unit.new_id(),
                    certificate_id=paper.id,
                    name=name,
                    result=result,
                    because=f"check.{name}.missing",
                    evidence={"days": 3},
                    at=unit.now,
                )
            )
        paper.judged_at = unit.now
        unit.session.flush()
        before = passport.of(unit, bottles.id).papers
        for place, decision in enumerate(("accept", "reset", "accept")):
            at = unit.now + timedelta(minutes=place)
            change = {"place": place + 1, "standing": "verified", "because": [], "decision": decision, "at": at, "by": "someone"}
            unit.session.add(StandingChange(id=unit.new_id(), certificate_id=paper.id, **change))
            unit.session.flush()
            if decision == "reset":
                reset = passport.of(unit, bottles.id).papers
        (told,) = passport.of(unit, bottles.id).papers
    assert before[0].accepted_at is None
    assert reset[0].accepted_at is None
    assert told.accepted_at == house.now + timedelta(minutes=2)
    assert told.checks == {"dates": "passed", "signature": "inconclusive"}
    assert told.checked[0].evidence == {"days": 3}
    assert (told.checked_at, told.lot_codes, told.number, told.supplier_name) == (house.now, ("MILK-1",), "business_licence", "别家")


def test_a_paper_says_how_it_stood_when_the_lot_was_made_and_what_became_of_it(house: House) -> None:
    with house.begin() as unit:
        bottles, _, milk = _dairy(unit)
        farm = a_supplier(unit, "别家", "91150100MA0N000029")
        stories = {
            "business_licence": ((-120, "verified"), (30, "revoked")),
            "organic": ((-30, "verified"),),
            "quarantine": ((-120, "verified"), (30, "superseded")),
            "inspection_report": ((-120, "verified"), (-90, "lapsed")),
        }
        for kind, changes in stories.items():
            paper = a_paper(unit, farm, kind, changes[-1][1])
            unit.session.add(LotPaper(id=unit.new_id(), lot_id=milk.id, certificate_id=paper.id))
            for row, (minutes, standing) in enumerate(changes, 1):
                at = unit.now + timedelta(minutes=minutes)
                words = {"place": row, "standing": standing, "because": [], "at": at, "by": "system"}
                unit.session.add(StandingChange(id=unit.new_id(), certificate_id=paper.id, **words))
        unit.session.flush()
        papers = {each.kind: each.as_of for each in passport.of(unit, bottles.id).papers}
        came = {each.kind: each.as_of for each in passport.of(unit, milk.id).papers}
    seen = {kind: (each.then, each.now, each.good_then, each.fell_at is not None) for kind, each in papers.items() if each}
    assert seen == {
        "business_licence": ("verified", "revoked", True, True),
        "organic": ("submitted", "verified", False, False),
        "quarantine": ("verified", "superseded", True, False),
        "inspection_report": ("lapsed", "lapsed", False, False),
    }
    assert {each.then for each in came.values() if each} == {"submitted"}, "three hours ago nothing was known yet"


def test_two_persons_and_registers_are_told_as_long_as_they_answer_for_what_is_so(house: House) -> None:
    with house.begin() as unit:
        bottles, _, milk = _dairy(unit)
        paper = a_paper(unit, a_supplier(unit, "别家", "91150100MA0N000029"))
        paper.found = {"holder": ["failed", "check.holder.other_name", False], "dates": ["passed", "check.dates.good", False]}
        unit.session.add(LotPaper(id=unit.new_id(), lot_id=milk.id, certificate_id=paper.id))
        for name, because in (("holder", "check.holder.other_name"), ("dates", "check.dates.span")):
            words = {"name": name, "because": because, "state": "approved", "reason": "x", "proposed_at": unit.now, "proposed_by": "a"}
            row = PaperOverride(id=unit.new_id(), certificate_id=paper.id, decided_at=unit.now, decided_by="b", **words)
            unit.session.add(row)
        for day, result in ((1, "valid"), (9, "valid"), (12, "unreachable")):
            words = {"register": "gsxt", "result": result, "asked_on": date(2026, 11, day), "at": unit.now, "by": "a"}
            unit.session.add(RegisterLookup(id=unit.new_id(), certificate_id=paper.id, **words))
        unit.session.flush()
        (told,) = passport.of(unit, bottles.id).papers
    assert told.overridden == (("holder", house.now),)
    assert told.asked_on == date(2026, 11, 9)


def test_each_step_names_the_event_that_says_so(house: House) -> None:
    with house.begin() as unit:
        lot_id = _dairy(unit)[0].id
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        lots.release(unit, lot_id=lot_id)
    with house.begin(now=house.now + timedelta(minutes=2)) as unit:
        holds.place(unit, lot_id=lot_id, cause="person", cause_id="x", reason="温度")
    with house.begin(now=house.now + timedelta(minutes=3)) as unit:
        a_recall(unit, lot_ids=[lot_id], reason="温度", advice="退货")
        steps = passport.of(unit, lot_id).journey
    assert [(step.kind, step.params["lot"]) for step in steps] == [
        ("made", "BULK-1"),
        ("made", "B-1"),
        ("released", "B-1"),
        ("held", "B-1"),
        ("held", "B-1"),
        ("recalled", "B-1"),
    ]
    assert len({step.event_id for step in steps}) == len(steps)
    assert [step.recorded_at - house.now for step in steps[1:]] == [timedelta(minutes=minute) for minute in (0, 1, 2, 3, 3)]


def test_the_newest_lot_of_a_product_is_one_that_may_be_sold(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
        assert passport.newest(unit, product.id) is None
        for place, code in enumerate(("OLD", "GOOD", "HELD", "MADE")):
            lot = a_batch(unit, code, product, unit.now - timedelta(hours=9 - place))
            lot.state = "open" if code == "MADE" else "released"
            lot.standing = "held" if code == "HELD" else "clear"
        unit.session.flush()
        newest = passport.newest(unit, product.id)
        assert newest is not None
        assert lots.get(unit, newest).code == "GOOD"


def test_nobody_elses_lot_has_a_passport(house: House) -> None:
    with house.begin() as unit:
        lot = a_batch(unit, "B-1", a_product(unit))
        lot_id = lot.id
    with house.look(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        passport.of(unit, lot_id)
