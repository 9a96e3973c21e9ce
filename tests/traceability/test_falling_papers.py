"""How lots follow their papers, with the papers' own rules: by the calendar, by renewals, and by what people decide."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kernel.given import day_of
from kernel.unit import Actor, Unit
from suppliers import certificates, directory
from suppliers.certificates import judging
from suppliers.checks import required_checks
from suppliers.models import Certificate, Supply
from tests.conftest import House
from tests.factories.dairy import a_batch, a_farms_papers, a_material, a_paper, a_product, a_supplier
from traceability import holds, intake, lots

KIND = "raw_milk_purchase"


class Farm:
    """A farm whose permit ends in ten days, and its milk in a lot of bottles."""

    def __init__(self, house: House) -> None:
        self.house = house
        with self.at(0) as unit:
            supplier, milk = a_supplier(unit), a_material(unit)
            unit.session.add(Supply(id=unit.new_id(), supplier_id=supplier.id, material_id=milk.id))
            a_farms_papers(unit, supplier, "T7")
            self.supplier = supplier.id
            (self.permit,) = (each.id for each in certificates.of_supplier(unit, supplier.id) if each.kind == KIND)
            self._judged(unit, self.permit, day_of(unit.now) + timedelta(days=10))
            words = {"supplier_id": supplier.id, "material_id": milk.id, "place": "收奶站", "quantity": Decimal(100), "uom": "KGM"}
            self.milk = intake.receive(unit, lot_code="M-1", supplier_lot="T7", **words).id
            batch = a_batch(unit, "B-1", a_product(unit))
            lots.finish(unit, lot_id=batch.id, inputs=[(self.milk, Decimal(10))])
            self.batch = batch.id
        house.drain()

    def renewal(self, days: int) -> str:
        """The next permit came and all of its checks passed."""
        with self.at(days) as unit:
            paper = a_paper(unit, directory.supplier(unit, self.supplier), KIND, "submitted")
            self._judged(unit, paper.id, date(2031, 1, 1))
            id = paper.id
        self.house.drain()
        return id

    def _judged(self, unit: Unit, id: str, until: date) -> None:
        paper = unit.session.get_one(Certificate, id)
        paper.valid_until, paper.standing, paper.judged_at = until, "submitted", unit.now
        paper.found = {name: ["passed", f"check.{name}.good", False] for name in required_checks(KIND)}
        unit.session.flush()
        judging.judge_again(unit, paper, day_of(unit.now))

    def at(self, days: int, person: str = "q") -> Unit:
        actor = Actor("quality", person, self.house.brand_id)
        return self.house.database.begin(actor, now=self.house.now + timedelta(days=days - 20))

    def lapses(self, days: int) -> None:
        with self.at(days) as unit:
            certificates.lapse_due(unit)
        self.house.drain()

    def decides(self, days: int, decision: str, id: str = "") -> None:
        with self.at(days) as unit:
            certificates.decide(unit, certificate_id=id or self.permit, decision=decision, reason="登记系统里这样写")
        self.house.drain()

    def standing(self, id: str = "") -> str:
        with self.house.look() as unit:
            return certificates.get(unit, id or self.permit).standing

    def lots(self) -> set[str]:
        with self.house.look() as unit:
            return {lots.get(unit, each).standing for each in (self.milk, self.batch)}


@pytest.fixture
def farm(house: House) -> Farm:
    return Farm(house)


def test_a_renewal_lets_go_what_the_lapse_of_the_old_paper_held(farm: Farm) -> None:
    assert (farm.standing(), farm.lots()) == ("expiring", {"clear"})
    farm.lapses(11)
    assert (farm.standing(), farm.lots()) == ("lapsed", {"held"})
    new = farm.renewal(12)
    assert (farm.standing(new), farm.standing(), farm.lots()) == ("verified", "superseded", {"clear"})
    farm.lapses(13)
    with farm.at(13) as unit:
        certificates.rejudge(unit)
    assert farm.standing() == "superseded", "its end no longer matters"
    farm.decides(14, "reject", new)
    assert (farm.standing(new), farm.standing(), farm.lots()) == ("revoked", "lapsed", {"held"}), "and the old one is all there is"


def test_a_renewal_in_time_stops_nothing(farm: Farm) -> None:
    farm.renewal(5)
    assert farm.standing() == "superseded"
    farm.lapses(11)
    assert farm.lots() == {"clear"}
    with farm.house.look() as unit:
        assert holds.of_lot(unit, farm.milk) == []


def test_what_is_suspended_is_held_until_it_is_resumed(farm: Farm) -> None:
    farm.decides(1, "suspend")
    assert (farm.standing(), farm.lots()) == ("suspended", {"held"})
    farm.decides(2, "resume")
    assert (farm.standing(), farm.lots()) == ("expiring", {"clear"})
    with farm.house.look() as unit:
        (hold,) = holds.of_lot(unit, farm.batch)
        assert (hold.state, hold.reason, hold.ended_why) == ("released", "hold.certificate.suspended", "hold.certificate.restored")


def test_what_is_revoked_stays_held(farm: Farm) -> None:
    farm.decides(1, "reject")
    assert (farm.standing(), farm.lots()) == ("revoked", {"held"})
    with pytest.raises(certificates.NotDecidable), farm.at(2) as unit:
        certificates.decide(unit, certificate_id=farm.permit, decision="accept", reason="弄错了")
    farm.renewal(3)
    assert (farm.standing(), farm.lots()) == ("revoked", {"held"}), "a newer paper heals no revoked one"


def test_a_failed_check_that_two_persons_let_pass_lets_the_lots_go(farm: Farm) -> None:
    with farm.at(1) as unit:
        paper = judging.locked(unit, farm.permit)
        paper.found = {**paper.found, "holder": ["failed", "check.holder.other_name", False]}
        judging.judge_again(unit, paper, day_of(unit.now))
    farm.house.drain()
    assert (farm.standing(), farm.lots()) == ("rejected", {"held"})
    with farm.at(2) as unit:
        asked = certificates.propose_override(unit, certificate_id=farm.permit, name="holder", reason="改过名，有登记证明").id
    with farm.at(3, "second") as unit:
        certificates.approve_override(unit, override_id=asked, answer="核对过登记")
    farm.house.drain()
    assert (farm.standing(), farm.lots()) == ("expiring", {"clear"})
