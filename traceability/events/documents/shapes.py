"""Which fields an event may bear, which it must, and what each may hold: a schema as tables. Pure.

Source: EPCIS 2.0 §7.3 and §7.4; the JSON Schema 2.0.1 says the same of the JSON binding. A field of somebody
else's has a namespace, so its name holds a colon; a name without one that is in no table is refused.
``persistentDisposition`` stands on every type, as in 2.0.1; ``ilmd`` on the two where something comes to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from traceability.events.documents import values
from traceability.events.documents.values import Check, Found, escaped

_EXTENSION = re.compile(r"[A-Za-z_][\w.-]*:[^\s:][^\s]*")


@dataclass(frozen=True, slots=True)
class Shape:
    """Field → check, the fields that must be there, and whether others may add to it."""

    fields: Mapping[str, Check]
    needs: tuple[str, ...] = ()
    open: bool = True

    def __call__(self, value: Any) -> Found:
        """What is wrong with this object."""
        if not isinstance(value, dict):
            return [("", "object", "this must be an object with fields")]
        found: list[tuple[str, str, str]] = []
        fields = self.fields
        for name, held in value.items():
            check = fields.get(name)
            if check is None:
                why = self._stranger(name)
                if why:
                    found.append((f"/{escaped(name)}", *why))
                continue
            wrong = check(held)
            if wrong:
                found += [(f"/{name}{rest}", rule, detail) for rest, rule, detail in wrong]
        for name in self.needs:
            if name not in value:
                found.append((f"/{name}", "required", f"{name} is missing"))
        return found or None

    def _stranger(self, name: str) -> tuple[str, str] | None:
        if ":" not in name:
            return "unknown-field", f"{name!r} is no field of the standard here, and has no namespace"
        if not self.open:
            return "unknown-field", "nothing may be added here"
        return None if _EXTENSION.fullmatch(name) else ("unknown-field", f"{name!r} is no name with a prefix, such as example:field")


def anything(_: Any) -> Found:
    """Nobody looks into it."""
    return None


PLACE: Final = Shape({"id": values.uri}, ("id",))
QUANTITY: Final = Shape({"epcClass": values.epc_class, "quantity": values.no_less_than_zero, "uom": values.unit}, ("epcClass",), open=False)
TRANSACTION: Final = Shape({"type": values.word("btt"), "bizTransaction": values.uri}, ("bizTransaction",), open=False)
SOURCE: Final = Shape({"type": values.word("sdt"), "source": values.uri}, ("type", "source"), open=False)
DESTINATION: Final = Shape({"type": values.word("sdt"), "destination": values.uri}, ("type", "destination"), open=False)
_DISPOSITION = values.word("disposition", "disposition")
PERSISTENT: Final = Shape({"set": values.each(_DISPOSITION, least=1), "unset": values.each(_DISPOSITION, least=1)}, open=False)
ERROR: Final = Shape(
    {"declarationTime": values.moment, "reason": values.word("er"), "correctiveEventIDs": values.each(values.uri)},
    ("declarationTime",),
)
ILMD: Final = Shape({})

_DEVICE: dict[str, Check] = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), values.uri)
METADATA: Final = Shape({**_DEVICE, "time": values.moment, "startTime": values.moment, "endTime": values.moment})
REPORT: Final = Shape(
    {
        **_DEVICE,
        "type": values.word("measurement"),
        "exception": values.word("alert"),
        "time": values.moment,
        "component": values.word("component"),
        "uom": values.text,
        "stringValue": values.text,
        "booleanValue": values.boolean,
        "hexBinaryValue": values.hexadecimal,
        **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), values.uri),
        **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "percValue"), values.number),
        "sDev": values.no_less_than_zero,
        "percRank": values.percent,
    }
)
SENSOR: Final = Shape({"sensorMetadata": METADATA, "sensorReport": values.each(REPORT, least=1)}, ("sensorReport",))

_COMMON: dict[str, Check] = {
    "@context": anything,
    "type": values.text,
    "eventTime": values.event_time,
    "recordTime": values.moment,
    "eventTimeZoneOffset": values.offset,
    "eventID": values.uri,
    "certificationInfo": values.one_or_each(values.uri),
    "errorDeclaration": ERROR,
}
_WHY_AND_WHERE: dict[str, Check] = {
    "bizStep": values.word("bizStep", "biz-step"),
    "disposition": _DISPOSITION,
    "persistentDisposition": PERSISTENT,
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": values.each(TRANSACTION),
    "sourceList": values.each(SOURCE),
    "destinationList": values.each(DESTINATION),
    "sensorElementList": values.each(SENSOR),
}
_EPCS = values.each(values.epc)
_QUANTITIES = values.each(QUANTITY)
_ACTION: dict[str, Check] = {"action": values.action}
_OBJECTS: dict[str, Check] = {"epcList": _EPCS, "quantityList": _QUANTITIES}
_CHILDREN: dict[str, Check] = {"parentID": values.epc, "childEPCs": _EPCS, "childQuantityList": _QUANTITIES}
_ILMD: dict[str, Check] = {"ilmd": ILMD}
_IN_AND_OUT: dict[str, Check] = {
    "inputEPCList": _EPCS,
    "inputQuantityList": _QUANTITIES,
    "outputEPCList": _EPCS,
    "outputQuantityList": _QUANTITIES,
    "transformationID": values.uri,
}
_OF_TRANSACTION: dict[str, Check] = {"parentID": values.epc, "bizTransactionList": values.each(TRANSACTION, least=1)}
_ALWAYS = ("eventTime", "eventTimeZoneOffset")

EVENTS: Final = {
    "ObjectEvent": Shape({**_COMMON, **_WHY_AND_WHERE, **_ACTION, **_OBJECTS, **_ILMD}, (*_ALWAYS, "action")),
    "AggregationEvent": Shape({**_COMMON, **_WHY_AND_WHERE, **_ACTION, **_CHILDREN}, (*_ALWAYS, "action")),
    "AssociationEvent": Shape({**_COMMON, **_WHY_AND_WHERE, **_ACTION, **_CHILDREN}, (*_ALWAYS, "action", "parentID")),
    "TransactionEvent": Shape(
        {**_COMMON, **_WHY_AND_WHERE, **_ACTION, **_OBJECTS, **_OF_TRANSACTION}, (*_ALWAYS, "action", "bizTransactionList")
    ),
    "TransformationEvent": Shape({**_COMMON, **_WHY_AND_WHERE, **_IN_AND_OUT, **_ILMD}, _ALWAYS),
}
"""Type of event → its shape (EPCIS 2.0 §7.4.2 to §7.4.6)."""

EXTENDED: Final = Shape({**_COMMON, **_WHY_AND_WHERE, **_ACTION, **_CHILDREN, **_OBJECTS, **_IN_AND_OUT, **_ILMD}, _ALWAYS)
"""An event of somebody else's type, which is a URI (EPCIS 2.0 §7.1.1): any field of the standard."""
