"""JSON doors of webhooks: who hears of papers, what was sent, and once more."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_telling as shapes
from app.api.shapes_codes import PageIn
from app.auth.guards import machine
from app.doors import begin, look
from suppliers import webhooks

bp = APIBlueprint("api_webhooks", __name__, url_prefix="/api/v1", tag="Webhooks")


@bp.get("/webhooks")
@machine("admin")
@bp.output(list[shapes.WebhookOut])
def list_webhooks() -> Any:
    """Living webhooks, oldest first."""
    with look() as unit:
        return webhooks.addresses(unit)


@bp.post("/webhooks")
@machine("admin")
@bp.input(shapes.WebhookIn)
@bp.output(shapes.NewWebhookOut, status_code=201)
def add_webhook(json_data: shapes.WebhookIn) -> Any:
    """Hear of papers as things happen. Messages are signed as Standard Webhooks say; the secret is answered this once."""
    with begin() as unit:
        row, secret = webhooks.add(unit, **json_data.model_dump())
        return shapes.WebhookOut.model_validate(row).model_dump() | {"secret": secret}


@bp.get("/webhooks/<webhook_id>")
@machine("admin")
@bp.output(shapes.WebhookOut)
def show_webhook(webhook_id: str) -> Any:
    """A webhook, also one that was ended."""
    with look() as unit:
        return webhooks.get(unit, webhook_id)


@bp.delete("/webhooks/<webhook_id>")
@machine("admin")
@bp.output({}, status_code=204)
def end_webhook(webhook_id: str) -> Any:
    """Tell this address nothing more. Its log stays."""
    with begin() as unit:
        webhooks.end(unit, webhook_id=webhook_id)
    return ""


@bp.post("/webhooks/<webhook_id>/secret")
@machine("admin")
@bp.output(shapes.SecretOut, status_code=201)
def rotate_secret(webhook_id: str) -> Any:
    """Change the secret; the new one is answered this once. For 24 hours messages bear a signature of each, then the new one's only."""
    with begin() as unit:
        return {"secret": webhooks.rotate(unit, webhook_id=webhook_id)}


@bp.post("/webhooks/<webhook_id>/ping")
@machine("admin")
@bp.output(shapes.DeliveryOut, status_code=202)
def ping_webhook(webhook_id: str) -> Any:
    """Send a ``webhook.ping``; the log says what was answered."""
    with begin() as unit:
        return webhooks.ping(unit, webhook_id=webhook_id)


@bp.get("/webhooks/<webhook_id>/deliveries")
@machine("admin")
@bp.input(PageIn, location="query")
@bp.output(list[shapes.DeliveryOut])
def list_deliveries(webhook_id: str, query_data: PageIn) -> Any:
    """What was sent there and what became of it, newest first, ``limit`` at a time."""
    with look() as unit:
        return webhooks.deliveries(unit, webhook_id=webhook_id, limit=query_data.limit, before=query_data.before)


@bp.post("/webhook-deliveries/<webhook_delivery_id>/resend")
@machine("admin")
@bp.output(shapes.DeliveryOut, status_code=202)
def resend_delivery(webhook_delivery_id: str) -> Any:
    """Send one event again, under its old id: what arrived, or was given up."""
    with begin() as unit:
        return webhooks.resend(unit, delivery_id=webhook_delivery_id)
