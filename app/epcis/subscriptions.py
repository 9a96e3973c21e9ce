"""The doors of subscriptions: whoever is told when a named query has new answers (EPCIS 2.0 §12.8)."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, url_for

from app.auth.guards import machine
from app.doors import begin, look
from app.epcis import asked, negotiation, paging, problems, writing
from app.epcis.queries import given
from traceability.events import subscriptions

bp = APIBlueprint("subscriptions", __name__, enable_openapi=False)


def _told(row: Any, name: str) -> dict[str, Any]:
    """A subscription without its secret."""
    told = {
        "subscriptionID": row.id,
        "queryName": name,
        "dest": row.dest,
        "createdAt": writing.moment(row.created_at),
        "lastNotifiedAt": writing.moment(row.told_at) or None,
        "minRecordTime": writing.moment(row.min_record_time),
        "reportIfEmpty": row.report_if_empty,
        "epcFormat": row.epc_format,
        "schedule": row.schedule,
        "stream": row.stream or None,
        "lastFailure": row.last_failure,
    }
    return {key: value for key, value in told.items() if value is not None}


@bp.get("/queries/<query_name>/subscriptions")
@machine("epcis")
def every(query_name: str) -> Response:
    """Who subscribed to a named query."""
    with problems.meant("SubscriptionControlsException"):
        asked.nothing_else(*paging.OWN)
        size, after = paging.page()
    with look() as unit:
        found = subscriptions.every(unit, asked.uri(query_name), most=size + 1, after=after)
    ended = found[size - 1].id if len(found) > size else None
    return paging.turned(writing.told([_told(row, query_name) for row in found[:size]]), ended)


@bp.post("/queries/<query_name>/subscriptions")
@machine("epcis")
def create(query_name: str) -> Response:
    """Subscribe: to all new answers (``stream``), or at the times of a ``schedule``."""
    asked.nothing_else()
    negotiation.accepted(*negotiation.JSON)
    with problems.meant("SubscriptionControlsException"):
        wish = given()
        told: dict[str, Any] = {"query_name": asked.uri(query_name), "wish": wish}
        with look() as unit:
            before = subscriptions.look_back(unit, **told)
        with begin() as unit:
            row = subscriptions.create(unit, **told, epc_format=negotiation.epc_format(), before=before)
    response = writing.told(_told(row, query_name), 201)
    response.headers["Location"] = url_for(".show", query_name=query_name, subscription_id=row.id, _external=True)
    return response


@bp.get("/queries/<query_name>/subscriptions/<subscription_id>")
@machine("epcis")
def show(query_name: str, subscription_id: str) -> Response:
    """One subscription."""
    asked.nothing_else()
    with look() as unit:
        return writing.told(_told(subscriptions.get(unit, asked.uri(query_name), subscription_id), query_name))


@bp.delete("/queries/<query_name>/subscriptions/<subscription_id>")
@machine("epcis")
def remove(query_name: str, subscription_id: str) -> Response:
    """End a subscription."""
    asked.nothing_else()
    with begin() as unit:
        subscriptions.remove(unit, asked.uri(query_name), subscription_id)
    return Response(status=204)
