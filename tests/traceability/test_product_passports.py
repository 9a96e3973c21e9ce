"""Digital Product Passports of the house's lots and items: only what is known, and only what was verified."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Missing
from kernel.given import CHINA
from suppliers.models import CheckOutcome, StandingChange
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_delivery, a_material, a_paper, a_product, a_supplier
from tests.factories.recalls import a_recall
from tests.traceability.moves.roll import a_roll
from traceability import lots, product_passports, sites
from traceability.models import Lot, LotPaper


@pytest.fixture
def lot(house: House) -> Lot:
    """Yogurt of 750 kg of milk and 250 kg of culture, in bottles; made in Shijiazhuang."""
    with house.begin("brand_admin") as unit:
        farm, product = a_supplier(unit), a_product(unit)
        sites.put(unit, name="岚牧一厂", region="CN-1301")
        made = a_batch(unit, "B-1", product, unit.now - timedelta(hours=1))
        inputs = []
        for code, category, quantity in (("MILK", "dairy", 750), ("CULTURE", "additive", 250), ("BOTTLE", "packaging", 900)):
            material = a_material(unit, code, category)
            material.name_en = code.title()
            inputs.append((a_delivery(unit, f"{code}-1", material=material, supplier=farm).id, Decimal(quantity)))
        lots.finish(unit, lot_id=made.id, inputs=inputs)
        return made


def _subject(house: House, lot: Lot) -> dict[str, Any]:
    with house.look() as unit:
        return product_passports.of_lot(unit, lot.id)["credentialSubject"]  # type: ignore[no-any-return]


def test_a_batch_says_what_it_is_where_it_was_made_and_of_what(house: House, lot: Lot) -> None:
    subject = _subject(house, lot)
    product = subject["product"]
    assert (product["id"], product["registeredId"]) == (f"https://id.gs1.org/01/{GTIN}/10/B-1", f"{GTIN}.10.B-1")
    assert (product["countryOfProduction"], product["producedAtFacility"]["name"]) == ("CN", "岚牧一厂")
    assert product["furtherInformation"][0]["linkURL"] == f"https://id.example/01/{GTIN}/10/B-1"
    shares = [(each["name"], each["massFraction"]) for each in subject["materialsProvenance"]]
    assert shares == [("Culture", 0.25), ("Milk", 0.75)]
    (process,) = subject["traceabilityInformation"]
    assert process["valueChainProcess"] == "Commissioning"
    assert process["traceabilityEvent"][0]["linkURL"].startswith("https://id.example/epcis/events/urn%3Auuid%3A")


def test_only_papers_that_stand_and_were_checked_or_accepted_by_a_person_are_claims(house: House, lot: Lot) -> None:
    papers = {}
    with house.begin("brand_admin") as unit:
        (milk,) = (each for each in lots.every(unit, kind="material") if each.code == "MILK-1")
        for number, (kind, standing) in enumerate(
            [("business_licence", "verified"), ("quarantine", "verified"), ("organic", "lapsed"), ("inspection_report", "expiring")]
        ):
            paper = a_paper(unit, a_supplier(unit, f"供应商{number}", f"91150100MA0N0000{number}9"), kind, standing)
            unit.session.add(LotPaper(id=unit.new_id(), lot_id=milk.id, certificate_id=paper.id))
            papers[kind] = paper.id
        for kind, result in (("business_licence", "inconclusive"), ("quarantine", "passed"), ("organic", "passed")):
            row = {"id": unit.new_id(), "certificate_id": papers[kind], "name": "dates", "result": result, "because": "check.dates.fine"}
            unit.session.add(CheckOutcome(**row, evidence={}, at=unit.now))
        seen = {
            "id": unit.new_id(),
            "certificate_id": papers["inspection_report"],
            "place": 1,
            "standing": "verified",
            "decision": "accept",
        }
        unit.session.add(StandingChange(**seen, at=unit.now, by="someone"))
    claims = _subject(house, lot)["conformityClaim"]
    assert sorted(each["conformityEvidence"]["linkName"].split()[0] for each in claims) == ["Animal", "Inspection"]


def test_a_recall_is_told_and_a_lot_of_material_names_its_supplier(house: House, lot: Lot) -> None:
    with house.begin() as unit:
        (milk,) = (each for each in lots.every(unit, kind="material") if each.code == "MILK-1")
        a_recall(unit, lot_ids=[lot.id])
    links = [each["linkName"] for each in _subject(house, lot)["product"]["furtherInformation"]]
    assert "This batch is recalled" in links
    product = _subject(house, milk)["product"]
    assert (product["producedByParty"]["name"], product["producedByParty"]["registeredId"]) == ("青原牧场", "91150100MA0N000010")
    assert "producedAtFacility" not in product


def test_an_item_has_one_for_whoever_brings_its_code_and_a_mere_label_none(house: House) -> None:
    roll = a_roll(house, 10, commissioned=5)
    with house.look() as unit:
        links, serials = roll.links(unit), roll.serials(unit)
        told = product_passports.of_item(unit, links[2])["credentialSubject"]
        assert told["granularityLevel"] == "item"
        assert told["product"]["serialNumber"] == serials[2]
        assert told["product"]["id"] == f"https://id.gs1.org/01/{GTIN}/21/{serials[2]}"
        assert not [serial for serial in serials if serial != serials[2] and serial in str(told)]
        with pytest.raises(Missing):
            product_passports.of_item(unit, links[7])
    with house.look(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        product_passports.of_item(unit, links[2])


def test_no_serial_is_in_the_passport_of_a_lot(house: House) -> None:
    roll = a_roll(house, 10, commissioned=5)
    with house.look() as unit:
        told = str(product_passports.of_lot(unit, roll.lot_id))
        assert not [serial for serial in roll.serials(unit) if serial in told]


def test_a_claim_tells_the_end_of_the_number_and_that_a_paper_fell_since(house: House, lot: Lot) -> None:
    with house.begin("brand_admin") as unit:
        (milk,) = (each for each in lots.every(unit, kind="material") if each.code == "MILK-1")
        paper = a_paper(unit, a_supplier(unit, "供应商", "91150100MA0N000029"), "food_production", "revoked")
        paper.number = "SC10115010000017"
        unit.session.add(LotPaper(id=unit.new_id(), lot_id=milk.id, certificate_id=paper.id))
        row = {"id": unit.new_id(), "certificate_id": paper.id, "name": "dates", "result": "passed", "because": "check.dates.good"}
        unit.session.add(CheckOutcome(**row, evidence={}, at=unit.now))
        for place, (hours, standing) in enumerate(((-2, "verified"), (0, "revoked")), 1):
            at = unit.now + timedelta(hours=hours)
            words = {"place": place, "standing": standing, "because": [], "at": at, "by": "system"}
            unit.session.add(StandingChange(id=unit.new_id(), certificate_id=paper.id, **words))
    (claim,) = _subject(house, lot)["conformityClaim"]
    assert claim["conformance"] is False
    assert claim["conformityEvidence"]["linkName"] == "Food production licence …0017"
    assert "SC10115010000017" not in str(claim)
    day = house.now.astimezone(CHINA).date().isoformat()
    assert claim["description"].endswith(f"stood when the goods were made or received; revoked since {day}")
