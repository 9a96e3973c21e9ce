"""The doors of what events name: their types, things, steps, places and dispositions (EPCIS 2.0 §12.6.3).

Each collection has the same three doors: its members, one of them, and the events of that one.
"""

from __future__ import annotations

from typing import Final

from apiflask import APIBlueprint
from flask import Response

from app.auth.guards import machine
from app.doors import look
from app.epcis import asked, negotiation, paging, problems, writing
from kernel.errors import Missing
from kernel.unit import Unit
from traceability.events import epcs, export, querying

bp = APIBlueprint("resources", __name__, enable_openapi=False)

PARAMETERS: Final = {
    "eventTypes": "eventType",
    "epcs": "MATCH_anyEPC",
    "bizSteps": "EQ_bizStep",
    "bizLocations": "EQ_bizLocation",
    "readPoints": "EQ_readPoint",
    "dispositions": "EQ_disposition",
}
"""Collection → the query parameter that asks for the events of one of its members."""
TOP: Final = ("events", *PARAMETERS, "capture", "queries")
_KINDS: Final = ", ".join(PARAMETERS)


@bp.get("/")
@machine("epcis")
def top() -> Response:
    """What there is to be asked for."""
    asked.nothing_else()
    return writing.collection(TOP)


@bp.get(f"/<any({_KINDS}):kind>")
@machine("epcis")
def members(kind: str) -> Response:
    """The members of a collection that are known here."""
    with problems.meant("QueryParameterException"):
        asked.nothing_else(*paging.OWN)
        size, after = paging.page()
    with look() as unit:
        found = querying.resources(unit, kind, most=size + 1, after=after)
        shown = _formed(unit, kind, found[:size])
    return paging.turned(writing.collection(shown), found[size - 1] if len(found) > size else None)


@bp.get(f"/<any({_KINDS}):kind>/<path:uri>")
@machine("epcis")
def member(kind: str, uri: str) -> Response:
    """What there is of one member: its events."""
    asked.nothing_else(*paging.OWN)
    with look() as unit:
        _known(unit, kind, uri)
    return writing.collection(["events"])


@bp.get(f"/<any({_KINDS}):kind>/<path:uri>/events")
@machine("epcis")
def events(kind: str, uri: str) -> Response:
    """The events of one member that answer a question."""
    asked.question()
    with look() as unit:
        _known(unit, kind, uri)
        return writing.page(unit, querying.find(unit, asked.question({PARAMETERS[kind]: [uri]})))


def _known(unit: Unit, kind: str, uri: str) -> None:
    if not querying.knows(unit, kind, asked.uri(uri)):
        raise Missing("no event of this brand names it")


def _formed(unit: Unit, kind: str, found: list[str]) -> list[str]:
    """Members in the form that was asked for; they are known by their links."""
    if kind not in ("epcs", "bizLocations", "readPoints") or negotiation.epc_format() != "Always_EPC_URN":
        return found
    length = export.prefix_length(unit)
    return [epcs.as_urn(each, length(each) or 0) or each if epcs.canonical(each).kind != epcs.OTHER else each for each in found]
