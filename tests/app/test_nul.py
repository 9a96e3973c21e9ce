"""U+0000 in what somebody asks for: PostgreSQL fails when it meets one, so no database is asked."""

from __future__ import annotations

import pytest

from tests.app.conftest import Erp, Web

KINDS = ("lot", "supplier_lot", "certificate", "item", "pack", "delivery")
PAGES = (
    *(f"/desk/reach?kind={kind}&value=a%00b" for kind in KINDS),
    "/desk/reach?kind=line&value=a%00b&since=2026-01-01T00:00&until=2026-02-01T00:00",
    "/desk/lots?q=%00",
    "/desk/lots/%00",
    "/desk/lots/%00/passport",
    "/desk/lots/%00/family.json",
    "/desk/recalls/%00",
    "/desk/drills/%00",
    "/desk/deliveries/%00",
    "/desk/mass-balance?site=%00",
    "/desk/shipments?customer=%00",
)
EPCIS = (
    "epcs/%00", "bizSteps/%00/events", "events/%00", "queries/%00", "capture/%00", "events?MATCH_epc=%00", "events?EQ_bizStep=%00",
    "events?EQ_eventID=%00", "events?EQ_bizLocation=%00", "events?EQ_transformationID=%00",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_that_there_is_no_such_thing(web: Web, path: str) -> None:
    assert web.sign_in("quality").get(path).status_code in (200, 404, 422)


@pytest.mark.parametrize("path", EPCIS)
def test_a_repository_is_told_so_too(erp: Erp, path: str) -> None:
    assert erp.web.client.get(f"/epcis/{path}", headers=erp.web.key("epcis")).status_code in (200, 400, 404)


def test_a_machine_is_told_so_too(erp: Erp) -> None:
    erp.key = erp.web.key("trace")
    paths = [f"/reach?kind={kind}&value=a%00b" for kind in KINDS] + [
        "/deliveries?supplier_id=%00",
        "/lots?before=%00",
        "/mass-balance?site=%00",
    ]
    assert {erp.ask("GET", path).status_code for path in paths} <= {200, 404, 422}
    lines = [{"material_id": "\0", "quantity": "1", "uom": "KGM", "supplier_lot": "\0"}]
    for path, body in (
        ("/whereabouts", {"uri": "\0"}),
        ("/items/passport", {"code": "\0"}),
        ("/recalls", {"lot_ids": ["\0"], "reason": "a", "advice": "b"}),
        ("/deliveries", {"supplier_id": "\0", "reference": "\0", "place": "\0", "lines": lines}),
    ):
        assert erp.ask("POST", path, body).status_code in (404, 422), path
