"""Another system that hears of papers, and what the tests of webhooks do with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update

from kernel.outbox import Delivery
from kernel.ports import Answer
from kernel.unit import PLATFORM
from suppliers import certificates, webhooks
from suppliers.models import Webhook, WebhookDelivery
from tests.conftest import House

READS = f"{certificates.uploads.on_paper_uploaded.__module__}.{certificates.uploads.on_paper_uploaded.__name__}"
URL = "https://erp.example/hooks/suyuan"
Say = Callable[[], Answer]


@dataclass
class Ear:
    """Another system. ``say``: what it answers; when there is no more, 204."""

    say: list[Answer] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any], Mapping[str, str], bytes]] = field(default_factory=list)

    def ask(self, url: str) -> Answer:
        raise AssertionError(url)

    def fetch(self, url: str, most: int) -> Answer:
        raise AssertionError(url)

    def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.heard.append((url, json.loads(body), headers, body))
        return self.say.pop(0) if self.say else Answer(204)


def add(house: House, url: str = URL, events: tuple[str, ...] = (), **more: Any) -> tuple[Webhook, str]:
    with house.begin("brand_admin", **more) as unit:
        return webhooks.add(unit, name="ERP", url=url, events=events)


def tell(house: House, event: str = "requirement.changed", **data: Any) -> int:
    with house.begin("system") as unit:
        return webhooks.tell_all(unit, event, data)


def log(house: House, webhook: Webhook) -> list[WebhookDelivery]:
    with house.look("brand_admin") as unit:
        return webhooks.deliveries(unit, webhook_id=webhook.id)


def at_once(house: House) -> None:
    """What was put off is due now."""
    with house.database.begin(PLATFORM) as unit:
        unit.session.execute(update(Delivery).where(Delivery.state == "new").values(due_at=unit.now))
