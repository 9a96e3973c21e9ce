"""Compact codes through their real door."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.app.conftest import Web
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, codes, faces
from traceability.models import CodeRange, Scan


@pytest.fixture
def serials(web: Web) -> dict[str, str]:
    """An outer and an inner serial of one compact order, and the outer one of a GS1 order, of a brand with two addresses."""
    with web.house.begin() as unit:
        addresses.add(unit, name="s.cn")
        addresses.add(unit, name="/DY")
        product = a_product(unit)
        order = codes.order(unit, product_id=product.id, count=3, reference="1", scheme="compact", inner=True, formats=())
        other = codes.order(unit, product_id=product.id, count=3, reference="2", formats=())

        def serial(order: Any, face: str = "outer") -> str:
            return str(faces.serials(unit, order, face=face, first=order.first + 1, count=1).tolist()[0].decode())

        return {"outer": serial(order), "inner": serial(order, "inner"), "gs1": serial(other)}


@pytest.mark.parametrize(("path", "host"), [("/{}", "s.cn"), ("/DY/{}", "id.example"), ("/dy/{}", "id.example"), ("/{}", "S.CN")])
@pytest.mark.parametrize("face", ["outer", "inner"])
def test_it_leads_to_the_items_own_page_and_is_no_look(web: Web, serials: dict[str, str], path: str, host: str, face: str) -> None:
    for written in (serials[face], serials[face].lower()):
        answer = web.client.get(path.format(written), headers={"Host": host})
        assert answer.status_code == 302
        assert re.fullmatch(rf"/see/{GTIN}/{serials[face]}\?v=\w{{46}}", answer.headers["Location"])
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 0
    page = web.client.get(answer.headers["Location"], headers={"Host": host})
    assert page.status_code == 200
    assert "鲜牛奶" in page.text


def test_what_is_nobodys_is_told_like_an_unknown_gs1_code(web: Web, serials: dict[str, str]) -> None:
    like = web.client.get(f"/01/{GTIN}/21/{'0' * 12}", follow_redirects=True)
    assert like.status_code == 404
    wrong = [
        (f"/{serials['outer']}", "id.example"),  # the platform's own host is no brand's
        (f"/{'0' * 12}", "s.cn"),
        (f"/{serials['gs1']}", "s.cn"),  # a GS1 serial says nothing without its GTIN
        (f"/ZZ/{serials['outer']}", "id.example"),
        (f"/DY/{'0' * 12}", "id.example"),
    ]
    for path, host in wrong:
        answer = web.client.get(path, headers={"Host": host})
        assert (answer.status_code, answer.text) == (like.status_code, like.text), path
        assert {name: value for name, value in answer.headers if name != "Date"} == {
            name: value for name, value in like.headers if name != "Date"
        }


def test_another_brands_address_knows_none_of_them(web: Web, serials: dict[str, str]) -> None:
    with web.house.begin(brand_id=web.house.other_brand_id) as unit:
        addresses.add(unit, name="t.cn")
    assert web.client.get(f"/{serials['outer']}", headers={"Host": "t.cn"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/" + "0" * 11, "/" + "0" * 13, "/OOOOOOOOOOOO", "/D/000000000000", "/DYDYDYDYD/000000000000", "/DO/000000000000", "/99/000000000000"],
)
def test_other_paths_are_not_taken_for_one(web: Web, path: str) -> None:
    adapter = web.app.url_map.bind("s.cn")
    assert not adapter.test(path, method="GET") or not str(adapter.match(path, method="GET")[0]).startswith("compact.")


def test_a_label_that_never_was_on_an_item_is_nobodys(web: Web, serials: dict[str, str]) -> None:
    with web.house.begin() as unit:
        unit.session.execute(update(CodeRange).values(state="label_scrapped"))
    assert web.client.get(f"/{serials['outer']}", headers={"Host": "s.cn"}).status_code == 404
    key = web.key("scans")
    ours, never = (web.client.post("/api/v1/scans", json={"code": code}, headers=key).json for code in (serials["outer"], "0" * 12))
    assert ours == never


def test_whoever_guesses_has_to_wait_even_for_a_real_one(web: Web, serials: dict[str, str]) -> None:
    for number in range(20):
        assert web.client.get(f"/{number:012d}", headers={"Host": "s.cn"}).status_code == 404
    for serial in ("0" * 12, serials["outer"]):
        answer = web.client.get(f"/{serial}", headers={"Host": "s.cn"})
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
