"""The code under the cap, from the page of the outer one."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.app.conftest import Web
from tests.factories.dairy import GTIN, a_batch, a_product
from traceability import addresses, codes, faces, lots, moves
from traceability.models import ItemScans, Scan


@pytest.fixture
def pair(web: Web) -> tuple[str, str]:
    """Outer and inner code of an item on a released lot."""
    with web.house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
        product = a_product(unit)
        order = codes.order(unit, product_id=product.id, count=2, reference="PO-1", inner=True, formats=())
        moves.printed(unit, order_id=order.id)
        lot = a_batch(unit, "L1", product)
        moves.commission(unit, order_id=order.id, lot_id=lot.id)
        lots.get(unit, lot.id).state = "released"
        outer, inner = (
            faces.serials(unit, order, face=face, first=order.first, count=1).tolist()[0].decode() for face in ("outer", "inner")
        )
    return outer, inner


def _page(web: Web, serial: str) -> Any:
    return web.client.get(f"/01/{GTIN}/21/{serial}", follow_redirects=True)


def _form(page: str) -> tuple[str, str]:
    """Where the form leads, and its ticket."""
    found = re.search(r'<form[^>]+action="([^"]+/inner)"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found
    ticket = re.search(r'name="ticket" value="([^"]+)"', found[2])
    assert ticket
    return unescape(found[1]), ticket[1]


def test_the_outer_code_asks_for_the_inner_one_and_that_makes_it_genuine_once(web: Web, pair: tuple[str, str]) -> None:
    outer, inner = pair
    page = _page(web, outer)
    assert 'data-verdict="ask_inner"' in page.text
    assert "正品" not in re.sub(r"<[^>]+>", "", page.text.partition("<main")[2].partition("<section")[0])
    action, ticket = _form(page.text)
    opened = web.client.post(action, data={"ticket": ticket, "code": inner.lower()}).headers["Location"]
    assert inner not in opened, "no address holds it"
    for _ in range(2):
        answer = web.client.get(opened, headers={"User-Agent": "a phone that has changed its network"})
        assert 'data-verdict="first_check"' in answer.text
        assert "正品" in answer.text
    assert 'data-verdict="seen_before"' in _page(web, inner).text
    other = web.app.test_client(use_cookies=False)
    stranger = other.get(f"/01/{GTIN}/21/{inner}", follow_redirects=True, headers={"User-Agent": "another phone"})
    assert 'data-verdict="seen_before"' in stranger.text
    assert "如果不是您" in stranger.text
    again = _page(web, outer).text
    assert 'data-verdict="ask_inner"' in again
    assert "已在" in again


def test_five_wrong_ones_lock_it_and_nothing_is_kept_as_a_genuine_look(web: Web, pair: tuple[str, str]) -> None:
    outer, inner = pair
    action, ticket = _form(_page(web, outer).text)
    with web.house.look() as unit:
        looks = unit.session.scalar(select(func.count()).select_from(Scan))
    places = [web.client.post(action, data={"ticket": ticket, "code": "0" * 12}).headers["Location"] for _ in range(5)]
    assert [("inner=wrong" in place, "inner=locked" in place) for place in places] == [(True, False)] * 4 + [(False, True)]
    assert "inner=locked" in web.client.post(action, data={"ticket": ticket, "code": "1" * 12}).headers["Location"]
    assert inner not in "".join(places)
    wrong, locked = web.client.get(places[0]), web.client.get(places[4])
    assert 'role="alert"' in wrong.text or "aria-invalid" in wrong.text
    assert locked.status_code == 200
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == looks, "the same view told again"
        (item,) = unit.session.scalars(select(ItemScans))
        assert (item.owned_at, item.wrong, item.times) == (None, 5, 1)


@pytest.mark.parametrize("ticket", ["", "x", "01M80K0YB3BM3SWDC5KN6GHMNS.01M80K0YB3BM3SWDC5KN6GHMNS.00"])
def test_without_a_ticket_there_is_nothing_to_try(web: Web, pair: tuple[str, str], ticket: str) -> None:
    answer = web.client.post(f"/see/{GTIN}/{pair[0]}/inner", data={"ticket": ticket, "code": pair[1]})
    assert answer.status_code == 404


def test_a_ticket_of_one_item_opens_no_form_of_another(web: Web, pair: tuple[str, str]) -> None:
    """Else a look at any item could be shown as the first check of another, for ever."""
    outer, _ = pair
    with web.house.look() as unit:
        order = codes.orders(unit)[0]
        other = faces.serials(unit, order, face="outer", first=order.first + 1, count=1).tolist()[0].decode()
    _, ticket = _form(_page(web, outer).text)
    answer = web.client.post(f"/see/{GTIN}/{other}/inner", data={"ticket": ticket, "code": "0" * 12})
    assert answer.status_code == 404
