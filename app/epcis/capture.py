"""The capture doors: a document handed in, and what became of it (EPCIS 2.0 §12.6.1)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from app.auth.guards import machine
from app.doors import begin, database, look
from app.epcis import asked, negotiation, paging, writing
from app.epcis.negotiation import JSON, XML
from kernel.errors import Invalid, flaw
from traceability.events import jobs

bp = APIBlueprint("capture", __name__, enable_openapi=False)


def body() -> bytes:
    """The body, if it is not larger than one may send; not even read when it says that it is."""
    _, most = negotiation.limits()
    request.max_content_length = most + 1  # a body without a length is cut there, and not refused
    try:
        content = request.get_data()
    except RequestEntityTooLarge:
        content = None
    if content is None or len(content) > most:
        raise RequestEntityTooLarge(f"a body may have {most} bytes")
    return content


@bp.post("/capture")
@machine("epcis")
def send() -> Response:
    """Hand in a document: 202, and a job that tells what becomes of it. What cannot be captured at all is 400 at once."""
    asked.nothing_else()
    media_type, behaviour = negotiation.sent(*JSON, *XML), _behaviour()
    content = body()
    document = jobs.look_over(content, media_type, behaviour=behaviour, extensions=negotiation.extensions())
    most, _ = negotiation.limits()
    if len(document.events) > most:
        raise RequestEntityTooLarge(f"{len(document.events)} events; a document may bring {most}")
    extensions = negotiation.extensions()
    key = database().outside.vault.put(content)
    told = {"vault_key": key, "size": len(content), "media_type": media_type, "events": len(document.events)}
    with begin() as unit:
        job = jobs.ask(unit, **told, behaviour=behaviour, extensions=extensions)
    response = Response(status=202)
    response.headers["Location"] = url_for(".show", capture_id=job.id, _external=True)
    response.headers["GS1-Capture-Error-Behaviour"] = behaviour
    return response


@bp.get("/capture")
@machine("epcis")
def every() -> Response:
    """Capture jobs, newest first."""
    asked.nothing_else(*paging.OWN)
    size, after = paging.page()
    with look() as unit:
        found = jobs.every(unit, most=size + 1, before=after)
        lost = jobs.given_up(unit, found)
    ended = found[size - 1].id if len(found) > size else None
    return paging.turned(writing.told([writing.job(row, lost.get(row.id)) for row in found[:size]]), ended)


@bp.get("/capture/<capture_id>")
@machine("epcis")
def show(capture_id: str) -> Response:
    """One capture job."""
    asked.nothing_else()
    with look() as unit:
        job = jobs.get(unit, capture_id)
        return writing.jobs_answer(job, jobs.given_up(unit, [job]).get(job.id))


def _behaviour() -> str:
    wanted = request.headers.get("GS1-Capture-Error-Behaviour", "rollback").strip().lower()
    if wanted not in negotiation.BEHAVIOURS:
        raise Invalid(errors=[flaw("/GS1-Capture-Error-Behaviour", "one-of", f"one of {', '.join(negotiation.BEHAVIOURS)}")])
    return wanted
