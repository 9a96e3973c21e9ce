"""The line simulator: a gateway that publishes a believable dairy line once a second.

Faults are asked for by a file in SUYUAN_HOME, which ``suyuan fault`` writes: the simulator is
a process apart, as a real gateway would be.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from app.config import Settings
from app.telemetry import TOPIC
from monitoring.simulator import Line

FAULT_FILE = "line-fault"
KEY_FILE = "keys/line-gateway"


def batch(line: str, values: dict[str, tuple[float, str]], at: datetime) -> dict[str, object]:
    """One second of the plant in the shape of the telemetry doors."""
    return {
        "line": line,
        "readings": [{"tag": tag, "at": at.isoformat(), "value": value, "unit": unit} for tag, (value, unit) in values.items()],
    }


def ask_fault(settings: Settings, *, kind: str, tag: str, seconds: int) -> None:
    """Leave word for the simulator."""
    path = Path(settings.home) / FAULT_FILE
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"kind": kind, "tag": tag, "seconds": seconds}))
    draft.replace(path)


def simulate(settings: Settings, *, line: str, key: str, seed: int = 1, seconds: int | None = None, pace: float = 1.0) -> int:
    """Play the line until stopped (or so many seconds); how many batches went out."""
    send = _mqtt(settings, key) if settings.telemetry_url else _http(settings, key)
    plant, sent = Line(seed), 0
    fault = Path(settings.home) / FAULT_FILE
    due = time.monotonic()
    while seconds is None or sent < seconds:
        if fault.exists():
            asked = json.loads(fault.read_text())
            fault.unlink()
            plant.fault(asked["kind"], asked["tag"], seconds=int(asked["seconds"]))
        values = plant.step()
        if values:
            send(batch(line, values, datetime.now(UTC)))
        sent += 1
        due += pace
        time.sleep(max(0.0, due - time.monotonic()))
    return sent


def _http(settings: Settings, key: str) -> Callable[[dict[str, object]], None]:
    scheme = "https" if settings.tls_certificate else "http"
    url = f"{scheme}://127.0.0.1:{settings.port}/api/v1/telemetry"

    def send(body: dict[str, object]) -> None:
        request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", "X-API-Key": key})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                pass
        except (urllib.error.URLError, OSError):
            time.sleep(1)

    return send


def _mqtt(settings: Settings, key: str) -> Callable[[dict[str, object]], None]:
    from paho.mqtt import client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    url = urlsplit(settings.telemetry_url)
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.connect_async(url.hostname or "127.0.0.1", url.port or 1883)
    client.loop_start()

    def send(body: dict[str, object]) -> None:
        client.publish(TOPIC, json.dumps({**body, "key": key}), qos=1)

    return send
