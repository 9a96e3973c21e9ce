"""Order a thousand codes, print them, read them back with somebody else's reader."""

from __future__ import annotations

import io
import uuid

import pytest

from app.demo import Home, Refusal, wait_for

pdfium = pytest.importorskip("pypdfium2")
zxingcpp = pytest.importorskip("zxingcpp")


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
        seen |= {found.text for found in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())}
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
