"""The life of codes through the JSON doors, and what bad words are told."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.app.conftest import Erp, flaw_of, trouble_of
from tests.factories.dairy import GTIN, a_delivery, a_material, a_supplier
from traceability import codes, faces, gs1, lots
from traceability.models import Scan

SSCC = gs1.sscc(0, "6901234", 1)


def test_every_label_is_told_and_the_books_close(erp: Erp) -> None:
    order = erp.order(100)
    path = f"/orders/{order}"
    assert erp.post(f"{path}/prints", {"count": 90})["open"] == 90
    links = erp.links(order, 0, 40)
    table = "link\r\n" + "\r\n".join(links) + "\r\n"
    moved = erp.post(f"/lots/{erp.lot_id}/commissionings", data=table, content_type="text/csv")
    assert {name: moved["move"][name] for name in ("move", "start", "end", "codes")} == {
        "move": "commission",
        "start": 0,
        "end": 39,
        "codes": 40,
    }
    assert erp.post(f"/lots/{erp.lot_id}/commissionings", {"serials": erp.links(order, 40, 10)})["commissioned"] == 50
    assert erp.post(f"{path}/activations", {"lot_id": erp.lot_id, "start": 50, "count": 10})["on_lot"] == 60
    scrapped = erp.post(f"{path}/scraps", {"positions": [60, 62, 63], "reason": "misprint", "note": "卷头"})["move"]
    assert (scrapped["start"], scrapped["end"], scrapped["codes"]) == (60, 63, 3)
    erp.post(f"{path}/scraps", {"start": 61, "count": 1, "reason": "torn"})
    erp.post(f"{path}/label-samples", {"start": 64, "count": 6, "reason": "retained"})
    erp.post(f"{path}/returns", {"start": 70, "count": 10})
    erp.post(f"{path}/samples", {"start": 0, "count": 2, "reason": "quality"})
    erp.post(f"{path}/inactivations", {"start": 2, "count": 3, "reason": "sold"})
    erp.post(f"{path}/destructions", {"start": 0, "count": 1, "reason": "tested"})
    refused = erp.ask("POST", f"{path}/close")
    assert trouble_of(refused) == (409, "books-open")
    assert (refused.json["open"], refused.json["spans"]) == (10, [{"from": 81, "to": 90, "start": 80, "count": 10}])
    wrong = erp.post(f"{path}/voids", {"start": 80, "count": 10, "reason": "mistake"})["move"]
    assert erp.post(f"/moves/{wrong['id']}/undo")["move"]["undone_at"]
    erp.post(f"{path}/voids", {"start": 80, "count": 10, "reason": "lost"})
    assert erp.post(f"{path}/close")["closed_at"]
    books = erp.get(path)["balance"]
    assert books["printed"] == sum(books[name] for name in ("commissioned", "scrapped", "sampled", "returned", "void", "open"))
    assert books["commissioned"] == sum(books[name] for name in ("on_lot", "released", "taken", "inactive", "destroyed"))
    assert (books["ordered"], books["unused"], books["open"], books["destroyed"]) == (100, 10, 0, 1)
    assert [move["move"] for move in erp.get(f"{path}/moves")][:3] == ["close", "void", "void"]


def test_items_are_released_with_their_lot(erp: Erp) -> None:
    order = erp.order(10)
    erp.post(f"/orders/{order}/prints")
    erp.post(f"/orders/{order}/activations", {"lot_id": erp.lot_id})
    assert trouble_of(erp.ask("POST", f"/lots/{erp.lot_id}/code-releases")) == (409, "lot-not-released")
    assert trouble_of(erp.ask("POST", f"/orders/{order}/releases", {"start": 0, "count": 1})) == (409, "lot-not-released")
    with erp.web.house.begin() as unit:
        milk = a_delivery(unit, material=a_material(unit), supplier=a_supplier(unit))
        lots.finish(unit, lot_id=erp.lot_id, inputs=[(milk.id, Decimal(10))], quantity=Decimal(10))
        lots.release(unit, lot_id=erp.lot_id)
    assert erp.post(f"/orders/{order}/releases", {"start": 0, "count": 1})["released"] == 1
    (move,) = erp.post(f"/lots/{erp.lot_id}/code-releases")
    assert (move["order_id"], move["start"], move["codes"]) == (order, 1, 9)
    assert erp.post(f"/lots/{erp.lot_id}/code-releases") == []


def test_no_answer_names_a_counter(erp: Erp) -> None:
    first, second = erp.order(50), erp.order(60)
    erp.post(f"/orders/{second}/prints", {"start": 5, "count": 10})
    erp.post(f"/orders/{second}/files", {"format": "csv", "start": 1, "count": 2})
    (file,) = erp.get(f"/orders/{second}")["files"]
    assert (file["start"], file["count"]) == (1, 2)
    assert erp.get(f"/orders/{second}/moves")[0]["start"] == 5
    assert erp.get(f"/codes?link={erp.links(second, 7, 1)[0]}")["position"] == 7
    for path in (f"/orders/{first}", "/orders", f"/orders/{second}/moves", f"/orders/{second}/files"):
        assert not {"first", "last", "counter", "key_version"} & set(_names(erp.get(path)))


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in _names(each)]
    return [name for key, each in value.items() for name in (key, *_names(each))] if isinstance(value, dict) else []


def test_orders_are_listed_a_page_at_a_time(erp: Erp) -> None:
    made = [erp.order(count) for count in (1, 2, 3)]
    page = erp.get("/orders?limit=2")
    assert [order["id"] for order in page] == made[:0:-1]
    assert [order["id"] for order in erp.get(f"/orders?before={page[-1]['id']}")] == made[:1]
    assert flaw_of(erp.ask("GET", "/orders?limit=0"))[:2] == (422, "/limit")


def test_one_code_is_found_by_whatever_it_bears(erp: Erp) -> None:
    erp.post("/code-addresses", {"name": "/DY"})
    order = erp.order(5, inner=True)
    erp.post(f"/orders/{order}/prints")
    erp.post(f"/orders/{order}/activations", {"lot_id": erp.lot_id})
    (link,) = erp.links(order, 3, 1)
    serial = link.rsplit("/", 1)[1]
    with erp.web.house.look() as unit:
        row = codes.get(unit, order)
        (inner,) = faces.links(unit, row, face="inner", first=row.first + 3, count=1)
    erp.post("/packs", {"kind": "case", "sscc": SSCC, "ranges": [{"order_id": order, "start": 3, "count": 1}]})
    for text, is_inner in (
        (link, False),
        (link.lower().replace(serial.lower(), serial), False),
        (f"(01){GTIN}(21){serial}", False),
        (f"]d201{GTIN}21{serial}", False),
        (inner, True),
        (inner.rsplit("/", 1)[1], True),
    ):
        answer = erp.ask("GET", "/codes", query_string={"link": text})
        assert answer.status_code == 200, (text, answer.text)
        assert (answer.json["position"], answer.json["state"], answer.json["inner"]) == (3, "commissioned", is_inner)
        assert answer.json["lot_code"]
        assert len(answer.json["packs"]) == 1
    with erp.web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 0, "asking is no scan"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://id.example.cn/01/06901234567891/21/ABC", (422, "/link", "check-digit")),
        ("https://id.example.cn/01/06901234567892/99999/ABC", (422, "/link", "path-order")),
        ("https://id.example.cn/01/06901234567892/21/A/10/L", (422, "/link", "path-order")),
        ("(01)06901234567892(8999)ABC", (422, "/link", "gs1-ai")),
        ("(01)06901234567891(21)ABC", (422, "/link", "check-digit")),
        ("nothing at all", (422, "/link", "url")),
    ],
)
def test_a_text_that_is_no_code_is_told_by_place_and_rule(erp: Erp, text: str, said: tuple[int, str, str]) -> None:
    assert flaw_of(erp.ask("GET", "/codes", query_string={"link": text})) == said


def test_serials_made_elsewhere_come_by_form_or_by_csv(erp: Erp) -> None:
    fields = {"reference": "OLD-1", "product_id": erp.product_id}
    table = b"serial\r\nA-1\r\nA-2\r\n"
    form = erp.ask("POST", "/orders/imports", data={**fields, "printed": "true", "file": (io.BytesIO(table), "old.csv")})
    assert (form.status_code, form.json["scheme"], form.json["count"]) == (201, "imported", 2)
    again = erp.ask("POST", "/orders/imports", query_string=fields, data=table, content_type="text/csv")
    assert again.json["id"] == form.json["id"], "the same list under the same reference is the same order"
    assert erp.get(f"/orders/{form.json['id']}")["balance"]["open"] == 2
    twice = erp.ask(
        "POST", "/orders/imports", query_string=fields | {"reference": "OLD-2"}, data=b"serial\nB\nC\nB\n", content_type="text/csv"
    )
    assert flaw_of(twice) == (422, "", "serial-twice")
    file = (io.BytesIO(b"serial\n\xc3\x84\n"), "old.csv")
    assert flaw_of(erp.ask("POST", "/orders/imports", data={**fields, "file": file})) == (422, "/file", "serial")
    assert (twice.json["errors"][0]["line"], twice.json["errors"][0]["earlier"]) == (4, 2)
    taken = erp.ask(
        "POST", "/orders/imports", query_string=fields | {"reference": "OLD-3"}, data=b"serial\nB\nA-2\n", content_type="text/csv"
    )
    assert trouble_of(taken) == (409, "serials-taken")
    assert taken.json["lines"] == [3]
    bare = erp.ask("POST", "/orders/imports", query_string={"printed": "perhaps"}, data=table, content_type="text/csv")
    assert {each["pointer"] for each in bare.json["errors"]} == {"/reference", "/product_id", "/printed"}
    assert len(erp.get("/orders")) == 1


def test_steps_that_cannot_be_taken_say_which_codes_are_in_the_way(erp: Erp) -> None:
    order = erp.order(20)
    path = f"/orders/{order}"
    early = erp.ask("POST", f"{path}/activations", {"lot_id": erp.lot_id, "start": 0, "count": 5})
    assert trouble_of(early) == (409, "codes-not-free")
    assert early.json["spans"] == [{"from": 1, "to": 5, "start": 0, "count": 5, "state": "allocated"}]
    erp.post(f"{path}/prints", {"start": 0, "count": 10})
    erp.post(f"{path}/activations", {"lot_id": erp.lot_id, "start": 0, "count": 5})
    overlapping = erp.ask("POST", f"{path}/activations", {"lot_id": erp.lot_id, "start": 3, "count": 4})
    assert trouble_of(overlapping) == (409, "codes-not-free")
    assert overlapping.json["spans"] == [{"from": 4, "to": 5, "start": 3, "count": 2, "state": "commissioned"}]
    assert trouble_of(erp.ask("POST", f"{path}/prints", {"start": 9, "count": 2})) == (409, "codes-not-free")
    assert flaw_of(erp.ask("POST", f"{path}/prints", {"start": 15, "count": 6})) == (422, "/count", "range")
    assert flaw_of(erp.ask("POST", f"{path}/prints", {"start": True}))[:2] == (422, "/start")
    assert flaw_of(erp.ask("POST", f"{path}/scraps", {"start": 0, "count": 1, "reason": "bored"})) == (422, "/reason", "choice")
    assert flaw_of(erp.ask("POST", f"{path}/scraps", {"positions": [1], "start": 0, "count": 1, "reason": "torn"}))[0] == 422
    assert flaw_of(erp.ask("POST", f"{path}/scraps", {"positions": [20], "reason": "torn"})) == (422, "/positions", "range")
    links = erp.links(order, 5, 2)
    twice = erp.ask("POST", f"/lots/{erp.lot_id}/commissionings", {"serials": [*links, links[0]]})
    assert flaw_of(twice) == (422, "/serials/3", "twice")
    unknown = erp.ask("POST", f"/lots/{erp.lot_id}/commissionings", data="serial\n000000000000\n", content_type="text/csv")
    assert flaw_of(unknown) == (422, "/serials/2", "unknown-serial")
    assert flaw_of(erp.ask("POST", f"/lots/{erp.lot_id}/commissionings", {"serials": []}))[:2] == (422, "/serials")
    assert erp.ask("POST", f"/lots/{erp.lot_id}/commissionings", data=b"\xff", content_type="application/json").status_code == 400
    assert erp.get(path)["balance"]["commissioned"] == 5


def test_only_who_took_a_step_takes_it_back(erp: Erp) -> None:
    order = erp.order(5)
    move = erp.post(f"/orders/{order}/prints")["move"]
    other = erp.web.key("codes")
    assert trouble_of(erp.ask("POST", f"/moves/{move['id']}/undo", key=other)) == (403, "not-yours-to-undo")
    assert erp.post(f"/moves/{move['id']}/undo")["allocated"] == 5
    assert trouble_of(erp.ask("POST", f"/moves/{move['id']}/undo")) == (409, "move-not-undoable")


def test_a_foreign_brand_finds_none_of_it(erp: Erp) -> None:
    erp.post("/code-addresses", {"name": "s.dairy.cn"})
    order = erp.order(5)
    move = erp.post(f"/orders/{order}/prints")["move"]
    erp.post(f"/orders/{order}/activations", {"lot_id": erp.lot_id, "start": 0, "count": 2})
    case = erp.post("/packs", {"kind": "case", "sscc": SSCC, "ranges": [{"order_id": order, "start": 0, "count": 2}]})
    asked = erp.post(f"/orders/{order}/reprints", {"start": 3, "count": 1, "reason": "受潮"})
    theirs = erp.web.key("codes", "admin", brand_id=erp.web.house.other_brand_id)
    everything = {"start": 0, "count": 1, "reason": "other"}
    for method, path, body in (
        ("GET", f"/orders/{order}/moves", None),
        ("GET", f"/orders/{order}/files", None),
        ("GET", f"/orders/{order}/reprints", None),
        ("GET", f"/orders?before={order}", None),
        ("GET", f"/packs/{case['sscc']}", None),
        ("POST", f"/packs/{case['sscc']}/unpack", {}),
        ("POST", f"/moves/{move['id']}/undo", None),
        ("POST", f"/orders/{order}/close", None),
        ("POST", f"/orders/{order}/files", {"format": "csv"}),
        ("POST", f"/orders/{order}/scraps", everything),
        ("POST", f"/orders/{order}/reprints", everything),
        ("POST", f"/reprints/{asked['id']}/approve", {}),
        ("POST", f"/reprints/{asked['id']}/decline", None),
        ("POST", f"/lots/{erp.lot_id}/commissionings", {"serials": erp.links(order, 2, 1)}),
        ("POST", f"/lots/{erp.lot_id}/code-releases", None),
        ("POST", "/plans", {"order_id": order}),
        ("POST", "/packs", {"kind": "case", "ranges": [{"order_id": order, "start": 0, "count": 1}]}),
        ("DELETE", "/code-addresses?name=s.dairy.cn", None),
    ):
        assert erp.ask(method, path, body, key=theirs).status_code == 404, (method, path)
    link = erp.links(order, 0, 1)[0]
    assert erp.ask("GET", "/codes", query_string={"link": link}, key=theirs).status_code == 404
    assert erp.ask("GET", "/code-addresses", key=theirs).json == []
    assert erp.ask("GET", "/serial-keys", key=theirs).json == []
    assert erp.ask("POST", "/code-addresses", {"name": "s.dairy.cn"}, key=theirs).status_code == 409
