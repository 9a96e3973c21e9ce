"""Passports and traceability records through the JSON doors."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from tests.app.conftest import Erp, flaw_of
from tests.factories.dairy import GTIN, a_delivery, a_material, a_supplier
from tests.traceability.test_workbook import cells_of
from traceability import lots, workbook


@pytest.fixture
def made(erp: Erp) -> Erp:
    """Lot L-1, made of milk, with a code on one item."""
    with erp.web.house.begin("brand_admin") as unit:
        milk = a_delivery(unit, "MILK-1", material=a_material(unit), supplier=a_supplier(unit))
        lots.finish(unit, lot_id=erp.lot_id, inputs=[(milk.id, Decimal(10))])
    erp.key = erp.web.key("codes", "trace")
    return erp


def test_a_lot_and_an_item_have_a_passport(made: Erp) -> None:
    answer = made.ask("GET", f"/lots/{made.lot_id}/passport")
    assert (answer.status_code, answer.mimetype) == (200, "application/vc")
    told = answer.get_json(force=True)
    assert told["type"] == ["DigitalProductPassport", "VerifiableCredential"]
    assert told["credentialSubject"]["granularityLevel"] == "batch"
    order = made.order(1)
    made.post(f"/orders/{order}/prints")
    made.post(f"/orders/{order}/activations", {"lot_id": made.lot_id})
    (link,) = made.links(order, 0, 1)
    item = made.ask("POST", "/items/passport", {"code": link})
    assert item.get_json(force=True)["credentialSubject"]["granularityLevel"] == "item"
    assert made.ask("POST", "/items/passport", {"code": f"https://id.gs1.org/01/{GTIN}/21/AAAAAAAAAAAA"}).status_code == 404
    assert made.ask("GET", "/lots/none/passport").status_code == 404


def test_records_come_as_csv_and_xlsx_and_say_what_is_wrong_with_a_question(made: Erp) -> None:
    answer = made.ask("GET", f"/lots/{made.lot_id}/fsma204.csv?reach=both&since=2020-01-01")
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["Critical tracking event"], row["Batch or lot"]) == ("Transformation", "L-1")
    book = made.ask("GET", f"/lots/{made.lot_id}/fsma204.xlsx")
    assert book.content_type == workbook.MEDIA_TYPE
    assert cells_of(book.data)["A2"][1] == "Transformation"
    assert flaw_of(made.ask("GET", f"/lots/{made.lot_id}/fsma204.csv?reach=up"))[:2] == (422, "/reach")
    assert made.ask("GET", f"/lots/{made.lot_id}/fsma204.csv?colour=red").status_code == 422


def test_a_key_without_the_right_scope_is_refused(made: Erp) -> None:
    key = made.web.key("codes")
    for path in ("passport", "fsma204.csv", "fsma204.xlsx"):
        assert made.ask("GET", f"/lots/{made.lot_id}/{path}", key=key).status_code == 403
