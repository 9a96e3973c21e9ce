"""A paper is handed in, checked in the worker, and keeps its standing true; a lapsed one holds lots."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import demo_papers, seed
from app.demo import Home, Refusal, wait_for
from app.house import open_database
from kernel.unit import Actor, system
from suppliers import certificates, directory, trust
from suppliers.identifiers import organisation_check_character, uscc_check_character
from tests.conftest import shared_data

HOLDER = "青原示例牧场有限公司"


def submit(home: Home, content: bytes, **changed: str) -> httpx.Response:
    farm = next(row for row in home.machine.get("/suppliers") if row["name"] == HOLDER)
    form = {
        "supplier_id": farm["id"],
        "kind": "inspection_report",
        "number": f"T-{uuid.uuid4().hex[:8]}",
        "holder_name": HOLDER,
        "holder_uscc": seed.uscc("meadow"),
        "issuer_name": "厦门示例检测技术有限公司",
        "valid_from": (date.today() - timedelta(days=30)).isoformat(),
        "valid_until": (date.today() + timedelta(days=300)).isoformat(),
        "lots": "T7;T8",
        "products": "生牛乳",
        **changed,
    }
    return httpx.post(
        f"{home.url}/api/v1/certificates",
        data=form,
        files={"file": ("report.pdf", content, "application/pdf")},
        headers={"X-API-Key": home.planted.api_key},
        timeout=30,
    )


def judged(home: Home, certificate_id: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = home.machine.get(f"/certificates/{certificate_id}")
        return found if found["outcomes"] else None

    answer: dict[str, Any] = wait_for(look, seconds=60)
    return {**answer["certificate"], "results": {row["name"]: row["result"] for row in answer["outcomes"]}, "outcomes": answer["outcomes"]}


@pytest.fixture(scope="module")
def pades(home: Home) -> Path:
    """Signed PDFs made by others; their root is put on the brand's list first."""
    folder = shared_data("certificates") / "synthetic_pades"
    database = open_database(home.settings)
    with database.begin(system(home.planted.brand_id)) as unit:
        trust.add_anchor(unit, name="synthetic", pem=(folder / "root.cert.pem").read_text(), crl=(folder / "root.crl.der").read_bytes())
    database.engine.dispose()
    return folder


def revocation_is_known(folder: Path) -> bool:
    """The list that came with the files ends a week after they were made."""
    made = datetime.fromisoformat(json.loads((folder / "expected.json").read_text())["generated_at"])
    return datetime.now(UTC) < made + timedelta(days=7)


def test_a_really_signed_report_of_the_right_holder_stands_or_waits_for_a_person(home: Home, pades: Path) -> None:
    paper = judged(home, submit(home, (pades / "good_LT.pdf").read_bytes()).json()["id"])
    if revocation_is_known(pades):
        assert paper["results"]["signature"] == "passed"
        assert paper["results"]["holder"] == "passed"
        assert paper["standing"] in ("verified", "needs_person")  # nobody trusts its issuer yet, so a person may have to look
    else:
        assert paper["results"]["signature"] == "inconclusive"
        assert paper["standing"] == "needs_person"


def test_a_changed_byte_is_found_and_the_rejection_says_which_check_failed(home: Home, pades: Path) -> None:
    paper = judged(home, submit(home, (pades / "tampered_byte.pdf").read_bytes()).json()["id"])
    assert paper["standing"] == "rejected"
    assert paper["results"]["signature"] == "failed"
    reason = next(row["because"] for row in paper["outcomes"] if row["name"] == "signature")
    assert any(reason in each or "signature" in each for each in paper["because"])


def test_somebody_elses_paper_is_not_this_suppliers(home: Home, pades: Path) -> None:
    answer = submit(home, (pades / "good_B.pdf").read_bytes(), holder_name="完全不同贸易有限公司", holder_uscc=seed.uscc("bottle"))
    paper = judged(home, answer.json()["id"])
    assert paper["results"]["holder"] == "failed"
    assert paper["standing"] == "rejected"


def test_the_same_bytes_twice_are_one_paper(home: Home, pades: Path) -> None:
    content = (pades / "good_T.pdf").read_bytes()
    first = submit(home, content, number="SAME-1")
    second = submit(home, content, number="SAME-1")
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize(
    ("content", "pointer"),
    [(b"", "/file"), (b"GIF89a nothing we take", "/file"), (b"<html>%PDF-1.7", "/file")],
    ids=["empty", "gif", "html"],
)
def test_what_is_no_paper_is_refused_at_the_door(home: Home, content: bytes, pointer: str) -> None:
    answer = submit(home, content)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_truncated_pdf_is_judged_broken_and_breaks_nothing(home: Home, pades: Path) -> None:
    paper = judged(home, submit(home, (pades / "good_B.pdf").read_bytes()[:4000]).json()["id"])
    assert paper["standing"] in ("rejected", "needs_person")
    assert "passed" not in {paper["results"]["signature"], paper["results"]["content"]}


@pytest.fixture(scope="module")
def creamery(home: Home) -> dict[str, str]:
    """A supplier of its own, with papers that a person has accepted, so that its lapse troubles no other story."""
    database = open_database(home.settings)
    body, name = demo_papers.make_body("另一家示例机构"), "白云示例牧业有限公司"
    inner = "MA0DEM09" + organisation_check_character("MA0DEM09")
    uscc = "91999999" + inner + uscc_check_character("91999999" + inner)
    today = date.today()
    with database.begin(system(home.planted.brand_id)) as unit:
        supplier = directory.add_supplier(unit, name=name, uscc=uscc, kind="farm")
        cream = directory.add_material(unit, code="CREAM", name_zh="稀奶油", name_en="Cream", category="dairy")
        directory.list_supply(unit, supplier_id=supplier.id, material_id=cream.id)
        for kind, number in (
            ("business_licence", uscc),
            ("raw_milk_purchase", "W-0"),
            ("animal_epidemic_conditions", "W-2"),
            ("inspection_report", "W-1"),
        ):
            until = today + timedelta(days=400)
            words = ("产品名称:稀奶油", "批号:CR-1") if kind == "inspection_report" else ()
            content = demo_papers.make_paper(body, title=kind, number=number, holder=name, valid_from=today, valid_until=until, lines=words)
            certificates.submit(
                unit,
                supplier_id=supplier.id,
                kind=kind,
                number=number,
                holder_name=name,
                holder_uscc=uscc,
                valid_from=today,
                valid_until=until,
                lots=("CR-1",) if words else (),
                products=("稀奶油",) if words else (),
                content=content,
                filename=f"{kind}.pdf",
                media_type="application/pdf",
            )
    with database.look(system(home.planted.brand_id)) as unit:
        papers = certificates.of_supplier(unit, supplier.id)
    for paper in papers:
        judged(home, paper.id)
        with database.begin(Actor("quality", "test", home.planted.brand_id)) as unit:
            certificates.decide(unit, certificate_id=paper.id, decision="accept", reason="与原件核对一致")
    database.engine.dispose()
    return {"supplier": supplier.id, "material": cream.id}


def test_a_paper_that_lapses_holds_the_lots_that_lean_on_it_and_all_made_of_them(home: Home, creamery: dict[str, str]) -> None:
    machine = home.machine
    body = {"supplier_id": creamery["supplier"], "material_id": creamery["material"], "lot_code": "CREAM-1", "quantity": "10", "uom": "LTR"}
    body["supplier_lot"] = "CR-1"
    cream = machine.post("/intake", {**body, "place": "岚牧一厂"})
    product = machine.get("/products")[0]
    made = machine.post("/lots", {"code": "LAPSE-1", "product_id": product["id"], "line_code": "L9", "place": "岚牧一厂", "quantity": "5"})
    machine.post(f"/lots/{made['id']}/finish", {"inputs": [{"lot_id": cream["id"], "quantity": "5"}]})
    assert machine.get(f"/lots/{made['id']}")["standing"] == "clear"
    database = open_database(home.settings)
    with database.begin(system(home.planted.brand_id)) as unit:
        permit = next(paper for paper in certificates.of_supplier(unit, creamery["supplier"]) if paper.kind == "raw_milk_purchase")
        permit.valid_until = permit.due_on = date.today() - timedelta(days=1)  # four hundred days pass
        unit.session.flush()
        assert certificates.lapse_due(unit) >= 1
    database.engine.dispose()
    wait_for(lambda: machine.get(f"/lots/{made['id']}")["standing"] == "held")
    assert machine.get(f"/lots/{cream['id']}")["standing"] == "held"
    gate = machine.get(f"/suppliers/{creamery['supplier']}/gate/{creamery['material']}")
    assert (gate["open"], gate["because"]) == (False, ["gate.lapsed:raw_milk_purchase"])
    with pytest.raises(Refusal) as refused:
        machine.post("/intake", {**body, "lot_code": "CREAM-2", "place": "岚牧一厂"})
    assert refused.value.status == 403


def test_a_lot_that_no_report_names_stays_outside(home: Home) -> None:
    farm = next(row for row in home.machine.get("/suppliers") if row["kind"] == "farm" and row["name"] == HOLDER)
    milk = next(row for row in home.machine.get("/materials") if row["code"] == "RAW-MILK")
    body = {"supplier_id": farm["id"], "material_id": milk["id"], "lot_code": "RM-X", "quantity": "10", "uom": "LTR", "place": "岚牧一厂"}
    with pytest.raises(Refusal) as refused:
        home.machine.post("/intake", {**body, "supplier_lot": "NOBODY-TESTED-IT"})
    assert json.loads(refused.value.body)["because"] == ["gate.no_lot:inspection_report"]
    assert home.machine.post("/intake", {**body, "supplier_lot": home.planted.milk_lot})["standing"] == "clear"
