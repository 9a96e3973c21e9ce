"""The demo dairy: what a visitor of it is shown, and that nothing in it waits for somebody."""

from __future__ import annotations

import pytest

from app import seed
from app.auth.models import ROLES
from app.factory import create_app
from app.pages import story
from kernel.unit import VISITOR, system
from monitoring import alerts, detection
from tests.conftest import House
from traceability import cases, lots, regions, sites


@pytest.mark.slow
def test_the_sold_lot_has_its_way_and_its_curves_and_no_alert_is_open(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "SLUG", "planted")  # the house's own brand has the other
    planted = seed.plant(house.settings, house.database, now=house.now)
    assert set(planted.logins) <= set(ROLES)
    with house.database.begin(system(planted.brand_id), now=house.now) as unit:
        assert detection.watch_silence(unit) == 0  # the standstill of the line was seen already
        assert alerts.active(unit) == []
        assert cases.every(unit) == []
        assert sites.nowhere(unit) == []
        sold = next(lot for lot in lots.every(unit) if lot.state == "released")
        assert sold.standing == "clear"
    app = create_app(house.settings, house.database)
    with app.test_request_context("/"), house.database.look(VISITOR, now=house.now) as unit:
        unit.enter(planted.brand_id)
        told = story.told(unit, sold.id)
    assert [region for region, _ in told.stops] == ["CN-1307", "CN-1301"]
    assert all(regions.known(region) for region in seed.SITES.values())
    (line,) = told.lines
    assert [curve.condition.readings for curve in line.curves] == [601] * len(line.curves)
    assert all(curve.finding.code.startswith("condition.inside.") for curve in line.curves)
    assert all(curve.picture is not None and curve.condition.inside_share == 1 and not curve.incidents for curve in line.curves)
