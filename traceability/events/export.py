"""Events as they leave the house: single ones, and the documents that any other repository can capture.

What was captured leaves as it was told. What the house did itself is put into the standard's words here; its ranges
of codes are expanded to their items here and nowhere else, because whoever holds serials holds the codes.

Source: EPCIS 2.0 §9 (documents), §10 (JSON/JSON-LD binding) with the schema of 2.0.1, §8.3 (Digital Link URIs in
place of URNs, canonical form on id.gs1.org), §12.4 (header GS1-EPC-Format).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import select

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability import keys
from traceability.events import epcs, names
from traceability.models import EpcisEvent, SsccPrefix

Told = dict[str, Any]

MOST_EPCS: Final = 10_000
CONTEXT: Final = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
STANDARD_WHY: Final = frozenset({"bizTransactionList", "sourceList", "destinationList", "persistentDisposition", "errorDeclaration"})
QUANTITIES: Final = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
EPCS: Final = {
    "ObjectEvent": "epcList",
    "TransactionEvent": "epcList",
    "AggregationEvent": "childEPCs",
    "AssociationEvent": "childEPCs",
    "TransformationEvent": "outputEPCList",
}
AS_TOLD: Final = "Never_Translates"
_INDICATED: Final = frozenset({"00", "01", "8003"})
"""Keys with a digit before the company prefix."""
_CBVMDA: Final = "urn:epcglobal:cbv:mda:"

Expand = Callable[[dict[str, Any]], list[str]]
"""One of the codeRanges → the URIs of its items."""


class TooManyItems(Invalid):
    """The ranges of codes in these events hold more items than one document may. Ask for fewer events at once."""

    code = "too-many-items"
    title = "Too many items for one document"


def document(unit: Unit, events: Iterable[EpcisEvent], *, form: str = AS_TOLD) -> dict[str, Any]:
    """An EPCISDocument of these events, ready for JSON. Raises TooManyItems."""
    context, told = gather(tell(unit, events, form=form))
    return {**_head(unit, "EPCISDocument", context), "epcisBody": {"eventList": told}}


def query_document(
    unit: Unit, told: Iterable[Told], *, query_name: str = "SimpleEventQuery", subscription_id: str | None = None
) -> dict[str, Any]:
    """An EPCISQueryDocument of events that ``tell`` made: the answer to a question, ready for JSON."""
    context, events = gather(told)
    about = {"queryName": query_name} | ({"subscriptionID": subscription_id} if subscription_id else {})
    results = {**about, "resultsBody": {"eventList": events}}
    return {**_head(unit, "EPCISQueryDocument", context), "epcisBody": {"queryResults": results}}


def _head(unit: Unit, kind: str, context: list[Any]) -> dict[str, Any]:
    return {"@context": context, "type": kind, "schemaVersion": "2.0", "creationDate": _time(unit.now)}


def tell(unit: Unit, events: Iterable[EpcisEvent], *, form: str = AS_TOLD) -> list[Told]:
    """Each event whole, identifiers in the ``form`` of header GS1-EPC-Format; ``@context`` holds the prefixes that it uses.

    Raises TooManyItems (rule ``most-epcs``) when the ranges in them hold more than 10 000 items together: the
    document would grow beyond what receivers take. Ask for fewer events.
    """
    events = list(events)
    count = sum(span["last"] - span["first"] + 1 for event in events for span in event.what.get("codeRanges", ()))
    if count > MOST_EPCS:
        which = f" in the event {names.event(events[0].declares or events[0].id)}" if len(events) == 1 else ""
        detail = f"{count} items{which}; a document holds at most {MOST_EPCS}"
        raise TooManyItems(errors=[flaw("/events", "most-epcs", detail, most=MOST_EPCS)])
    base = unit.outside.public_url
    told = [_told(unit, event, base) for event in events]
    if form == AS_TOLD:
        return told
    length = prefix_length(unit) if form == "Always_EPC_URN" else lambda _uri: None
    return [epcs.translate(each, form, length) for each in told]


def gather(told: Iterable[Told]) -> tuple[list[Any], list[Told]]:
    """The context of a document, and its events, which keep of theirs only a prefix that another event uses for something else."""
    together: dict[str, str] = {}
    events = []
    for each in told:
        own = each.get("@context", {})
        apart = {prefix: iri for prefix, iri in own.items() if together.setdefault(prefix, iri) != iri}
        rest = {key: value for key, value in each.items() if key != "@context"}
        events.append({"@context": apart, **rest} if apart else rest)
    return [CONTEXT, *([together] if together else [])], events


def prefix_length(unit: Unit) -> Callable[[str], int | None]:
    """How long the company prefix of an identifier is, where it is the brand's own; of others nobody told us."""
    own: Sequence[str] = list(unit.session.scalars(select(SsccPrefix.prefix)))

    def length(uri: str) -> int | None:
        _, _, key, value = uri.removeprefix("https:/").split("/", 3)
        digits = value[1:] if key in _INDICATED else value
        return next((len(prefix) for prefix in own if digits.startswith(prefix)), None)

    return length


def _told(unit: Unit, event: EpcisEvent, base: str) -> Told:
    if event.told is not None:
        told = msgspec.json.decode(event.told)
        return {"type": event.type, "eventID": event.uri, **told, "recordTime": _time(event.record_time)}

    def expand(span: dict[str, Any]) -> list[str]:
        count = span["last"] - span["first"] + 1
        serials = keys.serials(unit, gtin=span["gtin"], key_version=span["keyVersion"], first=span["first"], count=count)
        return [names.item(span["gtin"], serial.decode()) for serial in serials.tolist()]

    told = as_json(event, base, expand)
    used = {"suyuan": f"{base}/voc/", "cbvmda": _CBVMDA}
    words = {key.partition(":")[0] for key in (*told, *told.get("ilmd", ()))}
    context = {prefix: iri for prefix, iri in used.items() if prefix in words}
    return {"@context": context, **told} if context else told


def as_json(event: EpcisEvent, base: str, expand: Expand) -> Told:
    """One event of the house in the standard's shape, without anything that is empty.

    One that declares another to be in error bears that one's eventID (EPCIS 2.0 §7.4.1.4).
    """
    told = {
        "type": event.type,
        "eventID": names.event(event.declares or event.id),
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
        **{key if key in STANDARD_WHY else f"suyuan:{key}": value for key, value in event.why.items()},
        "ilmd": event.ilmd or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _what(event: EpcisEvent, expand: Expand) -> dict[str, Any]:
    what = {key: value for key, value in event.what.items() if key not in ("codeRanges", "lots")}
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


def _time(at: datetime, offset: str = "+00:00") -> str:
    """RFC 3339 with milliseconds, in the offset in which the event was told."""
    sign = -1 if offset[0] == "-" else 1
    away = timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6])))
    return at.astimezone(away).isoformat(timespec="milliseconds")
