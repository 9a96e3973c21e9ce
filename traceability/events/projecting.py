"""What an event says of things, in the few words that projections need. Pure.

Source: EPCIS 2.0 §7.4 (which field names what), §7.3.3.3 (quantity elements), §7.4.6 (a
transformation may be told in several events that share its transformationID), CBV 2.0 §9.3 (lotNumber).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from traceability.events import things, units
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
_CBVMDA: Final = "urn:epcglobal:cbv:mda"


class Named(NamedTuple):
    """A thing that an event names. ``quantity`` in millionths of ``uom``; None where it said none, or several in units that are unlike."""

    uri: str
    kind: str
    role: str
    quantity: int | None = None
    uom: str | None = None
    lot: str | None = None
    """The lot that the name of an item told besides (01+10+21), which its canonical form leaves out."""


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
            found += dict.fromkeys([Named(epc.uri, epc.kind, role, None, None, epc.lot if epc.serial else None) for epc in epcs])
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
    lot = _lot_number(told) if told.get("action", "ADD") == "ADD" else None
    if lot is not None or any(each.lot for each in found):
        yield from _members(brand_id, lot, found)


def _lot_number(told: Mapping[str, Any]) -> str | None:
    """The lot under which something comes to be, as its master data tell, under whichever prefix."""
    ilmd = told.get("ilmd")
    if not isinstance(ilmd, Mapping):
        return None
    spaces = told.get("@context", {})
    for name, value in ilmd.items():
        prefix, _, local = name.rpartition(":")
        if (
            local == "lotNumber"
            and isinstance(value, str)
            and spaces.get(prefix, _CBVMDA if prefix == "cbvmda" else "").startswith(_CBVMDA)
        ):
            return value
    return None


def _members(brand_id: str, lot: str | None, found: list[Named]) -> Iterator[Edge]:
    """Items that are of a lot: what becomes of the lot becomes of them. Those that came to be are of ``lot``."""
    seen = set()
    for each in found:
        of = each.lot or (lot if each.role in ("object", "output") else None)
        if each.kind != "item" or of is None or "/21/" not in each.uri:
            continue
        uri = f"{each.uri.partition('/21/')[0]}/10/{quote(of, safe='')}"
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
        quantity = None if amount is None else millionths(amount)
        earlier = found.get(epc.uri)
        if earlier is not None:
            quantity, uom = _together(earlier, quantity, uom), earlier.uom
        found[epc.uri] = Named(epc.uri, epc.kind, role, quantity, None if quantity is None else uom)
    return list(found.values())


def millionths(amount: float) -> int:
    """A quantity as it is kept: whole millionths."""
    return round(Decimal(str(amount)) * MILLIONTHS)


def _together(earlier: Named, quantity: int | None, uom: str | None) -> int | None:
    """Two quantities of one class in the unit of the first; None when one of them is unknown, or the units are unlike."""
    if earlier.quantity is None or quantity is None:
        return None
    if earlier.uom == uom:
        return earlier.quantity + quantity
    if not (earlier.uom and uom and units.alike(uom, earlier.uom)):
        return None
    return earlier.quantity + round(units.convert(Decimal(quantity), uom, earlier.uom))
