"""The supplier's first page: what is asked and why, where it stands, and the place to drop the next file."""

from __future__ import annotations

import re

import pytest

from suppliers.models import Supplier
from tests.app.conftest import Web
from tests.app.pages import portals
from tests.suppliers import shelf


@pytest.fixture
def who(web: Web) -> Supplier:
    return portals.listed(web.house)


def test_the_first_screen_says_what_is_needed_and_why(web: Web, who: Supplier) -> None:
    page = web.sign_in("supplier", supplier_id=who.id).get("/portal").text
    assert "还有 2 样资质要给我们" in page
    assert "食品安全法" in page
    assert "菌种" in page
    assert 'data-drop="#file"' in page
    assert 'capture="environment"' in page


def test_it_says_so_in_english_with_the_law_in_english(web: Web, who: Supplier) -> None:
    page = web.sign_in("supplier", supplier_id=who.id).get("/portal?lang=en").text
    assert "Food Safety Law" in page
    assert "食品安全法" not in page
    assert "Culture" in page


def test_what_was_handed_in_stands_under_its_state(web: Web, who: Supplier) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    paper = shelf.hand_in(web.house, who)
    page = client.get("/portal").text
    assert "还有 1 样资质要给我们" in page
    assert page.index('id="h-open"') < page.index('id="h-waiting"')
    shelf.check(web.house, paper, shelf.CLEAN)
    assert f'href="/portal/papers/{paper.id}"' in client.get("/portal").text


def test_papers_of_each_lot_are_a_calm_section_of_their_own(web: Web) -> None:
    who = portals.listed(web.house, category="dairy")
    page = web.sign_in("supplier", supplier_id=who.id).get("/portal").text
    assert 'id="h-lots"' in page
    assert "还有 2 样" in page


def test_a_supplier_of_nothing_is_taught_what_would_be_here(web: Web) -> None:
    who = shelf.supplier(web.house)
    client = web.sign_in("supplier", supplier_id=who.id)
    assert 'class="empty"' in client.get("/portal").text
    for path in ("/portal/papers", "/portal/calendar", "/portal/requirements"):
        assert 'class="empty"' in client.get(path).text, path


def test_the_list_of_everything_says_who_handed_in_what(web: Web, who: Supplier) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    other = portals.somebody_else(web, who, "wang@example.org")
    upload_id = portals.an_upload(web.house, who, fields=portals.as_read(who))
    answer = web.post(other, f"/portal/uploads/{upload_id}/confirm", portals.form(who), page=f"/portal/uploads/{upload_id}")
    assert answer.status_code == 303, answer.text
    assert "小王" in client.get("/portal/papers").text
    assert "小王" in client.get(answer.location).text


def test_the_list_of_everything_goes_on_where_it_ends(web: Web, who: Supplier) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    for number in range(51):
        shelf.hand_in(web.house, who, content=shelf.PDF + str(number).encode(), number=f"N{number:02}")
    first = client.get("/portal/papers").text
    found = re.search(r'href="(/portal/papers\?after=[^"]+)"', first)
    assert found
    assert first.count('scope="row"') == 50
    assert client.get(found[1]).text.count('scope="row"') == 1


def test_the_kind_that_is_asked_for_goes_along_with_the_file(web: Web, who: Supplier) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    assert 'name="kind" value="food_production"' in client.get("/portal?kind=food_production").text
    assert 'name="kind" value=' not in client.get('/portal?kind="><script>').text
    answer = portals.drop(web, client, (shelf.PDF, "a.pdf"), kind="food_production")
    assert answer.location.endswith("?kind=food_production")
