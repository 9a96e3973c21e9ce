"""Food traceability records out of the house's own events and captured ones: the right rows, in words that people know."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.errors import Missing
from kernel.unit import Unit
from suppliers import directory
from tests.conftest import House, shared_data
from tests.factories.dairy import GTIN, a_delivery, a_farms_papers, a_material, a_supplier
from tests.traceability.events.test_capturing import an_event, capture
from tests.traceability.moves.roll import Roll, a_roll, let_go
from tests.traceability.test_workbook import cells_of
from traceability import critical_events, deliveries, lots, packing, shipments
from traceability.arrivals import Line
from traceability.critical_events import Records, described
from traceability.events import capturing, documents
from traceability.models import MasterDatum
from traceability.spans import Span

RAW, PACKED = "https://id.gs1.org/01/00860009999923/10/ABC1234", "https://id.gs1.org/01/10860009999920/10/ABC1234"
SALAD = "https://id.gs1.org/01/10860009998039/10/SALAD-20260420-A"
PACKER = "https://id.gs1.org/414/0860009999992"


@pytest.fixture
def chain(house: House) -> House:
    """The four examples of GS1 US, captured. Their dates are kept; the clock stands after them."""
    for name in ("harvest", "initial-packing", "shipping", "transformation"):
        document = documents.read((shared_data("fsma204") / f"{name}-cte.jsonld").read_bytes(), "application/ld+json")
        with house.begin("machine") as unit:
            assert capturing.capture(unit, document).errors == []
    return house


def _lines(records: Records) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(records.csv().decode("utf-8-sig"))))


def _told(house: House, *uris: str) -> list[dict[str, str]]:
    with house.look() as unit:
        return _lines(critical_events.of_things(unit, uris))


def test_captured_examples_are_told_with_their_codes_dates_amounts_and_places(chain: House) -> None:
    told = _told(chain, PACKED)
    kinds = [(row["Critical tracking event"], row["Date"], row["Quantity"], row["Unit of measure"]) for row in told]
    assert kinds == [
        ("Initial packing", "2026-04-18", "25", "case"),
        ("Initial packing", "2026-04-18", "500", "case"),
        ("Shipping", "2026-04-19", "25", "case"),
        ("Transformation", "2026-04-20", "2000", "case"),
    ]
    assert {row["Traceability lot code (TLC)"] for row in told[:3]} == {PACKED}
    assert (told[3]["Traceability lot code (TLC)"], told[3]["Input TLC"], told[3]["Input quantity"]) == (SALAD, PACKED, "100")
    assert {row["TLC source"] for row in told[:3]} == {PACKER}
    assert (told[1]["Harvest date"], told[1]["Harvest location"]) == ("2026-04-17", "https://id.gs1.org/414/0860009999060")
    assert (told[2]["Location"], told[2]["Immediate subsequent recipient"]) == (PACKER, "https://id.gs1.org/414/0860009998001")
    assert told[2]["Reference document number"] == "856-100037169; 211-101037170"
    assert told[2]["Time (with offset)"] == "13:35:18-05:00"


def test_the_harvest_is_of_the_raw_lot_and_the_salad_knows_both_its_parts(chain: House) -> None:
    assert [row["Critical tracking event"] for row in _told(chain, RAW)] == [
        "Harvesting", "Harvesting", "Receiving", "Cooling", "Initial packing", "Initial packing",
    ]  # fmt: skip
    assert [row["Input TLC"][-7:] for row in _told(chain, SALAD)] == ["ABC1234", "DEF2345"]


def test_an_event_taken_back_is_in_no_sheet(house: House) -> None:
    shipped = an_event(
        eventID="urn:uuid:7f1c2f3e-0c4a-4c61-8d2b-0f6d6a0a1b2c", quantityList=[{"epcClass": RAW, "quantity": 5, "uom": "KGM"}]
    )
    with house.begin("machine") as unit:
        assert capture(unit, shipped).errors == []
    assert len(_told(house, RAW)) == 1
    with house.begin("machine") as unit:
        wrong = {**shipped, "errorDeclaration": {"declarationTime": unit.now.isoformat(), "reason": "did_not_occur"}}
        assert capture(unit, wrong).errors == []
    assert _told(house, RAW) == []


def test_places_and_products_are_called_as_partners_call_them(chain: House) -> None:
    with chain.begin() as unit:
        for kind, uri, attributes in (
            ("location", PACKER, {"https://gs1.org/cbv/mda#name": ["Valley Packers"], "urn:epcglobal:cbv:mda#city": ["Salinas"]}),
            (
                "class",
                "https://id.gs1.org/01/10860009999920",
                {"https://gs1.org/cbv/mda#descriptionShort": [""], "gs1:productName": ["Hearts"]},
            ),
        ):
            unit.session.add(MasterDatum(id=unit.new_id(), kind=kind, uri=uri, attributes=attributes, children=[], recorded_at=unit.now))
    row = _told(chain, PACKED)[0]
    assert (row["Location description"], row["Product description"]) == ("Valley Packers, Salinas", "Hearts")
    assert described({"a:telephone": "+1 555", "a:streetAddressOne": "Main 1", "a:name": "N"}) == "N, Main 1, +1 555"


@pytest.fixture
def roll(house: House) -> Roll:
    """Sixty coded items on a released lot that was made of a delivery of milk."""
    with house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
    roll = a_roll(house, 100, commissioned=60)
    with house.begin() as unit:
        milk = a_delivery(unit, "MILK-1", material=a_material(unit), supplier=a_supplier(unit))
        lots.finish(unit, lot_id=roll.lot_id, inputs=[(milk.id, Decimal(900))], quantity=Decimal(60))
        let_go(unit, roll.lot_id)
    return roll


def _shipment(unit: Unit, **more: object) -> None:
    shipments.ship(unit, reference="DN-1", customer="杭州示例商贸", regions=["CN-33"], **more)  # type: ignore[arg-type]


def test_goods_of_the_house_are_told_from_making_to_shipping_by_case_and_by_pallet(house: House, roll: Roll) -> None:
    with house.begin(now=house.now + timedelta(minutes=1)) as unit:
        cases = [packing.pack(unit, kind="case", items=[Span(GTIN, 1, *span)]).sscc for span in ((0, 11), (12, 23))]
        pallet = packing.pack(unit, kind="pallet", children=cases).sscc
    with house.begin(now=house.now + timedelta(minutes=2)) as unit:
        _shipment(unit, sscc=[pallet])
    with house.begin(now=house.now + timedelta(minutes=3)) as unit:
        shipments.ship(unit, reference="DN-2", customer="上海示例", regions=["CN-31"], order_id=roll.order_id, start=30, count=5)
    with house.look() as unit:
        made, by_pallet, by_code = _lines(critical_events.of_lots(unit, [roll.lot_id]))
    assert (made["Critical tracking event"], made["Quantity"], made["Unit of measure"]) == ("Transformation", "60", "piece")
    assert (made["Input product description"], made["Input quantity"], made["Input unit of measure"]) == (
        "Raw milk, 生乳",
        "900",
        "kilogram",
    )
    assert (made["GTIN"], made["Batch or lot"], made["Product description"]) == (GTIN, "L-1", "Fresh milk, 鲜牛奶, 950 ml")
    assert (by_pallet["Quantity"], by_pallet["Immediate subsequent recipient description"]) == ("24", "杭州示例商贸")
    assert (by_pallet["Reference document type"], by_pallet["Reference document number"]) == ("Despatch advice (ASN)", "DN-1")
    assert (by_pallet["TLC source description"], by_pallet["Location description"]) == ("岚牧一厂", "岚牧一厂")
    assert (by_code["Quantity"], by_code["Immediate subsequent recipient description"]) == ("5", "上海示例")


def test_what_came_in_is_told_with_its_supplier_its_note_and_the_suppliers_own_lot(house: House) -> None:
    with house.begin() as unit:
        farm, milk = a_supplier(unit), a_material(unit)
        a_farms_papers(unit, farm, "S-77")
        directory.list_supply(unit, supplier_id=farm.id, material_id=milk.id)
        line = Line(milk.id, Decimal(1000), "KGM", supplier_lot="S-77")
        deliveries.receive(unit, supplier_id=farm.id, reference="NOTE-9", place="收奶站", lines=[line])
        (lot,) = lots.every(unit)
        (row,) = _lines(critical_events.of_lots(unit, [lot.id]))
    assert (row["Critical tracking event"], row["Quantity"], row["Supplier's lot"]) == ("Receiving", "1000", "S-77")
    assert (row["Batch or lot"], row["Product description"]) == ("MILK-S-77", "Raw milk, 生乳")
    assert (row["Immediate previous source description"], row["Location description"]) == ("青原牧场", "收奶站")
    assert row["Reference document number"].startswith("NOTE-9; ")


def test_the_spreadsheet_holds_the_same_and_says_of_what_it_was_made(house: House, roll: Roll) -> None:
    with house.look() as unit:
        records = critical_events.of_lots(unit, [roll.lot_id])
    cells = cells_of(records.xlsx())
    assert (cells["A2"][1], cells["D2"][1]) == ("Transformation", f"https://id.gs1.org/01/{GTIN}/10/L-1")
    assert (cells["B2"][0], cells["H2"]) == ("n", ("n", "60", False))
    assert f"https://id.gs1.org/01/{GTIN}/10/L-1" in [text for _, text, _ in cells_of(records.xlsx(), 2).values()]


def test_a_foreign_brands_lot_is_not_there(house: House, roll: Roll) -> None:
    with house.look(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        critical_events.of_lots(unit, [roll.lot_id])
    with house.look(brand_id=house.other_brand_id) as unit:
        assert critical_events.of_things(unit, [f"https://id.gs1.org/01/{GTIN}/10/L-1"]).rows == ()


def test_no_serial_leaves_in_a_sheet(house: House, roll: Roll) -> None:
    with house.begin() as unit:
        _shipment(unit, order_id=roll.order_id, start=0, count=3)
        serials = roll.serials(unit)
        told = json.dumps(_lines(critical_events.of_lots(unit, [roll.lot_id])))
    assert "Shipping" in told
    assert not [serial for serial in serials if serial in told]
