"""The demo dairy: what a visitor of it is shown, and what waits for somebody."""

from __future__ import annotations

import pytest

from app import relay, seed, seed_papers
from app.auth.models import ROLES
from app.factory import create_app
from app.pages import story
from kernel.given import day_of
from kernel.unit import VISITOR, system
from monitoring import alerts, detection
from suppliers import certificates, directory, gate, recognising
from tests.conftest import House
from traceability import cases, lots, regions, sites


@pytest.mark.slow
def test_the_sold_lot_has_its_way_and_its_curves_and_no_alert_is_open(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "SLUG", "planted")  # the house's own brand has the other
    planted = seed.plant(house.settings, house.database, now=house.now)
    assert set(planted.logins) <= set(ROLES)
    with house.database.begin(system(planted.brand_id), now=house.now) as unit:
        assert detection.watch_silence(unit) == 0  # the standstill of the line was seen already
        assert alerts.active(unit) == []
        assert cases.every(unit) == []
        assert sites.nowhere(unit) == []
        sold = next(lot for lot in lots.every(unit) if lot.state == "released")
        assert sold.standing == "clear"
    app = create_app(house.settings, house.database)
    with app.test_request_context("/"), house.database.look(VISITOR, now=house.now) as unit:
        unit.enter(planted.brand_id)
        told = story.told(unit, sold.id)
    assert {each.paper.kind for each in told.papers} == {
        *("business_licence", "raw_milk_purchase", "animal_epidemic_conditions", "inspection_report", "packaging_conformity")
    }
    assert {each.then and each.then[0] for each in told.papers} == {"good"}, "each stood when the lot was made"
    assert [each.since for each in told.papers if each.since] == []
    assert [region for region, _ in told.stops] == ["CN-1307", "CN-1301"]
    assert all(regions.known(region) for region in seed.SITES.values())
    (line,) = told.lines
    assert [curve.condition.readings for curve in line.curves] == [601] * len(line.curves)
    assert all(curve.finding.code.startswith("condition.inside.") for curve in line.curves)
    assert all(curve.picture is not None and curve.condition.inside_share == 1 and not curve.incidents for curve in line.curves)


@pytest.mark.slow
def test_portal_and_desk_have_something_true_to_show(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "SLUG", "planted")
    planted = seed.plant(house.settings, house.database, now=house.now)
    relay.drain(house.database)  # what the worker would do first
    with house.database.look(system(planted.brand_id), now=house.now) as unit:
        papers = {(each.kind, each.number): each for each in certificates.listed(unit)}
        report = papers["inspection_report", f"JB-{planted.milk_lot}-2"]
        assert (report.standing, report.because) == ("rejected", ["check.signature.tampered"])
        photo = papers["gfsi_globalgap", seed_papers.ggn()]
        assert photo.standing == "needs_person"
        if recognising.available():
            assert photo.fields["number"]["value"] == photo.number, "read from the photograph"
        assert [each.kind for each in papers.values() if each.standing == "expiring"] == ["raw_milk_purchase"]
        assert {each.id for each in certificates.queue(unit)} == {photo.id}
        (farm,) = (each for each in directory.suppliers(unit) if each.kind == "farm")
        asked = {each.requirement.kind: each.state for each in certificates.todo(unit, farm.id) if not each.requirement.optional}
        assert asked == {
            "business_licence": "fine",
            "raw_milk_purchase": "expiring",
            "animal_epidemic_conditions": "fine",
            "inspection_report": "each_lot",
        }
        for supplier in directory.suppliers(unit):
            for material in directory.supplied_by(unit, supplier.id):
                assert gate.may(unit, supplier_id=supplier.id, material_id=material.id, day=day_of(house.now)).open
