"""Documents and single events in the JSON and JSON-LD binding, taken apart. Pure.

Source: EPCIS 2.0 §9 (bindings, §9.5 query documents), JSON Schema 2.0.1, JSON-LD 1.1 (contexts, without fetching any).
Names beginning with "_" at the head of a document are remarks and are left out; the header is kept, not looked into.
Of two equal keys in one object the last counts, as in every JSON reader of this house.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from kernel.errors import Invalid, flaw
from traceability.events.documents import contexts, rules, values
from traceability.events.documents.contexts import Naming
from traceability.events.documents.document import Document, Flaws, Told
from traceability.events.documents.wording import bare_words

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_NUL = b"\\u0000"
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # no database of ours keeps it in a text
_TYPES: Final = ("EPCISDocument", "EPCISQueryDocument")
_HEAD: Final = frozenset(
    "@context id type schemaVersion creationDate instanceIdentifier sender receiver epcisHeader epcisBody".split()  # noqa: SIM905
)
_TEXTS: Final = ("id", "schemaVersion", "creationDate", "instanceIdentifier", "sender", "receiver")
_VERSION = re.compile(r"2(\.\d+)*")


def read(body: bytes, prefixes: Mapping[str, str] | None = None) -> Document:
    """Take an EPCISDocument or an EPCISQueryDocument apart; raises Invalid when it is none as a whole."""
    told = _object(body)
    if told.get("type") not in _TYPES:
        raise _refuse("/type", "epcis-document", f"type must be one of {', '.join(_TYPES)}")
    known = {**contexts.beside(prefixes), **_head(told)}
    path, events = _events(told)
    made = _described(told)
    dangerous = _NUL in body
    for number, event_ in enumerate(events):
        place = f"{path}/{number}"
        kept, flaws = _settled(event_, known, place, dangerous)
        if flaws and made.is_query:
            flaws = [wrong for wrong in flaws if wrong["rule"] not in rules.DISREGARDED]
        made.events.append(kept)
        made.places.append(place)
        made.flaws.append(flaws)
    return made


def event(body: bytes, prefixes: Mapping[str, str] | None = None) -> tuple[Told, Flaws]:
    """One event on its own, which brings its context (POST /events); raises Invalid when there is none."""
    told = _object(body)
    if told.get("type") in _TYPES:
        raise _refuse("/type", "epcis-document", "this is a whole document; one event is needed")
    missing = [] if "@context" in told else [flaw("/@context", "required", "@context is missing")]
    kept, flaws = _settled(told, contexts.beside(prefixes), "", _NUL in body)
    return kept or told, missing + flaws


def _refuse(pointer: str, rule: str, detail: str) -> Invalid:
    return Invalid(errors=[flaw(pointer, rule, detail)])


def _object(body: bytes) -> Told:
    try:
        told = _decode(body.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise _refuse("", "depth", "the document nests too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as trouble:
        raise _refuse("", "json", str(trouble)) from None
    if not isinstance(told, dict):
        raise _refuse("", "object", "this must be an object with fields")
    return told


def _head(told: Told) -> dict[str, str]:
    """Check what stands around the events; the prefixes that hold for all of them."""
    flaws = [flaw(f"/{name}", "required", f"{name} is missing") for name in _needs(told) if name not in told]
    for name in told:
        if name not in _HEAD and ":" not in name and not name.startswith("_"):
            flaws.append(flaw(f"/{name}", "unknown-field", f"{name!r} is no field of a document, and has no namespace"))
    for name in _TEXTS:
        if name in told and not isinstance(told[name], str):
            flaws.append(flaw(f"/{name}", "text", f"{name} must be text"))
    if isinstance(told.get("schemaVersion"), str) and not _VERSION.fullmatch(told["schemaVersion"]):
        flaws.append(flaw("/schemaVersion", "schema-version", "only EPCIS 2 is read: schemaVersion must be 2.0"))
    if isinstance(told.get("creationDate"), str):
        flaws += [flaw("/creationDate", rule, detail) for _, rule, detail in values.moment(told["creationDate"]) or ()]
    if isinstance(told.get("id"), str):
        flaws += [flaw("/id", rule, detail) for _, rule, detail in values.uri(told["id"]) or ()]
    known, why = contexts.declared(told["@context"]) if "@context" in told else ({}, None)
    if why:
        flaws.append(flaw("/@context", "ld-context", why))
    if flaws:
        raise Invalid(errors=flaws)
    return known


def _needs(told: Told) -> tuple[str, ...]:
    if told["type"] == "EPCISQueryDocument":
        return ("@context", "epcisBody")
    return ("@context", "schemaVersion", "creationDate", "epcisBody")


def _events(told: Told) -> tuple[str, list[Any]]:
    """The list of events, and where it stands."""
    path = ("epcisBody", "eventList") if told["type"] == "EPCISDocument" else ("epcisBody", "queryResults", "resultsBody", "eventList")
    inner: Any = told
    pointer = ""
    for name in path:
        if not isinstance(inner, dict):
            raise _refuse(pointer, "object", "this must be an object with fields")
        pointer = f"{pointer}/{name}"
        if name not in inner:
            raise _refuse(pointer, "required", f"{name} is missing")
        inner = inner[name]
    if not isinstance(inner, list):
        raise _refuse(pointer, "list", "this must be a list of events")
    return pointer, inner


def _described(told: Told) -> Document:
    """The document without its events."""
    made = Document(is_query=told["type"] == "EPCISQueryDocument", creation_date=told.get("creationDate"))
    made.document_id = told.get("instanceIdentifier") or told.get("id")
    made.sender, made.receiver = told.get("sender"), told.get("receiver")
    if made.is_query:
        results = told["epcisBody"]["queryResults"]
        for name in ("queryName", "subscriptionID"):
            if not isinstance(results.get(name, ""), str):
                raise _refuse(f"/epcisBody/queryResults/{name}", "text", f"{name} must be text")
        if "queryName" not in results:
            raise _refuse("/epcisBody/queryResults/queryName", "required", "queryName is missing")
        made.query_name, made.subscription_id = results["queryName"], results.get("subscriptionID")
    header = told.get("epcisHeader")
    if isinstance(header, dict) and isinstance(header.get("epcisMasterData"), dict):
        made.master_data = header["epcisMasterData"]
    return made


def _settled(told: Any, known: dict[str, str], place: str, dangerous: bool) -> tuple[Told | None, Flaws]:
    """One event in the form in which it is kept, and what is wrong with it. Changed in place: the bytes are the original."""
    if not isinstance(told, dict):
        return None, [flaw(place, "object", "this must be an event, an object with fields")]
    strange = bare_words(told)
    flaws = Naming(known, place).settle(told, strange)
    flaws += rules.check(told, place)
    if dangerous and _ESCAPED_NUL.search(_encode(told)):
        flaws.append(flaw(place, "characters", "a character of code 0 stands in a text or a name"))
    for name in [name for name, value in told.items() if not value and isinstance(value, list | dict)]:
        del told[name]
    return told, flaws
