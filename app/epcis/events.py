"""The doors of events: ask for them, tell one, look at one (EPCIS 2.0 §12.6.2, §12.7)."""

from __future__ import annotations

from urllib.parse import quote

from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import Conflict

from app.auth.guards import machine
from app.doors import begin, look
from app.epcis import asked, negotiation, writing
from app.epcis.capture import body
from app.epcis.negotiation import JSON, XML
from kernel.errors import Invalid
from traceability.events import capturing, documents, query, querying
from traceability.events.documents import Document

bp = APIBlueprint("events", __name__, enable_openapi=False)

KNOWN = frozenset({"event-known", "own-event"})
"""Rules of capturing that say: there is an event of this id already."""


@bp.get("/events")
@machine("epcis")
def search() -> Response:
    """The events that answer a question."""
    question = asked.question()
    with look() as unit:
        found = querying.find(unit, question)
        return writing.page(unit, found)


@bp.post("/events")
@machine("epcis")
def tell() -> Response:
    """Tell one event: it is kept when the answer comes."""
    asked.nothing_else()
    media_type = negotiation.sent(*JSON, *XML)
    negotiation.accepted(*JSON)
    told, flaws = documents.event(body(), media_type, negotiation.extensions())
    if flaws:
        raise Invalid(errors=flaws)
    with begin() as unit:
        outcome = capturing.capture(unit, Document(events=[told], places=[""], flaws=[[]]))
        if outcome.repeated or any(each["rule"] in KNOWN for each in outcome.errors):
            raise Conflict("an event of this eventID is known")
        if outcome.errors:
            raise Invalid(errors=outcome.errors)
        kept = writing.event(unit, query.get(unit, outcome.ids[0]))
    response = writing.told(kept, 201)
    response.headers["Location"] = f"{request.base_url}/{quote(str(kept['eventID']), safe='')}"
    return response


@bp.get("/events/<path:event_id>")
@machine("epcis")
def show(event_id: str) -> Response:
    """One event, and what declares it in error."""
    if request.query_string.startswith(b"ver=CBV"):  # of an event hash, whose question mark was not encoded
        version, *_ = request.query_string.decode("ascii", "replace").split("&")
        event_id = f"{event_id}?{version}"
        asked.nothing_else("ver")
    else:
        asked.nothing_else()
    with look() as unit:
        return writing.events(unit, querying.one(unit, asked.uri(event_id)))
