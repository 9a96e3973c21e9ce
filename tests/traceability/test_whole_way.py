"""From the milk to the scan and back: the rooms of traceability together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from kernel.unit import VISITOR, Unit
from suppliers import directory
from suppliers.facts import StandingChanged
from suppliers.models import Certificate, CheckOutcome
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_farms_papers, a_material, a_paper, a_product, a_supplier
from tests.factories.recalls import a_recall
from tests.traceability.events.test_export import valid
from traceability import codes, gs1, intake, lots, moves, passport, scans
from traceability.events import export, query


def _clock(house: House, minutes: int) -> Unit:
    return house.begin("quality", now=house.now + timedelta(minutes=minutes))


def _verdict(house: House, serial: str) -> str:
    with house.database.begin(VISITOR, now=house.now + timedelta(hours=5)) as unit:
        return scans.read(unit, gtin=GTIN, serial=serial).verdict.kind


def test_from_the_milk_to_the_scan_and_back(house: House) -> None:
    with _clock(house, 0) as unit:
        farm, milk = a_supplier(unit), a_material(unit)
        maker, caps = a_supplier(unit, "瓶盖厂", "91150100MA0N000029", "packaging"), a_material(unit, "CAP", "packaging")
        for supplier, material in ((farm, milk), (maker, caps)):
            directory.list_supply(unit, supplier_id=supplier.id, material_id=material.id)
        licence, report = a_farms_papers(unit, farm)
        unit.session.add(CheckOutcome(id=unit.new_id(), certificate_id=licence.id, name="dates", result="passed", because="x", at=unit.now))
        for kind in ("business_licence", "packaging_conformity"):
            a_paper(unit, maker, kind)
        product = a_product(unit)
    with _clock(house, 1) as unit:
        came = [
            intake.receive(
                unit,
                supplier_id=supplier.id,
                material_id=material.id,
                lot_code=code,
                quantity=Decimal(1000),
                uom=uom,
                place="岚牧一厂",
                received_at=unit.now + timedelta(seconds=place),
                certificate_ids=[report.id] if supplier is farm else (),
            )
            for place, (supplier, material, code, uom) in enumerate([(farm, milk, "M-1", "KGM"), (maker, caps, "C-1", "H87")])
        ]
    with _clock(house, 2) as unit:
        lot = a_batch(unit, "L2611-07", product)
        order = codes.order(unit, product_id=product.id, count=990, reference="PO-1")
        moves.printed(unit, order_id=order.id)
        moves.commission(unit, order_id=order.id, lot_id=lot.id)
        serial = gs1.parse(codes.links(unit, order.id, 0, 1)[0]).serial or ""
    with _clock(house, 3) as unit:
        lots.finish(unit, lot_id=lot.id, inputs=[(came[0].id, Decimal(950)), (came[1].id, Decimal(990))], quantity=Decimal(990))
    with _clock(house, 4) as unit:
        lots.release(unit, lot_id=lot.id)
    assert _verdict(house, serial) == "first_check"

    _a_paper_falls(house, licence.id)
    assert _verdict(house, serial) == "on_hold"
    with _clock(house, 6) as unit:
        a_recall(unit, lot_ids=[came[0].id], reason="检出李斯特菌", advice="请勿饮用")
    assert _verdict(house, serial) == "recalled"

    with house.look() as unit:
        told = passport.of(unit, lot.id)
        assert told.product is not None
        assert told.product.name_zh == "鲜牛奶"
        assert [(each.material.code, each.supplier_name, each.lot_code) for each in told.origin] == [
            ("MILK", "青原牧场", "M-1"),
            ("CAP", "瓶盖厂", "C-1"),
        ]
        assert [(step.kind, step.params["lot"]) for step in told.journey] == [
            ("received", "M-1"),
            ("received", "C-1"),
            ("commissioned", "L2611-07"),
            ("made", "L2611-07"),
            ("released", "L2611-07"),
            ("held", "L2611-07"),
            ("held", "L2611-07"),
            ("recalled", "L2611-07"),
        ]
        assert told.journey[2].params["count"] == "990"
        papers = {(paper.supplier_name, paper.kind): paper for paper in told.papers}
        assert len(papers) == 6
        assert papers["青原牧场", "business_licence"].standing == "lapsed"
        assert papers["青原牧场", "business_licence"].checks == {"dates": "passed"}
        document = export.document(unit, query.of_lots(unit, [lot.id, *(each.id for each in came)]))
    items = [item for event in document["epcisBody"]["eventList"] for item in event.get("epcList", ())]
    assert len(items) == 990
    assert items[0] == f"https://id.gs1.org/01/{GTIN}/21/{serial}"
    valid(document)


def _a_paper_falls(house: House, certificate_id: str) -> None:
    with _clock(house, 5) as unit:
        paper = unit.session.get_one(Certificate, certificate_id)
        paper.standing = "lapsed"
        unit.session.flush()
        intake.on_standing_changed(unit, StandingChanged(paper.id, paper.supplier_id, standing="lapsed", before="verified"))
