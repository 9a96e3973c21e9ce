"""Telemetry by HTTP and by MQTT, a real machine's recording replayed, an alert that opens once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from app.demo import OUTLET, Home, Refusal, line_with_a_dip, make_lot, wait_for
from app.replay import replay_csv
from app.simulate import batch
from app.telemetry import TOPIC
from tests.conftest import shared_data


def publish(home: Home, body: dict[str, object]) -> None:
    from urllib.parse import urlsplit

    url = urlsplit(home.settings.telemetry_url)
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    wait_for(lambda: _connected(client, url.hostname or "", url.port or 1883))
    client.loop_start()
    client.publish(TOPIC, json.dumps(body), qos=1).wait_for_publish(10)
    client.loop_stop()
    client.disconnect()


def _connected(client: mqtt.Client, host: str, port: int) -> bool:
    """The worker may still be getting up."""
    try:
        return client.connect(host, port) == mqtt.MQTT_ERR_SUCCESS
    except OSError:
        return False


def stream(home: Home, tag: str) -> dict[str, object]:
    return next(row for row in home.machine.get("/streams") if row["tag"] == tag)


def test_the_same_reading_by_mqtt_and_by_http_is_one_reading(home: Home) -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    body = batch("L1", {"filler_flow": (96.0, "l/min")}, at)

    def arrived() -> bool:
        """Sent again while the worker is still getting up: a reading that comes twice is one."""
        publish(home, {**body, "key": home.planted.device_key})
        last = stream(home, "filler_flow")["last_at"]
        return last is not None and datetime.fromisoformat(last) >= at

    wait_for(arrived, pause=0.3)
    assert home.machine.post("/telemetry", body)["counts"] == {"duplicate": 1}


def test_a_message_without_a_valid_key_is_dropped(home: Home) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
    stolen, honest = (
        batch("L1", {"filler_flow": (95.0, "l/min")}, at),
        batch("L1", {"filler_flow": (97.0, "l/min")}, at + timedelta(seconds=1)),
    )
    publish(home, {**stolen, "key": "deadbeef.nonsense"})
    publish(home, {**honest, "key": home.planted.device_key})
    wait_for(lambda: stream(home, "filler_flow")["last_value"] == 97.0)
    assert home.machine.post("/telemetry", honest)["counts"] == {"duplicate": 1}
    assert "duplicate" not in home.machine.post("/telemetry", stolen)["counts"]


def test_a_dip_below_the_critical_limit_opens_one_alert_and_holds_the_lot_on_the_line(home: Home) -> None:
    lot = make_lot(home, name="LINE-DIP", minutes=25, count=100, bound=50)
    bodies = line_with_a_dip(minutes=15, dip_after=8)
    for body in (*bodies, *bodies):
        home.machine.post("/telemetry", body)
    wait_for(lambda: home.machine.get(f"/lots/{lot.lot_id}")["standing"] == "held")
    alerts = [
        row for row in home.machine.get("/alerts") if row["severity"] == "critical" and row["stream_no"] == stream(home, OUTLET)["no"]
    ]
    assert len(alerts) == 1
    holds = [
        row for row in home.machine.get("/holds") if row["lot_id"] == lot.lot_id and row["cause"] == "alert" and row["state"] == "placed"
    ]
    assert len(holds) == 1


def test_a_recorded_fault_of_a_real_pump_raises_an_alert_that_proposes_and_does_not_hold(home: Home) -> None:
    # One of the fourteen of the seventeen recordings whose fault the novelty detector meets.
    path = shared_data("skab") / "valve1" / "14.csv"
    *_, (done, total, counts) = replay_csv(home.settings, path, brand="lanmu", line="PUMP", ignore=("anomaly", "changepoint"))
    assert done == total > 1000
    assert set(counts) == {"accepted"}
    pump = {row["no"] for row in home.machine.get("/streams") if "RMS" in row["tag"] or row["tag"] in ("Current", "Pressure")}
    found = wait_for(lambda: [row for row in home.machine.get("/alerts") if row["stream_no"] in pump and row["detector"] == "novelty"])
    assert {row["severity"] for row in found} == {"warning"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"line": "L1", "readings": []}, 422),
        ({"line": "L1", "readings": [{"tag": OUTLET, "at": "yesterday", "value": 1}]}, 422),
        ({"line": "L1", "readings": [{"tag": OUTLET, "at": "2026-01-01T00:00:00", "value": 1}]}, 422),
        ({"line": "L1", "readings": [{"tag": OUTLET, "at": "2026-01-01T00:00:00Z", "value": "hot"}]}, 422),
        ({"line": "L1", "readings": [{"tag": OUTLET, "at": "2026-01-01T00:00:00Z", "value": 1}] * 5001}, 422),
        ({"line": "no such line", "readings": [{"tag": OUTLET, "at": "2026-01-01T00:00:00Z", "value": 1}]}, 404),
        ([], 422),
    ],
)
def test_a_wrong_batch_is_refused_whole_and_says_where(home: Home, body: object, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        home.machine.post("/telemetry", body)
    assert refused.value.status == status
    assert "/problems/" in refused.value.body


def test_a_device_key_opens_no_other_door(home: Home) -> None:
    from app.demo import Machine

    with pytest.raises(Refusal) as refused:
        Machine(home.url, home.planted.device_key).get("/lots")
    assert refused.value.status == 403
