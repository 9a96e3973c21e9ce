"""Places at the desk and through the JSON doors."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.app.conftest import Erp, Web, flaw_of, trouble_of
from tests.factories.dairy import a_batch, a_product
from traceability import sites

HERE = "/desk/sites"
PLANT = "岚牧一厂 一号线"


@pytest.fixture
def client(web: Web) -> FlaskClient:
    return web.sign_in("quality")


def known(web: Web) -> dict[str, str]:
    with web.house.look() as unit:
        return {site.name: site.region for site in sites.every(unit)}


def test_an_empty_desk_says_what_places_are_for(web: Web, client: FlaskClient) -> None:
    page = client.get(HERE).text
    assert "还没有已知的地点" in page
    assert "还不知道在哪里" not in page
    assert '<option value="杭州">浙江</option>' in page
    english = client.get(HERE + "?lang=en").text
    assert '<option value="Hangzhou">Zhejiang</option>' in english


def test_a_place_of_a_lot_waits_is_put_changed_and_removed(web: Web, client: FlaskClient) -> None:
    with web.house.begin("brand_admin") as unit:
        a_batch(unit, "A", a_product(unit)).place = PLANT
    page = client.get(HERE).text
    assert "还不知道在哪里" in page
    assert f'value="{PLANT}"' in page  # the form is filled in already
    assert web.post(client, HERE, {"name": PLANT, "region": "石家庄"}).status_code == 303
    assert known(web) == {PLANT: "CN-1301"}
    page = client.get(HERE).text
    assert f"已保存：{PLANT} 在石家庄。" in page
    assert "还不知道在哪里" not in page
    assert "<svg" in page
    assert 'value="石家庄"' in client.get(f"{HERE}?name={PLANT}").text
    assert web.post(client, HERE, {"name": PLANT, "region": "河北"}).status_code == 303
    assert known(web) == {PLANT: "CN-13"}
    assert web.post(client, f"{HERE}/remove", {"name": PLANT}, page=HERE).status_code == 303
    assert known(web) == {}


def test_what_is_no_region_is_said_at_its_field_and_nothing_typed_is_lost(web: Web, client: FlaskClient) -> None:
    answer = web.post(client, HERE, {"name": "<i>厂", "region": "<b>亚特兰蒂斯"})
    assert answer.status_code == 422
    assert "&lt;b&gt;亚特兰蒂斯" in answer.text
    assert "&lt;i&gt;厂" in answer.text
    assert "没有这个地区" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert known(web) == {}


def test_what_is_not_there_cannot_be_removed(web: Web, client: FlaskClient) -> None:
    assert web.post(client, f"{HERE}/remove", {"name": "没有"}, page=HERE).status_code == 404


def test_machines_put_read_and_remove_places(erp: Erp) -> None:
    put = erp.ask("PUT", "/sites", {"name": PLANT, "region": "CN-1301"})
    assert (put.status_code, put.json["name"], put.json["region"]) == (200, PLANT, "CN-1301")
    assert erp.ask("PUT", "/sites", {"name": PLANT, "region": "Zhejiang"}).json["region"] == "CN-33"
    listed = erp.get("/sites")
    assert [(each["name"], each["region"]) for each in listed["sites"]] == [(PLANT, "CN-33")]
    assert len(listed["unplaced"]) == 1
    assert flaw_of(erp.ask("PUT", "/sites", {"name": PLANT, "region": "nowhere"})) == (422, "/region", "region")
    assert erp.ask("PUT", "/sites", {"name": PLANT}).status_code == 422
    assert erp.ask("DELETE", f"/sites?name={PLANT}").status_code == 204
    assert trouble_of(erp.ask("DELETE", f"/sites?name={PLANT}"))[0] == 404


def test_a_machine_that_only_reads_codes_puts_no_place(erp: Erp) -> None:
    reader = erp.web.key("codes")
    assert erp.ask("PUT", "/sites", {"name": PLANT, "region": "CN-33"}, key=reader).status_code == 403
    assert erp.ask("GET", "/sites", key=reader).status_code == 200
