"""The doors of named queries, what they answer, and the tokens of pages (EPCIS 2.0 §12.8, §12.9)."""

from __future__ import annotations

from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, request, url_for
from werkzeug.exceptions import NotImplemented as NotDone

from app.auth.guards import machine
from app.doors import begin, look
from app.epcis import asked, negotiation, paging, problems, writing
from app.epcis.capture import body
from app.epcis.negotiation import JSON
from kernel.errors import Invalid, Missing, flaw
from traceability.events import named, querying

bp = APIBlueprint("queries", __name__, enable_openapi=False)

STREAMING: Final = frozenset(
    {"stream", "second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek", "reportIfEmpty", "initialRecordTime"}
)
"""Parameters of a subscription over a websocket."""


def given(*fields: str) -> dict[str, Any]:
    """The body, a JSON object. Raises Invalid."""
    negotiation.sent(*JSON)
    told = request.get_json(force=True) if body() else None
    if not isinstance(told, dict):
        raise Invalid(errors=[flaw("", "object", "must be an object with fields")])
    strange = [name for name in told if fields and name not in fields]
    if strange:
        raise Invalid(errors=[flaw(f"/{name[:80]}", "unknown-field", "is not known here") for name in strange])
    return told


def _told(row: Any) -> dict[str, Any]:
    return {"name": row.name, "query": row.question, "createdAt": writing.moment(row.created_at)}


@bp.get("/queries")
@machine("epcis")
def every() -> Response:
    """Named queries, by name."""
    with problems.meant("QueryParameterException"):
        asked.nothing_else(*paging.OWN)
        size, after = paging.page()
    with look() as unit:
        found = named.every(unit, most=size + 1, after=after)
    ended = found[size - 1].name if len(found) > size else None
    return paging.turned(writing.told([_told(row) for row in found[:size]]), ended)


@bp.post("/queries")
@machine("epcis")
def create() -> Response:
    """Give a question a name."""
    asked.nothing_else()
    told = given("name", "query", "@context")
    name, query = told.get("name"), told.get("query")
    if not isinstance(name, str) or not isinstance(query, dict):
        raise Invalid(errors=[flaw("", "required", "name, a text, and query, an object, are needed")])
    question = {**query, **({"@context": told["@context"]} if "@context" in told else {})}
    with problems.meant("QueryValidationException"), begin() as unit:
        row = named.create(unit, name=name, question=question)
    response = Response(status=201)
    response.headers["Location"] = url_for(".answers", query_name=row.name, _external=True)
    return response


@bp.get("/queries/<query_name>")
@machine("epcis")
def show(query_name: str) -> Response:
    """One named query."""
    asked.nothing_else()
    with look() as unit:
        return writing.told(_told(named.get(unit, asked.uri(query_name))))


@bp.delete("/queries/<query_name>")
@machine("epcis")
def remove(query_name: str) -> Response:
    """Forget a named query, and who subscribed to it."""
    asked.nothing_else()
    with begin() as unit:
        named.remove(unit, asked.uri(query_name))
    return Response(status=204)


@bp.get("/queries/<query_name>/events")
@machine("epcis")
def answers(query_name: str) -> Response:
    """The events that answer a named query."""
    asked.nothing_else(*paging.OWN, *STREAMING)
    with look() as unit:
        query = named.get(unit, asked.uri(query_name))
        if request.headers.get("Upgrade", "").lower() == "websocket" or STREAMING & set(request.args):
            raise NotDone("websockets are not served here; subscribe with an address (POST …/subscriptions)")
        found = querying.find(unit, asked.question(query.question, params=False))
        return writing.page(unit, found, query_name=query.name)


@bp.delete("/nextPageToken/<page_token>")
@machine("epcis")
def forget(page_token: str) -> Response:
    """Nothing is kept of a token, so none can be taken back (501, as the standard allows)."""
    asked.nothing_else()
    if not paging.is_ours(page_token):
        raise Missing("no such token")
    raise NotDone("a token holds for a day and cannot be taken back")
