"""A paper's way: from the supplier's hand over the checks to a person's decision."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from suppliers import certificates, directory
from tests.app.conftest import Web
from tests.suppliers import shelf

FORM = {"kind": "food_production", "number": shelf.NUMBERS["food_production"], "valid_from": "2026-01-01", "valid_until": "2030-12-31"}


@pytest.fixture
def who(web: Web) -> Any:
    """A manufacturer, listed for a culture: a licence and a production permit are asked for."""
    supplier = shelf.supplier(web.house)
    with web.house.begin("brand_admin") as unit:
        culture = directory.add_material(unit, code="CULTURE", name_zh="菌种", name_en="Culture", category="additive")
        directory.list_supply(unit, supplier_id=supplier.id, material_id=culture.id)
    return supplier


def _form(who: Any, content: bytes = shelf.PDF, name: str = "许可证.pdf", **changes: str) -> dict[str, Any]:
    return FORM | {"holder_name": who.name, "holder_uscc": who.uscc, "file": (BytesIO(content), name)} | changes


def _hand_in(web: Web, client: Any, who: Any, **changes: Any) -> str:
    answer = web.post(client, "/portal/papers", _form(who, **changes), page="/portal")
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_the_first_screen_says_what_is_needed_and_why(web: Web, who: Any) -> None:
    page = web.sign_in("supplier", supplier_id=who.id).get("/portal").text
    assert "还有 2 样资质要给我们" in page
    assert "食品安全法 第五十条" in page
    assert f'value="{who.uscc}"' in page


def test_a_paper_is_handed_in_and_its_checks_are_followed_live(web: Web, who: Any) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    here = _hand_in(web, client, who)
    assert 'hx-trigger="every 1s"' in client.get(here).text
    with web.house.look() as unit:
        (paper,) = certificates.of_supplier(unit, who.id)
    shelf.check(web.house, paper, shelf.SIGNED | {"signatures": [shelf.TRUSTED]})
    part = client.get(f"{here}/checks").text
    assert "hx-trigger" not in part
    assert part.count("<li class=") == 5


def test_words_that_do_not_fit_come_back_beside_their_fields(web: Web, who: Any) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    answer = web.post(client, "/portal/papers", _form(who, number="", valid_from="soon"), page="/portal")
    assert answer.status_code == 422
    assert 'href="#number"' in answer.text
    assert 'href="#valid_from"' in answer.text
    assert f'value="{who.name}"' in answer.text
    for file in ((BytesIO(b""), "a.pdf"), (BytesIO(b"GIF89a"), "a.gif"), (BytesIO(b""), "")):
        answer = web.post(client, "/portal/papers", _form(who) | {"file": file}, page="/portal")
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.text


def test_a_photo_serves_as_well_as_a_file(web: Web, who: Any) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    form = _form(who) | {"file": (BytesIO(b""), ""), "photo": (BytesIO(b"\xff\xd8\xff\xe0 a picture"), "IMG_1.jpg")}
    assert web.post(client, "/portal/papers", form, page="/portal").status_code == 303
    with web.house.look() as unit:
        assert [paper.filename for paper in certificates.of_supplier(unit, who.id)] == ["IMG_1.jpg"]


def test_a_doubtful_paper_waits_for_quality_who_look_at_the_original_and_decide(web: Web, who: Any) -> None:
    supplier, quality = web.sign_in("supplier", supplier_id=who.id), web.sign_in("quality")
    here = _hand_in(web, supplier, who)
    with web.house.look() as unit:
        (paper,) = certificates.of_supplier(unit, who.id)
    shelf.check(web.house, paper, shelf.CLEAN)
    assert "还要我们的质量人员看一眼" in supplier.get(here).text
    desk = f"/desk/papers/{paper.id}"
    assert f'href="{desk}"' in quality.get("/desk").text
    file = quality.get(f"{desk}/file")
    assert file.data == shelf.PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    blank = web.post(quality, desk, {"decision": "accept", "reason": ""}, follow_redirects=True)
    assert 'role="alert"' in blank.text
    assert web.post(quality, desk, {"decision": "accept", "reason": "与原件一致"}).location == desk
    with web.house.look() as unit:
        assert certificates.get(unit, paper.id).standing == "accepted"
    assert "已认可，到 2030年12月31日" in supplier.get(here).text
    assert "2030年12月31日" in supplier.get("/portal").text  # the calendar of renewals


def test_a_wrong_paper_says_what_to_mend_and_leads_back_with_its_words(web: Web, who: Any) -> None:
    client = web.sign_in("supplier", supplier_id=who.id)
    here = _hand_in(web, client, who, number="SC11532139200466")
    with web.house.look() as unit:
        (paper,) = certificates.of_supplier(unit, who.id)
    shelf.check(web.house, paper)
    page = client.get(here).text
    assert "请改好这 1 处再提交" in page
    assert f"like={paper.id}" in page
    assert 'value="SC11532139200466"' in client.get(f"/portal?like={paper.id}").text
    assert _hand_in(web, client, who) == here  # the same bytes with mended words are the same paper
    quality = web.sign_in("quality")
    assert quality.get(f"/desk/papers/{paper.id}").status_code == 200


def test_a_supplier_sees_nobody_elses_papers(web: Web, who: Any) -> None:
    other = shelf.supplier(web.house, name="另一家示例有限公司", uscc=shelf.OTHER_USCC)
    paper = shelf.hand_in(web.house, other, at=web.house.now - timedelta(minutes=1))
    client = web.sign_in("supplier", supplier_id=who.id)
    for path in (
        f"/portal/papers/{paper.id}",
        f"/portal/papers/{paper.id}/checks",
        f"/portal/papers/{paper.id}/file",
        f"/portal?like={paper.id}",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/desk").status_code == 403
