"""Goods at the desk: received by delivery note, taken out bit by bit, corrected, and added up."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from kernel.given import CHINA
from suppliers import directory, messages
from tests.app.conftest import Web
from tests.factories.dairy import GTIN, a_batch, a_farms_papers, a_material, a_product, a_supplier
from traceability import deliveries, genealogy, holds, lots, shipments, stock
from traceability.arrivals import Line

HERE = "/desk/deliveries"


@dataclass
class Farm:
    supplier: str
    milk: str
    caps: str
    licence: str
    report: str


@pytest.fixture
def farm(web: Web) -> Farm:
    """A farm that may deliver milk; it is listed for cream as well, for which it has no papers."""
    with web.house.begin("brand_admin") as unit:
        supplier, milk, caps = a_supplier(unit), a_material(unit), a_material(unit, "CAP", "packaging")
        directory.list_supply(unit, supplier_id=supplier.id, material_id=milk.id)
        licence, report = a_farms_papers(unit, supplier, "T1", "T2", "T3", "T7", "T9")
        return Farm(supplier.id, milk.id, caps.id, licence.id, report.id)


@pytest.fixture
def client(web: Web) -> FlaskClient:
    return web.sign_in("quality")


def _form(farm: Farm, *lots_: str, **more: str) -> dict[str, str]:
    form = {"supplier_id": farm.supplier, "reference": "LS-1", "place": "收奶站"}
    for number, lot in enumerate(lots_):
        form |= {f"material_id-{number}": farm.milk, f"quantity-{number}": "1,000", f"uom-{number}": "KGM", f"supplier_lot-{number}": lot}
    return form | more


def _page(farm: Farm) -> str:
    return f"{HERE}/new?supplier_id={farm.supplier}"


def test_an_empty_desk_says_what_receiving_is_for(client: FlaskClient, farm: Farm) -> None:
    assert "还没有收过货" in client.get(HERE).text
    first = client.get(f"{HERE}/new").text
    assert "谁送来的" in first
    assert "全部收下" not in first


def test_the_gate_speaks_before_anything_is_sent(client: FlaskClient, web: Web, farm: Farm) -> None:
    page = client.get(_page(farm)).text
    assert "可以收" in page
    assert page.count("生乳") >= 2
    assert farm.caps not in page, "only what this supplier is listed for"
    with web.house.begin("brand_admin") as unit:
        from suppliers.models import Certificate

        unit.session.get_one(Certificate, farm.licence).standing = "suspended"
    page = client.get(_page(farm)).text
    assert "营业执照被暂停使用" in page
    assert "（现在不能收）" in page
    answer = web.post(client, f"{HERE}/new", _form(farm, "T1", "T2"), page=_page(farm))
    assert answer.status_code == 403
    assert "第 2 行：营业执照被暂停使用" in answer.text
    assert 'value="T2"' in answer.text, "what was typed is still there"


def test_a_lot_without_a_report_of_its_own_says_so_and_the_supplier_is_asked(client: FlaskClient, web: Web, farm: Farm) -> None:
    page = client.get(_page(farm)).text
    assert "每批要带" in page
    assert "批次 T1、T2、T3、T7…" in page, "a paper about lots shows them"
    answer = web.post(client, f"{HERE}/new", _form(farm, "T1", "X9"), page=_page(farm))
    assert answer.status_code == 403
    assert answer.text.count("写着这一批") == 1
    assert "这一批还不能收" in answer.text
    asked = web.post(client, f"{HERE}/new", {**_form(farm, "T1", "X9"), "ask": "1"}, page=_page(farm))
    assert "已写给供应商" in asked.text
    assert 'value="X9"' in asked.text
    with web.house.look() as unit:
        (said,) = messages.thread(unit, farm.supplier)
        assert "X9" in said.text
        assert said.from_supplier is False
    foreign = web.post(client, f"{HERE}/new", {**_form(farm, "T1", "X9"), "papers-1": farm.report}, page=_page(farm))
    assert "检验报告（第三方或委托检验）写的是别的批次" in foreign.text
    nameless = {**_form(farm, "T1", ""), "lot_code-1": "M-9", "papers-1": farm.report}
    shown = web.post(client, f"{HERE}/new", nameless, page=_page(farm))
    assert shown.status_code == 303
    assert client.get(shown.location).text.count("这一批的") == 2


def test_only_papers_that_stand_are_offered_and_can_be_laid_beside_a_lot(client: FlaskClient, web: Web, farm: Farm) -> None:
    with web.house.begin("brand_admin") as unit:
        from suppliers.models import Certificate

        unit.session.get_one(Certificate, farm.report).standing = "revoked"
    assert f'value="{farm.report}"' not in client.get(_page(farm)).text
    answer = web.post(client, f"{HERE}/new", {**_form(farm, "X9"), "papers-0": farm.report}, page=_page(farm))
    assert answer.status_code == 403
    assert "已被撤销" in answer.text


def test_a_delivery_is_taken_in_once_and_shown(client: FlaskClient, web: Web, farm: Farm) -> None:
    form = _form(farm, "T1", "T2") | {"quantity-5": "", "material_id-5": farm.milk, "uom-5": "KGM"}
    made = web.post(client, f"{HERE}/new", form, page=_page(farm))
    assert made.status_code == 303
    assert web.post(client, f"{HERE}/new", form, page=_page(farm)).location == made.location
    shown = client.get(made.location).text
    for words in ("青原牧场", "LS-1", "MILK-T1", "MILK-T2", "1,000 千克"):
        assert words in shown
    assert "生乳 1,000 千克" in client.get(HERE).text
    assert "没有送过货" in client.get(f"{HERE}?supplier={farm.milk}").text


def test_a_wrong_line_is_told_at_its_field_and_another_line_can_be_had(client: FlaskClient, web: Web, farm: Farm) -> None:
    form = _form(farm, "T1", "T2") | {"quantity-1": "-5"}
    answer = web.post(client, f"{HERE}/new", form, page=_page(farm))
    assert answer.status_code == 422
    assert 'id="quantity-1-error"' in answer.text
    assert 'id="quantity-0-error"' not in answer.text
    more = web.post(client, f"{HERE}/new", {**form, "more": "1"}, page=_page(farm))
    assert 'name="quantity-2"' in more.text
    with web.house.look() as unit:
        assert deliveries.every(unit) == []


@dataclass
class Lots:
    m1: str
    m2: str
    made: str


@pytest.fixture
def ground(web: Web, farm: Farm) -> Lots:
    """M-1 went into L-1 an hour ago."""
    with web.house.begin(now=web.house.now - timedelta(hours=1)) as unit:
        lines = [Line(farm.milk, Decimal(1000), "KGM", lot_code=code, supplier_lot="T7") for code in ("M-1", "M-2")]
        deliveries.receive(unit, supplier_id=farm.supplier, reference="LS", place="收奶站", lines=lines)
        m1, m2 = (lots.by_code(unit, code).id for code in ("M-1", "M-2"))
        batch = a_batch(unit, "L-1", a_product(unit))
        lots.finish(unit, lot_id=batch.id, inputs=[(m1, Decimal(900))], quantity=Decimal(950))
        return Lots(m1, m2, batch.id)


def _left(web: Web, lot_id: str) -> Decimal:
    with web.house.look() as unit:
        return stock.of(unit, [lots.get(unit, lot_id)])[lot_id].left


def test_a_lots_page_says_what_is_left_and_takes_some_out(client: FlaskClient, web: Web, ground: Lots) -> None:
    page = f"/desk/lots/{ground.m1}"
    assert "还剩 100 千克" in client.get(page).text
    for form in ({"quantity": "10", "reason": "waste", "note": "洒了"}, {"quantity": "5", "reason": "sold", "note": "奶吧"}):
        assert web.post(client, f"{page}/discard", form, page=page).status_code == 303
    assert _left(web, ground.m1) == 85
    web.post(client, f"{page}/discard", {"quantity": "86", "reason": "waste"}, page=page)
    assert "只剩 85" in client.get(page).text
    assert _left(web, ground.m1) == 85


def test_goods_without_codes_are_shipped_by_lot_and_quantity(client: FlaskClient, web: Web, ground: Lots) -> None:
    new = "/desk/shipments/new"
    form = {"reference": "DN-1", "customer": "奶吧", "regions": "中国", "lots": "M-1 60\r\nM-2  1,000"}
    made = web.post(client, new, form)
    assert made.status_code == 303
    assert "60 千克" in client.get(made.location).text
    assert (_left(web, ground.m1), _left(web, ground.m2)) == (40, 0)
    for wrong, words in (("M-9 1", "没有批次 M-9"), ("M-1", "批号 数量"), ("M-1 41", "只剩 40")):
        answer = web.post(client, new, {**form, "reference": "DN-2", "lots": wrong})
        assert words in answer.text
    with web.house.look() as unit:
        assert len(shipments.every(unit)) == 1


def test_a_correction_holds_what_it_must_and_the_page_tells_both_times(client: FlaskClient, web: Web, ground: Lots) -> None:
    with web.house.begin() as unit:
        holds.place(unit, lot_id=ground.m2, cause="person", cause_id="x", reason="抗生素残留")
    here = f"/desk/lots/{ground.made}/correct"
    assert "M-1 900" in client.get(here).text
    assert web.post(client, here, {"inputs": "", "quantity": "950", "reason": "罐号抄错"}).status_code == 422
    same = web.post(client, here, {"inputs": "M-1 900", "quantity": "950", "reason": "罐号抄错"})
    assert "没有改动" in same.text
    done = web.post(client, here, {"inputs": "M-2 880", "quantity": "950", "reason": "罐号抄错"})
    assert done.status_code == 303
    shown = client.get(done.location).text
    assert "这 1 批已随之暂停：L-1" in shown
    assert "抗生素残留" in shown
    then = (web.house.now - timedelta(minutes=1)).astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")
    known = client.get(f"/desk/lots/{ground.made}/known?known={then}").text
    for words in ("和现在知道的不一样", "后来才知道", "后来不算了"):
        assert words in known
    assert client.get(f"/desk/lots/{ground.made}/known?known=gestern").status_code == 422
    with web.house.look() as unit:
        assert genealogy.back(unit, [ground.made]) == {ground.m2}


def test_a_receipt_is_corrected_at_its_lot(client: FlaskClient, web: Web, ground: Lots) -> None:
    done = web.post(client, f"/desk/lots/{ground.m1}/correct", {"quantity": "1200", "reason": "少记一车"})
    assert done.status_code == 303
    assert _left(web, ground.m1) == 300


def test_the_balance_draws_what_is_too_much(client: FlaskClient, web: Web, ground: Lots) -> None:
    here = "/desk/mass-balance"
    page = client.get(here).text
    assert "都对得上" in page
    assert "M-1" in page
    with web.house.begin() as unit:
        lot = lots.get(unit, ground.m1)
        from traceability.events import capture

        what = {"quantityList": [lots.portion(lot, Decimal(500))]}
        words: dict[str, Any] = {"type": "ObjectEvent", "action": "OBSERVE", "biz_step": "shipping", "event_time": unit.now}
        capture.record(unit, **words, what=what, lots={lot.id: "object"})
    page = client.get(here).text
    assert "出去的比进来的多" in page
    assert "多出 400 千克" in page
    assert "去掉这 1 笔就平了" in page
    assert "多出去了 400 千克" in client.get(f"/desk/lots/{ground.m1}").text
    sheet = client.get(f"{here}/sheet.csv")
    assert sheet.mimetype == "text/csv"
    assert ",M-1," in sheet.text
    assert client.get(f"{here}?since=2026-02-30").status_code == 422
    assert client.get(f"{here}?tolerance=x").status_code == 422


def test_a_lot_that_a_recall_does_not_cover_says_so(client: FlaskClient, web: Web, ground: Lots) -> None:
    with web.house.begin() as unit:
        hold = holds.place(unit, lot_id=ground.made, cause="recall", cause_id="r", reason="hold.recall.correction")
        assert hold is not None
    assert "召回还没有包括它" in client.get(f"/desk/lots/{ground.made}").text


def test_a_table_is_tried_before_it_is_taken_in(client: FlaskClient, web: Web, farm: Farm) -> None:
    def tried(text: str, encoding: str = "utf-8") -> Any:
        form: dict[str, Any] = {"supplier_id": farm.supplier, "reference": "LS-9", "place": "收奶站", "table": "1"}
        form["file"] = (io.BytesIO(text.encode(encoding)), "lines.csv")
        return web.post(client, f"{HERE}/new", form, page=_page(farm), content_type="multipart/form-data")

    good = tried("物料,数量,单位,供应商批号\r\n生乳,1200,千克,T1\r\nMILK,800,KGM,T2\r\n,,,\r\n", "gb18030")
    assert "试过了：2 行都能收" in good.text
    assert 'name="quantity-1" type="text" value="800"' in good.text
    assert 'id="quantity-0-error"' not in good.text
    assert 'id="quantity-1-error"' in tried("material,quantity,uom,lot\nMILK,5,KGM,T1\nMILK,-5,KGM,T2\n").text
    assert "第 2 行：这家供应商没有登记供应“黄金”" in tried("material,quantity\n黄金,5\n").text
    assert "第一行要写列名" in tried("a,b\n1,2\n").text
    with web.house.look() as unit:
        assert deliveries.every(unit) == lots.every(unit) == []


def test_a_comma_is_one_between_thousands_or_none(client: FlaskClient, web: Web, farm: Farm, ground: Lots) -> None:
    page = f"/desk/lots/{ground.m1}"
    web.post(client, f"{page}/discard", {"quantity": "12,5", "reason": "waste"}, page=page)
    assert _left(web, ground.m1) == 100
    wrong = web.post(client, "/desk/shipments/new", {"reference": "X", "customer": "奶吧", "regions": "中国", "lots": "M-1 12,5"})
    assert wrong.status_code == 422
    assert web.post(client, "/desk/deliveries/new", _form(farm, "T9") | {"quantity-0": "12,5"}, page=_page(farm)).status_code == 422
    assert web.post(client, f"{page}/correct", {"quantity": "1，200.5", "reason": "少记一车"}).status_code == 303
    assert _left(web, ground.m1) == Decimal("300.5")


@pytest.mark.parametrize(
    "path",
    [
        "/desk/mass-balance?until=9999-12-31",
        "/desk/mass-balance?since=0001-01-01",
        "/desk/mass-balance?tolerance=1e999999999999999999",
        "/desk/lots/{lot}/known?known=0001-01-01T00:00",
        "/desk/reach?kind=line&value=L1&since=0001-01-01T00:00&until=2026-01-01T00:00",
        "/desk/reach?kind=line&value=L1&since=2026-01-01T00:00&until=9999-12-31T23:59-08:00",
    ],
)
def test_no_time_is_too_far_away_to_be_refused(client: FlaskClient, ground: Lots, path: str) -> None:
    assert client.get(path.format(lot=ground.made)).status_code == 422


def test_a_moment_with_an_offset_of_its_own_keeps_it(client: FlaskClient, web: Web, ground: Lots) -> None:
    web.post(client, f"/desk/lots/{ground.made}/correct", {"inputs": "M-2 900", "quantity": "950", "reason": "罐号抄错"})
    then = (web.house.now - timedelta(minutes=1)).isoformat().replace("+00:00", "%2B00:00")
    assert "和现在知道的不一样" in client.get(f"/desk/lots/{ground.made}/known?known={then}").text


def test_lots_are_narrowed_by_every_word(client: FlaskClient, ground: Lots) -> None:
    for asked, found in (
        ("M-", {"M-1", "M-2"}),
        ("m-1 收奶", {"M-1"}),
        ("生乳 2", {"M-2"}),
        ("M-1 岚牧", set()),
        ("%", set()),
        ("L-1", {"L-1"}),
    ):
        page = client.get("/desk/lots", query_string={"q": asked, "sort": "-code"}).text
        assert {code for code in ("M-1", "M-2", "L-1") if f">{code}<" in page} == found, asked
    page = client.get("/desk/lots?sort=code&state=released&kind=material&standing=nonsense").text
    assert 0 < page.index(">M-1<") < page.index(">M-2<")


def test_of_a_lot_that_came_twice_it_is_asked_which_receipt_was_wrong(client: FlaskClient, web: Web, farm: Farm) -> None:
    words: dict[str, Any] = {"supplier_id": farm.supplier, "place": "收奶站"}
    line = Line(farm.milk, Decimal(1000), "KGM", supplier_lot="T7", supplier_gtin=GTIN)
    with web.house.begin(now=web.house.now - timedelta(hours=1)) as unit:
        first = deliveries.receive(unit, reference="LS-1", lines=[line], **words).id
        (lot,) = (row.lot for row in deliveries.lines(unit, [deliveries.get(unit, first)])[first])
        holds.place(unit, lot_id=lot.id, cause="person", cause_id="x", reason="抗生素残留")
    form = _form(farm, "T7") | {"supplier_gtin-0": GTIN, "reference": "LS-2"}
    made = web.post(client, "/desk/deliveries/new", form, page=_page(farm))
    assert "新到的也不能用" in client.get(made.location).text
    here = f"/desk/lots/{lot.id}/correct"
    assert "LS-2" in client.get(here).text
    assert "哪一次" in web.post(client, here, {"quantity": "900", "reason": "抄错"}).text
    assert web.post(client, here, {"quantity": "900", "reason": "抄错", "delivery_id": first}).status_code == 303
