"""JSON doors between a supplier and the brand: messages, and the days on which papers are to be renewed."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from app.api import shapes_telling as shapes
from app.auth.guards import machine
from app.doors import begin, look
from suppliers import messages, reminders

bp = APIBlueprint("api_messages", __name__, url_prefix="/api/v1", tag="Suppliers")
CALENDAR = "text/calendar"


@bp.get("/suppliers/<supplier_id>/messages")
@machine("suppliers")
@bp.input(shapes.ThreadIn, location="query")
@bp.output(list[shapes.MessageOut])
def list_messages(supplier_id: str, query_data: shapes.ThreadIn) -> Any:
    """What was said, newest first, ``limit`` at a time. Reading here marks nothing as read."""
    with look() as unit:
        return messages.thread(unit, supplier_id, **query_data.model_dump())


@bp.post("/suppliers/<supplier_id>/messages")
@machine("suppliers")
@bp.input(shapes.MessageIn)
@bp.output(shapes.MessageOut, status_code=201)
def say(supplier_id: str, json_data: shapes.MessageIn) -> Any:
    """Write to the supplier, for the brand."""
    with begin() as unit:
        return messages.say(unit, supplier_id, **json_data.model_dump())


@bp.post("/suppliers/<supplier_id>/messages/read")
@machine("suppliers")
@bp.input(shapes.ReadIn)
@bp.output(shapes.ReadOut)
def mark_read(supplier_id: str, json_data: shapes.ReadIn) -> Any:
    """Somebody of the brand has read what the supplier wrote."""
    with begin() as unit:
        return {"read": messages.mark_read(unit, supplier_id, json_data.until)}


@bp.get("/suppliers/<supplier_id>/renewals")
@machine("suppliers")
@bp.output(list[shapes.RenewalOut])
def list_renewals(supplier_id: str) -> Any:
    """Papers that end and have no successor, by their last day, with the steps of their renewal."""
    with look() as unit:
        return [_renewal(each) for each in reminders.upcoming(unit, supplier_id)]


@bp.get("/suppliers/<supplier_id>/renewals.ics")
@machine("suppliers")
@bp.input(shapes.CalendarIn, location="query")
@bp.doc(responses={200: {"description": "The days to come", "content": {CALENDAR: {"schema": {"type": "string"}}}}})
def renewals_calendar(supplier_id: str, query_data: shapes.CalendarIn) -> Response:
    """The days to come as a calendar (RFC 5545)."""
    with look() as unit:
        text = reminders.calendar_file(unit, supplier_id, language=query_data.language)
    return Response(text, content_type=f"{CALENDAR}; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="renewals.ics"'})


def _renewal(each: reminders.Renewal) -> dict[str, Any]:
    paper = each.certificate
    told = {name: getattr(paper, name) for name in ("kind", "number", "valid_until", "standing")}
    return {"certificate_id": paper.id, **told, "due": each.due, "steps": each.steps}
