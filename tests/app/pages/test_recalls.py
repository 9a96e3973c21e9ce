"""From a lot to a recall: drill, confirmation, and what is told."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask.testing import FlaskClient

from members import recalls as notices
from tests.app.conftest import Web
from tests.members.goods import lot_id, shelf
from traceability import lots, recalls

SAY = {"reason": "杀菌温度不足", "advice": "请不要饮用。\n到门店退款。", "agreed": "yes"}


def _post(web: Web, client: FlaskClient, path: str, form: dict[str, Any]) -> Any:
    """As a browser would: with what was seen when the page was opened."""
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(path).text)
    assert seen
    return web.post(client, path, {"seen": seen[1], **form})


def test_the_drill_shows_the_exact_lots_and_items_and_does_nothing(web: Web) -> None:
    shelf(web.house, ONE=3, TWO=2)
    page = web.sign_in("quality").get(f"/desk/lots/{lot_id(web.house, 'ONE')}/recall").text
    assert "1 批、3 件" in page
    assert (">ONE<" in page, ">TWO<" in page) == (True, False)
    with web.house.look() as unit:
        assert recalls.every(unit) == []


def test_a_recall_needs_its_words_and_a_look_at_the_list(web: Web) -> None:
    shelf(web.house, ONE=3)
    client, path = web.sign_in("quality"), f"/desk/lots/{lot_id(web.house, 'ONE')}/recall"
    unread = _post(web, client, path, SAY | {"agreed": ""})
    assert unread.status_code == 422
    assert "杀菌温度不足" in unread.text  # what was typed is kept
    blank = _post(web, client, path, SAY | {"reason": " ", "advice": ""})
    assert blank.status_code == 422
    assert 'href="#reason"' in blank.text
    assert 'href="#advice"' in blank.text
    with web.house.look() as unit:
        assert recalls.every(unit) == []


def test_a_confirmed_recall_is_open_and_listed(web: Web) -> None:
    shelf(web.house, ONE=3)
    client, path = web.sign_in("brand_admin"), f"/desk/lots/{lot_id(web.house, 'ONE')}/recall"
    answer = _post(web, client, path, SAY)
    with web.house.look() as unit:
        (recall,) = recalls.every(unit)
        assert notices.told(unit, recall.id) == 0
    assert answer.location == f"/desk/recalls#{recall.id}"
    listed = client.get("/desk/recalls").text
    assert "杀菌温度不足" in listed
    assert ">ONE<" in listed
    assert "已召回" in client.get(path.removesuffix("/recall")).text
    again = web.post(client, path, {"seen": "1", **SAY}, page="/desk/lots")
    assert again.status_code == 409


def test_a_family_that_grew_while_one_was_reading_is_shown_again(web: Web) -> None:
    shelf(web.house, ONE=3)
    start = lot_id(web.house, "ONE")
    client, path = web.sign_in("quality"), f"/desk/lots/{start}/recall"
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(path).text)
    assert seen
    with web.house.begin() as unit:
        first = lots.finish(unit, lot_id=start, inputs=[(_milk(unit), Decimal(1))])
        more = lots.open(unit, code="MORE", product_id=str(first.product_id), line_code="1", place="杭州", quantity=Decimal(1))
        lots.finish(unit, lot_id=more.id, inputs=[(start, Decimal(1))])
    answer = web.post(client, path, {"seen": seen[1], **SAY})
    assert answer.status_code == 409
    assert ">MORE<" in answer.text
    with web.house.look() as unit:
        assert recalls.every(unit) == []
    assert _post(web, client, path, SAY).status_code == 303


def _milk(unit: Any) -> str:
    from tests.factories.dairy import a_delivery, a_material, a_supplier

    return a_delivery(unit, "M-1", material=a_material(unit), supplier=a_supplier(unit)).id
