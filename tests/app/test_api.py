"""The JSON doors: bad input is named and leaves nothing, and what is documented is true."""

from __future__ import annotations

import io
import re
from html import escape

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from app.auth.credentials import SCOPES
from app.factory import LARGEST_BODY
from app.problems import CODES, every_trouble
from tests.app.conftest import Web

PRODUCT = {"gtin": "09521234500018", "name_zh": "鲜牛奶", "name_en": "Milk", "net_content": "950 ml", "shelf_life_days": 15}


def test_what_is_no_json_or_the_wrong_shape_is_a_problem_that_says_where(web: Web) -> None:
    key = web.key("codes")
    broken = web.client.post("/api/v1/products", data="{", headers={**key, "Content-Type": "application/json"})
    assert broken.status_code == 400
    wrong = web.client.post("/api/v1/products", json={**PRODUCT, "shelf_life_days": "long", "colour": 1}, headers=key)
    assert wrong.status_code == 422
    assert {each["pointer"] for each in wrong.json["errors"]} == {"/shelf_life_days", "/colour"}
    assert (wrong.json["title"], wrong.json["type"]) == ("The request is not valid", "/problems/invalid")
    assert {each["rule"] for each in wrong.json["errors"]} == {"shape"}
    assert wrong.json["detail"] == "; ".join(each["detail"] for each in wrong.json["errors"])
    for answer in (broken, wrong):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert web.client.get(answer.json["type"], headers={"Accept": "application/json"}).status_code == 200
    assert web.client.get("/api/v1/products", headers=key).json == []


def test_a_body_that_is_no_json_is_told_where(web: Web) -> None:
    headers = {**web.key("codes", "telemetry", "trace"), "Content-Type": "application/json"}
    broken = web.client.post("/api/v1/orders", data='{\n "a": }', headers=headers)
    assert (broken.status_code, broken.json["detail"]) == (400, "the body is not JSON: line 2, column 7")
    assert web.client.post("/api/v1/orders", data=b"\xff", headers=headers).status_code == 400


@pytest.mark.parametrize("path", ["orders", "telemetry", "lots/01M0000000000000000000000/commissionings"])
@pytest.mark.parametrize("opening", ["[", '{"readings":'])
def test_json_nested_too_deep_is_not_read(web: Web, path: str, opening: str) -> None:
    headers = {**web.key("codes", "telemetry", "trace"), "Content-Type": "application/json"}
    answer = web.client.post(f"/api/v1/{path}", data=opening * 20_000, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [([], ""), ("x", ""), ({"product_id": "no"}, "/product_id"), ({"a/b~c": 1}, "/a~1b~0c")],
)
def test_a_wrong_shape_is_told_without_what_is_inside_the_house(web: Web, body: object, pointer: str) -> None:
    answer = web.client.post("/api/v1/orders", json=body, headers=web.key("codes"))
    assert answer.status_code == 422
    assert pointer in {each["pointer"] for each in answer.json["errors"]}
    assert not re.search(r"OrderIn|\^\[|pattern|should|Value error", answer.text)


def test_every_type_that_is_said_leads_to_a_page(web: Web) -> None:
    codes = {*CODES.values(), *every_trouble(), "unforeseen", "http-416", "http-412", "http-500"}
    for code in codes:
        assert web.client.get(f"/problems/{code}", headers={"Accept": "application/json"}).json["meaning"], code
        assert web.client.get(f"/problems/{code}").status_code == 200, code
    assert [web.client.get(f"/problems/{code}").status_code for code in ("http-200", "http-499", "nothing")] == [404] * 3


def test_a_wrong_check_digit_is_told_by_its_rule(web: Web) -> None:
    answer = web.client.post("/api/v1/products", json={**PRODUCT, "gtin": "09521234500017"}, headers=web.key("codes"))
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/gtin")


def test_a_body_too_large_is_refused_before_it_is_read(web: Web) -> None:
    key = web.key("suppliers")
    answer = web.client.post("/api/v1/certificates", data={"file": (io.BytesIO(b"x" * (LARGEST_BODY + 1)), "x.pdf")}, headers=key)
    assert (answer.status_code, answer.json["type"]) == (413, "/problems/too-large")


def test_a_foreign_brands_object_is_not_there(web: Web) -> None:
    mine = web.client.post("/api/v1/products", json=PRODUCT, headers=web.key("codes")).json
    theirs = web.key("codes", "trace", brand_id=web.house.other_brand_id)
    assert web.client.get("/api/v1/products", headers=theirs).json == []
    order = {"reference": "r", "product_id": mine["id"], "count": 1, "formats": []}
    assert web.client.post("/api/v1/orders", json=order, headers=theirs).status_code == 404
    # A GTIN is one brand's in all the world.
    assert web.client.post("/api/v1/products", json=PRODUCT, headers=theirs).status_code == 409


def test_markup_in_a_name_stays_text_on_every_page(web: Web) -> None:
    evil = "<img src=x onerror=alert(1)>{{7*7}}"
    web.client.post("/api/v1/products", json={**PRODUCT, "name_zh": evil}, headers=web.key("codes"))
    page = web.sign_in("brand_admin").get("/desk/orders/new").text
    assert escape(evil) in page
    assert evil not in page


def test_a_stranger_and_a_wrong_key_are_told_apart_from_a_missing_thing(web: Web) -> None:
    assert web.client.get("/api/v1/lots").status_code == 401
    assert web.client.get("/api/v1/lots", headers={"X-API-Key": "12345678.nonsense"}).status_code == 401
    assert web.client.get("/api/v1/lots", headers=web.key("codes")).status_code == 403
    assert web.client.get("/api/v1/lots/01M0000000000000000000000", headers=web.key("trace")).status_code == 404
    assert web.client.get("/nowhere").headers["Content-Type"].startswith("text/html")
    assert web.client.get("/api/nowhere").headers["Content-Type"] == "application/problem+json"


def test_the_document_says_what_holds_at_every_door(web: Web) -> None:
    said = web.client.get("/api/openapi.json").json["info"]["description"]
    assert [word for word in ("counted from 0", "`spans`", "`type`", "`rule`", "`limit`", "`before`") if word not in said] == []


def test_no_documented_door_breaks_whatever_is_said_to_it(web: Web) -> None:
    """Schemathesis makes requests out of the OpenAPI document, right and wrong ones: none is answered with a 5xx."""
    web.app.testing = False
    key = web.key(*SCOPES)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", web.app)
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=4, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def never_breaks(case: schemathesis.Case) -> None:
            case.headers = {**(case.headers or {}), **key}
            answer = case.call()
            assert answer.status_code < 500, (case.method, case.path, answer.text[:200])

        never_breaks()
        asked += 1
    assert asked > 60
