"""The family of a lot: its JSON door for the script, and the page that stands without one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.pages import family
from tests.app.conftest import Web
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from tests.traceability.events.test_capturing import a_making, capture
from traceability import holds, lots
from traceability.genealogy import Edge, Graph


@pytest.fixture
def ids(web: Web) -> dict[str, str]:
    """milk and caps → one → two; caps is on hold."""
    with web.house.begin() as unit:
        supplier, material, product = a_supplier(unit), a_material(unit), a_product(unit)
        made = {code: a_delivery(unit, code, material=material, supplier=supplier) for code in ("MILK", "CAPS")}
        for code, inputs in (("ONE", ("MILK", "CAPS")), ("TWO", ("ONE",))):
            made[code] = a_batch(unit, code, product)
            unit.session.flush()
            lots.finish(unit, lot_id=made[code].id, inputs=[(made[each].id, Decimal("2.5")) for each in inputs])
        made["ALONE"] = a_delivery(unit, "ALONE", material=material, supplier=supplier)
        found = {code: lot.id for code, lot in made.items()}
    with web.house.begin() as unit:
        holds.place(unit, lot_id=found["CAPS"], cause="person", cause_id="x", reason="抽检")
    return found


def _told(client: FlaskClient, lot_id: str, **more: Any) -> dict[str, Any]:
    answer = client.get(f"/desk/lots/{lot_id}/family.json", **more)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "private, no-store"
    return dict(answer.json)


def test_the_door_tells_everyone_of_the_family_and_where_they_stand(web: Web, ids: dict[str, str]) -> None:
    told = _told(web.sign_in("quality"), ids["ONE"])
    nodes = {node["code"]: node for node in told["nodes"]}
    assert told["centre"] == ids["ONE"]
    assert {code: node["layer"] for code, node in nodes.items()} == {"MILK": -1, "CAPS": -1, "ONE": 0, "TWO": 1}
    one = nodes["ONE"]
    assert (one["id"], one["url"], one["kind"], one["state"]) == (ids["ONE"], f"/desk/lots/{ids['ONE']}", "product", "finished")
    assert (nodes["MILK"]["quantity"], nodes["MILK"]["uom"], nodes["MILK"]["place"]) == ("1000", "KGM", "青原")
    edges = {(edge["from"], edge["to"]): (Decimal(edge["quantity"]), edge["says"]) for edge in told["edges"]}
    assert edges[(ids["MILK"], ids["ONE"])] == (Decimal("2.5"), "2.5 千克")
    assert set(edges) == {(ids[one], ids[other]) for one, other in (("MILK", "ONE"), ("CAPS", "ONE"), ("ONE", "TWO"))}


def test_a_state_is_a_tone_and_a_word_in_the_readers_language(web: Web, ids: dict[str, str]) -> None:
    client = web.sign_in("quality")
    (caps,) = [node for node in _told(client, ids["CAPS"])["nodes"] if node["code"] == "CAPS"]
    assert (caps["tone"], caps["standing"], caps["says"]["standing"]) == ("stop", "held", "暂停")
    (caps,) = [node for node in _told(client, ids["CAPS"], query_string={"lang": "en"})["nodes"] if node["code"] == "CAPS"]
    assert (caps["name"], caps["says"]["standing"], caps["says"]["amount"]) == ("Raw milk", "On hold", "1,000 kg")


def test_only_the_desk_of_its_own_brand_is_told(web: Web, ids: dict[str, str]) -> None:
    path = f"/desk/lots/{ids['ONE']}/family.json"
    assert web.sign_in("quality", brand_id=web.house.other_brand_id).get(path).status_code == 404
    assert web.sign_in("plant").get(path).status_code == 403
    assert web.app.test_client().get(path, headers={"Accept": "application/json"}).status_code == 401


def test_the_page_stands_without_a_script_and_names_the_door(web: Web, ids: dict[str, str]) -> None:
    page = web.sign_in("quality").get(f"/desk/lots/{ids['ONE']}").text
    assert f'data-family="/desk/lots/{ids["ONE"]}/family.json"' in page
    assert re.findall(r'<script src="/static/(lotgraph[^?"]*)', page) == ["lotgraph-family.js", "lotgraph.js"]
    assert set(re.findall(r'data-say-(?:comma|colon)="([^"]*)"', page)) == {"，", "："}
    still = page.partition('<div class="graph"')[2].partition("</svg>")[0]
    assert still.count("<a href") == 4
    assert still.count('class="edge"') == 3
    assert "✕ 暂停" in still
    table = page.partition('data-part="table"')[2].partition("</table>")[0]
    assert table.count("<tr>") == 1 + 3
    hidden = [tag for tag in re.findall(r"<[a-z]+[^>]*>", page) if re.search(r'class="family-(bar|map)', tag)]
    assert len(hidden) == 2
    assert all(tag.endswith(" hidden>") for tag in hidden), "what needs a script waits for it"


def test_a_lot_alone_teaches_and_loads_no_script(web: Web, ids: dict[str, str]) -> None:
    page = web.sign_in("quality").get(f"/desk/lots/{ids['ALONE']}").text
    assert "还没有用到任何产品里" in page
    assert 'class="empty"' in page
    assert "lotgraph.js" not in page


def test_the_script_writes_no_marks_of_one_language() -> None:
    script = Path(family.__file__).parents[1] / "static" / "lotgraph.js"
    assert re.findall("[，：；、。]", script.read_text(encoding="utf-8")) == []


@dataclass
class _Lot:
    id: str
    code: str = "L"
    kind: str = "product"
    product_id: str = "p"
    standing: str = "clear"
    state: str = "released"
    quantity: Decimal = Decimal(1)
    uom: str = "H87"
    place: str = "岚牧一厂"
    started_at: datetime = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class _Thing:
    name_zh: str = "鲜牛奶"
    name_en: str = "Fresh milk"


def test_what_several_events_say_of_one_edge_is_added_up(web: Web) -> None:
    edges = [Edge("a", "b", Decimal(2), "KGM"), Edge("a", "b", Decimal(3), "KGM"), Edge("a", "b", Decimal(4), "H87")]
    with web.app.test_request_context():
        told = family.told(Graph([_Lot("a"), _Lot("b")], edges), "b", {"p": _Thing()})  # type: ignore[list-item]
    (edge,) = told["edges"]
    assert (edge["quantity"], edge["uom"], edge["says"]) == ("5", "KGM", "5 千克 + 4 件")
    assert json.loads(json.dumps(told)) == told


def test_what_others_tell_of_stands_in_the_map_and_in_the_table(web: Web, ids: dict[str, str]) -> None:
    with web.house.begin() as unit:
        milk = lots.get(unit, ids["MILK"]).uri
        capture(unit, a_making([("urn:epc:class:lgtin:0614141.107346.FARM7", 500)], [(milk, 500)]))
    client = web.sign_in("quality")
    told = _told(client, ids["ONE"])
    (farm,) = [node for node in told["nodes"] if node["kind"] == "other"]
    assert (farm["code"], farm["layer"], farm["tone"], farm["says"]["amount"]) == ("FARM7", -2, "quiet", "")
    assert {(farm["id"], ids["MILK"])} == {(edge["from"], edge["to"]) for edge in told["edges"] if farm["id"] in (edge["from"], edge["to"])}
    page = client.get(f"/desk/lots/{ids['ONE']}").get_data(as_text=True)
    assert 'id="others"' in page
    assert "FARM7" in page
    assert 'id="others"' not in client.get(f"/desk/lots/{ids['ALONE']}").get_data(as_text=True)
