"""Papers on the desk: the list, one paper with its pages and its words, and every decision through the real doors."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update

from suppliers import certificates
from suppliers.certificates import Inspection
from suppliers.models import Certificate, Supplier
from tests.app.conftest import Web, statements
from tests.factories.dairy import a_paper
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def png(colour: str = "white") -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 56), colour).save(made, "PNG")
    return made.getvalue()


@dataclass
class Desk:
    web: Web
    client: FlaskClient
    supplier: Supplier

    def paper(self, seen: dict[str, Any] | None = None, fields: dict[str, Any] | None = None, **words: Any) -> Certificate:
        """Handed in and judged, with one page to show."""
        house = self.web.house
        paper = shelf.hand_in(house, self.supplier, **words)
        with house.begin("system") as unit:
            key = unit.outside.vault.put(png())
        read = fields if fields is not None else shelf.read_as(paper)
        return shelf.check(house, paper, Inspection(seen or shelf.CLEAN, read, [key]))

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def decide(self, paper: Certificate, decision: str, reason: str = "与原件核对一致") -> Any:
        path = f"/desk/papers/{paper.id}"
        return self.web.post(self.client, path, {"decision": decision, "reason": reason})

    def standing(self, paper: Certificate) -> str:
        with self.web.house.look() as unit:
            return certificates.get(unit, paper.id).standing


@pytest.fixture
def desk(web: Web) -> Desk:
    web.house.now = NOW
    return Desk(web, web.sign_in("quality"), shelf.supplier(web.house))


def test_the_list_begins_with_what_needs_a_person_oldest_first(desk: Desk) -> None:
    assert 'class="empty"' in desk.get("/desk/papers")
    first = desk.paper(at=NOW - timedelta(hours=1))
    second = desk.paper(content=shelf.PDF + b"2")
    good = desk.paper(shelf.SIGNED, kind="business_licence", valid_until=None)
    page = desk.get("/desk/papers")
    assert page.index(first.id) < page.index(second.id)
    assert good.id not in page
    assert "2 份资质等人核对" in page
    assert "没有可验证的签名" in page
    assert good.id in desk.get("/desk/papers?standing=all")
    assert good.id in desk.get("/desk/papers?standing=verified&kind=business_licence")
    assert "/desk/papers" in desk.get("/desk")


@pytest.mark.parametrize(
    ("asked", "there"),
    [("q=SC1053", True), ("q=100%25", False), ("q=%00", False), ("kind=organic", False), ("after=%00&supplier=%00", True)],
)
def test_the_list_is_narrowed_by_the_address(desk: Desk, asked: str, there: bool) -> None:
    paper = desk.paper()
    page = desk.get(f"/desk/papers?{asked}")
    assert (paper.id in page) is there
    assert there or "没有符合的资质" in page
    assert paper.id in desk.get(f"/desk/papers?supplier={desk.supplier.id}&standing=nonsense&kind=nonsense")


def test_the_list_costs_the_same_for_one_paper_and_for_many(desk: Desk) -> None:
    desk.paper()
    desk.get("/desk/papers")
    with statements(desk.web.house) as few:
        desk.get("/desk/papers")
    with desk.web.house.begin() as unit:
        for _ in range(120):
            a_paper(unit, unit.session.get(Supplier, desk.supplier.id), "organic", "needs_person")
    with statements(desk.web.house) as many:
        page = desk.get("/desk/papers")
    assert len(many) == len(few)
    assert "after=" in page, "and goes on on another page"


def test_the_table_to_keep_is_no_formula_to_a_spreadsheet(desk: Desk) -> None:
    paper = desk.paper(number="=HYPERLINK(1)", holder_name="@SUM(A1)", filename="-1+1.pdf")
    answer = desk.client.get("/desk/papers.csv?standing=all")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    head, row = csv.reader(StringIO(answer.text.removeprefix("\ufeff")))
    told = dict(zip(head, row, strict=True))
    assert (told["id"], told["number"], told["holder_name"], told["filename"]) == (paper.id, "'=HYPERLINK(1)", "'@SUM(A1)", "'-1+1.pdf")


def test_a_paper_lays_the_words_beside_what_was_read_and_marks_what_differs(desk: Desk) -> None:
    box = [0.1, 0.2, 0.5, 0.25]
    fields = {
        "number": {"value": "SC10531011200176", "from": "ocr", "confidence": 0.9, "page": 1, "box": box},
        "holder_name": {"value": desk.supplier.name, "from": "ocr", "confidence": 1.0},
    }
    paper = desk.paper(fields=fields)
    page = desk.get(f"/desk/papers/{paper.id}")
    assert '<tr class="differs">' in page
    assert "SC10531011200176" in page
    assert '<rect id="at-number" class="look" x="0.1" y="0.2" width="0.4" height="0.05">' in page
    assert page.count('class="differs"') == 1
    assert 'href="#at-number"' in page


def test_where_the_shown_and_the_signed_differ_is_told_by_page_and_place(desk: Desk) -> None:
    changed = [{"page": 1, "share": 0.1, "box": [0.25, 0.5, 0.5, 0.6]}]
    paper = desk.paper(shelf.SIGNED | {"changed": changed})
    page = desk.get(f"/desk/papers/{paper.id}")
    assert "第 1 页，离左边 25%、上边 50%" in page
    assert 'id="changed-1"' in page
    assert desk.standing(paper) == "rejected"


def test_strange_boxes_of_the_machine_break_no_page(desk: Desk) -> None:
    strange = [{"page": "1", "box": [0, 0, 1, 1]}, {"page": 1, "box": [9, -1, 2]}, {"page": 1, "box": None}, "text", None]
    reading = shelf.CLEAN | {"changed": strange, "signals": strange, "symbols": strange}
    paper = desk.paper(reading, fields={"number": {"value": None, "box": "x"}, "holder_name": "text"})
    assert "SC10531011200175" in desk.get(f"/desk/papers/{paper.id}")


def test_a_page_is_a_picture_drawn_anew_and_the_original_is_only_a_download(desk: Desk) -> None:
    paper = desk.paper()
    picture = desk.client.get(f"/desk/papers/{paper.id}/pages/1")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/png", "private, no-store")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert [desk.client.get(f"/desk/papers/{paper.id}/pages/{number}").status_code for number in (0, 2, 99)] == [404, 404, 404]
    original = desk.client.get(f"/desk/papers/{paper.id}/file")
    assert original.headers["Content-Disposition"].startswith("attachment")


def test_only_what_is_possible_is_offered_and_each_decision_needs_a_reason(desk: Desk) -> None:
    paper = desk.paper()
    page = desk.get(f"/desk/papers/{paper.id}")
    assert [key in page for key in ('data-key="a"', 'data-key="r"', 'data-key="s"', 'data-key="u"')] == [True, True, False, False]
    desk.decide(paper, "accept", reason=" ")
    assert desk.standing(paper) == "needs_person"
    assert desk.decide(paper, "accept").status_code == 303
    assert desk.standing(paper) == "verified"
    page = desk.get(f"/desk/papers/{paper.id}")
    assert [key in page for key in ('data-key="a"', 'data-key="r"', 'data-key="s"', 'data-key="u"')] == [False, True, True, False]
    desk.decide(paper, "suspend")
    assert [desk.standing(paper), 'data-key="u"' in desk.get(f"/desk/papers/{paper.id}")] == ["suspended", True]
    desk.decide(paper, "resume")
    assert desk.standing(paper) == "verified", "as it stood before it was suspended"
    desk.decide(paper, "reject")
    assert desk.standing(paper) == "revoked"
    assert "data-key" not in desk.get(f"/desk/papers/{paper.id}")
    assert desk.decide(paper, "nonsense").status_code == 303


def test_a_second_person_lets_a_failed_check_pass_and_the_first_may_not(desk: Desk) -> None:
    wrong = desk.paper(shelf.SIGNED, number="SC10531011200176")
    here = f"/desk/papers/{wrong.id}"
    assert "请第二个人放行" in desk.get(here)
    desk.web.post(desk.client, f"{here}/overrides", {"name": "identifier", "reason": "发证机关印错，已电话核实"}, page=here)
    assert wrong.id in desk.get("/desk/papers?standing=override")
    with desk.web.house.look() as unit:
        (asked,) = certificates.overrides(unit, wrong.id)
    answer = {"answer_is": "approve", "answer": "核实过"}
    desk.web.post(desk.client, f"{here}/overrides/{asked.id}", answer, page=here)
    assert desk.standing(wrong) == "rejected"
    second = desk.web.sign_in("brand_admin")
    assert "同意放行" in second.get(here).text
    other = desk.paper(content=shelf.PDF + b"other")
    assert desk.web.post(second, f"/desk/papers/{other.id}/overrides/{asked.id}", answer, page=here).status_code == 404
    desk.web.post(second, f"{here}/overrides/{asked.id}", answer, page=here)
    assert desk.standing(wrong) == "verified"


def test_a_look_up_is_noted_with_a_picture_and_says_how_long_it_is_fresh(desk: Desk) -> None:
    paper = desk.paper(kind="business_licence", valid_until=None)
    here = f"/desk/papers/{paper.id}"
    page = desk.get(here)
    assert 'rel="noreferrer noopener"' in page
    form = {"register": "gsxt", "result": "valid", "asked_on": "2026-11-20", "note": "存续", "screenshot": (BytesIO(png()), "seen.png")}
    desk.web.post(desk.client, f"{here}/lookups", form, page=here, content_type="multipart/form-data")
    with desk.web.house.look() as unit:
        (looked,) = certificates.lookups(unit, paper.id)
    assert "管用到" in desk.get(here)
    assert desk.client.get(f"{here}/lookups/{looked.id}").mimetype == "image/png"
    assert desk.client.get(f"{here}/lookups/nothing").status_code == 404
    assert desk.standing(paper) == "verified"


def test_a_slip_in_a_look_up_comes_back_with_what_was_typed(desk: Desk) -> None:
    paper = desk.paper(kind="business_licence", valid_until=None)
    here = f"/desk/papers/{paper.id}"
    form = {"register": "gsxt", "result": "valid", "asked_on": "soon", "note": "存续", "screenshot": (BytesIO(b"GIF89a"), "seen.gif")}
    answer = desk.web.post(desk.client, f"{here}/lookups", form, page=here, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'value="存续"' in answer.text


def test_twins_stand_side_by_side(desk: Desk) -> None:
    paper = desk.paper()
    other = shelf.supplier(desk.web.house, name="另一示例乳业有限公司", uscc=shelf.OTHER_USCC)
    twin = Desk(desk.web, desk.client, other).paper(content=shelf.PDF + b"twin")
    page = desk.get(f"/desk/papers/{twin.id}")
    assert f"/desk/papers/{paper.id}" in page
    assert "编号相同" in page or "twin.number" in page
    assert "另一家供应商" in page


def test_history_says_who_and_why_and_how_it_stood_on_a_day(desk: Desk) -> None:
    paper = desk.paper()
    desk.decide(paper, "accept", reason="电话核实 <b>过</b>")
    page = desk.get(f"/desk/papers/{paper.id}?on=2026-11-22")
    assert "电话核实 &lt;b&gt;过&lt;/b&gt;" in page
    assert "封印完好" in page
    assert "当天结束时" in page
    assert "当天结束时" not in desk.get(f"/desk/papers/{paper.id}?on=yesterday")
    assert "{fields}" not in page


def test_a_broken_seal_is_shown_in_red_and_no_seal_is_called_whole(desk: Desk) -> None:
    paper = desk.paper()
    with desk.web.house.begin() as unit:
        row = certificates.history(unit, paper.id)[0]
        unit.session.expunge(row)
        row.standing = "verified"  # as somebody would who went past the database's own guard
        kept = [row]
    from suppliers.certificates import trail

    assert trail.broken(kept) is row
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trail, "broken", lambda rows, _standing=None: rows[0])
        page = desk.get(f"/desk/papers/{paper.id}")
    assert "这份资质的经过被人改动过" in page
    assert "封印完好" not in page


def test_checked_again_is_asked_of_the_worker(desk: Desk) -> None:
    paper = desk.paper()
    before = len(desk.web.house.told("CertificateSubmitted"))
    desk.web.post(desk.client, f"/desk/papers/{paper.id}/recheck", page=f"/desk/papers/{paper.id}")
    assert len(desk.web.house.told("CertificateSubmitted")) == before + 1


def test_files_turned_away_lately_are_listed_with_the_reason(desk: Desk) -> None:
    house = desk.web.house
    with house.begin("supplier", supplier_id=desk.supplier.id) as unit:
        row = certificates.upload(unit, supplier_id=desk.supplier.id, content=b"%PDF-1.7 bad", filename="<b>x.pdf")
    from suppliers.facts import PaperUploaded

    with house.begin("system") as unit:
        certificates.uploads.on_paper_uploaded(unit, PaperUploaded(upload_id=row.id), Inspection({"trouble": "pdf.bomb", "active": []}))
    page = desk.get("/desk/papers?standing=refused")
    assert "&lt;b&gt;x.pdf" in page
    with house.begin() as unit:
        unit.session.execute(update(type(row)).values(uploaded_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert "x.pdf" not in desk.get("/desk/papers?standing=refused")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_paper_of_every_standing_can_be_looked_at(desk: Desk, lang: str) -> None:
    for standing in ("submitted", "needs_person", "verified", "expiring", "lapsed", "suspended", "superseded", "revoked", "rejected"):
        with desk.web.house.begin() as unit:
            paper = a_paper(unit, unit.session.get(Supplier, desk.supplier.id), "organic", standing)
        desk.get(f"/desk/papers/{paper.id}?lang={lang}&on={date(2026, 11, 1)}")
