"""Goods come in through the gate, and lean on papers from then on."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from suppliers import directory
from suppliers.facts import StandingChanged
from suppliers.gate import GateClosed
from suppliers.models import Certificate
from tests.conftest import House
from tests.factories.dairy import a_batch, a_farms_papers, a_material, a_paper, a_product, a_supplier
from traceability import genealogy, holds, intake, lots
from traceability.events import query
from traceability.models import Lot


@dataclass
class Farm:
    supplier_id: str
    material_id: str
    licence: str
    report: str


@pytest.fixture
def farm(house: House) -> Farm:
    with house.begin("brand_admin") as unit:
        supplier, milk = a_supplier(unit), a_material(unit)
        directory.list_supply(unit, supplier_id=supplier.id, material_id=milk.id)
        licence, report = a_farms_papers(unit, supplier, "T7")
        return Farm(supplier.id, milk.id, licence.id, report.id)


def _receive(house: House, farm: Farm, code: str = "M-1", **more: object) -> str:
    with house.begin() as unit:
        given = {"supplier_lot": "T7", "quantity": Decimal("1000.5"), "uom": "KGM", "place": "岚牧一厂收奶站"} | more
        return intake.receive(unit, supplier_id=farm.supplier_id, material_id=farm.material_id, lot_code=code, **given).id


def _stands(house: House, certificate_id: str, standing: str) -> None:
    """The paper stands otherwise from now on, and traceability hears of it."""
    with house.begin("system") as unit:
        paper = unit.session.get_one(Certificate, certificate_id)
        directory.lock(unit, paper.supplier_id)
        fact = StandingChanged(certificate_id=certificate_id, supplier_id=paper.supplier_id, standing=standing, before=paper.standing)
        paper.standing = standing
        unit.session.flush()
        intake.on_standing_changed(unit, fact)


def test_a_lot_that_came_in_leans_on_the_papers_that_opened_the_gate(house: House, farm: Farm) -> None:
    lot_id = _receive(house, farm)
    with house.look() as unit:
        lot = lots.get(unit, lot_id)
        assert (lot.kind, lot.state, lot.quantity, lot.supplier_id) == ("material", "released", Decimal("1000.5"), farm.supplier_id)
        assert set(intake.papers_of(unit, [lot_id])[lot_id]) > {farm.licence, farm.report}
        (event,) = query.of_lot(unit, lot_id)
        assert (event.action, event.biz_step, event.read_point) == ("ADD", "receiving", "岚牧一厂收奶站")


def test_a_closed_gate_lets_nothing_in_and_says_why(house: House, farm: Farm) -> None:
    _stands(house, farm.report, "lapsed")
    with pytest.raises(GateClosed) as trouble:
        _receive(house, farm)
    assert trouble.value.more["because"] == ["gate.lapsed:inspection_report"]
    with house.look() as unit:
        assert lots.every(unit) == []


def test_a_lot_may_bring_papers_of_its_own_supplier_only(house: House, farm: Farm) -> None:
    with house.begin() as unit:
        welcome = a_paper(unit, directory.supplier(unit, farm.supplier_id), "quarantine").id
        foreign = a_paper(unit, a_supplier(unit, "别家", "91150100MA0N000029")).id
    lot_id = _receive(house, farm, certificate_ids=[welcome, farm.licence])
    with house.look() as unit:
        assert set(intake.papers_of(unit, [lot_id])[lot_id]) > {farm.licence, farm.report, welcome}
    with pytest.raises(Missing):
        _receive(house, farm, "M-2", certificate_ids=[foreign])


def test_a_code_is_received_once(house: House, farm: Farm) -> None:
    _receive(house, farm)
    with pytest.raises(lots.LotCodeTaken):
        _receive(house, farm)
    with pytest.raises(Invalid):
        _receive(house, farm, "M-2", quantity=Decimal(-1))
    with pytest.raises(Invalid):
        _receive(house, farm, "M-2", received_at=house.now + timedelta(days=2))


@pytest.mark.parametrize("fallen", ["rejected", "revoked", "suspended"])
def test_a_fallen_paper_holds_what_leans_on_it_and_all_made_of_it(house: House, farm: Farm, fallen: str) -> None:
    milk = _receive(house, farm)
    with house.begin() as unit:
        batch = a_batch(unit, "L2611-07", a_product(unit)).id
        lots.finish(unit, lot_id=batch, inputs=[(milk, Decimal(10))])
    _stands(house, farm.report, fallen)
    _stands(house, farm.report, fallen)
    with house.look() as unit:
        assert {lot.standing for lot in lots.every(unit)} == {"held"}
        (hold,) = holds.of_lot(unit, batch)
        assert (hold.cause, hold.cause_id, hold.reason) == ("certificate", farm.report, f"hold.certificate.{fallen}")
    _stands(house, farm.licence, "lapsed")
    _stands(house, farm.report, "verified")
    with house.look() as unit:
        assert {lot.standing for lot in lots.every(unit)} == {"held"}
    _stands(house, farm.licence, "expiring")
    with house.look() as unit:
        assert {lot.standing for lot in lots.every(unit)} == {"clear"}
        assert holds.active(unit) == []


def test_a_report_that_ended_stops_lots_to_come_and_none_that_it_was_made_of(house: House, farm: Farm) -> None:
    lot = _receive(house, farm)
    _stands(house, farm.report, "suspended")
    _stands(house, farm.report, "lapsed")
    with house.look() as unit:
        assert lots.get(unit, lot).standing == "clear", "what was suspended meanwhile goes free as well"
    with pytest.raises(GateClosed):
        _receive(house, farm, "M-2")
    _stands(house, farm.licence, "lapsed")
    with house.look() as unit:
        assert lots.get(unit, lot).standing == "held"


def test_a_paper_is_not_revoked_while_its_lots_are_let_go(house: House, farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two reactions of one paper overtake each other: what it stands for in the end is what its lots bear."""
    if house.database.engine.dialect.name == "sqlite":
        pytest.skip("there everybody who writes waits for everybody else")
    lot = _receive(house, farm)
    _stands(house, farm.report, "suspended")
    with house.begin("system") as unit:
        unit.session.get_one(Certificate, farm.report).standing = "verified"
    walked, revoked, affected = threading.Event(), threading.Event(), genealogy.affected

    def slowly(*args: Any) -> list[Lot]:
        if not walked.is_set():
            walked.set()
            revoked.wait(1)
        return affected(*args)

    def let_go() -> None:
        with house.begin("system") as unit:
            intake.on_standing_changed(unit, StandingChanged(farm.report, farm.supplier_id, "verified", "suspended"))

    def revoke() -> None:
        _stands(house, farm.report, "revoked")
        revoked.set()

    monkeypatch.setattr(genealogy, "affected", slowly)
    first = threading.Thread(target=let_go)
    first.start()
    assert walked.wait(10)
    second = threading.Thread(target=revoke)
    second.start()
    first.join(10)
    second.join(10)
    assert revoked.is_set()
    with house.look() as unit:
        assert lots.get(unit, lot).standing == "held"


def test_news_that_came_late_does_not_undo_what_is_true_now(house: House, farm: Farm) -> None:
    _receive(house, farm)
    with house.begin("system") as unit:
        intake.on_standing_changed(unit, StandingChanged(farm.report, farm.supplier_id, standing="lapsed", before="verified"))
        assert holds.active(unit) == []


def test_a_report_proves_the_lots_that_it_names_and_no_other(house: House, farm: Farm) -> None:
    with pytest.raises(GateClosed) as trouble:
        _receive(house, farm, supplier_lot="T8")
    assert trouble.value.more["because"] == ["gate.no_lot:inspection_report"]
    assert trouble.value.more["lines"][0]["lot"] == "T8"
    with pytest.raises(GateClosed) as trouble:
        _receive(house, farm, supplier_lot="T8", certificate_ids=[farm.report])
    assert "gate.other_lot:inspection_report" in trouble.value.more["because"]
    with pytest.raises(GateClosed):
        _receive(house, farm, supplier_lot=None)
    lot_id = _receive(house, farm, supplier_lot=None, certificate_ids=[farm.report])  # somebody answers for it
    with house.look() as unit:
        assert farm.report in intake.papers_of(unit, [lot_id])[lot_id]


def test_what_is_laid_beside_a_lot_must_stand_although_nobody_asked_for_it(house: House, farm: Farm) -> None:
    with house.begin() as unit:
        fallen = a_paper(unit, directory.supplier(unit, farm.supplier_id), "organic", "revoked").id
    with pytest.raises(GateClosed) as trouble:
        _receive(house, farm, certificate_ids=[fallen])
    assert trouble.value.more["because"] == ["gate.revoked:organic"]


def test_every_page_that_speaks_of_a_paper_is_drawn_anew_when_it_moves(house: House, farm: Farm) -> None:
    milk = _receive(house, farm)
    with house.look() as unit:
        before = lots.get(unit, milk).revision
    _stands(house, farm.licence, "expiring")
    with house.look() as unit:
        assert lots.get(unit, milk).revision > before
