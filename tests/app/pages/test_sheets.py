"""Files of a lot at the desk: traceability records by lot and recall, in a time, for the staff alone."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.app.conftest import Web
from tests.factories.dairy import GTIN, a_batch, a_delivery, a_material, a_product, a_supplier
from tests.factories.recalls import a_recall
from tests.traceability.test_workbook import cells_of
from traceability import lots, workbook


@pytest.fixture
def made(web: Web) -> tuple[str, str]:
    """Ids of a lot of milk and of the lot that was made of it an hour ago."""
    with web.house.begin("brand_admin", now=web.house.now - timedelta(hours=1)) as unit:
        milk = a_delivery(unit, "MILK-1", material=a_material(unit), supplier=a_supplier(unit))
        lot = a_batch(unit, "B-1", a_product(unit))
        lots.finish(unit, lot_id=lot.id, inputs=[(milk.id, Decimal(10))])
        return milk.id, lot.id


def _lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_lots_records_come_as_a_table_and_as_a_spreadsheet(web: Web, made: tuple[str, str]) -> None:
    desk = web.sign_in("quality")
    answer = desk.get(f"/desk/lots/{made[1]}/fsma204.csv")
    (row,) = _lines(answer.text)
    assert (row["Critical tracking event"], row["Batch or lot"], row["Input quantity"]) == ("Transformation", "B-1", "10")
    assert 'filename="fsma204-B-1.csv"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    book = desk.get(f"/desk/lots/{made[1]}/fsma204.xlsx")
    assert book.content_type == workbook.MEDIA_TYPE
    assert cells_of(book.data)["A2"][1] == "Transformation"


def test_family_and_time_narrow_and_widen_what_is_told(web: Web, made: tuple[str, str]) -> None:
    desk, now = web.sign_in("brand_admin"), web.house.now
    milk, lot = made
    assert len(_lines(desk.get(f"/desk/lots/{milk}/fsma204.csv?reach=forward").text)) == 1
    assert _lines(desk.get(f"/desk/lots/{lot}/fsma204.csv?since={now.isoformat()}").text) == []
    assert len(_lines(desk.get(f"/desk/lots/{lot}/fsma204.csv?until={now.isoformat()}").text)) == 1
    assert desk.get(f"/desk/lots/{lot}/fsma204.csv?reach=up").status_code == 422
    assert desk.get(f"/desk/lots/{lot}/fsma204.csv?since=yesterday").status_code == 422
    assert desk.get(f"/desk/lots/{lot}/fsma204.pdf").status_code == 404


def test_a_recall_and_any_lots_have_one_sheet(web: Web, made: tuple[str, str]) -> None:
    with web.house.begin() as unit:
        recall = a_recall(unit, lot_ids=[made[0]])
    desk = web.sign_in("quality")
    assert [row["Batch or lot"] for row in _lines(desk.get(f"/desk/recalls/{recall.id}/fsma204.csv").text)] == ["B-1"]
    assert len(_lines(desk.get(f"/desk/lots/fsma204.csv?lots={','.join(made)}").text)) == 1
    assert desk.get("/desk/lots/fsma204.csv").status_code == 404


def test_the_lots_page_leads_to_its_files(web: Web, made: tuple[str, str]) -> None:
    desk = web.sign_in("quality")
    page = desk.get(f"/desk/lots/{made[1]}").text
    for file in ("passport", "dpp.json", "fsma204.xlsx", "fsma204.csv"):
        assert f'href="/desk/lots/{made[1]}/{file}' in page
    told = desk.get(f"/desk/lots/{made[1]}/dpp.json")
    assert told.mimetype == "application/vc"
    assert told.get_json(force=True)["credentialSubject"]["product"]["id"] == f"https://id.gs1.org/01/{GTIN}/10/B-1"
