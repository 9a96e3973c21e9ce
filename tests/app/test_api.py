"""The JSON doors: bad input is named and leaves nothing, and what is documented is true."""

from __future__ import annotations

import io
from html import escape

import schemathesis
from hypothesis import HealthCheck, given, settings

from app.auth.credentials import SCOPES
from app.factory import LARGEST_BODY
from tests.app.conftest import Web

PRODUCT = {"gtin": "09521234500018", "name_zh": "鲜牛奶", "name_en": "Milk", "net_content": "950 ml", "shelf_life_days": 15}


def test_what_is_no_json_or_the_wrong_shape_is_a_problem_that_says_where(web: Web) -> None:
    key = web.key("codes")
    broken = web.client.post("/api/v1/products", data="{", headers={**key, "Content-Type": "application/json"})
    assert broken.status_code == 400
    wrong = web.client.post("/api/v1/products", json={**PRODUCT, "shelf_life_days": "long", "colour": 1}, headers=key)
    assert wrong.status_code == 422
    assert {each["pointer"] for each in wrong.json["errors"]} == {"/shelf_life_days", "/colour"}
    for answer in (broken, wrong):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert web.client.get(answer.json["type"], headers={"Accept": "application/json"}).status_code in (200, 404)
    assert web.client.get("/api/v1/products", headers=key).json == []


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
    page = web.sign_in("brand_admin").get("/desk/orders").text
    assert escape(evil) in page
    assert evil not in page


def test_a_stranger_and_a_wrong_key_are_told_apart_from_a_missing_thing(web: Web) -> None:
    assert web.client.get("/api/v1/lots").status_code == 401
    assert web.client.get("/api/v1/lots", headers={"X-API-Key": "12345678.nonsense"}).status_code == 401
    assert web.client.get("/api/v1/lots", headers=web.key("codes")).status_code == 403
    assert web.client.get("/api/v1/lots/01M0000000000000000000000", headers=web.key("trace")).status_code == 404
    assert web.client.get("/nowhere").headers["Content-Type"].startswith("text/html")
    assert web.client.get("/api/nowhere").headers["Content-Type"] == "application/problem+json"


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
    assert asked > 25
