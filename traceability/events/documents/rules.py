"""What must hold of one event before it may be kept: its shape, and what its fields mean together. Pure.

Sources: EPCIS 2.0 §7.3 and §7.4, JSON Schema 2.0.1; GS1's draft of conformance requirements, M121 and M122 (sensors),
TCR-53 step 29 (an attribute both of the metadata and of a report), TCR-54 (AssociationEvent).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kernel.errors import flaw
from traceability.events.documents import shapes, values
from traceability.events.documents.document import Flaws, Told
from traceability.events.epcs import canonical

Wrong = Iterator[tuple[str, str, str]]

CLOCKS: Final = timedelta(minutes=5)
"""How far the clock of a sensor and that of whoever tells the event may be apart."""

LASTING: Final = frozenset({"AssociationEvent", "TransactionEvent"})
"""What these tell lasts on after the event: a sensor that was mounted reads from then on, papers are joined by readings.
M122 knows no such exception, but published examples of both do so by years; events that saw things are held to it."""

DISREGARDED: Final = frozenset({"sensor-after-event", "sensor-twice"})
"""Rules of the standard's words that no schema can hold, and that several published examples of GS1 and OpenEPCIS
break. They are not held against another repository's answer, which that one has taken already; whoever must take
more leaves the flaws of these rules out."""

_NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_EITHER = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod")
_INPUTS = ("inputEPCList", "inputQuantityList")
_OUTPUTS = ("outputEPCList", "outputQuantityList")


def check(told: Told, pointer: str) -> Flaws:
    """Everything that is wrong with this event; an empty list when it may be kept.

    ``told`` has the words of the CBV bare and may still hold empty lists. ``pointer`` is where the event
    stands; what is wrong inside it is told by a JSON pointer (RFC 6901) after that.
    """
    type_ = told.get("type")
    shape = shapes.EVENTS.get(type_) if isinstance(type_, str) else None
    if shape is None:
        if "type" not in told:
            return [flaw(f"{pointer}/type", "required", "type is missing")]
        if not isinstance(type_, str) or values.uri(type_):
            return [flaw(f"{pointer}/type", "event-type", f"{type_!r} is no event type of EPCIS 2.0, nor the URI of another")]
        shape = shapes.EXTENDED
    found = shape(told) or []
    found += _there(told, str(type_))
    if not found:
        found = list(_meant(told))
    return [flaw(pointer + rest, rule, detail) for rest, rule, detail in found]


def _some(told: Told, *names: str) -> bool:
    """At least one of these lists has a member."""
    return any(told.get(name) for name in names)


def _there(told: Told, type_: str) -> list[tuple[str, str, str]]:
    """What must be there beside something else (EPCIS 2.0 §7.4.2 to §7.4.6)."""
    action = told.get("action")
    if type_ == "ObjectEvent":
        return list(_of_objects(told, action))
    if type_ in ("AggregationEvent", "AssociationEvent"):
        return list(_of_children(told, type_, action))
    if type_ == "TransactionEvent" and action != "DELETE" and not _some(told, "epcList", "quantityList"):
        return [("/epcList", "identifiers", "the event names nothing: epcList or quantityList is needed")]
    if type_ == "TransformationEvent":
        return list(_of_transformation(told))
    return []


def _of_objects(told: Told, action: Any) -> Wrong:
    if not _some(told, "epcList", "quantityList") and not (_some(told, "sensorElementList") and ("readPoint" in told or "epcList" in told)):
        yield "/epcList", "identifiers", "the event names nothing: epcList, quantityList, or sensorElementList with readPoint is needed"
    if "ilmd" in told and action != "ADD":
        yield "/ilmd", "ilmd", "ilmd belongs to action ADD, where something comes to be"


def _of_children(told: Told, type_: str, action: Any) -> Wrong:
    if type_ == "AggregationEvent" and action in ("ADD", "DELETE") and "parentID" not in told:
        yield "/parentID", "required", f"parentID is missing; action {action} needs it"
    if action != "DELETE" and not _some(told, "childEPCs", "childQuantityList"):
        yield "/childEPCs", "identifiers", f"the event names no children: action {action} needs childEPCs or childQuantityList"


def _of_transformation(told: Told) -> Wrong:
    inputs, outputs = _some(told, *_INPUTS), _some(told, *_OUTPUTS)
    if "transformationID" in told:
        if not inputs and not outputs:
            yield "/inputEPCList", "identifiers", "the event names nothing: an input or an output is needed"
        return
    if not inputs:
        yield "/inputEPCList", "identifiers", "the event names no input, and has no transformationID"
    if not outputs:
        yield "/outputEPCList", "identifiers", "the event names no output, and has no transformationID"


def _meant(told: Told) -> Wrong:
    """What fields that are each in good shape contradict each other in."""
    for name in _LISTS:
        if name in told:
            yield from _once(f"/{name}", told[name])
    if "parentID" in told and "childEPCs" in told:
        parent = canonical(told["parentID"]).uri
        for at, child in enumerate(told["childEPCs"]):
            if canonical(child).uri == parent:
                yield f"/childEPCs/{at}", "cycle", "nothing can be inside itself: this is the parent"
    if "persistentDisposition" in told:
        yield from _persistent(told["persistentDisposition"])
    if "errorDeclaration" in told:
        own = told.get("eventID")
        for at, one in enumerate(told["errorDeclaration"].get("correctiveEventIDs", ())):
            if one == own:
                yield f"/errorDeclaration/correctiveEventIDs/{at}", "own-correction", "an event cannot correct itself"
    if "sensorElementList" in told:
        latest: datetime | None = _NEVER if told["type"] in LASTING else _instant(told["eventTime"])
        latest = None if "errorDeclaration" in told else latest  # a declaration repeats what was wrong
        for at, element in enumerate(told["sensorElementList"]):
            for rest, rule, detail in _sensor(element, latest):
                yield f"/sensorElementList/{at}{rest}", rule, detail


def _once(rest: str, epcs: list[str]) -> Wrong:
    """No EPC twice in one spelling (the schema's uniqueItems); published examples do name a thing in two."""
    if len(set(epcs)) == len(epcs):
        return
    seen: set[str] = set()
    for at, epc in enumerate(epcs):
        if epc in seen:
            yield f"{rest}/{at}", "twice", f"{epc!r} is in this list already"
        seen.add(epc)


def _persistent(given: Told) -> Wrong:
    if not given:
        yield "/persistentDisposition", "required", "set or unset is needed"
    for name, words in given.items():
        if len(set(words)) < len(words):
            yield f"/persistentDisposition/{name}", "twice", "a disposition is in this list twice"
    for word in sorted(set(given.get("set", ())) & set(given.get("unset", ()))):
        yield "/persistentDisposition", "set-and-unset", f"{word!r} is both set and unset"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.upper())


def _sensor(element: Told, latest: datetime | None) -> Wrong:
    metadata = element.get("sensorMetadata", {})
    yield from _times("/sensorMetadata", metadata, latest)
    if "startTime" in metadata and "endTime" in metadata and _instant(metadata["startTime"]) > _instant(metadata["endTime"]):
        yield "/sensorMetadata/endTime", "time-order", "endTime lies before startTime"
    for at, report in enumerate(element["sensorReport"]):
        place = f"/sensorReport/{at}"
        if "type" not in report and "exception" not in report:
            yield f"{place}/type", "required", "type is missing"
        yield from _times(place, report, latest)
        if "minValue" in report and "maxValue" in report and report["minValue"] > report["maxValue"]:
            yield f"{place}/maxValue", "range", "maxValue is less than minValue"
        for name in _EITHER:
            if latest is not None and name in report and report[name] != metadata.get(name, report[name]):
                yield f"{place}/{name}", "sensor-twice", f"sensorMetadata names another {name}; it belongs in one of the two"


def _times(place: str, holder: Told, latest: datetime | None) -> Wrong:
    """No observation after the event that tells of it (EPCIS 2.0 §7.3.7.3; M122)."""
    if latest is None:
        return
    for name in ("time", "startTime", "endTime"):
        if name in holder and _instant(holder[name]) > latest + CLOCKS:
            yield f"{place}/{name}", "sensor-after-event", f"{holder[name]} lies after the eventTime"
