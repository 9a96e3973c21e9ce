"""Shipments through the JSON doors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.conftest import Erp, Web, flaw_of, trouble_of
from tests.factories.dairy import GTIN
from tests.traceability.moves.roll import let_go
from traceability import diversion, gs1
from traceability.models import ItemScans

WORDS: dict[str, Any] = {"reference": "DN-1", "customer": "杭州示例商贸", "regions": ["CN-33", "CN-31"]}


@pytest.fixture
def order(erp: Erp) -> str:
    """Forty items on a released lot, and a key that may trace as well."""
    made = erp.order(40)
    erp.post(f"/orders/{made}/prints")
    erp.post(f"/orders/{made}/activations", {"lot_id": erp.lot_id})
    with erp.web.house.begin() as unit:
        let_go(unit, erp.lot_id)
    erp.key = erp.web.key("codes", "admin", "trace")
    return made


def test_goods_leave_and_are_found_again(erp: Erp, order: str) -> None:
    body = {**WORDS, "order_id": order, "start": 5, "count": 10}
    made = erp.post("/shipments", body)
    assert made["ranges"] == [{"order_id": order, "start": 5, "count": 10}]
    assert (made["items"], made["left"], made["seen"], made["outside"], made["case_id"]) == (10, 10, {}, {}, None)
    assert made["regions"] == ["CN-31", "CN-33"]
    assert erp.post("/shipments", body)["id"] == made["id"]
    assert trouble_of(erp.ask("POST", "/shipments", {**body, "count": 11})) == (409, "shipment-reference-used")
    later = erp.post("/shipments", {**body, "reference": "DN-2", "customer": "上海示例", "count": 2})
    assert [(each["reference"], each["items"], each["left"]) for each in erp.get("/shipments")] == [("DN-2", 2, 2), ("DN-1", 10, 8)]
    assert [each["id"] for each in erp.get(f"/shipments?limit=1&before={later['id']}")] == [made["id"]]
    assert [each["id"] for each in erp.get("/shipments?customer=上海示例")] == [later["id"]]
    assert erp.get(f"/shipments/{made['id']}")["ranges"] == [{"order_id": order, "start": 7, "count": 8}]


def test_packs_leave_with_what_is_in_them(erp: Erp, order: str) -> None:
    erp.ask("PUT", "/sscc-prefix", {"prefix": "6901234"})
    case = erp.post("/packs", {"kind": "case", "ranges": [{"order_id": order, "start": 0, "count": 12}]})["sscc"]
    made = erp.post("/shipments", {**WORDS, "sscc": [case]})
    assert made["ranges"] == [{"order_id": order, "start": 0, "count": 12}]
    gone = gs1.sscc(0, "6901234", 77)
    assert flaw_of(erp.ask("POST", "/shipments", {**WORDS, "reference": "x", "sscc": [case, gone]})) == (422, "/sscc/1", "ship-pack")


def test_what_was_seen_of_it_is_told_with_its_case(erp: Erp, order: str) -> None:
    made = erp.post("/shipments", {**WORDS, "order_id": order})
    now = erp.web.house.now
    with erp.web.house.begin("system") as unit:
        for counter, region in enumerate(["CN-3301", "CN"] + ["CN-4401"] * 5):
            row = {"gtin": GTIN, "key_version": 1, "counter": counter, "times": 1, "last_at": now}
            first_at = diversion.shipments.get(unit, made["id"]).at
            unit.session.add(ItemScans(**row, first_at=first_at, first_region=region))
    told = erp.get(f"/shipments/{made['id']}")
    assert told["seen"] == {"CN-3301": 1, "CN": 1, "CN-4401": 5}
    assert told["outside"] == {"CN-4401": 5}


@pytest.mark.parametrize(
    ("wrong", "flaw"),
    [
        ({"regions": []}, (422, "/regions", "shape")),
        ({"regions": ["浙江"]}, (422, "/regions/0", "shape")),
        ({"regions": ["CN-99"]}, (422, "/regions/0", "ship-region")),
        ({"order_id": None}, (422, "/sscc", "ship-which")),
        ({"start": True}, (422, "/start", "shape")),
        ({"start": 40}, (422, "/start", "range")),
        ({"customer": "  "}, (422, "/customer", "shape")),
        ({"sscc": ["12"]}, (422, "/sscc/0", "shape")),
        ({"more": 1}, (422, "/more", "shape")),
    ],
)
def test_wrong_words_are_named(erp: Erp, order: str, wrong: dict[str, Any], flaw: tuple[int, str, str]) -> None:
    assert flaw_of(erp.ask("POST", "/shipments", {**WORDS, "order_id": order, **wrong})) == flaw
    assert erp.get("/shipments") == []


def test_items_that_cannot_leave_are_named(erp: Erp, order: str) -> None:
    erp.post(f"/orders/{order}/inactivations", {"start": 3, "count": 2, "reason": "sold"})
    answer = erp.ask("POST", "/shipments", {**WORDS, "order_id": order})
    assert trouble_of(answer) == (409, "not-shippable")
    assert answer.json["spans"] == [{"from": 4, "to": 5, "start": 3, "count": 2, "reference": "O-40", "state": "inactive"}]


def test_a_key_must_be_let_trace_and_sees_its_own_brand_only(web: Web, erp: Erp, order: str) -> None:
    made = erp.post("/shipments", {**WORDS, "order_id": order})
    for method, path in (("GET", "/shipments"), ("GET", f"/shipments/{made['id']}"), ("POST", "/shipments")):
        body = {**WORDS, "order_id": order} if method == "POST" else None
        assert erp.ask(method, path, body, key=web.key("codes")).status_code == 403
        assert web.client.open("/api/v1" + path, method=method).status_code == 401
    theirs = web.key("trace", brand_id=web.house.other_brand_id)
    assert erp.ask("GET", "/shipments", key=theirs).json == []
    assert erp.ask("GET", f"/shipments/{made['id']}", key=theirs).status_code == 404
    assert erp.ask("POST", "/shipments", {**WORDS, "order_id": order}, key=theirs).status_code == 404


def test_what_never_left_is_cancelled(erp: Erp, order: str) -> None:
    first = erp.post("/shipments", {**WORDS, "order_id": order, "count": 10})
    wrong = erp.post("/shipments", {**WORDS, "reference": "DN-2", "order_id": order, "start": 5, "count": 10})
    there = f"/shipments/{wrong['id']}/cancellation"
    assert erp.ask("POST", there, {}).status_code == 422
    told = erp.ask("POST", there, {"reason": "发错了"}).get_json()
    assert (told["cancelled_why"], told["items"], told["left"], told["ranges"]) == ("发错了", 10, 0, [])
    assert erp.get(f"/shipments/{first['id']}")["ranges"] == [{"order_id": order, "start": 0, "count": 10}]
    assert [each["cancelled_at"] is not None for each in erp.get("/shipments")] == [True, False]
    assert trouble_of(erp.ask("POST", "/shipments", {**WORDS, "reference": "DN-2", "order_id": order, "start": 5, "count": 10})) == (
        409,
        "shipment-cancelled",
    )
