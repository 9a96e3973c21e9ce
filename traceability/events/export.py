"""Events as an EPCIS 2.0 document that any other repository can capture.

Source: EPCIS 2.0 §10 (JSON/JSON-LD binding) with the schema of 2.0.1, EPCIS 2.0 §8.3 (Digital
Link URIs in place of URNs, canonical form on id.gs1.org). Ranges of codes are expanded to
their items here and nowhere else, because whoever holds serials holds the codes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from kernel.errors import Invalid, flaw
from kernel.ids import ALPHABET
from kernel.unit import Unit
from traceability import keys
from traceability.events import names
from traceability.models import EpcisEvent

MOST_EPCS: Final = 10_000
CONTEXT: Final = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
STANDARD_WHY: Final = frozenset({"bizTransactionList", "sourceList", "destinationList", "persistentDisposition", "errorDeclaration"})
OURS: Final = frozenset({"inErrorOf"})
"""Told in another place of the event."""
QUANTITIES: Final = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
EPCS: Final = {
    "ObjectEvent": "epcList",
    "TransactionEvent": "epcList",
    "AggregationEvent": "childEPCs",
    "AssociationEvent": "childEPCs",
    "TransformationEvent": "outputEPCList",
}

Expand = Callable[[dict[str, Any]], list[str]]
"""One of the codeRanges → the URIs of its items."""


def document(unit: Unit, events: Iterable[EpcisEvent]) -> dict[str, Any]:
    """An EPCISDocument of these events, ready for JSON.

    Raises Invalid (rule ``most-epcs``) when the ranges in them hold more than 10 000 items together: the
    document would grow beyond what receivers take. Ask for fewer events.
    """
    events = list(events)
    count = sum(span["last"] - span["first"] + 1 for event in events for span in event.what.get("codeRanges", ()))
    if count > MOST_EPCS:
        raise Invalid(errors=[flaw("/events", "most-epcs", f"{count} items; a document holds at most {MOST_EPCS}", most=MOST_EPCS)])
    base = unit.outside.public_url

    def expand(span: dict[str, Any]) -> list[str]:
        count = span["last"] - span["first"] + 1
        serials = keys.serials(unit, gtin=span["gtin"], key_version=span["keyVersion"], first=span["first"], count=count)
        return [names.item(span["gtin"], serial.decode()) for serial in serials.tolist()]

    return {
        "@context": [CONTEXT, {"suyuan": f"{base}/voc/", "cbvmda": "urn:epcglobal:cbv:mda:"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _time(unit.now),
        "epcisBody": {"eventList": [as_json(event, base, expand) for event in events]},
    }


def as_json(event: EpcisEvent, base: str, expand: Expand) -> dict[str, Any]:
    """One event in the standard's shape, without anything that is empty.

    One that declares another to be in error bears that one's eventID (EPCIS 2.0 §7.4.1.4).
    """
    told = {
        "type": event.type,
        "eventID": f"urn:uuid:{_uuid(event.why.get('inErrorOf', event.id))}",
        "eventTime": _time(event.event_time, event.event_offset),
        "eventTimeZoneOffset": event.event_offset,
        "recordTime": _time(event.record_time),
        "action": event.action,
        "bizStep": event.biz_step,
        "disposition": event.disposition,
        "readPoint": {"id": names.place(base, event.read_point)} if event.read_point else None,
        "bizLocation": {"id": names.place(base, event.biz_location)} if event.biz_location else None,
        "transformationID": event.transformation_id,
        **_what(event, expand),
        **{key if key in STANDARD_WHY else f"suyuan:{key}": value for key, value in event.why.items() if key not in OURS},
        "ilmd": event.ilmd or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _what(event: EpcisEvent, expand: Expand) -> dict[str, Any]:
    what = {key: value for key, value in event.what.items() if key != "codeRanges"}
    for key in QUANTITIES:
        if key in what:
            what[key] = [_quantity(element) for element in what[key]]
    spans = event.what.get("codeRanges")
    if spans:
        where = EPCS[event.type]
        items = [item for span in spans for item in expand(span)]
        what[where] = [*what.get(where, ()), *items]
    return what


def _quantity(element: Mapping[str, Any]) -> dict[str, Any]:
    """Kept as a decimal string, told as a JSON number; a piece has no unit in EPCIS (§7.3.3.3)."""
    told = dict(element)
    if "quantity" in told:
        amount = Decimal(told["quantity"])
        told["quantity"] = int(amount) if amount == amount.to_integral_value() else float(amount)
    if told.get("uom") == "H87":
        del told["uom"]
    return told


def _uuid(event_id: str) -> uuid.UUID:
    """The same 128 bits that our id writes in base 32."""
    value = 0
    for letter in event_id:
        value = (value << 5) | ALPHABET.index(letter)
    return uuid.UUID(int=value)


def _time(at: datetime, offset: str = "+00:00") -> str:
    """RFC 3339 with milliseconds, in the offset in which the event was told."""
    sign = -1 if offset[0] == "-" else 1
    away = timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6])))
    return at.astimezone(away).isoformat(timespec="milliseconds")
