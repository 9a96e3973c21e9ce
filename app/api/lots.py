"""JSON doors of lots: intake, making, release, genealogy, holds, events."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, json

from app.api import shapes
from app.api.shapes_codes import PageIn
from app.auth.guards import machine
from app.doors import begin, look
from traceability import genealogy, holds, intake, lots
from traceability.events import export, query

bp = APIBlueprint("api_lots", __name__, url_prefix="/api/v1", tag="Lots")


@bp.get("/lots")
@machine("trace")
@bp.input(PageIn, location="query")
@bp.output(list[shapes.LotOut])
def list_lots(query_data: PageIn) -> Any:
    """Lots, newest first, ``limit`` at a time."""
    with look() as unit:
        return lots.every(unit, **query_data.model_dump())


@bp.post("/intake")
@machine("trace")
@bp.input(shapes.IntakeIn)
@bp.output(shapes.LotOut, status_code=201)
def receive(json_data: shapes.IntakeIn) -> Any:
    """Receive a lot of material, if the gate is open for its supplier."""
    with begin() as unit:
        return intake.receive(unit, **json_data.model_dump())


@bp.post("/lots")
@machine("trace")
@bp.input(shapes.LotIn)
@bp.output(shapes.LotOut, status_code=201)
def open_lot(json_data: shapes.LotIn) -> Any:
    """Open a lot of product on a line."""
    with begin() as unit:
        return lots.open(unit, **json_data.model_dump())


@bp.get("/lots/<lot_id>")
@machine("trace")
@bp.output(shapes.LotOut)
def show_lot(lot_id: str) -> Any:
    """One lot."""
    with look() as unit:
        return lots.get(unit, lot_id)


@bp.post("/lots/<lot_id>/finish")
@machine("trace")
@bp.input(shapes.FinishIn)
@bp.output(shapes.LotOut)
def finish_lot(lot_id: str, json_data: shapes.FinishIn) -> Any:
    """Finish a lot: what went into it becomes a TransformationEvent."""
    with begin() as unit:
        inputs = [(each.lot_id, each.quantity) for each in json_data.inputs]
        lots.finish(unit, lot_id=lot_id, inputs=inputs, quantity=json_data.quantity, finished_at=json_data.finished_at)
        return lots.get(unit, lot_id)


@bp.post("/lots/<lot_id>/release")
@machine("trace")
@bp.output(shapes.LotOut)
def release_lot(lot_id: str) -> Any:
    """Release a finished lot to the market."""
    with begin() as unit:
        lots.release(unit, lot_id=lot_id)
        return lots.get(unit, lot_id)


@bp.get("/lots/<lot_id>/graph")
@machine("trace")
@bp.output(shapes.GraphOut)
def lot_graph(lot_id: str) -> Any:
    """What went in, and where it went: the genealogy around a lot, both ways."""
    with look() as unit:
        return genealogy.graph(unit, lot_id)


@bp.get("/lots/<lot_id>/events")
@machine("trace")
@bp.doc(responses={200: "An EPCIS 2.0 document"})
def lot_events(lot_id: str) -> Response:
    """The lot's events as an EPCIS 2.0 document (JSON-LD)."""
    with look() as unit:
        lots.get(unit, lot_id)
        body = export.document(unit, query.of_lot(unit, lot_id))
    return Response(json.dumps(body), mimetype="application/ld+json")


@bp.get("/holds")
@machine("trace")
@bp.output(shapes.HoldOut)
def list_holds() -> Any:
    """Proposed holds and those in force."""
    with look() as unit:
        return [*holds.waiting(unit), *holds.active(unit)]


@bp.post("/holds")
@machine("trace")
@bp.input(shapes.HoldIn)
@bp.output(shapes.HoldOut, status_code=201)
def place_hold(json_data: shapes.HoldIn) -> Any:
    """Hold a lot: from the next scan on, every code of it says so."""
    with begin() as unit:
        cause_id = unit.new_id()
        return holds.place(unit, lot_id=json_data.lot_id, cause="person", cause_id=cause_id, reason=json_data.reason)


@bp.post("/holds/<hold_id>/release")
@machine("trace")
@bp.input(shapes.WhyIn)
@bp.output({}, status_code=204)
def release_hold(hold_id: str, json_data: shapes.WhyIn) -> Any:
    """Always refused: only a person lets a lot go, at the desk, with their name."""
    with begin() as unit:
        holds.release(unit, hold_id=hold_id, why=json_data.why, proof=None)
    return ""
