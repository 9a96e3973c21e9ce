"""The desk: today, lots and the decisions on them, through the real doors."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.app.conftest import PASSWORD, Web
from tests.factories.dairy import a_batch, a_delivery, a_material, a_paper, a_product, a_supplier
from tests.factories.recalls import a_recall
from traceability import holds, lots, signing
from traceability.events import capture
from traceability.models import LotPaper


@pytest.fixture
def ids(web: Web) -> dict[str, str]:
    """milk (leaning on a paper) → one, finished."""
    with web.house.begin() as unit:
        supplier = a_supplier(unit)
        milk = a_delivery(unit, "M-1", material=a_material(unit), supplier=supplier)
        paper = a_paper(unit, supplier)
        unit.session.add(LotPaper(id=unit.new_id(), lot_id=milk.id, certificate_id=paper.id))
        one = a_batch(unit, "ONE", a_product(unit))
        lots.finish(unit, lot_id=one.id, inputs=[(milk.id, Decimal(10))])
        return {"milk": milk.id, "one": one.id, "paper": paper.id}


def _standing(web: Web, lot_id: str) -> tuple[str, str]:
    with web.house.look() as unit:
        lot = lots.get(unit, lot_id)
        return lot.state, lot.standing


@pytest.mark.parametrize("path", ["/desk", "/desk/lots", "/desk/orders", "/desk/recalls", "/board"])
def test_an_empty_house_teaches_what_will_be_here(web: Web, path: str) -> None:
    answer = web.sign_in("quality").get(path)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
    assert "curl" in answer.text


def test_todays_desk_has_the_proposal_and_a_person_decides(web: Web, ids: dict[str, str]) -> None:
    with web.house.begin("system") as unit:
        proposal = holds.propose(unit, lot_id=ids["one"], cause="alert", cause_id="a1", reason="灌装流量 <b>偏低</b>")
        assert proposal is not None
    client = web.sign_in("quality")
    page = client.get("/desk").text
    assert "今天有 1 件事等您决定" in page
    assert "灌装流量 &lt;b&gt;偏低&lt;/b&gt;" in page
    assert web.post(client, f"/desk/holds/{proposal.id}/confirm", {"password": PASSWORD}, page="/desk").location == "/desk"
    assert _standing(web, ids["one"]) == ("finished", "held")
    assert "正在暂停" in client.get("/desk").text
    web.post(client, f"/desk/holds/{proposal.id}/release", {"why": "复检合格", "back": "lot", "password": PASSWORD}, page="/desk")
    assert _standing(web, ids["one"]) == ("finished", "clear")
    assert "复检合格" in client.get(f"/desk/lots/{ids['one']}").text


def test_a_decision_without_a_reason_comes_back_with_a_sentence(web: Web, ids: dict[str, str]) -> None:
    with web.house.begin("system") as unit:
        proposal = holds.propose(unit, lot_id=ids["one"], cause="alert", cause_id="a1", reason="流量偏低")
        assert proposal is not None
    client = web.sign_in("quality")
    answer = web.post(
        client, f"/desk/holds/{proposal.id}/decline", {"why": "  ", "password": PASSWORD}, page="/desk", follow_redirects=True
    )
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    unsigned = web.post(client, f"/desk/holds/{proposal.id}/decline", {"why": "误报"}, page="/desk", follow_redirects=True)
    assert 'role="alert"' in unsigned.text
    no, here = {"why": "误报", "password": PASSWORD}, f"/desk/holds/{proposal.id}/decline"
    again = [web.post(client, here, no, page="/desk", follow_redirects=True) for _ in range(2)]
    assert ['role="alert"' in answer.text for answer in again] == [False, True]
    with web.house.look() as unit:
        assert [(each.intent, each.reason) for each in signing.of(unit, "hold", proposal.id)] == [("hold.decline", "误报")]


def test_what_an_open_recall_turned_out_to_reach_is_on_the_desk_and_on_its_page(web: Web, ids: dict[str, str]) -> None:
    with web.house.begin() as unit:
        recall = a_recall(unit, lot_ids=[ids["milk"]])
        late = a_batch(unit, "LATE", a_product(unit, "06901234567908"))
        late.state, late.finished_at = "finished", unit.now
        inputs = {"inputQuantityList": [{"epcClass": lots.get(unit, ids["milk"]).uri}], "outputQuantityList": [lots.portion(late)]}
        roles = {ids["milk"]: "input", late.id: "output"}
        capture.record(unit, type="TransformationEvent", biz_step="commissioning", event_time=unit.now, what=inputs, lots=roles)
        holds.place(unit, lot_id=late.id, cause="recall", cause_id=recall.id, reason="hold.recall.made_of_it")
    client = web.sign_in("quality")
    assert ">LATE<" in client.get("/desk").text
    assert f'href="/desk/lots/{late.id}/recall"' in client.get(f"/desk/recalls/{recall.id}").text
    assert f'href="/desk/recalls/{recall.id}"' in client.get(f"/desk/lots/{late.id}").text


def test_the_lot_page_shows_family_papers_and_history(web: Web, ids: dict[str, str]) -> None:
    page = web.sign_in("quality").get(f"/desk/lots/{ids['one']}").text
    assert f'href="/desk/lots/{ids["milk"]}"' in page
    assert f'href="/desk/papers/{ids["paper"]}"' in page
    assert page.count('class="edge"') == 1
    assert "放行" in page


def test_a_lot_is_held_and_released_from_its_page(web: Web, ids: dict[str, str]) -> None:
    client, here = web.sign_in("quality"), f"/desk/lots/{ids['one']}"
    answer = web.post(client, f"{here}/hold", {"reason": "", "password": PASSWORD}, page=here, follow_redirects=True)
    assert 'role="alert"' in answer.text
    assert _standing(web, ids["one"]) == ("finished", "clear")
    assert web.post(client, f"{here}/hold", {"reason": "气味异常", "password": PASSWORD}, page=here).location == here
    assert _standing(web, ids["one"]) == ("finished", "held")
    assert 'role="alert"' in web.post(client, f"{here}/release", page=here, follow_redirects=True).text
    with web.house.look() as unit:
        (hold,) = holds.active(unit)
    web.post(client, f"/desk/holds/{hold.id}/release", {"why": "查清了", "back": "lot", "password": PASSWORD}, page=here)
    web.post(client, f"{here}/release", page=here)
    assert _standing(web, ids["one"]) == ("released", "clear")


def test_the_list_of_lots_follows_its_address(web: Web, ids: dict[str, str]) -> None:
    client = web.sign_in("brand_admin")
    assert [code in client.get("/desk/lots?kind=material").text for code in (">M-1<", ">ONE<")] == [True, False]
    assert [code in client.get("/desk/lots?q=one").text for code in (">M-1<", ">ONE<")] == [False, True]
    page = client.get("/desk/lots?sort=-code&standing=clear").text
    assert page.index(">ONE<") < page.index(">M-1<")
    assert 'aria-sort="descending"' in page
    assert client.get("/desk/lots?sort=__class__&kind=x&q=%00").status_code == 200


def test_what_is_not_there_or_not_ours_is_not_found(web: Web, ids: dict[str, str]) -> None:
    stranger = web.sign_in("quality", brand_id=web.house.other_brand_id)
    for path in (
        f"/desk/lots/{ids['one']}",
        f"/desk/lots/{ids['one']}/recall",
        f"/desk/papers/{ids['paper']}",
        "/desk/lots/x",
        "/desk/orders/x",
    ):
        assert stranger.get(path).status_code == 404, path
    for path in (f"/desk/lots/{ids['one']}/hold", f"/desk/lots/{ids['one']}/release", "/desk/holds/x/confirm"):
        assert web.post(stranger, path, {"reason": "mine", "password": PASSWORD}, page="/desk").status_code == 404, path
    assert _standing(web, ids["one"]) == ("finished", "clear")


def test_other_roles_are_kept_out(web: Web) -> None:
    plant = web.sign_in("plant")
    assert [plant.get(path).status_code for path in ("/board", "/desk", "/desk/lots", "/portal")] == [200, 403, 403, 403]
    assert web.client.get("/desk", headers={"Accept": "text/html"}).location.startswith("/login")
