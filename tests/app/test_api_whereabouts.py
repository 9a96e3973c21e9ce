"""Where a thing is, through the JSON door."""

from __future__ import annotations

from tests.app.conftest import Erp
from tests.traceability.events.test_capturing import CASE, ITEM, a_packing, an_event, capture


def test_an_item_is_where_its_case_is(erp: Erp) -> None:
    erp.key = erp.web.key("trace")
    with erp.web.house.begin() as unit:
        capture(unit, a_packing(CASE, [ITEM + "1"]), an_event(epcList=[CASE], hours=1, bizLocation={"id": "https://x.example/shop"}))
    found = erp.post("/whereabouts", {"uri": ITEM + "1"})
    assert found["location"]["word"] == "https://x.example/shop"
    assert found["location"]["by_way_of"] == found["inside"][0] == "https://id.gs1.org/00/106141412345678908"
    assert (found["lot"], found["shipment"], found["state"]) == (None, None, None)


def test_what_nobody_told_of_is_not_there(erp: Erp) -> None:
    erp.key = erp.web.key("trace")
    assert erp.ask("POST", "/whereabouts", {"uri": "urn:x:nothing"}).status_code == 404
