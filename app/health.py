"""Is it alive, is it ready, how does it fare: /healthz, /readyz, /metrics."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from app.auth.guards import open_door
from app.doors import database
from kernel import outbox
from kernel.unit import PLATFORM

bp = Blueprint("health", __name__)
TOO_OLD = 30.0
"""Seconds that a delivery may wait before the worker counts as missing."""


@bp.get("/healthz")
@open_door
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@open_door
def readyz() -> tuple[Response, int]:
    """The database answers and the outbox moves."""
    with database().look(PLATFORM) as unit:
        backlog = outbox.backlog(unit.session, now=unit.now)
    ready = backlog["oldest_seconds"] < TOO_OLD
    return jsonify(status="ready" if ready else "behind", **backlog), 200 if ready else 503


@bp.get("/metrics")
@open_door
def metrics() -> Response:
    """Prometheus' text format: the outbox as gauges. No brand, no person, no item."""
    with database().look(PLATFORM) as unit:
        backlog = outbox.backlog(unit.session, now=unit.now)
    registry = CollectorRegistry()
    for name, meaning in (
        ("waiting", "Deliveries not yet done"),
        ("dead", "Deliveries that need a person"),
        ("oldest_seconds", "Age of the oldest due delivery"),
    ):
        Gauge(f"suyuan_outbox_{name}", meaning, registry=registry).set(backlog[name])
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


def install(app: Flask) -> None:
    app.register_blueprint(bp)
