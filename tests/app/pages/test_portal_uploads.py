"""A file on its way to becoming a paper: dropped, read, confirmed by a person; or refused, or put aside."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest

from app.words import say
from suppliers import certificates
from suppliers.models import Supplier
from tests.app.conftest import Web
from tests.app.pages import portals
from tests.app.pages.portals import field
from tests.suppliers import shelf


@pytest.fixture
def who(web: Web) -> Supplier:
    return portals.listed(web.house)


@pytest.fixture
def client(web: Web, who: Supplier) -> Any:
    return web.sign_in("supplier", supplier_id=who.id)


def test_one_file_leads_to_its_page_that_waits(web: Web, client: Any) -> None:
    answer = portals.drop(web, client, (shelf.PDF, "许可证.pdf"))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "hx-trigger" in client.get(f"{answer.location}/reading").text


def test_once_it_is_read_the_waiting_part_asks_for_the_page_anew(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, fields=portals.as_read(who))
    answer = client.get(f"/portal/uploads/{upload_id}/reading")
    assert answer.headers["HX-Refresh"] == "true"


def test_several_files_become_several_uploads_and_a_bad_one_is_named(web: Web, client: Any) -> None:
    answer = portals.drop(web, client, (shelf.PDF + b"1", "a.pdf"), (b"GIF89a", "b.gif"), (shelf.PDF + b"2", "c.pdf"))
    assert answer.location.endswith("/portal#uploads")
    assert sorted(each.filename for each in portals.uploads(web.house)) == ["a.pdf", "c.pdf"]
    page = client.get("/portal").text
    assert "b.gif" in page
    assert page.count('href="/portal/uploads/') == 2


def test_a_photo_serves_as_well_as_a_file(web: Web, client: Any) -> None:
    sent = {"file": (BytesIO(b""), ""), "photo": (BytesIO(b"\xff\xd8\xff\xe0 a picture"), "IMG_1.jpg")}
    assert web.post(client, "/portal/uploads", sent, page="/portal").status_code == 303
    assert [each.filename for each in portals.uploads(web.house)] == ["IMG_1.jpg"]


@pytest.mark.parametrize("file", [(b"", "a.pdf"), (b"GIF89a", "a.gif"), (b"", ""), (b"%PDF-" + b"0" * (20 << 20), "big.pdf")])
def test_what_cannot_be_taken_in_is_said_beside_the_drop_zone(web: Web, client: Any, file: tuple[bytes, str]) -> None:
    answer = portals.drop(web, client, file)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert portals.uploads(web.house) == []


def test_the_words_stand_prefilled_with_where_they_came_from(web: Web, who: Supplier, client: Any) -> None:
    fields = portals.as_read(who) | {
        "holder_uscc": field("91310112087994932E", **{"from": "ocr"}, confidence=0.6, repair=shelf.USCC),
        "valid_until": field("", **{"from": "symbol"}),
    }
    page = client.get(f"/portal/uploads/{portals.an_upload(web.house, who, fields=fields)}").text
    assert f'value="{shelf.NUMBERS["food_production"]}"' in page
    assert 'data-at="0.1000,0.2000,0.6000,0.2400"' in page
    assert '<rect data-of="number" x="0.1" y="0.2"' in page
    assert "机器没看清" in page
    assert f'data-set="#holder_uscc" value="{shelf.USCC}"' in page  # offered
    assert 'value="91310112087994932E"' in page  # and never put there silently
    assert re.search(r'id="no_end"[^>]* checked', page)
    assert '<option value="food_production" selected>' in page


def test_where_nothing_could_be_read_it_says_to_type(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, reading={"lines_from": None, "kind": "image"})
    page = client.get(f"/portal/uploads/{upload_id}?kind=business_licence").text
    assert "没有读到文字，请照着文件填写" in page
    assert page.count("请照着文件填写") > 3
    assert '<option value="business_licence" selected>' in page


def test_words_that_do_not_fit_come_back_beside_their_fields(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, fields=portals.as_read(who))
    here = f"/portal/uploads/{upload_id}"
    wrong = portals.form(who, number="", valid_from="soon", valid_until="", holder_name="牧场<b>")
    answer = web.post(client, f"{here}/confirm", wrong, page=here)
    assert answer.status_code == 422
    for name in ("number", "valid_from", "valid_until"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}-error"' in answer.text
    assert "牧场&lt;b&gt;" in answer.text
    assert portals.uploads(web.house)[0].state == "read"


def test_confirmed_words_become_a_paper_once(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, fields=portals.as_read(who))
    here = f"/portal/uploads/{upload_id}"
    answer = web.post(client, f"{here}/confirm", portals.form(who, valid_until="", no_end="yes", site="一号路"), page=here)
    with web.house.look() as unit:
        (paper,) = certificates.of_supplier(unit, who.id)
    assert answer.location == f"/portal/papers/{paper.id}"
    assert (paper.valid_until, paper.site, paper.upload_id) == (None, "一号路", upload_id)
    assert client.get(here).location == answer.location


def test_a_paper_of_lots_needs_no_end_and_is_good_from_its_day(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, fields={"kind": field("inspection_report"), "number": field("JC-1")})
    here = f"/portal/uploads/{upload_id}"
    assert client.get(here).text.index('data-field="lots"') < client.get(here).text.index("unusual")
    words = portals.form(
        who, kind="inspection_report", number="JC-1", issued_on="2026-03-01", valid_from="", valid_until="", lots="A1\r\nA2"
    )
    assert web.post(client, f"{here}/confirm", words, page=here).status_code == 303
    with web.house.look() as unit:
        (paper,) = certificates.of_supplier(unit, who.id)
    assert (paper.lots, paper.valid_from.isoformat(), paper.valid_until) == (["A1", "A2"], "2026-03-01", None)


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ({"trouble": "pdf.encrypted"}, "upload.trouble.pdf.encrypted"),
        ({"active": ["JavaScript"]}, "JavaScript"),
        ({"trouble": "child.sulked"}, "upload.trouble.other"),
    ],
)
def test_a_refused_file_says_what_to_do_and_is_never_shown(
    web: Web, who: Supplier, client: Any, reading: dict[str, Any], words: str
) -> None:
    upload_id = portals.an_upload(web.house, who, reading=reading)
    page = client.get(f"/portal/uploads/{upload_id}").text
    assert "这份文件不能用" in page
    with web.app.test_request_context():
        wanted = say(words)
    assert wanted in page
    assert 'role="alert"' in page
    assert "<img" not in page
    assert client.get(f"/portal/uploads/{upload_id}/pages/1").status_code == 404
    answer = web.post(client, f"/portal/uploads/{upload_id}/confirm", portals.form(who), page="/portal")
    assert answer.status_code == 409
    assert "<img" not in answer.text


def test_a_wrong_file_is_put_aside_and_can_come_again(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, fields=portals.as_read(who))
    here = f"/portal/uploads/{upload_id}"
    assert web.post(client, f"{here}/aside", page=here).location == "/portal"
    assert "这份文件已放到一边" in client.get(here).text
    assert portals.uploads(web.house) == []
    assert here in portals.drop(web, client, (shelf.PDF, "again.pdf")).location


def test_a_page_is_a_picture_of_ones_own_and_nothing_else(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, fields=portals.as_read(who), pages=2)
    shown = client.get(f"/portal/uploads/{upload_id}/pages/2")
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    for page in (0, 3):
        assert client.get(f"/portal/uploads/{upload_id}/pages/{page}").status_code == 404


def test_nobody_elses_files_are_there(web: Web, who: Supplier) -> None:
    upload_id = portals.an_upload(web.house, who, fields=portals.as_read(who))
    stranger = web.sign_in("supplier", supplier_id=portals.neighbour(web.house).id)
    here = f"/portal/uploads/{upload_id}"
    for path in (here, f"{here}/reading", f"{here}/pages/1"):
        assert stranger.get(path).status_code == 404, path
    for path in (f"{here}/confirm", f"{here}/aside"):
        assert web.post(stranger, path, portals.form(who), page="/portal").status_code == 404, path
    assert portals.uploads(web.house)[0].state == "read"


def test_a_name_that_turns_the_text_round_is_kept_in_its_place(web: Web, who: Supplier, client: Any) -> None:
    upload_id = portals.an_upload(web.house, who, name="<b>شهادة.pdf", fields=portals.as_read(who))
    for path in (f"/portal/uploads/{upload_id}", "/portal"):
        page = client.get(path).text
        assert "<bdi>&lt;b&gt;شهادة.pdf</bdi>" in page
        assert "<b>شهادة" not in page
