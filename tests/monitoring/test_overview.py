"""The board and the chart."""

from __future__ import annotations

import json
from datetime import timedelta

from monitoring import alerts, impact, overview
from monitoring.facts import AlertOpened
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from tests.monitoring.plant import a_line, samples, send


def _live(house: House) -> None:
    with house.begin("brand_admin") as unit:
        a_line(unit)
        a_batch(unit, "B1", a_product(unit), unit.now - timedelta(hours=1))
    since = house.now - timedelta(seconds=99)
    send(house, samples(since, [72.6] * 80 + [69.8] * 20), now=house.now)
    send(house, samples(since, [96.0] * 100, "filler_flow", "l/min"), now=house.now)
    send(house, samples(since - timedelta(minutes=5), [3.2] * 100, "cold_store"), now=house.now)
    with house.begin("system") as unit:
        for alert in alerts.active(unit):
            impact.on_alert_opened(unit, AlertOpened(alert.id))


def test_the_board_shows_each_streams_state_the_lot_and_the_alert_with_its_lots(house: House) -> None:
    _live(house)
    with house.look() as unit:
        board = overview.board(unit)
    (line,) = board.lines
    assert line.lot is not None
    assert line.lot.code == "B1"
    states = {view.stream.tag: view.state for view in line.streams}
    assert states == {"pasteuriser_outlet": "stop", "homogeniser_pressure": "quiet", "filler_flow": "good", "cold_store": "quiet"}
    assert line.streams[0].values == [72.6] * 40 + [69.8] * 20
    (view,) = board.alerts
    assert (view.line.code, view.stream.tag, view.alert.severity) == ("L1", "pasteuriser_outlet", "critical")
    assert [(touched.lot.code, touched.lot.standing, touched.action) for touched in view.lots] == [("B1", "held", "held")]


def test_the_chart_is_plain_json_with_limits_alerts_and_lots(house: House) -> None:
    _live(house)
    with house.look() as unit:
        stream = overview.board(unit).lines[0].streams[0].stream
        chart = json.loads(
            json.dumps(overview.chart(unit, stream_no=stream.no, since=unit.now - timedelta(minutes=5), until=unit.now, most=50))
        )
    assert chart["limits"]["ll"] == 72.0
    assert (min(chart["values"]), max(chart["values"])) == (69.8, 72.6)
    assert len(chart["times"]) <= 50
    assert [lot["code"] for lot in chart["lots"]] == ["B1"]
    assert chart["alerts"][0]["began"] == (house.now - timedelta(seconds=19)).timestamp()
    assert chart["alerts"][0]["until"] is None


def test_the_pulse_beats_when_something_changes_and_only_for_its_brand(house: House) -> None:
    def pulse(brand_id: str | None = None) -> str:
        with house.look(brand_id=brand_id) as unit:
            return overview.pulse(unit)

    foreign = pulse(house.other_brand_id)
    seen = [pulse()]
    _live(house)
    seen.append(pulse())
    assert pulse() == seen[-1]
    with house.begin("plant") as unit:
        alerts.acknowledge(unit, alert_id=alerts.active(unit)[0].id, cause="process")
    seen.append(pulse())
    assert len(set(seen)) == 3
    assert pulse(house.other_brand_id) == foreign
