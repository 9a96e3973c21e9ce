"""From anything one holds in one's hands to a recall: what it reaches, a proposal, a second person, and what is told."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from app.auth import credentials
from members import recalls as notices
from tests.app.conftest import PASSWORD, Web
from tests.factories.dairy import a_delivery, a_material, a_supplier
from tests.factories.recalls import a_recall
from tests.members.goods import lot_id, shelf
from traceability import drills, holds, lots, recalls, shipments, signing

SAY = {"reason": "杀菌温度不足", "advice": "请不要饮用。\n到门店退款。", "agreed": "yes", "password": PASSWORD}
ONE = "/desk/reach?kind=lot&value=ONE"


def _post(web: Web, client: FlaskClient, path: str, form: dict[str, Any], *, page: str | None = None) -> Any:
    """As a browser would: with what was seen when the page was opened."""
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(page or path).text)
    assert seen
    return web.post(client, path, {"seen": seen[1], **form}, page=page)


def _proposed(web: Web, client: FlaskClient) -> str:
    answer = _post(web, client, ONE, SAY)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_the_reach_shows_the_exact_lots_and_items_and_does_nothing(web: Web) -> None:
    shelf(web.house, ONE=3, TWO=2)
    client = web.sign_in("quality")
    from_lot = client.get(f"/desk/lots/{lot_id(web.house, 'ONE')}/recall")
    assert from_lot.location == ONE
    page = client.get(ONE).text
    assert "1 批、3 件" in page
    assert (">ONE<" in page, ">TWO<" in page) == (True, False)
    with web.house.look() as unit:
        assert recalls.every(unit) == []
    missing = client.get("/desk/reach?kind=lot&value=NOPE")
    assert (missing.status_code, 'id="value"' in missing.text, "NOPE" in missing.text) == (404, True, True)
    assert client.get("/desk/reach?kind=line&value=L1").status_code == 422
    assert client.get("/desk/reach?kind=nonsense&value=L1").status_code == 422
    assert client.get("/desk/reach").location == "/desk/recalls"


def test_a_proposal_needs_its_words_a_look_at_the_list_and_a_password(web: Web) -> None:
    shelf(web.house, ONE=3)
    client = web.sign_in("quality")
    unread = _post(web, client, ONE, SAY | {"agreed": ""})
    assert unread.status_code == 422
    assert "杀菌温度不足" in unread.text  # what was typed is kept
    blank = _post(web, client, ONE, SAY | {"reason": " ", "advice": ""})
    assert blank.status_code == 422
    assert 'href="#reason"' in blank.text
    assert 'href="#advice"' in blank.text
    wrong = _post(web, client, ONE, SAY | {"password": "four quiet bulls"})
    assert wrong.status_code == 403
    assert 'href="#password"' in wrong.text
    assert PASSWORD not in wrong.text
    with web.house.look() as unit:
        assert recalls.every(unit) == []
        assert {lot.standing for lot in lots.every(unit)} == {"clear"}


def test_one_proposes_and_another_approves(web: Web) -> None:
    shelf(web.house, ONE=3)
    first, second = web.sign_in("quality"), web.sign_in("brand_admin")
    case = _proposed(web, first)
    with web.house.look() as unit:
        (recall,) = recalls.every(unit)
        assert recall.state == "proposed"
        assert lots.by_code(unit, "ONE").standing == "held"
    assert "今天有 1 件事等您决定" in second.get("/desk").text
    mine, theirs = first.get(case).text, second.get(case).text
    assert ("谁也不能撤回" in mine, "谁也不能撤回" in theirs) == (False, True)
    refused = web.post(first, f"{case}/approve", {"seen": "", "agreed": "yes", "password": PASSWORD}, page=case)
    assert (refused.status_code, "请另一位同事来批" in refused.text) == (403, True)
    answer = _post(web, second, f"{case}/approve", {"agreed": "yes", "password": PASSWORD}, page=case)
    assert answer.location == case
    with web.house.look() as unit:
        assert lots.by_code(unit, "ONE").standing == "recalled"
        assert notices.told(unit, recall.id) == 0
        signed = signing.of(unit, "recall", recall.id)
        assert [(each.intent, each.name, each.reason) for each in signed] == [
            ("recall.propose", "quality", "杀菌温度不足"),
            ("recall.approve", "brand_admin", "杀菌温度不足"),
        ]
        said = recalls.content(unit, *recalls.get(unit, recall.id))
        assert all(signing.holds_for(each, said) for each in signed)
    listed = first.get("/desk/recalls").text
    assert "杀菌温度不足" in listed
    assert ">ONE<" in listed
    assert "brand_admin" in first.get(case).text
    assert "已召回" in first.get(f"/desk/lots/{lot_id(web.house, 'ONE')}").text
    again = web.post(first, ONE, {"seen": "1", **SAY}, page="/desk/lots")
    assert again.status_code == 409


def test_a_declined_proposal_frees_the_lots_and_says_why(web: Web) -> None:
    shelf(web.house, ONE=3)
    first, second = web.sign_in("quality"), web.sign_in("brand_admin")
    case = _proposed(web, first)
    silent = web.post(second, f"{case}/decline", {"why": " ", "password": PASSWORD}, page=case)
    assert (silent.status_code, 'href="#why"' in silent.text) == (422, True)
    assert web.post(second, f"{case}/decline", {"why": "复检合格", "password": PASSWORD}, page=case).status_code == 303
    assert "复检合格" in first.get(case).text
    with web.house.look() as unit:
        assert lots.by_code(unit, "ONE").standing == "clear"


def test_what_a_machine_proposed_is_taken_up_first(web: Web) -> None:
    shelf(web.house, ONE=3)
    with web.house.begin("machine") as unit:
        made = recalls.propose(unit, lot_ids=[lots.by_code(unit, "ONE").id], reason="实验室报告", advice="退货")
    case = f"/desk/recalls/{made.id}"
    first, second = web.sign_in("quality"), web.sign_in("brand_admin")
    assert "以我的名义提出" in first.get(case).text
    unread = _post(web, first, f"{case}/adopt", {"password": PASSWORD}, page=case)
    assert (unread.status_code, 'aria-describedby="agreed-error"' in unread.text) == (422, True)
    assert _post(web, first, f"{case}/adopt", {"seen": "other", "agreed": "yes", "password": PASSWORD}, page=case).status_code == 409
    assert _post(web, first, f"{case}/adopt", {"agreed": "yes", "password": PASSWORD}, page=case).status_code == 303
    assert _post(web, second, f"{case}/approve", {"agreed": "yes", "password": PASSWORD}, page=case).status_code == 303


def test_a_family_that_grew_while_one_was_reading_is_shown_again(web: Web) -> None:
    shelf(web.house, ONE=3)
    start = lot_id(web.house, "ONE")
    client = web.sign_in("quality")
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(ONE).text)
    assert seen
    with web.house.begin() as unit:
        milk = a_delivery(unit, "M-1", material=a_material(unit), supplier=a_supplier(unit)).id
        first = lots.finish(unit, lot_id=start, inputs=[(milk, Decimal(1))])
        more = lots.open(unit, code="MORE", product_id=str(first.product_id), line_code="1", place="杭州", quantity=Decimal(1))
        lots.finish(unit, lot_id=more.id, inputs=[(start, Decimal(1))])
    answer = web.post(client, ONE, {"seen": seen[1], **SAY})
    assert answer.status_code == 409
    assert ">MORE<" in answer.text
    with web.house.look() as unit:
        assert recalls.every(unit) == []
    assert _post(web, client, ONE, SAY).status_code == 303


def test_a_hold_at_the_desk_is_signed_and_one_of_a_proposal_is_not_released_there(web: Web) -> None:
    shelf(web.house, ONE=3)
    client, here = web.sign_in("quality"), f"/desk/lots/{lot_id(web.house, 'ONE')}"
    assert 'role="alert"' in web.post(client, f"{here}/hold", {"reason": "气味异常"}, page=here, follow_redirects=True).text
    web.post(client, f"{here}/hold", {"reason": "气味异常", "password": PASSWORD}, page=here)
    with web.house.look() as unit:
        (hold,) = holds.active(unit)
        (signed,) = signing.of(unit, "hold", hold.id)
        assert (signed.intent, signed.reason, signed.name, signed.method) == ("hold.place", "气味异常", "quality", "password")
    assert "决定暂停" in client.get(here).text
    web.post(client, f"/desk/holds/{hold.id}/release", {"why": "查清了", "back": "lot", "password": PASSWORD}, page=here)
    _proposed(web, client)
    with web.house.look() as unit:
        assert [each.intent for each in signing.of(unit, "hold", hold.id)] == ["hold.place", "hold.release"]
        (held,) = holds.active(unit)
    answer = web.post(client, f"/desk/holds/{held.id}/release", {"why": "算了", "password": PASSWORD}, page="/desk", follow_redirects=True)
    assert "待批的召回" in answer.text


def test_somebody_without_a_password_is_led_to_set_one_and_guessing_ends(web: Web) -> None:
    shelf(web.house, ONE=3)
    client = web.sign_in("quality", password=False)
    assert "/account/password?next=" in client.get(ONE).text
    assert _post(web, client, ONE, SAY).status_code == 409
    here = f"/account/password?next={quote(ONE)}"
    for new, again in (("short", "short"), ("quality-own@example.org", "quality-own@example.org"), (PASSWORD, PASSWORD + "x")):
        assert web.post(client, here, {"new": new, "again": again, "next": ONE}).status_code == 422
    assert web.post(client, here, {"new": PASSWORD, "again": PASSWORD, "next": ONE}).location == ONE
    assert web.post(client, "/account/password", {"new": PASSWORD, "again": PASSWORD, "next": "//evil.example"}).location == "/home"
    with client.session_transaction() as session:
        session["by_link"] = 0
    assert web.post(client, "/account/password", {"old": "x", "new": PASSWORD * 2, "again": PASSWORD * 2}).status_code == 403
    answers = [_post(web, client, ONE, SAY | {"password": "wrong wrong"}).status_code for _ in range(5)]
    assert answers == [403, 403, 403, 403, 429]
    assert _post(web, client, ONE, SAY).status_code == 429, "even the right one waits now"


def test_a_first_password_is_set_just_after_a_link_and_not_at_a_colleagues_desk(web: Web) -> None:
    client = web.sign_in("quality", password=False)
    new = {"new": PASSWORD, "again": PASSWORD}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account/password").text)
    assert token
    with client.session_transaction() as session:
        session["by_link"] = 0
    refused = client.post("/account/password", data=new | {"csrf_token": token[1]})
    assert (refused.status_code, 'name="new"' in refused.text) == (403, False)
    with client.session_transaction() as session:
        session["by_link"] = int(time.time())
    assert web.post(client, "/account/password", new).status_code == 303


def test_the_right_password_gives_back_what_wrong_ones_took(web: Web) -> None:
    shelf(web.house, ONE=3)
    client = web.sign_in("quality")
    for word in ("wrong wrong", "wrong again", "wrong still", PASSWORD):
        assert _post(web, client, ONE, SAY | {"password": word, "reason": " "}).status_code in (403, 422)
    assert [_post(web, client, ONE, SAY | {"password": "wrong wrong"}).status_code for _ in range(6)] == [403] * 5 + [429]


def test_guessing_one_account_ends_whatever_the_address(web: Web) -> None:
    given = {"email": "Quality-own@example.org ", "password": "wrong wrong"}
    client = web.app.test_client()
    answers = []
    for number in range(31):
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
        assert found
        where = {"REMOTE_ADDR": f"192.0.2.{number}"}
        answers.append(client.post("/login", data=given | {"csrf_token": found[1]}, environ_overrides=where).status_code)
    assert (set(answers[:30]) & {429}, answers[30]) == (set(), 429)


def test_a_wrong_password_of_a_refusal_leads_to_its_own_field(web: Web) -> None:
    shelf(web.house, ONE=3)
    first, second = web.sign_in("quality"), web.sign_in("brand_admin")
    case = _proposed(web, first)
    wrong = web.post(second, f"{case}/decline", {"why": "复检合格", "password": "wrong wrong"}, page=case).text
    assert ('href="#password-no"' in wrong, 'href="#password"' in wrong, 'id="password-no-error"' in wrong) == (True, False, True)


def test_a_new_password_ends_other_sessions(web: Web) -> None:
    client, other = web.sign_in("quality"), web.app.test_client()
    with web.house.begin("brand_admin") as unit:
        token = credentials.make_link(unit, email="quality-own@example.org")
    other.get(f"/once/{token}")
    assert other.get("/desk").status_code == 200
    assert web.post(client, "/account/password", {"new": "a horse and a lamp", "again": "a horse and a lamp"}).status_code == 303
    assert (client.get("/desk").status_code, other.get("/desk").status_code) == (200, 401)


def test_a_drill_runs_from_the_page_and_is_listed(web: Web) -> None:
    shelf(web.house, ONE=3)
    client = web.sign_in("quality")
    here = web.post(client, "/desk/drills?kind=lot&value=ONE", page=ONE).location
    assert "data-clock" in client.get(here).text
    assert web.post(client, f"{here}/steps", {"step": "letters"}, page=here, follow_redirects=True).text.count('role="alert"') == 1
    for name in drills.STEPS[1:]:
        assert web.post(client, f"{here}/steps", {"step": name}, page=here).status_code == 303
    web.post(client, f"{here}/stop", {"note": "找人签字花了三分钟"}, page=here)
    page = client.get(here).text
    assert ("找人签字花了三分钟" in page, "data-clock" in page) == (True, False)
    assert here in client.get("/desk/recalls").text
    with web.house.look() as unit:
        assert recalls.every(unit) == []


def test_letters_and_tables_leave_the_house_only_for_its_own_people(web: Web) -> None:
    shelf(web.house, ONE=3)
    with web.house.begin("brand_admin") as unit:
        lot = lots.by_code(unit, "ONE")
        lot.state = "released"
        order = recalls_order(unit)
        shipments.ship(unit, reference="DN-1", customer="杭州 <b>示例</b>", regions=["CN"], order_id=order, count=2)
        made = a_recall(unit, lot_ids=[lot.id], reason="玻璃", advice="退货")
    client, stranger = web.sign_in("quality"), web.sign_in("quality", brand_id=web.house.other_brand_id)
    path = f"/desk/reach/letter?recall={made.id}&customer={quote('杭州 <b>示例</b>')}"
    page = client.get(path).text
    assert "杭州 &lt;b&gt;示例&lt;/b&gt;" in page
    assert "不要寄出" not in page
    text = client.get(path + "&text=1")
    assert (text.content_type, "DN-1" in text.text, "玻璃" in text.text) == ("text/plain; charset=utf-8", True, True)
    table = client.get(f"/desk/reach/table.csv?recall={made.id}&table=items")
    assert "ONE,06901234567892,ORDER-1,1,3,3" in table.text
    for where in (path, f"/desk/reach/table.csv?recall={made.id}", f"/desk/recalls/{made.id}", "/desk/recalls/x"):
        assert stranger.get(where).status_code == 404, where
    assert "不要寄出" in client.get(f"/desk/reach/letter?kind=lot&value=ONE&customer={quote('杭州 <b>示例</b>')}").text


def recalls_order(unit: Any) -> str:
    from traceability import codes

    return str(codes.orders(unit)[0].id)
