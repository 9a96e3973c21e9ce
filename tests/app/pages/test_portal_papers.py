"""A paper's way at its supplier's door: checked live, a verdict in one sentence, mended, talked about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from suppliers import certificates, messages
from suppliers.models import Certificate, Supplier
from tests.app.conftest import Web
from tests.app.pages import portals
from tests.suppliers import shelf

WRONG = "SC11532139200466"


@pytest.fixture
def who(web: Web) -> Supplier:
    return portals.listed(web.house)


@pytest.fixture
def client(web: Web, who: Supplier) -> Any:
    return web.sign_in("supplier", supplier_id=who.id)


def confirmed(web: Web, client: Any, who: Supplier, **changes: str) -> Certificate:
    """A licence that went the whole way through the portal."""
    fields = portals.as_read(who) | {name: portals.field(value) for name, value in changes.items()}
    here = f"/portal/uploads/{portals.an_upload(web.house, who, fields=fields)}"
    assert web.post(client, f"{here}/confirm", portals.form(who, **changes), page=here).status_code == 303
    with web.house.look() as unit:
        (paper,) = certificates.of_supplier(unit, who.id)
    return paper


def decide(web: Web, paper: Certificate, decision: str, reason: str) -> None:
    with web.house.begin("quality") as unit:
        certificates.decide(unit, certificate_id=paper.id, decision=decision, reason=reason)


def test_its_checks_are_followed_live_to_one_sentence(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who)
    here = f"/portal/papers/{paper.id}"
    assert 'hx-trigger="every 1s"' in client.get(here).text
    shelf.check(web.house, paper, certificates.Inspection(shelf.SIGNED, shelf.read_as(paper), paper.pictures))
    part = client.get(f"{here}/checks").text
    assert "hx-trigger" not in part
    assert part.count('class="state ') == 22
    assert 'id="standing" hx-swap-oob="true"' in part  # the word beside the heading turns with them
    assert f'src="{here}/pages/1"' in client.get(here).text


def test_what_a_person_accepts_is_accepted_until_its_end(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who)
    assert shelf.check(web.house, paper, shelf.CLEAN).standing == "needs_person"
    here = f"/portal/papers/{paper.id}"
    assert "还要我们的质量人员看一眼" in client.get(here).text
    decide(web, paper, "accept", "与原件一致")
    page = client.get(here).text
    assert "已认可，到 2030年12月31日" in page
    assert "与原件一致" in page
    assert "2030年12月" in client.get("/portal/calendar").text


def test_a_wrong_number_leads_to_its_field_with_everything_prefilled(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who, number=WRONG)
    assert shelf.check(web.house, paper).standing == "rejected"
    here = f"/portal/papers/{paper.id}"
    assert "请改好这一处再提交" in client.get(here).text
    assert f'href="{here}/mend#number"' in client.get(here).text
    form = client.get(f"{here}/mend").text
    assert f'value="{WRONG}"' in form
    assert f'value="{who.name}"' in form
    assert 'id="number-doubt"' in form
    assert 'id="holder_name-doubt"' not in form
    answer = web.post(client, f"{here}/mend", portals.form(who), page=f"{here}/mend")
    assert (answer.status_code, answer.location) == (303, here)  # the same bytes with mended words are the same paper
    assert 'hx-trigger="every 1s"' in client.get(here).text


def test_mending_says_what_is_still_wrong(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who, number=WRONG)
    shelf.check(web.house, paper)
    here = f"/portal/papers/{paper.id}/mend"
    answer = web.post(client, here, portals.form(who, number="", holder_name="x"), page=here)
    assert answer.status_code == 422
    assert 'id="number-error"' in answer.text
    assert 'value="x"' in answer.text


def test_what_words_cannot_mend_asks_for_another_file(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who)
    broken = shelf.CLEAN | {"signatures": [shelf.TRUSTED | {"intact": False}]}
    assert shelf.check(web.house, paper, broken).standing == "rejected"
    page = client.get(f"/portal/papers/{paper.id}").text
    assert 'href="/portal?kind=food_production#upload"' in page
    assert "/mend" not in page


def test_what_a_person_sent_back_may_be_mended_or_exchanged(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who)
    shelf.check(web.house, paper, shelf.CLEAN)
    decide(web, paper, "reject", "第二页缺了")
    page = client.get(f"/portal/papers/{paper.id}").text
    assert "第二页缺了" in page
    assert f'href="/portal/papers/{paper.id}/mend"' in page
    assert 'href="/portal?kind=food_production#upload"' in page


def test_a_settled_paper_is_not_mended(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who)
    shelf.check(web.house, paper, shelf.CLEAN)
    decide(web, paper, "accept", "与原件一致")
    here = f"/portal/papers/{paper.id}"
    assert client.get(f"{here}/mend").location == here
    answer = web.post(client, f"{here}/mend", portals.form(who, number=WRONG), page="/portal")
    assert answer.status_code == 409


@pytest.mark.parametrize(("decision", "words"), [("suspend", "暂时不能用了"), ("reject", "已撤销")])
def test_what_people_take_back_says_why(web: Web, client: Any, who: Supplier, decision: str, words: str) -> None:
    paper = confirmed(web, client, who)
    shelf.check(web.house, paper, shelf.CLEAN)
    decide(web, paper, "accept", "一致")
    decide(web, paper, decision, "登记系统里查不到了")
    page = client.get(f"/portal/papers/{paper.id}").text
    assert words in page
    assert "登记系统里查不到了" in page


def test_both_sides_write_about_it(web: Web, client: Any, who: Supplier) -> None:
    paper = confirmed(web, client, who)
    here = f"/portal/papers/{paper.id}"
    assert web.post(client, f"{here}/messages", {"text": "原件<下周>寄到"}, page=here).location == f"{here}#messages"
    with web.house.begin("quality", now=web.house.now + timedelta(minutes=1)) as unit:
        messages.say(unit, who.id, "好的", certificate_id=paper.id, by_name="陈静")
    for path in (here, "/portal/messages"):
        page = client.get(path).text
        assert "原件&lt;下周&gt;寄到" in page
        assert "陈静" in page
        assert page.index("寄到") < page.index("好的")
    blank = web.post(client, f"{here}/messages", {"text": " "}, page=here, follow_redirects=True)
    assert 'role="alert"' in blank.text


def test_the_original_is_a_download_and_a_page_is_a_picture(web: Web, client: Any, who: Supplier) -> None:
    here = f"/portal/papers/{confirmed(web, client, who).id}"
    file, page = client.get(f"{here}/file"), client.get(f"{here}/pages/1")
    assert file.data == shelf.PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert page.mimetype == "image/png"
    for each in (file, page):
        assert (each.headers["Cache-Control"], each.headers["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert client.get(f"{here}/pages/2").status_code == 404


def test_a_supplier_sees_nobody_elses_papers(web: Web, who: Supplier) -> None:
    other = portals.neighbour(web.house)
    paper = shelf.hand_in(web.house, other, at=web.house.now - timedelta(minutes=1))
    client = web.sign_in("supplier", supplier_id=who.id)
    here = f"/portal/papers/{paper.id}"
    for path in (here, f"{here}/checks", f"{here}/file", f"{here}/pages/1", f"{here}/mend"):
        assert client.get(path).status_code == 404, path
    for path in (f"{here}/mend", f"{here}/messages"):
        assert web.post(client, path, portals.form(who, text="x"), page="/portal").status_code == 404, path
    assert client.get("/desk").status_code == 403
    assert paper.number not in client.get("/portal").text
