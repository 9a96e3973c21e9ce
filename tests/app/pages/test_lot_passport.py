"""The passport of a lot on paper: what it says, in both languages, and the digest of it."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal

import pytest

from app.words import say
from suppliers.models import CheckOutcome, Supplier
from tests.app.conftest import Web
from tests.app.pages.test_story import _lot
from tests.factories.dairy import GTIN, a_paper
from traceability import holds, lots
from traceability.models import LotPaper


@pytest.fixture
def lot_id(web: Web) -> str:
    """A lot made of milk whose supplier has shown a licence: its dates were right, its signature could not be checked."""
    made = _lot(web)
    with web.house.begin("brand_admin") as unit:
        (milk,) = lots.every(unit, kind="material")
        paper = a_paper(unit, unit.session.get_one(Supplier, milk.supplier_id))
        unit.session.add(LotPaper(id=unit.new_id(), lot_id=milk.id, certificate_id=paper.id))
        for name, result in (("dates", "passed"), ("signature", "inconclusive")):
            row = {"id": unit.new_id(), "certificate_id": paper.id, "name": name, "result": result, "because": f"check.{name}.missing"}
            unit.session.add(CheckOutcome(**row, evidence={}, at=unit.now))
    return made


def _digest(page: str) -> str:
    found = re.search(r'class="digest">[^<]*<span class="code">([0-9a-f]{64})<', page)
    assert found
    return found[1]


def test_it_says_of_what_who_vouches_where_it_is_and_what_happened(web: Web, lot_id: str) -> None:
    page = web.sign_in("quality").get(f"/desk/lots/{lot_id}/passport").text
    for text in ("批次护照", "MILK-1", "青原牧场", "营业执照", "全程 72.6–72.6 °C", "从没有被暂停过", "生产完成"):
        assert text in page
    assert f"(01){GTIN} (10)B-1" in page
    assert re.search(r'class="symbol"><svg [^>]*viewBox', page)
    assert f"核对通过：{say('check.dates')}。没能核对：{say('check.signature')}。" in page


def test_the_digest_is_that_of_the_file_in_either_language_until_something_happens(web: Web, lot_id: str) -> None:
    desk = web.sign_in("quality")
    file = desk.get(f"/desk/lots/{lot_id}/passport.json").data
    before = hashlib.sha256(file).hexdigest()
    assert _digest(desk.get(f"/desk/lots/{lot_id}/passport").text) == before
    assert _digest(desk.get(f"/desk/lots/{lot_id}/passport?lang=en").text) == before
    assert json.loads(file)["lot"]["uri"] == f"https://id.gs1.org/01/{GTIN}/10/B-1"
    with web.house.begin() as unit:
        holds.place(unit, lot_id=lot_id, cause="person", cause_id="x", reason="气味不对")
    page = desk.get(f"/desk/lots/{lot_id}/passport").text
    assert _digest(page) != before
    assert "气味不对" in page
    assert 'class="verdict-line bad"' in page


def test_a_lot_of_material_has_one_that_says_where_it_went(web: Web, lot_id: str) -> None:
    with web.house.look() as unit:
        (milk,) = lots.every(unit, kind="material")
    desk = web.sign_in("brand_admin")
    page = desk.get(f"/desk/lots/{milk.id}/passport").text
    told = json.loads(desk.get(f"/desk/lots/{milk.id}/passport.json").data)
    assert told["uses"] == [{"lot": "B-1", "quantity": "10", "uom": "KGM"}]
    assert Decimal(told["stock"]["used"]) == 10
    assert "用到了这些批次里" in page
    assert "用什么做的" not in page


def test_nobody_else_may_see_it(web: Web, lot_id: str) -> None:
    stranger = web.sign_in("quality", brand_id=web.house.other_brand_id)
    for path in ("passport", "passport.json", "dpp.json", "fsma204.xlsx"):
        assert stranger.get(f"/desk/lots/{lot_id}/{path}").status_code == 404
