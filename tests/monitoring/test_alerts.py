"""The states of ISA-18.2."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Invalid, Missing
from kernel.unit import Unit
from monitoring import alerts, streams
from monitoring.models import Alert, Stream
from tests.conftest import House
from tests.monitoring.plant import a_line


@pytest.fixture
def stream(house: House) -> Stream:
    with house.begin("brand_admin") as unit:
        return a_line(unit)["pasteuriser_outlet"]


def _open(unit: Unit, stream: Stream, *, detector: str = "limits", severity: str = "critical", seconds: int = 0) -> Alert:
    began_at = unit.now + timedelta(seconds=seconds)
    return alerts.open(unit, stream=stream, detector=detector, severity=severity, began_at=began_at, evidence={"value": 69.8})


def test_an_episode_is_one_alert_however_often_it_is_told(house: House, stream: Stream) -> None:
    with house.begin("system") as unit:
        first = _open(unit, stream)
    with house.begin("system") as unit:
        assert _open(unit, stream).id == first.id
    assert len(house.told("AlertOpened")) == 1


def test_seen_while_it_lasts_then_back_to_normal_is_closed(house: House, stream: Stream) -> None:
    with house.begin("plant") as unit:
        alert = _open(unit, stream)
        assert alerts.acknowledge(unit, alert_id=alert.id, cause="process", note="蒸汽压力低").state == "acknowledged"
        assert alerts.back_to_normal(unit, alert=alert, at=unit.now).state == "closed"
        assert alerts.active(unit) == []
        assert (alert.cause, alert.note, alert.acknowledged_by) == ("process", "蒸汽压力低", "test-plant")


def test_back_to_normal_unseen_waits_for_acknowledgement(house: House, stream: Stream) -> None:
    with house.begin("plant") as unit:
        alert = _open(unit, stream)
        assert alerts.back_to_normal(unit, alert=alert, at=unit.now).state == "returned"
        assert alerts.acknowledge(unit, alert_id=alert.id, cause="cleaning").state == "closed"
        with pytest.raises(alerts.AlertAcknowledged):
            alerts.acknowledge(unit, alert_id=alert.id, cause="process")


def test_a_cause_is_one_of_the_causes_and_foreign_alerts_are_not_there(house: House, stream: Stream) -> None:
    with house.begin("plant") as unit:
        alert = _open(unit, stream)
        with pytest.raises(Invalid):
            alerts.acknowledge(unit, alert_id=alert.id, cause="ghosts")
        with pytest.raises(Invalid):
            alerts.acknowledge(unit, alert_id=alert.id, cause="process", note="x" * 501)
    with house.begin("plant", brand_id=house.other_brand_id) as unit:
        assert alerts.active(unit) == []
        with pytest.raises(Missing):
            alerts.acknowledge(unit, alert_id=alert.id, cause="process")


def test_a_warning_that_worsens_asks_and_is_told_again(house: House, stream: Stream) -> None:
    with house.begin("plant") as unit:
        alert = _open(unit, stream, severity="warning")
        alerts.acknowledge(unit, alert_id=alert.id, cause="process")
        alerts.worsen(unit, alert=alert, evidence={"value": 60.0})
        assert (alert.severity, alert.state, alert.cause) == ("critical", "unacknowledged", None)
    assert len(house.told("AlertOpened")) == 2


def test_the_worst_comes_first_then_the_newest(house: House, stream: Stream) -> None:
    with house.begin("plant") as unit:
        _open(unit, stream, severity="warning", seconds=0)
        _open(unit, stream, severity="critical", seconds=-30)
        _open(unit, stream, severity="warning", seconds=-10)
        told = [(alert.severity, int((alert.began_at - unit.now).total_seconds())) for alert in alerts.active(unit)]
    assert told == [("critical", -30), ("warning", 0), ("warning", -10)]


def test_novelty_of_a_new_product_closes_and_is_learnt_anew(house: House, stream: Stream) -> None:
    with house.begin("plant") as unit:
        (mine,) = streams.locked(unit, no=stream.no)
        mine.state = {"novelty": {"memory": {}, "episode": {}}, "baseline": {}, "late": 3}
        alert = _open(unit, mine, detector="novelty", severity="warning")
        assert alerts.acknowledge(unit, alert_id=alert.id, cause="product_change").state == "closed"
        assert streams.stream(unit, stream.no).state == {"late": 3}


def test_only_an_acknowledged_alert_is_closed_by_hand(house: House, stream: Stream) -> None:
    with house.begin("plant") as unit:
        alert = _open(unit, stream, detector="silence")
        with pytest.raises(alerts.AlertNotAcknowledged):
            alerts.close(unit, alert_id=alert.id)
        alerts.acknowledge(unit, alert_id=alert.id, cause="sensor")
        assert alerts.close(unit, alert_id=alert.id).returned_at == unit.now
