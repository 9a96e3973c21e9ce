"""A product's own page."""

from __future__ import annotations

import pytest

from tests.app.conftest import Web
from tests.factories.dairy import GTIN, a_batch, a_product
from traceability import link_hosts, links


def _product(web: Web) -> None:
    with web.house.begin("brand_admin") as unit:
        product = a_product(unit)
        a_batch(unit, "B-1", product).state = "released"


def test_a_product_is_shown_with_how_to_check_one_and_never_called_genuine(web: Web) -> None:
    _product(web)
    page = web.client.get(f"/about/{GTIN}")
    assert page.status_code == 200
    for expected in ("鲜牛奶", "950 ml", GTIN, "岚牧乳业", "7 天", 'href="/scan"'):
        assert expected in page.text
    assert "data-verdict" not in page.text
    assert "Fresh milk" in web.client.get(f"/about/{GTIN}?lang=en").text


def test_any_written_form_of_its_number_will_do(web: Web) -> None:
    _product(web)
    assert web.client.get(f"/about/{GTIN.removeprefix('0')}").status_code == 200


@pytest.mark.parametrize("gtin", ["09521234500018", "123", "x" * 300, "%00"])
def test_what_is_nobodys_is_not_found(web: Web, gtin: str) -> None:
    _product(web)
    assert web.client.get(f"/about/{gtin}").status_code == 404


def test_the_brands_links_of_the_product_are_shown_in_the_readers_language(web: Web) -> None:
    _product(web)
    with web.house.begin("brand_admin") as unit:
        link_hosts.allow(unit, host="lanmu.example")
        for title, language, thing in (
            ("牧场的一天", "zh", f"01/{GTIN}"),
            ("A day at the farm", "en", f"01/{GTIN}"),
            ("这一批的报告", "zh", f"01/{GTIN}/10/B-1"),
        ):
            address = f"https://lanmu.example/{language}"
            links.add(unit, thing=thing, link_type="instructions", href=address, title=title, language=language)
    page = web.client.get(f"/about/{GTIN}").text
    assert 'href="https://lanmu.example/zh"' in page
    assert "牧场的一天" in page
    assert "A day at the farm" not in page
    assert "这一批的报告" not in page
