"""What is printed, through the JSON doors: planned, asked for, fetched by ranges, wanted again, inspected."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.app.conftest import Erp, flaw_of, trouble_of
from tests.traceability.labels.some import pictures

SMALL = {"size_mm": 5, "page_mm": [70, 60]}


def test_a_plan_is_told_before_anything_is_ordered(erp: Erp) -> None:
    plan = erp.post("/plans", {"scheme": "compact", "host": "s.cn", "dpi": 600, "size_mm": 5})
    assert (plan["version"], plan["dots"], plan["mode"]) == (1, 5, "alphanumeric")
    assert plan["symbol_mm"] == pytest.approx(plan["modules"] * plan["module_mm"])
    assert 0 < plan["fitness"] <= 1
    order = erp.order(10)
    assert erp.post("/plans", {"order_id": order})["modules"] == 29
    assert erp.get(f"/orders/{order}")["files"] == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"scheme": "gs1", "dpi": 300, "size_mm": 5}, (422, "/plan", "dots")),
        ({"scheme": "gs1", "host": "a" * 500 + ".cn"}, (422, "/host", "address")),
        ({"scheme": "gs1", "host": ".."}, (422, "/host", "address")),
        ({"scheme": "compact", "host": "s.cn:99999"}, (422, "/host", "address")),
        ({"scheme": "gs1", "host": "a-host-far-too-long-for-it.example.cn", "size_mm": 5}, (422, "/plan", "dots")),
        ({"scheme": "gs1", "dpi": 2}, (422, "/dpi", "range")),
        ({"scheme": "gs1", "quiet": 1}, (422, "/quiet", "quiet")),
        ({"scheme": "morse"}, (422, "/scheme", "choice")),
        ({}, (422, "", "shape")),
    ],
)
def test_a_plan_that_cannot_be_kept_says_why(erp: Erp, wish: dict[str, Any], said: tuple[int, str, str]) -> None:
    answer = erp.ask("POST", "/plans", wish)
    assert flaw_of(answer) == said


def test_what_would_work_instead_does_work(erp: Erp) -> None:
    wish = {"scheme": "gs1", "host": "id.example.cn", "dpi": 300, "size_mm": 5}
    works = erp.ask("POST", "/plans", wish).json["works"]
    assert set(works) == {"dpi", "size_mm"}
    for name, value in works.items():
        assert erp.post("/plans", {**wish, name: value})["dots"] >= 4


def test_a_file_is_asked_for_watched_and_fetched_by_ranges(erp: Erp) -> None:
    order = erp.order(30)
    body = {"format": "csv", "start": 10, "count": 5}
    asked = erp.ask("POST", f"/orders/{order}/files", body)
    assert (asked.status_code, asked.json["state"], asked.json["done"], asked.json["count"]) == (202, "waiting", 0, 5)
    file = f"/files/{asked.json['id']}"
    assert trouble_of(erp.ask("GET", f"{file}/content")) == (409, "print-not-ready")
    erp.web.house.drain()
    assert erp.post(f"/orders/{order}/files", body)["id"] == asked.json["id"], "what was asked before is there already"
    ready = erp.get(file)
    assert (ready["state"], ready["done"]) == ("ready", 5)
    whole = erp.ask("GET", f"{file}/content")
    assert len(whole.data) == ready["size"]
    for link in erp.links(order, 10, 5):
        assert link.encode() in whole.data
    assert erp.ask("GET", f"{file}/content").headers["ETag"] == whole.headers["ETag"]
    with erp.web.client.get(f"/api/v1{file}/content", headers={**erp.key, "Range": "bytes=10-19"}) as part:
        assert (part.status_code, part.data) == (206, whole.data[10:20])


def test_a_file_that_cannot_be_is_refused_and_leaves_nothing(erp: Erp) -> None:
    order = erp.order(30)
    for body, said in (
        ({"format": "docx"}, (422, "/format", "formats")),
        ({"format": "csv", "start": 29, "count": 2}, (422, "/count", "range")),
        ({"format": "pdf", "face": "both"}, (422, "/face", "choice")),
        ({"format": "pdf", "dpi": 300, "size_mm": 5}, (422, "/plan", "dots")),
    ):
        assert flaw_of(erp.ask("POST", f"/orders/{order}/files", body)) == said
    assert erp.ask("POST", f"/orders/{order}/files", {"format": "pdf", "face": "inner"}).status_code == 404
    assert erp.get(f"/orders/{order}/files") == []


def test_a_second_print_takes_a_reason_and_another_key(erp: Erp) -> None:
    order = erp.order(30)
    erp.post(f"/orders/{order}/prints")
    assert trouble_of(erp.ask("POST", f"/orders/{order}/files", {"format": "csv"})) == (409, "reprint-needed")
    assert flaw_of(erp.ask("POST", f"/orders/{order}/reprints", {"start": 3, "count": 4, "reason": " "}))[:2] == (422, "/reason")
    wanted = erp.post(f"/orders/{order}/reprints", {"start": 3, "count": 4, "reason": "卷材受潮"})
    assert (wanted["start"], wanted["count"], wanted["state"]) == (3, 4, "asked")
    path = f"/reprints/{wanted['id']}/approve"
    assert trouble_of(erp.ask("POST", path, {"format": "csv"})) == (403, "second-person-needed")
    done = erp.post(path, {"format": "csv"}, key=erp.web.key("codes"))
    assert (done["reprint"]["state"], done["file"]["start"], done["file"]["count"]) == ("approved", 3, 4)
    assert trouble_of(erp.ask("POST", f"/reprints/{wanted['id']}/decline")) == (409, "reprint-decided")
    other = erp.post(f"/orders/{order}/reprints", {"start": 0, "count": 1, "reason": "x"})
    assert erp.post(f"/reprints/{other['id']}/decline")["state"] == "declined"
    assert [each["state"] for each in erp.get(f"/orders/{order}/reprints")] == ["declined", "approved"]


def test_a_sheet_is_inspected_and_its_bad_labels_scrapped(erp: Erp) -> None:
    order = erp.order(30)
    file = erp.post(f"/orders/{order}/files", {"format": "png", "margin_mm": 5, **SMALL})
    erp.web.house.drain()
    erp.post(f"/orders/{order}/prints")
    content = erp.ask("GET", f"/files/{file['id']}/content").data
    page = pictures("png", content, 600)[0]
    page = page.resize((page.width * 2 // 3, page.height * 2 // 3))
    picture = io.BytesIO()
    page.save(picture, "PNG")
    path = f"/files/{file['id']}/inspections"
    report = erp.post(path, data={"picture": (io.BytesIO(picture.getvalue()), "page.png")})
    assert report["counts"]["A"] == len(report["labels"]) == 30
    assert report["bad"] == []
    assert flaw_of(erp.ask("POST", path, data={"page": "9", "picture": (io.BytesIO(picture.getvalue()), "page.png")})) == (
        422,
        "/page",
        "range",
    )
    assert flaw_of(erp.ask("POST", path, data={"page": "1"})) == (422, "/picture", "required")
    blank = io.BytesIO()
    Image.new("L", (400, 400), 255).save(blank, "PNG")
    assert trouble_of(erp.ask("POST", path, data={"picture": (io.BytesIO(blank.getvalue()), "page.png")}))[0] == 422
    assert erp.ask("POST", path, data={"picture": (io.BytesIO(b"no picture"), "page.png")}).status_code == 422
