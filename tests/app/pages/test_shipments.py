"""Shipments at the desk: recorded with names of regions, listed, and drawn where they were looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.conftest import Web
from tests.factories.dairy import GTIN
from tests.factories.looks import a_look
from tests.traceability.moves.roll import Roll, a_roll, let_go
from traceability import cases, diversion, holds, packing, shipments
from traceability.models import ItemScans
from traceability.spans import Span

HERE = "/desk/shipments"
NEW = f"{HERE}/new"
FORM = {"reference": "DN-1", "customer": "杭州示例商贸", "regions": "浙江、上海市"}


@pytest.fixture
def roll(web: Web) -> Roll:
    """60 items of 100 on a released lot."""
    roll = a_roll(web.house, 100, commissioned=60)
    with web.house.begin("brand_admin") as unit:
        packing.set_prefix(unit, prefix="6901234")
        let_go(unit, roll.lot_id)
    return roll


@pytest.fixture
def client(web: Web) -> FlaskClient:
    return web.sign_in("quality")


def _all(web: Web) -> list[Any]:
    with web.house.look() as unit:
        return shipments.every(unit)


def _shipped(web: Web, roll: Roll, **more: Any) -> str:
    words: dict[str, Any] = {"reference": "DN-1", "customer": "杭州示例商贸", "regions": ["CN-33"], "order_id": roll.order_id, "count": 60}
    with web.house.begin(now=web.house.now - timedelta(days=2)) as unit:
        return shipments.ship(unit, **{**words, **more}).id


def _seen(web: Web, region: str, counters: range) -> None:
    with web.house.begin("system") as unit:
        for counter in counters:
            a_look(unit, web.house.now, counter=counter, region=region)
            moments = {"first_at": web.house.now, "last_at": web.house.now}
            unit.session.add(ItemScans(gtin=GTIN, key_version=1, counter=counter, times=1, first_region=region, **moments))
        cases.suspect_each(unit, diversion.watch(unit))


def test_an_empty_desk_says_what_shipments_are_for(client: FlaskClient) -> None:
    assert "还没有记过发货" in client.get(HERE).text
    assert "没有发给这家客户的货" in client.get(f"{HERE}?customer=nobody").text


def test_a_case_is_shipped_by_names_of_regions_and_only_once(web: Web, client: FlaskClient, roll: Roll) -> None:
    with web.house.begin() as unit:
        case = packing.pack(unit, kind="case", items=[Span(GTIN, 1, 0, 11)]).sscc
    form = {**FORM, "sscc": f"(00) {case}\r\n\r\n"}
    made = web.post(client, NEW, form)
    assert made.status_code == 303
    assert web.post(client, NEW, form).location == made.location
    (shipment,) = _all(web)
    assert (shipment.regions, shipment.reference) == (["CN-31", "CN-33"], "DN-1")
    page = client.get(made.location).text
    for words in ("杭州示例商贸", "上海、浙江", "还没有人扫过这批货", case, "1–12", "<svg"):
        assert words in page
    assert made.location in client.get(HERE).text


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("浙江 上海", ["CN-31", "CN-33"]),
        ("杭州市;CN-31\n日本", ["CN-31", "CN-3301", "JP"]),
        ("Inner Mongolia, Hong Kong", ["CN-15", "CN-81"]),
        ("、中国，", ["CN"]),
    ],
)
def test_regions_are_typed_as_people_write_them(web: Web, client: FlaskClient, roll: Roll, typed: str, codes: list[str]) -> None:
    answer = web.post(client, NEW, {**FORM, "regions": typed, "order_id": roll.order_id, "start": "1", "count": "10"})
    assert answer.status_code == 303
    assert _all(web)[0].regions == codes


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"regions": "浙江、火星"}, "没有“火星”这个地区"),
        ({"regions": " 、 "}, "至少要有一个"),
        ({"customer": ""}, "请填写这一项"),
        ({"reference": "x" * 65}, "太长了"),
        ({"sscc": "123"}, "箱码和订单位置请填一种"),
        ({"order_id": "", "sscc": "\n123"}, "第 1 行：箱码（SSCC）是 18 位数字"),
        ({"order_id": ""}, "箱码和订单位置请填一种"),
        ({"start": "first"}, 'id="start-error"'),
        ({"start": "99", "count": "3"}, 'id="count-error"'),
        ({"start": "0"}, 'id="start-error"'),
        ({"start": "", "count": ""}, "订单 PO-1 第 61–100 个"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(
    web: Web, client: FlaskClient, roll: Roll, wrong: dict[str, str], says: str
) -> None:
    form = {**FORM, "order_id": roll.order_id, "start": "1", "count": "10", "customer": "某某客户", **wrong}
    answer = web.post(client, NEW, form)
    assert answer.status_code in (409, 422)
    assert says in answer.text
    assert form["regions"].strip() in answer.text
    assert _all(web) == []


def test_a_lot_on_hold_is_named(web: Web, client: FlaskClient, roll: Roll) -> None:
    with web.house.begin() as unit:
        holds.place(unit, lot_id=roll.lot_id, cause="person", cause_id="-", reason="气味异常")
    answer = web.post(client, NEW, {**FORM, "order_id": roll.order_id, "start": "1", "count": "10"})
    assert answer.status_code == 409
    assert "批次 L-1 正在暂停" in answer.text


def test_the_page_holds_the_looks_against_the_regions_and_leads_to_the_case(web: Web, client: FlaskClient, roll: Roll) -> None:
    here = f"{HERE}/{_shipped(web, roll)}"
    _seen(web, "CN-3301", range(4))
    page = client.get(here).text
    assert "扫过的都在约定以内" in page
    assert "疑似窜货" not in page
    _seen(web, "CN-4401", range(10, 20))
    page = client.get(here).text
    for words in ("10 件在约定以外被扫，共扫过 14 件", "广州 10", "约定以外", "/desk/fraud/"):
        assert words in page
    assert "疑似窜货" in client.get(HERE).text
    english = client.get(here + "?lang=en").text
    assert "Guangzhou 10" in english


def test_shipped_on_the_page_says_so(web: Web, client: FlaskClient, roll: Roll) -> None:
    first = _shipped(web, roll)
    _shipped(web, roll, reference="DN-2", customer="乙", start=50, count=10)
    page = client.get(f"{HERE}/{first}").text
    assert "其中 10 件后来又随别的单发出，这里列的是余下的 50 件" in page
    _shipped(web, roll, reference="DN-3", customer="丙")
    assert "这些货后来都随别的单发出了" in client.get(f"{HERE}/{first}").text


def test_the_list_is_narrowed_to_a_customer_and_a_form_begins_with_his_regions(web: Web, client: FlaskClient, roll: Roll) -> None:
    _shipped(web, roll, count=1)
    _shipped(web, roll, reference="DN-2", customer="<b>乙</b>", start=1, count=1)
    page = client.get(HERE, query_string={"customer": "<b>乙</b>"}).text
    assert "DN-2" in page
    assert "DN-1" not in page
    assert "<b>乙</b>" not in page
    assert 'value="浙江"' in client.get(NEW, query_string={"customer": "杭州示例商贸"}).text
    assert 'value="浙江"' not in client.get(NEW, query_string={"customer": "nobody"}).text


def test_only_the_brands_own_staff_comes_in(web: Web, roll: Roll) -> None:
    here = f"{HERE}/{_shipped(web, roll)}"
    assert web.client.get(here).status_code in (302, 401, 403)
    assert web.sign_in("plant").get(here).status_code == 403
    assert web.sign_in("quality", brand_id=web.house.other_brand_id).get(here).status_code == 404


def test_what_never_left_is_cancelled_with_a_reason_and_stays_listed(web: Web, roll: Roll, client: FlaskClient) -> None:
    made = _shipped(web, roll)
    here = f"{HERE}/{made}"
    assert "撤销这次发货" in client.get(here).text
    assert "请填写这一项" in web.post(client, f"{here}/cancel", {"reason": " "}, page=here, follow_redirects=True).text
    assert "已撤销" not in client.get(HERE).text
    answer = web.post(client, f"{here}/cancel", {"reason": "发给了上海的客户"}, page=here, follow_redirects=True)
    assert "发给了上海的客户" in answer.text
    assert f"{here}/cancel" not in answer.text
    assert "已撤销" in client.get(HERE).text
    with web.house.look() as unit:
        assert shipments.counts(unit, [made]) == {made: 0}
