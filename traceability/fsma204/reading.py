"""Events in order: which critical tracking event each one is, and what others tell of the same lots and packs. Pure.

Source: GS1 US, EPCIS Recommendations for FSMA 204 Critical Tracking Events, R2.0, §2–§8; 21 CFR 1.1310 (definitions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from traceability.events.epcs import canonical
from traceability.fsma204.events import Event, Portion

HARVESTING: Final = "Harvesting"
COOLING: Final = "Cooling"
INITIAL_PACKING: Final = "Initial packing"
LANDING: Final = "First land-based receiving"
SHIPPING: Final = "Shipping"
RECEIVING: Final = "Receiving"
TRANSFORMATION: Final = "Transformation"

_BORN: Final = "creating_class_instance"
_SEAFOOD: Final = ("catchZone", "fishType", "harvestDateStart", "harvestDateEnd")
_OBSERVED: Final = ("quantityList", "childQuantityList")
_DEEPEST: Final = 16
"""Packs in packs."""


class Reading:
    """Events, oldest first, and what can be looked up in them. What is told twice under one eventID is one event."""

    def __init__(self, events: Iterable[Event]) -> None:
        once = {each.id or str(place): each for place, each in enumerate(events)}
        self.events = sorted(once.values(), key=lambda event: (event.at, event.id))
        self._packings: dict[str, list[Event]] = {}
        self._parts: dict[str, list[Event]] = {}
        self._by_lot: dict[str, list[Event]] = {}
        self._harvested: set[str] = set()
        self._made: set[str] = set()
        for event in self.events:
            if event.told["type"] == "AggregationEvent" and "parentID" in event.told:
                self._packings.setdefault(canonical(event.told["parentID"]).uri, []).append(event)
            if "transformationID" in event.told:
                self._parts.setdefault(event.told["transformationID"], []).append(event)
            if _beginning(event) == HARVESTING:
                self._harvested |= {each.lot for each in event.portions("quantityList")}
            if event.told["type"] == "TransformationEvent":
                self._made |= {each.lot for each in event.portions("outputQuantityList")}
            for lot in self._touched(event):
                self._by_lot.setdefault(lot, []).append(event)

    def kind(self, event: Event) -> str | None:
        """The critical tracking event that it is; None when it is none. To carry goods (transporting) is none by itself: it says
        where those went that were harvested or cooled."""
        told = event.told
        if told["type"] == "TransformationEvent":
            return INITIAL_PACKING if self._packs_first(event) else TRANSFORMATION
        if event.step == "shipping":
            return SHIPPING
        if event.step == "receiving":
            return RECEIVING
        if told["type"] != "ObjectEvent":
            return None
        return _beginning(event) or (COOLING if _cools(event) else None)

    def inputs(self, event: Event) -> tuple[Portion, ...]:
        """What went into a transformation, also where that was told in events of their own (EPCIS 2.0 §7.4.6)."""
        parts = self._parts.get(event.told.get("transformationID", ""), [event])
        return tuple(each for part in parts for each in Event(part.told).portions("inputQuantityList"))

    def handled(self, event: Event) -> tuple[Portion, ...]:
        """The lots that an observed event is about: those named, those of items named, and what else was in the packs at that moment."""
        found = event.portions(*_OBSERVED)
        named = {each.lot for each in found}
        packs = event.packs("epcList", "childEPCs") or ([] if found else event.packs("parentID"))
        inside = (each for pack in packs for each in self.contents(pack, event.at) if each.lot not in named)
        return _summed([*found, *inside])

    def contents(self, pack: str, at: datetime, depth: int = 0) -> list[Portion]:
        """What was in a pack at a moment, as far as its packings tell."""
        lots: list[Portion] = []
        inner: list[str] = []
        for event in self._packings.get(pack, ()):
            if event.at > at:
                break
            packed, packs = event.portions("childQuantityList"), event.packs("childEPCs")
            if event.told.get("action") == "DELETE":
                lots = _without(lots, packed) if packed or packs else []
                inner = [each for each in inner if each not in packs] if packed or packs else []
            elif event.told.get("action") == "ADD" or not (lots or inner):
                lots += packed
                inner += packs
        if depth < _DEEPEST:
            lots = [*lots, *(each for one in inner for each in self.contents(one, at, depth + 1))]
        return list(_summed(lots))

    def source(self, lot: str) -> str | None:
        """Where this lot code was given: where its lot came to be, or was first written down."""
        return next((event.place() for event in self._by_lot.get(lot, ()) if _bears(event, lot)), None)

    def last(self, lot: str, kind: str, before: datetime) -> Event | None:
        """The last event of a kind that told of this lot, at this moment or before."""
        return next((event for event in reversed(self._by_lot.get(lot, ())) if event.at <= before and self.kind(event) == kind), None)

    def carried(self, lot: str, after: datetime) -> Event | None:
        """How it was taken away next: the first transport from this moment on."""
        return next((event for event in self._by_lot.get(lot, ()) if event.step == "transporting" and event.at >= after), None)

    def _touched(self, event: Event) -> Iterator[str]:
        listed = (*_OBSERVED, "inputQuantityList", "outputQuantityList")
        yield from dict.fromkeys(each.lot for each in event.portions(*listed))

    def _packs_first(self, event: Event) -> bool:
        """Whether raw produce was packed, and not food made of other food: one commodity went in, which was harvested or whose
        trade item is the very one that came out, in another pack (GS1 General Specifications §2.1.6, indicator digit)."""
        went_in = {each.lot for each in self.inputs(event)}
        came_out = {each.lot for each in event.portions("outputQuantityList")}
        items = {_item(lot) for lot in went_in}
        if not came_out or len(items) != 1 or "" in items or not went_in.isdisjoint(self._made):
            return False
        return went_in <= self._harvested or items == {_item(lot) for lot in came_out}


def _beginning(event: Event) -> str | None:
    if event.told["type"] != "ObjectEvent" or event.told.get("action") != "ADD" or event.step != _BORN:
        return None
    return LANDING if any(event.born_with(name) for name in _SEAFOOD) else HARVESTING


def _cools(event: Event) -> bool:
    """Step ``other`` at a lot as a whole; with a temperature, or said to be going on."""
    reports = [report for element in event.told.get("sensorElementList", ()) for report in element.get("sensorReport", ())]
    warm = any(report.get("type") == "Temperature" for report in reports)
    going_on = event.told.get("disposition") == "in_progress" and event.told.get("action") == "OBSERVE"
    return event.step == "other" and "quantityList" in event.told and (warm or going_on)


def _bears(event: Event, lot: str) -> bool:
    """Whether the lot came to be by this event."""
    told = event.told
    if told["type"] == "TransformationEvent":
        return any(each.lot == lot for each in event.portions("outputQuantityList"))
    return told["type"] == "ObjectEvent" and told.get("action") == "ADD" and "quantityList" in told


def _item(lot: str) -> str:
    """The trade item of a lot whatever its packaging level: its GTIN without the indicator and the check digit."""
    gtin = canonical(lot).gtin
    return gtin[1:13] if gtin else ""


def _summed(portions: Iterable[Portion]) -> tuple[Portion, ...]:
    found: dict[tuple[str, str], Portion] = {}
    for each in portions:
        before = found.get((each.lot, each.uom))
        if before is not None and before.quantity is not None and each.quantity is not None:
            each = each._replace(quantity=before.quantity + each.quantity)
        found[each.lot, each.uom] = each
    return tuple(found.values())


def _without(lots: list[Portion], taken: Iterable[Portion]) -> list[Portion]:
    rest = {(each.lot, each.uom): each for each in _summed(lots)}
    for each in taken:
        here = rest.get((each.lot, each.uom))
        if here is None:
            continue
        left = Decimal(0) if here.quantity is None or each.quantity is None else here.quantity - each.quantity
        if left > 0:
            rest[each.lot, each.uom] = here._replace(quantity=left)
        else:
            del rest[each.lot, each.uom]
    return list(rest.values())
