"""Order a thousand codes, print them, read them back with somebody else's reader, and account for every label."""

from __future__ import annotations

import csv
import io
import json
import urllib.request
import uuid
from typing import Any

import pytest

from app.demo import Home, Refusal, wait_for

pdfium = pytest.importorskip("pypdfium2")
zxingcpp = pytest.importorskip("zxingcpp")

QR = zxingcpp.BarcodeFormat.QRCode  # a whole page holds stripes enough to be taken for a product's bar code now and then


@pytest.fixture(scope="module")
def order(home: Home) -> dict[str, str]:
    machine = home.machine
    made: dict[str, str] = machine.post(
        "/orders", {"reference": uuid.uuid4().hex, "product_id": machine.get("/products")[0]["id"], "count": 1000}
    )
    wait_for(lambda: all(file["state"] == "ready" for file in machine.get(f"/orders/{made['id']}")["files"]), seconds=60)
    return made


def test_every_symbol_of_the_printed_sheet_is_read_by_an_independent_reader(home: Home, order: dict[str, str]) -> None:
    table = home.machine.get(f"/orders/{order['id']}/files/csv").decode("utf-8-sig").splitlines()
    expected = {cell for row in table[1:] for cell in row.split(",") if cell.upper().startswith("HTTP")}
    assert len(expected) == 1000
    document = pdfium.PdfDocument(io.BytesIO(home.machine.get(f"/orders/{order['id']}/files/pdf")))
    seen: set[str] = set()
    for page in document:
        seen |= {found.text for found in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil(), formats=QR)}
    assert seen == expected


def test_the_same_order_twice_is_one_order(home: Home, order: dict[str, str]) -> None:
    body = {"reference": order["reference"], "product_id": order["product_id"], "count": 1000}
    assert home.machine.post("/orders", body)["id"] == order["id"]
    with pytest.raises(Refusal) as refused:
        home.machine.post("/orders", {**body, "count": 1001})
    assert refused.value.status == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"count": "many"}, "/count"),
        ({"count": 0}, "/count"),
        ({"count": 10**12}, "/count"),
        ({"reference": ""}, "/reference"),
        ({"reference": "x" * 65}, "/reference"),
        ({"product_id": "../../etc"}, "/product_id"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_wrong_order_says_where_it_is_wrong_and_orders_nothing(home: Home, body: dict[str, object], pointer: str) -> None:
    machine = home.machine
    before = len(machine.get("/orders"))
    whole = {"reference": uuid.uuid4().hex, "product_id": machine.get("/products")[0]["id"], "count": 5, **body}
    with pytest.raises(Refusal) as refused:
        machine.post("/orders", whole)
    assert refused.value.status == 422
    assert f'"{pointer}"' in refused.value.body
    assert len(machine.get("/orders")) == before


@pytest.fixture(scope="module")
def lot(home: Home, order: dict[str, str]) -> str:
    """An open lot of the product of the order."""
    body = {
        "code": uuid.uuid4().hex[:12],
        "product_id": order["product_id"],
        "line_code": "L1",
        "place": "岚牧一厂 一号线",
        "quantity": "900",
    }
    return str(home.machine.post("/lots", body)["id"])


def refusal(home: Home, path: str, body: object, media_type: str = "application/json") -> tuple[int, dict[str, Any]]:
    """Status and problem of a POST that must be refused."""
    with pytest.raises(Refusal) as refused:
        home.machine.send(path, body if isinstance(body, bytes) else json.dumps(body).encode(), media_type)
    return refused.value.status, json.loads(refused.value.body)


def test_every_label_is_accounted_for_until_the_books_close(home: Home, order: dict[str, str], lot: str) -> None:
    machine, path = home.machine, f"/orders/{order['id']}"
    table = machine.get(f"{path}/files/csv").decode("utf-8-sig")
    links = [row["link"] for row in csv.DictReader(io.StringIO(table))]
    assert refusal(home, f"{path}/activations", {"lot_id": lot, "start": 0, "count": 10})[1]["spans"] == [
        {"from": 1, "to": 10, "start": 0, "count": 10, "state": "allocated"}
    ], "what is not printed goes on no item"
    assert machine.post(f"{path}/prints", {"start": 0, "count": 950})["open"] == 950
    scanner = "link\r\n" + "\r\n".join(links[:900]) + "\r\n"
    assert machine.send(f"/lots/{lot}/commissionings", scanner.encode(), "text/csv")["on_lot"] == 900
    again = refusal(home, f"/lots/{lot}/commissionings", scanner.encode(), "text/csv")
    assert (again[0], again[1]["type"], again[1]["lines"][0]) == (409, "/problems/codes-not-free", 2)
    serial = links[41].rsplit("/", 1)[1]
    with urllib.request.urlopen(f"{home.url}/01/{order['gtin']}/21/{serial}", timeout=30) as page:
        assert page.status == 200
    machine.post(f"{path}/scraps", {"positions": list(range(900, 930)), "reason": "misprint"})
    machine.post(f"{path}/label-samples", {"start": 930, "count": 20, "reason": "retained"})
    machine.post(f"{path}/samples", {"start": 0, "count": 2, "reason": "quality"})
    assert machine.get(f"/codes?link={links[0]}")["state"] == "sampled"
    books = machine.get(path)["balance"]
    assert (books["printed"], books["commissioned"], books["scrapped"], books["sampled"], books["open"]) == (950, 900, 30, 20, 0)
    assert machine.post(f"{path}/close")["closed_at"]
    assert machine.get(path)["balance"]["unused"] == 50
    assert refusal(home, f"{path}/prints", {"start": 950})[1]["type"] == "/problems/order-closed"


@pytest.mark.parametrize(
    ("path", "body", "pointer", "rule"),
    [
        ("/products", {"gtin": "09521234500019"}, "/gtin", "check-digit"),
        ("/plans", {"scheme": "gs1", "dpi": 300, "size_mm": 5}, "/plan", "dots"),
        ("/plans", {"scheme": "gs1", "host": "a" * 500 + ".cn"}, "/host", "address"),
        ("/plans", {"scheme": "gs1", "host": "a" * 60 + "." + "b" * 50 + ".cn", "size_mm": 5}, "/plan", "dots"),
        ("/orders/imports?reference=twice&product_id={product_id}", b"serial\nA\nB\nA\n", "", "serial-twice"),
        ("/lots/{lot}/commissionings", b"serial\n000000000000\n", "/serials/2", "unknown-serial"),
        ("/orders/{id}/scraps", {"start": 990, "count": 11, "reason": "torn"}, "/count", "range"),
    ],
)
def test_bad_input_is_told_its_place_and_rule(
    home: Home, order: dict[str, str], lot: str, path: str, body: object, pointer: str, rule: str
) -> None:
    if path == "/products":
        body = {"name_zh": "鲜牛奶", "name_en": "Milk", "net_content": "1 L", "shelf_life_days": 7} | dict(body)  # type: ignore[call-overload]
    status, problem = refusal(home, path.format(**order, lot=lot), body, "text/csv" if isinstance(body, bytes) else "application/json")
    assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["rule"]) == (422, pointer, rule)


def test_an_identifier_that_gs1_does_not_know_is_told(home: Home) -> None:
    with pytest.raises(Refusal) as refused:
        home.machine.get("/codes?link=(01)09521234500018(8999)A")
    assert json.loads(refused.value.body)["errors"][0]["rule"] == "gs1-ai"
