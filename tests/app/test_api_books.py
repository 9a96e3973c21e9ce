"""Deliveries, stock, corrections, traces and mass balance through the JSON doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from suppliers import directory
from tests.app.conftest import Erp, flaw_of, trouble_of
from tests.factories.dairy import a_farms_papers, a_material, a_supplier


@dataclass
class Farm:
    supplier: str
    milk: str
    caps: str


@pytest.fixture
def farm(erp: Erp) -> Farm:
    erp.key = erp.web.key("trace")
    with erp.web.house.begin("brand_admin") as unit:
        supplier, milk, caps = a_supplier(unit), a_material(unit), a_material(unit, "CAP", "packaging")
        directory.list_supply(unit, supplier_id=supplier.id, material_id=milk.id)
        a_farms_papers(unit, supplier, "T1", "T2", "A1")
        return Farm(supplier.id, milk.id, caps.id)


def _delivery(farm: Farm, *lots: str, **more: Any) -> dict[str, Any]:
    lines = [{"material_id": farm.milk, "quantity": "1000", "uom": "KGM", "supplier_lot": lot} for lot in lots]
    return {"supplier_id": farm.supplier, "reference": "LS-1", "place": "收奶站", "lines": lines, **more}


def test_a_delivery_is_received_once_and_found_again(erp: Erp, farm: Farm) -> None:
    made = erp.post("/deliveries", _delivery(farm, "T1", "T2"))
    assert [(line["lot_code"], line["supplier_lot"], line["quantity"]) for line in made["lines"]] == [
        ("MILK-T1", "T1", "1000"),
        ("MILK-T2", "T2", "1000"),
    ]
    assert erp.post("/deliveries", _delivery(farm, "T1", "T2")) == made == erp.get(f"/deliveries/{made['id']}")
    assert [each["id"] for each in erp.get(f"/deliveries?supplier_id={farm.supplier}&limit=5")] == [made["id"]]
    assert trouble_of(erp.ask("POST", "/deliveries", _delivery(farm, "T1"))) == (409, "delivery-reference-used")
    assert erp.get(f"/lots/{made['lines'][0]['lot_id']}")["delivery_id"] == made["id"]


def test_the_gate_names_every_line_that_it_keeps_outside(erp: Erp, farm: Farm) -> None:
    body = _delivery(farm, "T1")
    body["lines"].append({"material_id": farm.caps, "quantity": "5", "uom": "H87", "lot_code": "C-1"})
    answer = erp.ask("POST", "/deliveries", body)
    assert trouble_of(answer) == (403, "gate-closed")
    assert answer.json["lines"] == [{"line": 2, "material_id": farm.caps, "lot": None, "because": ["gate.unlisted"]}]
    assert erp.get("/deliveries") == []
    wrong = _delivery(farm, "T1", "T2")
    del wrong["lines"][1]["supplier_lot"]
    assert flaw_of(erp.ask("POST", "/deliveries", wrong)) == (422, "/lines/1/lot_code", "which-lot")


def test_one_lot_may_still_come_alone(erp: Erp, farm: Farm) -> None:
    body = {"supplier_id": farm.supplier, "material_id": farm.milk, "quantity": "7", "uom": "KGM", "place": "收奶站"}
    made = erp.post("/intake", {**body, "lot_code": "M-1", "supplier_lot": "A1", "supplier_gtin": "4006381333931"})
    assert made["uri"] == "https://id.gs1.org/01/04006381333931/10/A1"
    assert flaw_of(erp.ask("POST", "/intake", {**body, "lot_code": "M-2", "uom": "KGM", "supplier_gtin": "4006381333931"})) == (
        422,
        "/supplier_lot",
        "gs1-ai-10",
    )


@pytest.fixture
def used(erp: Erp, farm: Farm) -> tuple[str, str]:
    """Two lots of milk, the first of which went into L-1."""
    lines = erp.post("/deliveries", _delivery(farm, "T1", "T2"))["lines"]
    first, second = (line["lot_id"] for line in lines)
    erp.post(f"/lots/{erp.lot_id}/finish", {"inputs": [{"lot_id": first, "quantity": "800"}], "quantity": "840"})
    return first, second


def test_what_is_left_and_where_it_went(erp: Erp, used: tuple[str, str]) -> None:
    first, _ = used
    found = erp.post(f"/lots/{first}/discards", {"quantity": "50.5", "reason": "waste", "note": "洒了"})
    assert (found["used"], found["destroyed"], found["left"]) == ("800", "50.5", "149.5")
    assert erp.post(f"/lots/{first}/sales", {"quantity": "9.5"})["left"] == "140"
    body = {"reference": "DN-1", "customer": "奶吧", "regions": ["CN"], "lots": [{"lot_id": first, "quantity": "40"}]}
    made = erp.post("/shipments", body)
    assert made["lots"] == [{"lot_id": first, "quantity": "40", "uom": "KGM"}]
    assert erp.post("/shipments", body)["id"] == made["id"]
    assert erp.get(f"/lots/{first}/stock")["left"] == "100"
    answer = erp.ask("POST", f"/lots/{first}/discards", {"quantity": "101", "reason": "expired"})
    assert trouble_of(answer) == (409, "not-enough-left")
    assert answer.json["left"] == "100"


def test_a_correction_is_seen_from_its_moment_on(erp: Erp, used: tuple[str, str]) -> None:
    first, second = used
    with erp.web.house.look() as unit:
        then = (unit.now + timedelta(seconds=1)).isoformat()
    from datetime import UTC, datetime

    then = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    body = {"inputs": [{"lot_id": second, "quantity": "790"}], "reason": "罐号抄错"}
    assert erp.post(f"/lots/{erp.lot_id}/corrections", body)["held"] == []
    assert trouble_of(erp.ask("POST", f"/lots/{erp.lot_id}/corrections", body)) == (409, "same-as-before")
    here = f"/lots/{erp.lot_id}/trace?direction=back"
    assert {lot["id"] for lot in erp.get(here)["lots"]} == {erp.lot_id, second}
    assert {lot["id"] for lot in erp.get(f"{here}&known={then}")["lots"]} == {erp.lot_id, first}
    assert erp.get(f"/lots/{erp.lot_id}/trace?direction=forward&depth=1")["edges"] == []
    changes = erp.get(f"/lots/{erp.lot_id}/diff?before={then}")
    assert [lot["id"] for lot in changes["upstream"]["gained"]] == [second]
    assert [lot["id"] for lot in changes["upstream"]["lost"]] == [first]
    assert changes["recalls"] == []
    assert erp.ask("GET", f"/lots/{erp.lot_id}/trace?direction=sideways").status_code == 422
    assert erp.post(f"/lots/{second}/receipt-corrections", {"quantity": "900", "reason": "抄错"})["lot"]["quantity"] == "900"


def test_the_books_as_json_and_as_a_sheet(erp: Erp, used: tuple[str, str]) -> None:
    here = "/mass-balance?since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z"
    books = erp.get(here)
    rows = {row["lot_code"]: row for row in books["lots"]}
    assert (rows["MILK-T1"]["inflow"], rows["MILK-T1"]["outflow"], rows["MILK-T1"]["left"], rows["MILK-T1"]["excess"]) == (
        "1000",
        "800",
        "200",
        "0",
    )
    assert books["steps"] == []
    sheet = erp.web.client.get("/api/v1" + here, headers={**erp.key, "Accept": "text/csv"})
    assert sheet.mimetype == "text/csv"
    assert "收奶站,MILK-T1,https://id.example/material/MILK/lot/MILK-T1,KGM,0,1000,800,200,0,0," in sheet.text
    assert erp.ask("GET", f"{here}&tolerance=2").status_code == 422


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-08:00", "1899-12-31T23:59:59Z"])
def test_no_time_is_too_far_away_to_be_refused(erp: Erp, used: tuple[str, str], at: str) -> None:
    for path in (
        f"/lots/{erp.lot_id}/diff?before={at}",
        f"/lots/{erp.lot_id}/trace?known={at}",
        f"/mass-balance?since={at}&until=2030-01-01T00:00:00Z",
        f"/reach?kind=line&value=L1&since={at}&until=2030-01-01T00:00:00Z",
    ):
        assert erp.ask("GET", path).status_code == 422, path


def test_lots_are_listed_some_at_a_time(erp: Erp, used: tuple[str, str]) -> None:
    whole = [lot["id"] for lot in erp.get("/lots")]
    assert len(whole) == 3
    some = [lot["id"] for lot in erp.get("/lots?limit=2")]
    assert [*some, *(lot["id"] for lot in erp.get(f"/lots?limit=2&before={some[-1]}"))] == whole


def test_a_sheet_reckons_with_no_cell(erp: Erp, farm: Farm) -> None:
    erp.post("/deliveries", _delivery(farm, "T1", place="＝1+1"))
    here = "/api/v1/mass-balance?since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z"
    sheet = erp.web.client.get(here, headers={**erp.key, "Accept": "text/csv"})
    assert "\r\n'＝1+1,MILK-T1," in sheet.text
