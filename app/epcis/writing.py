"""Answers in the words of EPCIS: collections, capture jobs, events, in JSON or XML as the client likes.

Source: EPCIS 2.0 §12 and GS1's OpenAPI of the REST bindings; XML of capture jobs as in GS1's published examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from flask import Response, request

from app.epcis import negotiation, paging, problems
from app.epcis.negotiation import JSON, XML
from app.problems import document
from kernel.errors import flaw
from kernel.unit import Unit
from traceability.events import export
from traceability.events.documents import to_xml
from traceability.events.querying import Found


def told(body: Any, status: int = 200, *, kinds: Sequence[str] = JSON) -> Response:
    """A body as JSON, of the kind that the client likes best."""
    return Response(msgspec.json.encode(body), status, content_type=negotiation.accepted(*kinds))


def collection(members: Iterable[str]) -> Response:
    """Names of resources (OpenAPI: UriCollection and its like)."""
    members, kind = list(members), negotiation.accepted(*JSON, *XML)
    if kind in XML:
        return Response(to_xml.collection(members), content_type=kind)
    return told({"@context": export.CONTEXT, "type": "Collection", "member": members})


GIVEN_UP: Final = flaw("", "given-up", "the document could not be captured; nothing of it is kept, and it may be sent again")


def job(row: Any, lost: datetime | None = None) -> dict[str, Any]:
    """A capture job (OpenAPI: CaptureJob). While it runs nothing has failed yet. ``lost``: since when nobody tries any more."""
    finished = row.finished_at or lost
    running = finished is None
    body = {
        "captureID": row.id,
        "createdAt": moment(row.created_at),
        "finishedAt": moment(finished) or None,
        "running": running,
        "success": True if running else bool(row.success),
        "captureErrorBehaviour": row.behaviour,
        "errors": problems.of_flaws(row.errors if row.finished_at or running else [GIVEN_UP]),
    }
    return {name: value for name, value in body.items() if value is not None}


def jobs_answer(row: Any, lost: datetime | None = None) -> Response:
    """One capture job."""
    body, kind = job(row, lost), negotiation.accepted(*JSON, *XML)
    if kind not in XML:
        return told(body)
    placed = [{**each, "detail": f"{each['pointer']}: {each['detail']}"} for each in body["errors"]]
    return Response(to_xml.capture_job({**body, "errors": placed}), content_type=kind)


def events(unit: Unit, rows: Iterable[Any], *, query_name: str = "SimpleEventQuery") -> Response:
    """Events as an EPCISQueryDocument, in JSON or XML, their identifiers in the form that was asked for."""
    kind, form = negotiation.accepted(*JSON, *XML), negotiation.epc_format()
    each = export.tell(unit, rows, form=form)
    if kind in XML:
        urns = request.headers.get("GS1-CBV-XML-Format", "") == "Always_URN"
        body = to_xml.query_document(each, query_name, creation_date=moment(unit.now), urns=urns)
    else:
        body = msgspec.json.encode(export.query_document(unit, each, query_name=query_name))
    response = Response(body, content_type=kind)
    response.headers["GS1-EPC-Format"] = form
    return response


def page(unit: Unit, found: Found, *, query_name: str = "SimpleEventQuery") -> Response:
    """One page of an answer, and where it goes on. An event whose items are more than one document holds has a page of its
    own: that is refused (413), and the next one can be asked for all the same."""
    try:
        response = events(unit, found.events, query_name=query_name)
    except export.TooManyItems as trouble:
        response = problems.answer(document(trouble), {})
    return paging.turned(response, found.next_token)


def event(unit: Unit, row: Any) -> Mapping[str, Any]:
    """One event on its own, with the context it needs."""
    (one,) = export.tell(unit, [row], form=negotiation.epc_format())
    context, (bare,) = export.gather([one])
    return {"@context": context, **bare}


def moment(at: datetime | None) -> str:
    """RFC 3339 in UTC, with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at is not None else ""
