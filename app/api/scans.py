"""Verification for the apps of partners: one code in, the verdict out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, redirect, url_for
from werkzeug.wrappers import Response

from app.api import shapes_scans as shapes
from app.auth.guards import machine
from app.auth.tickets import secret_of
from app.doors import begin, current_actor
from app.telling import language, tell
from kernel.errors import Invalid, flaw
from kernel.ids import ALPHABET, LENGTH
from traceability import carriers, regions, scans, verdict

bp = APIBlueprint("api_scans", __name__, url_prefix="/api/v1", tag="Scans")


@bp.post("/scans")
@machine("scans")
@bp.input(shapes.ScanIn)
@bp.output(shapes.ScanOut)
def scan(json_data: shapes.ScanIn) -> Any:
    """What one code is worth. The look is kept and counted before the answer."""
    if json_data.region is not None and not regions.known(json_data.region):
        raise Invalid(errors=[flaw("/region", "region", "not a region: CN-3301, CN-33 or a country such as JP")])
    with begin() as unit:
        reading = scans.read_text(
            unit,
            text=json_data.code,
            view=_hidden("request", f"{json_data.request_id}\n{json_data.code}") if json_data.request_id else None,
            region=json_data.region,
            client=_keyed("device", json_data.device) if json_data.device else None,
        )
    return _told(_as_unknown(reading, json_data.code) if reading.tells_nothing else reading)


moved = APIBlueprint("api_scans_moved", __name__, enable_openapi=False)


@moved.post("/api/scans")
@machine("scans")
def scan_here() -> Response:
    """The address without a version leads to the present one."""
    return redirect(url_for("api_scans.scan"), 308)


def _as_unknown(reading: scans.Reading, text: str) -> scans.Reading:
    """What is said of a code that never was one: the product only where the text itself names it."""
    nothing = scans.Reading(verdict.decide(verdict.Known(today=datetime.now(UTC).date())), reading.serial)
    if carriers.said(text)[0] is None:
        return nothing
    return replace(nothing, scan_id=reading.scan_id, product=reading.product)


def _told(reading: scans.Reading) -> dict[str, Any]:
    said = reading.verdict
    return {
        **{name: getattr(reading, name) for name in shapes.ScanOut.model_fields if hasattr(reading, name)},
        "verdict": said.kind,
        "tone": said.tone,
        "text": tell(f"verdict.{said.kind}", {"times": reading.times, "first_at": reading.first_at}),
        "reasons": [{"code": reason.code, "text": tell(reason.code, _words(reason.params))} for reason in said.reasons],
        "told_before": reading.told,
        "copied": reading.suspected.probability if reading.suspected else None,
    }


def _words(params: Any) -> dict[str, Any]:
    return {name: regions.name(value, language()[:2]) if name == "first_region" and value else value for name, value in params.items()}


def _keyed(what: str, text: str) -> bytes:
    secret = secret_of(str(current_app.secret_key))
    return blake2b(f"{what}.{current_actor().brand_id}.{text}".encode(), key=secret, digest_size=32).digest()


def _hidden(what: str, text: str) -> str:
    """An id made of a request's own name: the same name of the same brand is the same view."""
    value = int.from_bytes(_keyed(what, text)[:16], "big")
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range((LENGTH - 1) * 5, -1, -5))
