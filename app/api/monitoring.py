"""JSON doors of the line: streams, readings, alerts. Readings are decoded by msgspec: this is the hot path."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from apiflask import APIBlueprint
from flask import Response, request

from app.api import shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Invalid, flaw
from monitoring import alerts, streams, telemetry

bp = APIBlueprint("api_monitoring", __name__, url_prefix="/api/v1", tag="Line")


class ReadingIn(msgspec.Struct, forbid_unknown_fields=True):
    tag: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    value: float
    unit: Annotated[str, msgspec.Meta(max_length=12)] | None = None


class BatchIn(msgspec.Struct, forbid_unknown_fields=True):
    """One line's readings, in any order; sending a batch again changes nothing."""

    line: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    readings: Annotated[list[ReadingIn], msgspec.Meta(min_length=1, max_length=5000)]


_decoder = msgspec.json.Decoder(BatchIn)
(_,), SHAPES = msgspec.json.schema_components([BatchIn], ref_template="#/components/schemas/{name}")
"""JSON schemas of the batch and its readings, for the OpenAPI document."""


def decode(body: bytes) -> BatchIn:
    """The batch, or Invalid naming the place that is wrong. Shared with the MQTT door."""
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        detail, _, place = str(error).partition(" - at `$")
        pointer = place.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
        raise Invalid(errors=[flaw(pointer, "shape", detail)]) from None
    except msgspec.DecodeError:
        raise Invalid(errors=[flaw("", "json", "the body is not JSON")]) from None


def samples(batch: BatchIn) -> list[telemetry.Sample]:
    return [telemetry.Sample(tag=r.tag, at=r.at, value=r.value, unit=r.unit) for r in batch.readings]


@bp.post("/telemetry")
@machine("telemetry")
@bp.doc(responses={200: "One verdict for each reading, in order"})
def ingest() -> Response:
    """Take in readings; each gets its verdict: accepted, duplicate, conflict, late, unknown_tag …"""
    batch = decode(request.get_data())
    with begin() as unit:
        verdicts = telemetry.ingest(unit, readings=samples(batch), line_code=batch.line)
    counts: dict[str, int] = {}
    for verdict in verdicts:
        counts[verdict.status] = counts.get(verdict.status, 0) + 1
    body = {"counts": counts, "verdicts": [{"status": v.status, "detail": v.detail} for v in verdicts]}
    return Response(msgspec.json.encode(body), mimetype="application/json")


@bp.get("/lines")
@machine("telemetry")
@bp.output(shapes.LineOut)
def list_lines() -> Any:
    """All lines."""
    with look() as unit:
        return list(streams.lines(unit))


@bp.post("/lines")
@machine("admin")
@bp.input(shapes.LineIn)
@bp.output(shapes.LineOut, status_code=201)
def add_line(json_data: shapes.LineIn) -> Any:
    """Add a line."""
    with begin() as unit:
        return streams.add_line(unit, **json_data.model_dump())


@bp.get("/streams")
@machine("telemetry")
@bp.output(shapes.StreamOut)
def list_streams() -> Any:
    """All streams with their last value."""
    with look() as unit:
        return list(streams.streams(unit))


@bp.post("/streams")
@machine("admin")
@bp.input(shapes.StreamIn)
@bp.output(shapes.StreamOut, status_code=201)
def add_stream(json_data: shapes.StreamIn) -> Any:
    """Add a stream to a line, with its unit, physical range and limits."""
    fields = json_data.model_dump()
    with begin() as unit:
        return streams.add_stream(unit, unit_code=fields.pop("unit"), **fields)


@bp.get("/alerts")
@machine("trace")
@bp.output(shapes.AlertOut)
def list_alerts() -> Any:
    """Recent alerts, newest first."""
    with look() as unit:
        return list(alerts.recent(unit))


@bp.post("/alerts/<alert_id>/acknowledgement")
@machine("trace")
@bp.input(shapes.AcknowledgeIn)
@bp.output(shapes.AlertOut)
def acknowledge(alert_id: str, json_data: shapes.AcknowledgeIn) -> Any:
    """Acknowledge an alert with its cause."""
    with begin() as unit:
        alerts.acknowledge(unit, alert_id=alert_id, cause=json_data.cause, note=json_data.note)
        return alerts.get(unit, alert_id)
