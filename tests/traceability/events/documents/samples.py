"""One good event of each type, and a document around events, for tests to spoil."""

from __future__ import annotations

from typing import Any

import msgspec

CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
CASE = "urn:epc:id:sscc:0614141.1234567890"
ITEMS = ["urn:epc:id:sgtin:0614141.107346.2017", "urn:epc:id:sgtin:0614141.107346.2018"]
LOT = {"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200, "uom": "KGM"}
_BASE = {"eventTime": "2026-04-03T20:33:31.116-06:00", "eventTimeZoneOffset": "-06:00"}

GOOD: dict[str, dict[str, Any]] = {
    "ObjectEvent": {"type": "ObjectEvent", **_BASE, "epcList": ITEMS, "action": "ADD", "bizStep": "commissioning"},
    "AggregationEvent": {"type": "AggregationEvent", **_BASE, "parentID": CASE, "childEPCs": ITEMS, "action": "ADD"},
    "AssociationEvent": {"type": "AssociationEvent", **_BASE, "parentID": CASE, "childEPCs": ITEMS, "action": "ADD"},
    "TransactionEvent": {
        "type": "TransactionEvent",
        **_BASE,
        "bizTransactionList": [{"type": "po", "bizTransaction": "http://transaction.acme.com/po/12345678"}],
        "epcList": ITEMS,
        "action": "OBSERVE",
    },
    "TransformationEvent": {"type": "TransformationEvent", **_BASE, "inputQuantityList": [LOT], "outputEPCList": ITEMS},
}


def good(type_: str = "ObjectEvent", **more: Any) -> dict[str, Any]:
    """A copy of the good event, with more fields, or others; None takes a field away."""
    told = msgspec.json.decode(msgspec.json.encode({**GOOD[type_], **more}))
    return {name: value for name, value in told.items() if value is not None}


def sensing(metadata: dict[str, Any], *reports: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An event that tells what a sensor saw."""
    element = {"sensorMetadata": metadata, "sensorReport": [{"type": "Temperature", **report} for report in reports or ({},)]}
    return good(sensorElementList=[element], **more)


def document(*events: Any, **more: Any) -> bytes:
    """An EPCISDocument of these events."""
    told = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-04-04T00:00:00Z"}
    told |= {"epcisBody": {"eventList": list(events)}, **more}
    return msgspec.json.encode({name: value for name, value in told.items() if value is not None})


def query_document(*events: Any) -> bytes:
    """An EPCISQueryDocument that answers with these events."""
    results = {"queryName": "SimpleEventQuery", "subscriptionID": "s1", "resultsBody": {"eventList": list(events)}}
    return msgspec.json.encode({"@context": CONTEXT, "type": "EPCISQueryDocument", "epcisBody": {"queryResults": results}})
