"""Orders of codes on the desk."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.app.conftest import Web
from tests.factories.dairy import a_product
from traceability import codes, lots


@pytest.fixture
def product_id(web: Web) -> str:
    with web.house.begin("brand_admin") as unit:
        return a_product(unit).id


def _order(web: Web, product_id: str, count: int = 100) -> str:
    with web.house.begin("brand_admin") as unit:
        lots.open(unit, code="ONE", product_id=product_id, line_code="L1", place="一厂", quantity=Decimal(100))
        return codes.order(unit, product_id=product_id, count=count, reference="R-1").id


def test_codes_are_ordered_once_however_often_one_clicks(web: Web, product_id: str) -> None:
    client = web.sign_in("brand_admin")
    form = {"product_id": product_id, "count": "1,000", "reference": "R-7"}
    places = {web.post(client, "/desk/orders", form).location for _ in range(2)}
    assert len(places) == 1
    page = client.get(places.pop()).text
    assert "1,000" in page
    assert 'hx-trigger="every 1s"' in page  # the files are being made
    web.house.drain()


@pytest.mark.parametrize(
    ("form", "field"),
    [({"count": "many"}, "count"), ({"count": "0"}, "count"), ({"count": "５"}, "count"), ({"reference": " "}, "reference")],
)
def test_what_was_mistyped_is_named_and_what_was_typed_is_kept(web: Web, product_id: str, form: dict[str, str], field: str) -> None:
    client = web.sign_in("brand_admin")
    answer = web.post(client, "/desk/orders", {"product_id": product_id, "count": "10", "reference": "R<7>"} | form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "R&lt;7&gt;" in answer.text or field == "reference"


def test_files_appear_when_they_are_ready_and_can_be_fetched(web: Web, product_id: str) -> None:
    order_id = _order(web, product_id)
    client, here = web.sign_in("quality"), f"/desk/orders/{order_id}"
    assert client.get(f"{here}/files/csv").status_code in (404, 409)
    web.house.drain()
    part = client.get(f"{here}/files").text
    assert "hx-trigger" not in part
    assert f'href="{here}/files/csv"' in part
    file = client.get(f"{here}/files/csv")
    assert file.status_code == 200
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_codes_go_on_a_lot_and_what_is_taken_is_named_by_position(web: Web, product_id: str) -> None:
    order_id = _order(web, product_id)
    client, here = web.sign_in("quality"), f"/desk/orders/{order_id}"
    with web.house.look() as unit:
        lot = lots.by_code(unit, "ONE")
    form = {"lot_id": lot.id, "start": "1", "count": "40"}
    assert web.post(client, f"{here}/activate", form, page=here).location == here
    with web.house.look() as unit:
        assert codes.count_of(unit, lot.id) == 40
    assert 'value="41"' in client.get(here).text
    taken = web.post(client, f"{here}/activate", form | {"start": "31"}, page=here)
    assert taken.status_code == 409
    assert "第 31–40 个" in taken.text
    wrong = web.post(client, f"{here}/activate", form | {"start": "0"}, page=here)
    assert wrong.status_code == 422
    assert 'href="#start"' in wrong.text
    web.post(client, f"{here}/activate", {"lot_id": lot.id, "start": "41", "count": ""}, page=here)
    with web.house.look() as unit:
        assert codes.count_of(unit, lot.id) == 100
