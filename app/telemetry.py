"""The MQTT door: readings that a gateway publishes instead of posting.

Topic ``suyuan/v1/telemetry``; the payload is the JSON of POST /api/v1/telemetry with the
device's ``key`` beside it, so one rule admits both ways in. A message is acknowledged to the
broker only after its batch is committed: what was taken is never lost, and what comes twice
is found to be a duplicate.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from app.api.monitoring import BatchIn, samples
from app.auth import credentials
from app.config import Settings
from app.database import Database
from kernel.errors import Trouble
from kernel.unit import PLATFORM, Actor
from monitoring import telemetry

log = structlog.get_logger(__name__)
TOPIC = "suyuan/v1/telemetry"
LARGEST = 1024 * 1024


class Message(BatchIn, forbid_unknown_fields=True):
    key: str = ""


_decoder = msgspec.json.Decoder(Message)


class Telemetry:
    """Listens for as long as the worker lives. Without TELEMETRY_URL it does nothing."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._url = urlsplit(settings.telemetry_url)
        self._queue = settings.queue
        self._database = database
        self._broker: EmbeddedBroker | None = None
        self._client: mqtt.Client | None = None

    def start(self) -> None:
        if not self._url.scheme:
            return
        host, port = self._url.hostname or "127.0.0.1", self._url.port or 1883
        if self._url.scheme == "mqtt+embedded":
            self._broker = EmbeddedBroker(host, port)
            self._broker.start()
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"{self._queue}-telemetry", clean_session=False, manual_ack=True)
        if self._url.username:
            client.username_pw_set(self._url.username, self._url.password)
        client.on_connect = lambda client, *_: client.subscribe(TOPIC, qos=1)
        client.on_message = self._arrived
        client.connect_async(host, port, keepalive=30)
        client.reconnect_delay_set(1, 15)
        client.loop_start()
        self._client = client

    def stop(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
        if self._broker is not None:
            self._broker.stop()

    def _arrived(self, client: mqtt.Client, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        """Acknowledge what was committed and what never can be; leave the rest to be sent again."""
        try:
            take_message(self._database, message.payload)
        except (Trouble, msgspec.DecodeError) as error:
            log.warning("telemetry refused", why=getattr(error, "code", "shape"))
        except Exception:
            log.exception("telemetry")
            return
        client.ack(message.mid, message.qos)


def take_message(database: Database, payload: bytes) -> dict[str, int]:
    """One message into the store: how many readings got which verdict."""
    if len(payload) > LARGEST:
        raise msgspec.DecodeError("too large")
    batch = _decoder.decode(payload)
    with database.look(PLATFORM) as unit:
        key = credentials.find_key(unit, batch.key)
    if key is None or "telemetry" not in key.scopes:
        raise msgspec.DecodeError("no valid key")
    counts: dict[str, int] = {}
    with database.begin(Actor("device", key.id, key.brand_id)) as unit:
        for verdict in telemetry.ingest(unit, readings=samples(batch), line_code=batch.line):
            counts[verdict.status] = counts.get(verdict.status, 0) + 1
    return counts


class EmbeddedBroker(threading.Thread):
    """A small MQTT broker for one machine, by amqtt; a plant of size runs Mosquitto or its like."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(name="mqtt-broker", daemon=True)
        self._address = f"{host}:{port}"
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self.trouble: BaseException | None = None

    def start(self) -> None:
        super().start()
        self._up.wait(10)
        if self.trouble is not None:
            raise RuntimeError(f"the embedded MQTT broker cannot listen on {self._address}") from self.trouble

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            from amqtt.broker import Broker

            self._broker = Broker(
                {
                    "listeners": {"default": {"type": "tcp", "bind": self._address, "max_connections": 50}},
                    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
                },
                loop=self._loop,
            )
            self._loop.run_until_complete(self._broker.start())
        except BaseException as error:
            self.trouble = error
            self._up.set()
            return
        self._up.set()
        self._loop.run_forever()

    def stop(self) -> None:
        async def close() -> None:
            await self._broker.shutdown()
            self._loop.stop()

        if self._up.is_set() and self.trouble is None:
            asyncio.run_coroutine_threadsafe(close(), self._loop)
            self.join(5)
