"""What an event says of things, in the few words that projections need. Pure.

Source: EPCIS 2.0 §7.4 (which field names what), §7.3.3.3 (quantity elements), §7.4.6 (a
transformation may be told in several events that share its transformationID), CBV 2.0 §9.3 (lotNumber).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from traceability.events import things
from traceability.events.epcs import canonical

MILLIONTHS: Final = 1_000_000
EPCS: Final = (("epcList", "object"), ("childEPCs", "child"), ("inputEPCList", "input"), ("outputEPCList", "output"))
QUANTITIES: Final = (
    ("quantityList", "object"),
    ("childQuantityList", "child"),
    ("inputQuantityList", "input"),
    ("outputQuantityList", "output"),
)
SIDES: Final = {"input": "in", "output": "out"}
LOT_NUMBERS: Final = ("cbvmda:lotNumber", "lotNumber")


class Named(NamedTuple):
    """A thing that an event names. ``quantity`` in millionths of ``uom``."""

    uri: str
    kind: str
    role: str
    quantity: int | None = None
    uom: str | None = None


class Edge(NamedTuple):
    """One row of ``flow`` without its event."""

    src: bytes
    dst: bytes
    side: str


def named(told: Mapping[str, Any]) -> list[Named]:
    """What an event names, each thing once a role, in whichever form it was named: quantities of a class are added up."""
    found: list[Named] = []
    for field, role in EPCS:
        if field in told:
            epcs = [canonical(text) for text in told[field]]
            found += dict.fromkeys([Named(epc.uri, epc.kind, role) for epc in epcs])
    if "parentID" in told:
        epc = canonical(told["parentID"])
        found.append(Named(epc.uri, epc.kind, "parent"))
    for field, role in QUANTITIES:
        if field in told:
            found += _summed(told[field], role)
    return found


def named_by_house(what: Mapping[str, Any]) -> list[Named]:
    """The same of an event that the house wrote itself: with its lots, without the ranges of codes."""
    found = named(what)
    already = {(each.uri, each.role) for each in found}
    return found + [Named(uri, "lot", role) for uri, role in what.get("lots", {}).items() if (uri, role) not in already]


def edges(brand_id: str, event_id: str, told: Mapping[str, Any], found: list[Named]) -> Iterator[Edge]:
    """The rows of ``flow`` that an event makes."""
    if told["type"] == "TransformationEvent":
        name = told.get("transformationID")
        here = things.transformation(brand_id, name) if name else things.of_event(brand_id, event_id)
        for each in found:
            if each.role in SIDES:
                there = things.key(brand_id, each.uri)
                yield Edge(there, here, "in") if each.role == "input" else Edge(here, there, "out")
    elif told["type"] == "ObjectEvent" and told.get("action") == "ADD" and "ilmd" in told:
        yield from _commissioned(brand_id, told["ilmd"], found)


def _commissioned(brand_id: str, ilmd: Mapping[str, Any], found: list[Named]) -> Iterator[Edge]:
    """Items that came to be under a lot number: what becomes of the lot becomes of them."""
    lot = next((ilmd[name] for name in LOT_NUMBERS if isinstance(ilmd.get(name), str)), None)
    if lot is None:
        return
    seen = set()
    for each in found:
        if each.kind != "item" or "/21/" not in each.uri:
            continue
        uri = f"{each.uri.partition('/21/')[0]}/10/{quote(lot, safe='')}"
        here = things.commissioned(brand_id, uri)
        if uri not in seen:
            seen.add(uri)
            yield Edge(things.key(brand_id, uri), here, "in")
        yield Edge(here, things.key(brand_id, each.uri), "out")


def _summed(elements: list[Mapping[str, Any]], role: str) -> list[Named]:
    found: dict[str, Named] = {}
    for element in elements:
        epc = canonical(element["epcClass"])
        amount, uom = element.get("quantity"), element.get("uom")
        quantity = None if amount is None else round(Decimal(str(amount)) * MILLIONTHS)
        earlier = found.get(epc.uri)
        if earlier is not None and earlier.quantity is not None and quantity is not None and earlier.uom == uom:
            quantity += earlier.quantity
        found[epc.uri] = Named(epc.uri, epc.kind, role, quantity, uom)
    return list(found.values())
