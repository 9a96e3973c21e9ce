"""A delivery: all of its lines come in, or none, and the supplier's own name of a lot stays its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from suppliers import directory
from suppliers.gate import GateClosed
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_farms_papers, a_material, a_product, a_supplier
from tests.traceability.events.test_export import valid
from traceability import arrivals, corrections, deliveries, genealogy, holds, intake, lots, stock
from traceability.arrivals import Line
from traceability.events import export, query
from traceability.models import Lot

THEIRS = "04006381333931"


@dataclass
class Farm:
    supplier: str
    milk: str
    caps: str
    licence: str
    report: str


@pytest.fixture
def farm(house: House) -> Farm:
    """A farm that may deliver milk, and caps as soon as it is listed for them."""
    with house.begin("brand_admin") as unit:
        supplier, milk, caps = a_supplier(unit), a_material(unit), a_material(unit, "CAP", "packaging")
        directory.list_supply(unit, supplier_id=supplier.id, material_id=milk.id)
        licence, report = a_farms_papers(unit, supplier, "T7", "T8", "T9")
        return Farm(supplier.id, milk.id, caps.id, licence.id, report.id)


def _receive(house: House, farm: Farm, *lines: Line, hours: float = 0, **more: Any) -> str:
    words: dict[str, Any] = {"supplier_id": farm.supplier, "reference": "LS-1", "place": "岚牧一厂收奶站", **more}
    with house.begin(now=house.now + timedelta(hours=hours)) as unit:
        return deliveries.receive(unit, lines=list(lines), **words).id


def _milk(farm: Farm, lot: str | None = "T7", quantity: str = "1000", **more: Any) -> Line:
    return Line(farm.milk, Decimal(quantity), "KGM", supplier_lot=lot, **more)


def _lots(house: House) -> list[Lot]:
    with house.look() as unit:
        return sorted(lots.every(unit), key=lambda lot: lot.code)


def test_lines_become_lots_with_one_event_and_their_papers(house: House, farm: Farm) -> None:
    made = _receive(house, farm, _milk(farm, quantity="1000.500"), _milk(farm, "T8", "20", lot_code="M-8", certificate_ids=(farm.licence,)))
    first, second = _lots(house)
    assert (first.code, first.supplier_lot, first.quantity, first.delivery_id) == ("M-8", "T8", Decimal(20), made)
    assert (second.code, second.supplier_lot, second.state) == ("MILK-T7", "T7", "released")
    with house.look() as unit:
        rows = deliveries.lines(unit, [deliveries.get(unit, made)])[made]
        assert [(row.lot.code, row.quantity, row.uom) for row in rows] == [("M-8", 20, "KGM"), ("MILK-T7", Decimal("1000.5"), "KGM")]
        (event,) = query.of_lots(unit, [first.id, second.id])
        assert (event.action, event.biz_step, event.read_point) == ("ADD", "receiving", "岚牧一厂收奶站")
        assert set(intake.papers_of(unit, [second.id])[second.id]) > {farm.licence, farm.report}
        document = export.document(unit, [event])
        (told,) = document["epcisBody"]["eventList"]
        party = "https://id.example/party/91150100MA0N000010"
        assert told["sourceList"] == [{"type": "owning_party", "source": party}]
        assert [each["bizTransaction"] for each in told["bizTransactionList"]] == [
            f"{party}/desadv/LS-1",
            f"https://id.example/delivery/{made}",
        ]
        assert [each["lotNumber"] for each in told["suyuan:supplierLots"]] == ["T7", "T8"]
    valid(document)


def test_the_same_note_with_the_same_words_is_the_same_delivery(house: House, farm: Farm) -> None:
    first = _receive(house, farm, _milk(farm))
    assert _receive(house, farm, _milk(farm, quantity="1000.0"), hours=2) == first
    for other in ({"place": "别处"}, {"received_at": house.now}):
        with pytest.raises(deliveries.DeliveryReferenceUsed):
            _receive(house, farm, _milk(farm), **other)
    with pytest.raises(deliveries.DeliveryReferenceUsed):
        _receive(house, farm, _milk(farm), _milk(farm, "T8"))
    assert _receive(house, farm, _milk(farm), reference="LS-2", hours=1) != first
    assert [lot.code for lot in _lots(house)] == ["MILK-T7", "MILK-T7-2"]
    with house.look() as unit:
        assert [each.reference for each in deliveries.every(unit, limit=1)] == ["LS-2"]
        assert [each.id for each in deliveries.every(unit, before=deliveries.every(unit, limit=1)[0].id)] == [first]


def test_one_line_that_may_not_come_in_keeps_all_outside(house: House, farm: Farm) -> None:
    cap = Line(farm.caps, Decimal(5000), "H87", lot_code="C-1")
    with pytest.raises(GateClosed) as trouble:
        _receive(house, farm, _milk(farm), cap)
    assert trouble.value.more["because"] == ["gate.unlisted"]
    assert trouble.value.more["lines"] == [{"line": 2, "material_id": farm.caps, "lot": None, "because": ["gate.unlisted"]}]
    with house.look() as unit:
        assert lots.every(unit) == deliveries.every(unit) == []
    with house.begin() as unit:
        lots.keep(unit, _plain(unit, farm, "M-9"))
    with pytest.raises(lots.LotCodeTaken):
        _receive(house, farm, _milk(farm), _milk(farm, "T9", lot_code="M-9"))
    assert [lot.code for lot in _lots(house)] == ["M-9"]


def _plain(unit: Any, farm: Farm, code: str) -> Lot:
    words: dict[str, Any] = {"quantity": Decimal(1), "uom": "KGM", "place": "厂", "started_at": unit.now, "state": "released"}
    return Lot(id=unit.new_id(), code=code, kind="material", material_id=farm.milk, supplier_id=farm.supplier, **words)


@pytest.mark.parametrize(
    ("line", "pointer", "rule"),
    [
        ({"lot": None}, "/lines/1/lot_code", "which-lot"),
        ({"lot": "T7", "lot_code": "M-1"}, "/lines/1/lot_code", "twice"),
        ({"lot": "批次", "supplier_gtin": THEIRS}, "/lines/1/supplier_lot", "gs1-ai-10"),
        ({"lot": "T8", "supplier_gtin": "04006381333930"}, "/lines/1/supplier_gtin", "check-digit"),
        ({"quantity": "-1"}, "/lines/1/quantity", "positive"),
    ],
)
def test_a_flaw_names_its_line(house: House, farm: Farm, line: dict[str, Any], pointer: str, rule: str) -> None:
    with pytest.raises(Invalid) as trouble:
        _receive(house, farm, _milk(farm, lot_code="M-1"), _milk(farm, **line))
    assert [(each["pointer"], each["rule"]) for each in trouble.value.errors] == [(pointer, rule)]
    with pytest.raises(Invalid):
        _receive(house, farm)
    with pytest.raises(Missing):
        _receive(house, farm, _milk(farm), supplier_id=farm.milk)


def test_goods_marked_with_gs1_keep_their_makers_name_and_more_of_them_is_the_same_lot(house: House, farm: Farm) -> None:
    _receive(house, farm, _milk(farm, supplier_gtin="4006381333931"), _milk(farm, "T8"))
    second = _receive(house, farm, _milk(farm, quantity="250", supplier_gtin=THEIRS), reference="LS-2", hours=1)
    (marked,) = (lot for lot in _lots(house) if lot.code == "MILK-T7")
    assert (marked.uri, marked.quantity) == (f"https://id.gs1.org/01/{THEIRS}/10/T7", Decimal(1250))
    with house.look() as unit:
        first_event, second_event = query.of_lot(unit, marked.id)
        assert first_event.action == second_event.action == "OBSERVE", "its maker said that it came to be"
        assert [row.quantity for row in deliveries.lines(unit, [deliveries.get(unit, second)])[second]] == [Decimal(250)]
        assert stock.of(unit, [marked])[marked.id].left == Decimal(1250)
        assert len(intake.papers_of(unit, [marked.id])[marked.id]) == 4
    for wrong in ({"lot_code": "M-2"}, {"uom": "LTR"}):
        line = Line(**{**_milk(farm, supplier_gtin=THEIRS).__dict__, **wrong})
        with pytest.raises(arrivals.SupplierLotKnown) as trouble:
            _receive(house, farm, line, reference="LS-3")
        assert trouble.value.more["lot"] == "MILK-T7"


def test_what_a_supplier_told_of_their_lot_leads_to_ours(house: House, farm: Farm) -> None:
    """Their own transformation, captured, and our use of it are told of one thing."""
    from traceability.events import capture, flows, keeping, things

    with house.begin() as unit:
        grass, theirs = "https://farm.example/lot/grass-1", f"https://id.gs1.org/01/{THEIRS}/10/T7"
        keeping.be_known(unit, uri=grass, kind="lot")
        capture.record(
            unit,
            type="TransformationEvent",
            biz_step="commissioning",
            event_time=unit.now,
            what={"inputQuantityList": [{"epcClass": grass}], "outputQuantityList": [{"epcClass": theirs}]},
            lots={},
        )
    made = _receive(house, farm, _milk(farm, supplier_gtin=THEIRS))
    with house.begin() as unit:
        (row,) = deliveries.lines(unit, [deliveries.get(unit, made)])[made]
        batch = a_batch(unit, "L-1", a_product(unit))
        lots.finish(unit, lot_id=batch.id, inputs=[(row.lot.id, Decimal(10))])
        reached = flows.reached(unit, [things.key(unit.brand_id, grass)], "forward")
        assert set(genealogy.lots_of(unit, reached).values()) == {row.lot.id, batch.id}


def test_a_class_of_our_own_product_is_no_material(house: House, farm: Farm) -> None:
    with house.begin() as unit:
        a_batch(unit, "T7", a_product(unit))
    with pytest.raises(arrivals.SupplierLotKnown):
        _receive(house, farm, _milk(farm, supplier_gtin=GTIN))


def test_a_delivered_lot_follows_its_papers(house: House, farm: Farm) -> None:
    made = _receive(house, farm, _milk(farm))
    with house.begin() as unit:
        (row,) = deliveries.lines(unit, [deliveries.get(unit, made)])[made]
        assert intake.leaning_on(unit, farm.report) == [row.lot.id]
        assert holds.of_lot(unit, row.lot.id) == []


def test_of_a_lot_that_came_twice_the_receipt_that_was_wrong_is_corrected(house: House, farm: Farm) -> None:
    made = [
        _receive(house, farm, _milk(farm, supplier_gtin=GTIN), reference=number, hours=hours)
        for number, hours in (("LS-1", 0), ("LS-2", 1))
    ]
    (lot,) = _lots(house)
    words: dict[str, Any] = {"lot_id": lot.id, "quantity": Decimal(700), "reason": "过磅抄错"}
    with house.begin(now=house.now + timedelta(hours=2)) as unit:
        with pytest.raises(corrections.WhichDelivery) as trouble:
            corrections.correct_receipt(unit, **words)
        assert [each["delivery_id"] for each in trouble.value.more["deliveries"]] == made
        with pytest.raises(corrections.NothingToCorrect):
            corrections.correct_receipt(unit, **words, delivery_id="01JX0000000000000000000000")
        assert corrections.correct_receipt(unit, **words, delivery_id=made[1]).quantity == 1700
    with house.begin(now=house.now + timedelta(hours=3)) as unit:
        rows = {each.id: row.quantity for each, row in deliveries.of_lot(unit, lots.get(unit, lot.id))}
        assert rows == {made[0]: 1000, made[1]: 700}
        with pytest.raises(corrections.SameAsBefore):
            corrections.correct_receipt(unit, **words, delivery_id=made[1])
