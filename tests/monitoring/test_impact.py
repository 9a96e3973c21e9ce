"""From an alert to the lots that were on the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.unit import Unit
from monitoring import alerts, impact
from monitoring.facts import AlertOpened
from monitoring.models import Alert, Stream
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from tests.factories.recalls import PROOF
from tests.monitoring.plant import a_line
from traceability import holds, lots

EVIDENCE = {"code": "alert.limits.low", "value": 69.8, "limit": 72.0, "limit_name": "ll", "seconds": 41.0}


@pytest.fixture
def stream(house: House) -> Stream:
    with house.begin("brand_admin") as unit:
        return a_line(unit)["pasteuriser_outlet"]


def _alert(unit: Unit, stream: Stream, *, severity: str = "critical", detector: str = "limits") -> Alert:
    began_at = unit.now - timedelta(minutes=10)
    return alerts.open(unit, stream=stream, detector=detector, severity=severity, began_at=began_at, evidence=EVIDENCE)


def _react(unit: Unit, alert: Alert) -> None:
    impact.on_alert_opened(unit, AlertOpened(alert.id))


def test_a_critical_breach_holds_the_lots_on_the_line_and_what_was_made_of_them(house: House, stream: Stream) -> None:
    with house.begin("system") as unit:
        product = a_product(unit)
        hour = timedelta(hours=1)
        before = a_batch(unit, "B0", product, unit.now - 3 * hour)
        feed = a_batch(unit, "B00", product, unit.now - 4 * hour, line="L9")
        lots.finish(unit, lot_id=feed.id, inputs=[(_seed(unit, product).id, Decimal(1))], finished_at=unit.now - 3 * hour)
        lots.finish(unit, lot_id=before.id, inputs=[(feed.id, Decimal(1))], finished_at=unit.now - 2 * hour)
        during = a_batch(unit, "B1", product, unit.now - hour)
        lots.finish(unit, lot_id=during.id, inputs=[(feed.id, Decimal(1))], finished_at=unit.now - timedelta(minutes=5))
        packed = a_batch(unit, "B2", product, unit.now, line="L2")
        lots.finish(unit, lot_id=packed.id, inputs=[(during.id, Decimal(1))])
        elsewhere = a_batch(unit, "B3", product, unit.now - hour, line="L3")
        alert = _alert(unit, stream)
        _react(unit, alert)
        _react(unit, alert)
        assert {row.lot_id: row.action for row in alerts.lots_of(unit, alert.id)} == {during.id: "held", packed.id: "held"}
        assert {hold.lot_id for hold in holds.active(unit)} == {during.id, packed.id}
        assert lots.get(unit, elsewhere.id).standing == lots.get(unit, before.id).standing == "clear"
        reason = holds.active(unit)[0].reason
        assert reason == "L1 · 杀菌出口温度 / Pasteuriser outlet: 低于 / below 72 (69.8 Cel)"


def _seed(unit: Unit, product: object) -> lots.Lot:
    from tests.factories.dairy import a_delivery, a_material, a_supplier

    return a_delivery(unit, material=a_material(unit), supplier=a_supplier(unit), came=unit.now - timedelta(hours=4))


def test_a_warning_proposes_and_silence_touches_nothing(house: House, stream: Stream) -> None:
    with house.begin("system") as unit:
        lot = a_batch(unit, "B1", a_product(unit), unit.now - timedelta(hours=1))
        _react(unit, _alert(unit, stream, detector="silence", severity="warning"))
        assert holds.waiting(unit) == []
        _react(unit, _alert(unit, stream, severity="warning"))
        assert [hold.lot_id for hold in holds.waiting(unit)] == [lot.id]
        assert lots.get(unit, lot.id).standing == "clear"


def test_a_warning_that_worsens_turns_its_proposal_into_a_hold(house: House, stream: Stream) -> None:
    with house.begin("system") as unit:
        lot = a_batch(unit, "B1", a_product(unit), unit.now - timedelta(hours=1))
        alert = _alert(unit, stream, severity="warning")
        _react(unit, alert)
        alerts.worsen(unit, alert=alert, evidence=EVIDENCE)
        _react(unit, alert)
        assert lots.get(unit, lot.id).standing == "held"
        assert [row.action for row in alerts.lots_of(unit, alert.id)] == ["held"]


def test_a_lot_begun_while_the_alert_lasts_is_reached_and_a_released_one_is_left_alone(house: House, stream: Stream) -> None:
    with house.begin("system") as unit:
        product = a_product(unit)
        first = a_batch(unit, "B1", product, unit.now - timedelta(hours=1))
        alert = _alert(unit, stream)
        _react(unit, alert)
        (hold,) = holds.active(unit)
        unit.actor, house_itself = replace(unit.actor, kind="quality"), unit.actor
        holds.release(unit, hold_id=hold.id, why="复检合格", proof=PROOF)
        unit.actor = house_itself
    with house.begin("system", now=house.now + timedelta(minutes=1)) as unit:
        second = a_batch(unit, "B2", product, unit.now)
        assert impact.keep_up(unit) == 1
        assert impact.keep_up(unit) == 0
        assert lots.get(unit, first.id).standing == "clear"
        assert lots.get(unit, second.id).standing == "held"
