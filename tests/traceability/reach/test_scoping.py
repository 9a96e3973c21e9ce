"""From whatever somebody holds in their hands to the lots that are meant."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.errors import Invalid, Missing
from suppliers import directory
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_farms_papers, a_material, a_supplier
from tests.traceability.events.test_capturing import a_packing, capture
from tests.traceability.reach.conftest import Plant
from traceability import deliveries, lots, packing, scoping
from traceability.arrivals import Line
from traceability.models import Product
from traceability.spans import Span

THEIRS = "urn:epc:id:sscc:0614141.1234567890"


def _found(house: House, kind: str, value: str) -> tuple[str, ...]:
    with house.look() as unit:
        return scoping.find(unit, kind, value).lot_ids


def test_a_scope_begins_anywhere(house: House, plant: Plant) -> None:
    asked = {
        ("lot", "L-1"): plant.lot,
        ("lot", f"https://id.gs1.org/01/{GTIN}/10/L-1"): plant.lot,
        ("lot", f"(01){GTIN}(10)L-1"): plant.lot,
        ("supplier_lot", "T7"): plant.milk,
        ("item", _item(plant, 5)): plant.lot,
        ("item", f"(01){GTIN}(21){plant.serials[5]}"): plant.lot,
        ("item", plant.serials[5]): plant.lot,
        ("pack", plant.case): plant.lot,
        ("pack", f"https://id.gs1.org/00/{plant.pallet}"): plant.lot,
        ("delivery", "DN-2"): plant.lot,
    }
    for (kind, value), expected in asked.items():
        assert _found(house, kind, value) == (expected,), (kind, value)
    with house.look() as unit:
        line = {"since": house.now - timedelta(hours=1), "until": house.now + timedelta(hours=1)}
        assert scoping.find(unit, "line", "L1", **line).lot_ids == (plant.lot,)
        with pytest.raises(Missing):
            scoping.find(unit, "line", "L1", since=house.now - timedelta(hours=9), until=house.now - timedelta(hours=8))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("lot", "NOPE"), ("lot", f"(01){GTIN}(10)NOPE"), ("pack", "095212340000000013"), ("delivery", "DN-77"), ("certificate", "X"),
        ("item", "L-1"), ("item", "000000000000"), ("item", "https://example.org/nothing"),
    ],
)  # fmt: skip
def test_what_nobody_knows_leads_nowhere(house: House, plant: Plant, kind: str, value: str) -> None:
    with pytest.raises(Missing):
        _found(house, kind, value)


def test_an_item_that_is_on_no_lot_leads_nowhere(house: House, plant: Plant) -> None:
    for value in (_item(plant, 90), plant.serials[90]):
        with pytest.raises(Missing):
            _found(house, "item", value)


@pytest.mark.parametrize("kind", ["lot", "item"])
def test_a_broken_element_string_is_told_at_its_field(house: House, kind: str) -> None:
    with pytest.raises(Invalid) as caught:
        _found(house, kind, "(01)123")
    assert {each["pointer"] for each in caught.value.errors} == {"/value"}


def test_a_pack_that_was_unpacked_still_leads_to_its_lots(house: House, plant: Plant) -> None:
    """The letter names its SSCC, whoever took it apart since; so does the case that never left."""
    with house.begin() as unit:
        inside = packing.pack(unit, kind="case", items=[Span(GTIN, 1, 30, 31)]).sscc
        stand = packing.pack(unit, kind="pallet", children=[inside]).sscc
        packing.unpack(unit, sscc=stand)
        packing.unpack(unit, sscc=inside)
        packing.unpack(unit, sscc=plant.pallet)
        packing.unpack(unit, sscc=plant.case)
    for sscc in (plant.pallet, plant.case, inside, stand):
        assert _found(house, "pack", sscc) == (plant.lot,)


def test_a_partners_pack_that_was_unpacked_leads_to_its_lots(house: House, plant: Plant) -> None:
    with house.begin() as unit:
        capture(unit, a_packing(THEIRS, [_item(plant, 30)], hours=1), a_packing(THEIRS, [], action="DELETE", hours=2))
    assert _found(house, "pack", "106141412345678908") == (plant.lot,)


def test_a_pack_leads_to_what_is_in_it_and_not_to_what_was(house: House, plant: Plant) -> None:
    with house.begin() as unit:
        product = unit.session.get_one(Product, lots.get(unit, plant.lot).product_id)
        other = a_batch(unit, "L-2", product)
        some = [{"epcClass": other.uri, "quantity": 3}]
        capture(
            unit,
            a_packing(THEIRS, [_item(plant, 30)], childQuantityList=some, hours=1),
            a_packing(THEIRS, [_item(plant, 30)], action="DELETE", hours=2),
        )
    assert _found(house, "pack", "106141412345678908") == (other.id,)


def test_a_delivery_note_leads_to_a_lot_of_which_some_came_before(house: House) -> None:
    """More of a lot that bears the supplier's own class comes under a second note."""
    with house.begin("brand_admin") as unit:
        supplier, milk = a_supplier(unit), a_material(unit)
        directory.list_supply(unit, supplier_id=supplier.id, material_id=milk.id)
        a_farms_papers(unit, supplier, "G-1", "G-2")
        line = Line(milk.id, Decimal(5), "KGM", supplier_lot="G-1", supplier_gtin="04006381333931")
        other = Line(milk.id, Decimal(5), "KGM", supplier_lot="G-2")
    for hours, (note, lines) in enumerate({"R-1": [line, other], "R-2": [line]}.items()):
        with house.begin(now=house.now + timedelta(hours=hours)) as unit:
            deliveries.receive(unit, supplier_id=supplier.id, reference=note, place="仓库", lines=lines)
    first, second = _found(house, "delivery", "R-1"), _found(house, "delivery", "R-2")
    assert (len(first), len(second)) == (2, 1)
    assert set(second) < set(first)
    with house.look() as unit:
        assert scoping.find(unit, "delivery", "R-2", supplier_id=supplier.id).lot_ids == second
        with pytest.raises(Missing):
            scoping.find(unit, "delivery", "R-2", supplier_id="nobody")


def _item(plant: Plant, place: int) -> str:
    return f"https://id.gs1.org/01/{GTIN}/21/{plant.serials[place]}"
