"""What came in from suppliers, counted: of each its own, of a stretch of time, and only what was ever held for a paper."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from suppliers import directory
from tests.conftest import House
from tests.factories.dairy import a_farms_papers, a_material, a_supplier
from traceability import holds, intake, supplied


def test_lots_are_counted_for_each_supplier_and_those_that_a_paper_ever_stopped(house: House) -> None:
    with house.begin("brand_admin") as unit:
        farm, milk = a_supplier(unit), a_material(unit)
        directory.list_supply(unit, supplier_id=farm.id, material_id=milk.id)
        a_farms_papers(unit, farm, "T7")
    for place in range(4):
        with house.begin() as unit:
            goods = {"quantity": Decimal("10"), "uom": "KGM", "place": "一厂", "lot_code": f"M-{place}", "supplier_lot": "T7"}
            lot = intake.receive(unit, supplier_id=farm.id, material_id=milk.id, **goods).id
        cause = {0: "certificate", 1: "certificate", 2: "alert"}.get(place)
        if cause:
            with house.begin("system") as unit:
                holds.place(unit, lot_id=lot, cause=cause, cause_id="X", reason="hold.certificate.lapsed")
    with house.begin("system") as unit:
        holds.release_all(unit, cause="certificate", cause_id="X", why="hold.certificate.restored")
    with house.look() as unit:
        long_ago, later = unit.now - timedelta(days=365), unit.now + timedelta(days=1)
        assert supplied.fared(unit, since=long_ago) == {farm.id: (4, 2)}
        assert supplied.fared(unit, since=long_ago, supplier_id=farm.id) == {farm.id: (4, 2)}
        assert supplied.fared(unit, since=long_ago, supplier_id="another") == {}
        assert supplied.fared(unit, since=later) == {}
    with house.look(brand_id=house.other_brand_id) as unit:
        assert supplied.fared(unit, since=long_ago) == {}
