"""Papers through the JSON doors: handed in, read, confirmed, listed, asked about; and what the brand asks and believes."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest

from suppliers import certificates
from suppliers.certificates import Inspection
from suppliers.facts import PaperUploaded
from suppliers.models import Certificate, PaperOverride, Supplier
from tests.app.conftest import Erp, flaw_of, trouble_of
from tests.suppliers import shelf

FIELDS = {"number": {"value": "SC1", "raw": "SC1", "page": 0, "box": [0, 0, 1, 1], "from": "layer", "confidence": 1.0, "repair": None}}


@pytest.fixture
def hub(erp: Erp) -> Erp:
    """A machine that may keep suppliers and decide."""
    erp.key = erp.web.key("suppliers", "admin")
    return erp


@pytest.fixture
def dairy(hub: Erp) -> Supplier:
    return shelf.supplier(hub.web.house)


def upload(hub: Erp, who: Supplier, content: bytes = b"%PDF-1.7 made for a test") -> Any:
    form = {"supplier_id": who.id, "file": (io.BytesIO(content), "../证书.pdf")}
    return hub.ask("POST", "/uploads", data=form)


def read(hub: Erp, upload_id: str, inspection: Inspection) -> None:
    with hub.web.house.begin("system") as unit:
        certificates.uploads.on_paper_uploaded(unit, PaperUploaded(upload_id), inspection)


def words(who: Supplier, **changes: Any) -> dict[str, Any]:
    """The words on a paper as JSON."""
    told = {name: value for name, value in shelf.words(who).items() if name not in ("supplier_id", "content", "filename", "media_type")}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()} | changes


def test_a_file_is_handed_in_read_and_confirmed(hub: Erp, dairy: Supplier) -> None:
    answer = upload(hub, dairy)
    assert (answer.status_code, answer.json["state"], answer.json["filename"]) == (202, "waiting", "证书.pdf")
    here = f"/uploads/{answer.json['id']}"
    assert upload(hub, dairy).json["id"] == answer.json["id"]
    assert trouble_of(hub.ask("POST", f"{here}/confirm", words(dairy))) == (409, "upload-settled")
    read(hub, answer.json["id"], Inspection(shelf.CLEAN, FIELDS))
    found = hub.get(here)
    assert (found["state"], found["fields"], found["trouble"]) == ("read", FIELDS, None)
    assert [each["id"] for each in hub.get(f"/suppliers/{dairy.id}/uploads")] == [found["id"]]
    paper = hub.post(f"{here}/confirm", words(dairy, lots=["L1", "L2"], products=["乳粉"], site="一厂"))
    assert (paper["supplier_id"], paper["standing"], paper["lots"], paper["site"]) == (dairy.id, "submitted", ["L1", "L2"], "一厂")
    assert hub.get(here)["state"] == "confirmed"
    assert hub.get(f"/suppliers/{dairy.id}/uploads") == []


def test_a_file_that_nothing_can_be_made_of_says_why(hub: Erp, dairy: Supplier) -> None:
    here = f"/uploads/{upload(hub, dairy).json['id']}"
    read(hub, here.rpartition("/")[2], Inspection({"trouble": "pdf.encrypted"}))
    assert (hub.get(here)["state"], hub.get(here)["trouble"]) == ("refused", "pdf.encrypted")
    assert trouble_of(hub.ask("POST", f"{here}/confirm", words(dairy))) == (409, "upload-settled")
    assert hub.ask("DELETE", here).status_code == 204
    assert hub.get(f"/suppliers/{dairy.id}/uploads") == []


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"supplier_id": ""}, "/supplier_id"),
        ({"supplier_id": "x"}, "/supplier_id"),
        ({"supplier_id": "01M0000000000000000000000A"}, "/file"),
    ],
)
def test_a_file_without_a_supplier_or_a_supplier_without_a_file(hub: Erp, form: dict[str, Any], place: str) -> None:
    assert flaw_of(hub.ask("POST", "/uploads", data=form))[:2] == (422, place)


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ\x90\x00"])
def test_what_is_no_paper_is_not_kept(hub: Erp, dairy: Supplier, content: bytes) -> None:
    assert flaw_of(upload(hub, dairy, content))[:2] == (422, "/file")
    assert hub.get(f"/suppliers/{dairy.id}/uploads") == []


def test_papers_are_listed_by_what_is_asked_and_a_page_at_a_time(hub: Erp, dairy: Supplier) -> None:
    house = hub.web.house
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    house.now -= timedelta(seconds=10)
    made = []
    for who, kind in ((dairy, "business_licence"), (dairy, "food_production"), (other, "food_production")):
        house.now += timedelta(seconds=1)
        made.append(shelf.hand_in(house, who, kind=kind).id)
    first, second, third = made
    with house.begin("system") as unit:
        unit.session.get_one(Certificate, second).standing = "verified"

    def ids(query: str = "") -> list[str]:
        return [each["id"] for each in hub.get(f"/certificates{query}")]

    assert ids() == [third, second, first]
    assert ids(f"?supplier={dairy.id}") == [second, first]
    assert ids("?standing=verified") == [second]
    assert ids(f"?kind=food_production&supplier={other.id}") == [third]
    assert ids("?limit=1") == [third]
    assert ids(f"?limit=1&before={third}") == [second]
    assert hub.ask("GET", "/certificates?standing=wonderful").status_code == 422
    theirs = hub.web.key("suppliers", brand_id=house.other_brand_id)
    assert hub.ask("GET", "/certificates", key=theirs).json == []


def test_the_table_has_a_row_for_each_and_no_formula(hub: Erp, dairy: Supplier) -> None:
    shelf.hand_in(hub.web.house, dairy, site='=HYPERLINK("http://x")', lots=["A", "B"])
    answer = hub.ask("GET", "/certificates.csv?limit=1")
    assert answer.mimetype == "text/csv"
    head, row = answer.data.decode("utf-8-sig").splitlines()
    assert head.startswith("id,supplier_id,kind,number")
    assert "A;B" in row
    assert "\"'=HYPERLINK" in row
    theirs = hub.web.key("suppliers", brand_id=hub.web.house.other_brand_id)
    assert len(hub.ask("GET", "/certificates.csv", key=theirs).data.splitlines()) == 1


def test_a_paper_tells_how_it_stood_and_gives_its_bytes_to_keep(hub: Erp, dairy: Supplier) -> None:
    paper = shelf.hand_in(hub.web.house, dairy)
    here = f"/certificates/{paper.id}"
    detail = hub.get(here)
    assert (detail["certificate"]["id"], detail["outcomes"]) == (paper.id, [])
    assert hub.get(f"{here}/history") == []
    stood = hub.get(f"{here}/standing?at=2026-11-01T00:00:00Z")
    assert (stood["then"], stood["good_then"], stood["in_force"], stood["now"]) == ("submitted", False, True, "submitted")
    assert hub.get(f"{here}/standing")["now"] == "submitted"
    assert hub.ask("GET", f"{here}/standing?at=2026-11-01").status_code == 422
    file = hub.ask("GET", f"{here}/file")
    assert file.data == shelf.PDF + b"food_production"
    assert (file.mimetype, file.headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert hub.ask("POST", f"{here}/recheck").status_code == 202


def test_what_people_answer_for_takes_a_key_of_its_own(hub: Erp, dairy: Supplier) -> None:
    paper = shelf.hand_in(hub.web.house, dairy)
    with hub.web.house.begin("quality") as unit:
        words = {"name": "dates", "because": "check.dates.lapsed", "reason": "look again"}
        asked = {"state": "proposed", "proposed_at": unit.now, "proposed_by": "somebody"}
        row = PaperOverride(id=unit.new_id(), certificate_id=paper.id, **words, **asked)
        unit.session.add(row)
        override = row.id
    here = f"/certificates/{paper.id}"
    assert [each["id"] for each in hub.get(f"{here}/overrides")] == [override]
    assert hub.get(f"{here}/lookups") == []
    meagre = hub.web.key("suppliers")
    body: dict[str, Any]
    for path, body in (
        (f"{here}/decision", {"decision": "reject", "reason": "不清楚"}),
        (f"{here}/overrides", {"name": "dates", "reason": "x"}),
        (f"/overrides/{override}/approve", {"answer": "x"}),
        (f"/overrides/{override}/decline", {"answer": "x"}),
        ("/requirement-rows", {}),
        ("/trusted-issuers", {"name": "x"}),
        ("/anchors", {"name": "x", "pem": "x"}),
    ):
        assert hub.ask("POST", path, body, key=meagre).status_code == 403, path


def test_the_matrix_says_who_must_show_what_and_why(hub: Erp) -> None:
    found = hub.get("/requirements?market=CN&supplier_kind=manufacturer&category=dairy&day=2026-11-22")
    assert {"version", "rows", "kinds", "registers"} <= set(found)
    assert any("food_production" in row["kinds"] for row in found["rows"])
    assert hub.ask("GET", "/requirements?day=yesterday").status_code == 422


def test_a_gate_is_asked_for_a_day_and_a_lot(hub: Erp, dairy: Supplier) -> None:
    milk = hub.post("/materials", {"code": "M1", "name_zh": "乳粉", "name_en": "Milk powder", "category": "dairy", "claims": ["organic"]})
    assert milk["claims"] == ["organic"]
    hub.ask("POST", "/supplies", {"supplier_id": dairy.id, "material_id": milk["id"]})
    here = f"/suppliers/{dairy.id}/gate/{milk['id']}"
    for query in ("", "?day=2026-01-01", "?lot=L1"):
        found = hub.get(here + query)
        assert not found["open"]
        assert "gate.missing:business_licence" in found["because"]
    assert hub.ask("GET", f"{here}?day=soon").status_code == 422
    needs = hub.get(f"/suppliers/{dairy.id}/needs")
    assert ("business_licence", "missing") in [(each["kinds"][0], each["state"]) for each in needs]
    assert all(each["citation"] and each["why"] for each in needs)


def test_a_firm_of_another_country_has_another_number_and_places(hub: Erp) -> None:
    firm = {"name": "Alpine Dairy", "kind": "manufacturer", "country": "AT", "market": "EU", "gln": "9501101530003"}
    made = hub.post("/suppliers", firm)
    assert (made["uscc"], made["country"], made["gln"]) == (None, "AT", "9501101530003")
    assert hub.get(f"/suppliers/{made['id']}") == made
    assert flaw_of(hub.ask("POST", "/suppliers", firm | {"gln": "9501101530004"}))[1] == "/gln"
    site = hub.post(f"/suppliers/{made['id']}/sites", {"name": "Werk 1", "address": "Alm 1"})
    assert hub.get(f"/suppliers/{made['id']}/sites") == [site]


def test_a_score_has_a_reason_for_every_point(hub: Erp, dairy: Supplier) -> None:
    found = hub.get(f"/suppliers/{dairy.id}/score")
    assert (found["points"], found["grade"]) == (None, None)
    assert [each["code"] for each in found["reasons"]] == ["score.nothing_asked"]
