"""Links through the JSON doors."""

from __future__ import annotations

import io

import pytest

from tests.app.conftest import Erp, flaw_of, trouble_of
from tests.factories.dairy import GTIN

ITEM = {"link_type": "gs1:pip", "href": "https://www.lanmu.example/milk", "title": "鲜牛奶"}
HEAD = "key,link_type,href,title\n"


@pytest.fixture
def shop(erp: Erp) -> Erp:
    """A machine that may keep links, to one host."""
    erp.key = erp.web.key("links", "admin")
    erp.post("/link-hosts", {"host": "www.lanmu.example"})
    return erp


def test_a_link_lives_and_is_ended(shop: Erp) -> None:
    made = shop.post("/links", {"thing": f"(01){GTIN}(10)A/B", **ITEM, "language": "zh-Hans", "is_default": True})
    assert (made["anchor"], made["link_type"], made["language"]) == (f"01/{GTIN}/10/A%2FB", "pip", "zh-CN")
    here = f"/links/{made['id']}"
    assert shop.post("/links", {"thing": f"01/{GTIN}/10/A%2FB", **ITEM, "language": "zh-CN", "is_default": True})["id"] == made["id"]
    changed = shop.ask("PUT", here, {**ITEM, "title": "新"})
    assert (changed.json["title"], changed.json["language"], changed.json["is_default"]) == ("新", None, False)
    assert [each["id"] for each in shop.get(f"/links?thing={GTIN}&link_type=pip&health=unchecked")] == [made["id"]]
    assert shop.get("/links?health=broken") == []
    assert shop.ask("DELETE", here).status_code == 204
    assert shop.get("/links") == []
    assert shop.get(here)["ended_at"]
    assert [each["change"] for each in shop.get(here + "/history")].count("added") == 1
    assert trouble_of(shop.ask("PUT", here, ITEM)) == (409, "link-ended")


@pytest.mark.parametrize(
    ("more", "place", "rule"),
    [
        ({"thing": f"(01){GTIN}(21)1(10)A"}, "/thing", "anchor-level"),
        ({"href": "https://brand.cn.evil.com/"}, "/href", "href-host"),
        ({"href": "javascript:alert(1)"}, "/href", "href"),
        ({"link_type": "x"}, "/link_type", "link-type"),
        ({"is_default": "yes"}, "/is_default", "shape"),
        ({"colour": "red"}, "/colour", "shape"),
    ],
)
def test_what_is_wrong_is_named(shop: Erp, more: dict[str, object], place: str, rule: str) -> None:
    assert flaw_of(shop.ask("POST", "/links", {"thing": GTIN, **ITEM, **more})) == (422, place, rule)
    assert shop.get("/links") == []


def test_questions_that_make_no_sense_are_told(shop: Erp) -> None:
    assert flaw_of(shop.ask("GET", "/links?health=fine")) == (422, "/health", "choice")
    assert flaw_of(shop.ask("GET", "/links?link_type=gs1:pip")) == (422, "/link_type", "choice")
    assert flaw_of(shop.ask("GET", "/links?thing=milk")) == (422, "/thing", "thing")
    assert flaw_of(shop.ask("GET", "/links?limit=0"))[0] == 422
    assert trouble_of(shop.ask("GET", "/links/x")) == (404, "missing")


def test_a_table_is_tried_brought_in_and_written_out(shop: Erp) -> None:
    table = f"{HEAD}{GTIN},gs1:pip,https://www.lanmu.example/a,鲜牛奶\n(01){GTIN}(10)A,pip,https://www.lanmu.example/b,=A\n"
    body = {"data": table.encode(), "content_type": "text/csv"}
    tried = shop.post("/links/imports?dry_run=true", **body)
    assert tried["counts"] == {"added": 2, "changed": 0, "same": 0, "ended": 0, "wrong": 0}
    assert shop.get("/links") == []
    form = {"data": {"file": (io.BytesIO(table.encode("gbk")), "links.csv")}}
    assert shop.post("/links/imports", **form)["counts"]["added"] == 2
    moved = {"data": table.replace("/a,", "/new,").encode(), "content_type": "text/csv"}
    row = shop.post("/links/imports?dry_run=1", **moved)["rows"][0]
    assert (row["outcome"], row["before"]) == ("changed", "https://www.lanmu.example/a")
    answer = shop.ask("GET", "/links/export")
    assert answer.content_type.startswith("text/csv")
    assert "'=A" in answer.data.decode("utf-8-sig")
    assert shop.post("/links/imports", data=answer.data, content_type="text/csv")["counts"]["same"] == 2


def test_a_wrong_table_is_told_cell_by_cell(shop: Erp) -> None:
    table = f"{HEAD}{GTIN},pip,https://www.lanmu.example/a,a\n{GTIN},pip,https://evil.com/,b\n"
    tried = shop.post("/links/imports?dry_run=true", data=table, content_type="text/csv")
    assert [(row["outcome"], [each["pointer"] for each in row["errors"]]) for row in tried["rows"]] == [
        ("added", []),
        ("wrong", ["/rows/1/href"]),
    ]
    assert flaw_of(shop.ask("POST", "/links/imports", data=table, content_type="text/csv")) == (422, "/rows/1/href", "href-host")
    assert shop.get("/links") == []
    assert flaw_of(shop.ask("POST", "/links/imports", data=b"nonsense", content_type="text/csv")) == (422, "", "csv-head")
    assert flaw_of(shop.ask("POST", "/links/imports", data={})) == (422, "/file", "required")
    assert shop.ask("POST", "/links/imports?dry_run=maybe", data=table, content_type="text/csv").status_code == 422


def test_hosts_are_allowed_and_taken_back(shop: Erp) -> None:
    shop.post("/links", {"thing": GTIN, **ITEM})
    assert [each["host"] for each in shop.get("/link-hosts")] == ["www.lanmu.example"]
    held = shop.ask("DELETE", "/link-hosts?host=www.lanmu.example")
    assert (trouble_of(held), held.json["count"]) == ((409, "host-in-use"), 1)
    assert flaw_of(shop.ask("POST", "/link-hosts", {"host": "*.cn"})) == (422, "/host", "link-host")
    shop.post("/link-hosts", {"host": "*.lanmu.example"})
    assert shop.ask("DELETE", "/link-hosts?host=www.lanmu.example").status_code == 204
    assert trouble_of(shop.ask("DELETE", "/link-hosts?host=www.lanmu.example")) == (404, "missing")


def test_the_doors_ask_for_their_scope_and_keep_brands_apart(shop: Erp) -> None:
    made = shop.post("/links", {"thing": GTIN, **ITEM})
    assert trouble_of(shop.ask("GET", "/links", key=shop.web.key("codes", "admin"))) == (403, "key-lacks-scope")
    for method in ("POST", "DELETE"):
        answer = shop.ask(method, "/link-hosts?host=www.lanmu.example", {"host": "x.example"}, key=shop.web.key("links"))
        assert trouble_of(answer) == (403, "key-lacks-scope")
    away = shop.web.key("links", brand_id=shop.web.house.other_brand_id)
    assert shop.ask("GET", "/links", key=away).json == []
    assert shop.ask("GET", "/link-hosts", key=away).json == []
    assert shop.ask("GET", f"/links/{made['id']}", key=away).status_code == 404
    assert shop.ask("DELETE", f"/links/{made['id']}", key=away).status_code == 404
    assert flaw_of(shop.ask("POST", "/links", {"thing": GTIN, **ITEM}, key=away)) == (422, "/thing", "not-our-product")
