"""Documents and single events in the XML binding, taken apart. Pure.

Source: EPCIS 2.0 §9.5 with its schemas, and the older 1.x, whose ``extension`` wrappers are looked through. What comes
out is the same as of JSON (``from_json``), with places as XPath: ``/epcis:EPCISDocument/EPCISBody/EventList/ObjectEvent[3]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from kernel.errors import Invalid, flaw
from traceability.events.documents import rules, values
from traceability.events.documents.document import Document, Flaws, Told
from traceability.events.documents.xml import fields, reading
from traceability.events.documents.xml.elements import Element, parse, refuse

_VERSION = re.compile(r"2(\.\d+)*|1\.[0-2]")
_ROOTS: Final = {"EPCISDocument": fields.DOCUMENTS, "EPCISQueryDocument": fields.QUERY_DOCUMENTS}


def read(body: bytes) -> Document:
    """Take an EPCISDocument or an EPCISQueryDocument apart; raises Invalid when it is none as a whole."""
    root = parse(body)
    if root.space not in _ROOTS.get(root.name, ()):
        raise refuse(f"/{root.said}", "epcis-document", f"the root must be one of {', '.join(_ROOTS)}, in its namespace", line=root.line)
    _head(root)
    made = _described(root)
    for element, place, scope in _events(root):
        told, flaws = reading.event(element, place, scope)
        if flaws and made.is_query:
            flaws = [wrong for wrong in flaws if wrong["rule"] not in rules.DISREGARDED]
        made.events.append(told)
        made.places.append(place)
        made.flaws.append(flaws)
    return made


def event(body: bytes) -> tuple[Told, Flaws]:
    """One event on its own (POST /events); raises Invalid when there is none."""
    root = parse(body)
    place = f"/{root.said}"
    if root.name in _ROOTS:
        raise refuse(place, "epcis-document", "this is a whole document; one event is needed", line=root.line)
    told, flaws = reading.event(root, place, {})
    if told is None:
        raise Invalid(errors=flaws)
    return told, flaws


def _head(root: Element) -> None:
    """Check what stands around the events."""
    place, given = f"/{root.said}", root.attributes
    flaws = [flaw(f"{place}/@{name}", "required", f"{name} is missing") for name in ("schemaVersion", "creationDate") if name not in given]
    if not _VERSION.fullmatch(given.get("schemaVersion", "2.0")):
        flaws.append(flaw(f"{place}/@schemaVersion", "schema-version", "only EPCIS 2 and 1 are read: schemaVersion must be 2.0"))
    if "creationDate" in given:
        flaws += [flaw(f"{place}/@creationDate", rule, detail) for _, rule, detail in values.moment(given["creationDate"]) or ()]
    if root.name == "EPCISQueryDocument" and _results(root) is None:
        flaws.append(flaw(f"{place}/EPCISBody/QueryResults", "required", "QueryResults is missing: this is no answer of a query"))
    if root.name == "EPCISDocument" and root.child("EPCISBody") is None:
        flaws.append(flaw(f"{place}/EPCISBody", "required", "EPCISBody is missing"))
    if flaws:
        raise Invalid(errors=flaws)


def _results(root: Element) -> Element | None:
    """What holds ``queryName`` and ``resultsBody``; some write these right below the root."""
    if root.child("resultsBody"):
        return root
    body = root.child("EPCISBody")
    return body.child("QueryResults") if body else None


def _events(root: Element) -> Iterator[tuple[Element, str, dict[str, str]]]:
    """Each event, its XPath, and the prefixes that hold around it."""
    way = ["EPCISBody", "EventList"]
    if root.name == "EPCISQueryDocument":
        way = ["resultsBody", "EventList"] if root.child("resultsBody") else ["EPCISBody", "QueryResults", "resultsBody", "EventList"]
    element, place, scope = root, f"/{root.said}", dict(root.declared)
    for name in way:
        found = element.child(name)
        if found is None:
            return
        element, place = found, f"{place}/{found.said}"
        scope |= element.declared
    yield from _inside(element, place, scope)


def _inside(element: Element, place: str, scope: dict[str, str]) -> Iterator[tuple[Element, str, dict[str, str]]]:
    """The events of a list: each is numbered among those of its name, and wrappers are looked through."""
    passed: dict[str, int] = {}
    for one in element.children:
        if not one.space and one.name in fields.WRAPPERS:
            yield from _inside(one, f"{place}/{one.said}", {**scope, **one.declared})
            continue
        passed[one.said] = passed.get(one.said, 0) + 1
        yield one, f"{place}/{one.said}[{passed[one.said]}]", scope


def _described(root: Element) -> Document:
    """The document without its events."""
    made = Document(is_query=root.name == "EPCISQueryDocument", creation_date=root.attributes["creationDate"])
    header = root.child("EPCISHeader")
    if header:
        made.sender, made.receiver = _said(header, "Sender", "Identifier"), _said(header, "Receiver", "Identifier")
        made.document_id = _said(header, "DocumentIdentification", "InstanceIdentifier")
        made.master_data = _master_data(header)
    ignored = next((one for one in root.children if one.space and one.name == "ignoreFields"), None)
    if ignored:
        made.ignored = frozenset(f"{{{one.space}}}{one.name}" for one in ignored.children)
    results = _results(root) if made.is_query else None
    if results:
        made.query_name, made.subscription_id = _text(results, "queryName"), _text(results, "subscriptionID")
    return made


def _text(holder: Element, name: str) -> str | None:
    found = holder.child(name)
    return (found.text.strip() or None) if found else None


def _said(header: Element, group: str, name: str) -> str | None:
    """A line of the Standard Business Document Header (UN/CEFACT, EPCIS 2.0 §9.4)."""
    standard = header.child("StandardBusinessDocumentHeader")
    found = standard.child(group) if standard else None
    return _text(found, name) if found else None


def _master_data(header: Element) -> dict[str, Any] | None:
    """The header's master data in the shape of JSON (EPCIS 2.0 §9.4): ``{vocabularyList: [{type, vocabularyElementList}]}``."""
    outer = header.child("extension") or header
    held = outer.child("EPCISMasterData")
    listed = held.child("VocabularyList") if held else None
    if listed is None:
        return None
    found = []
    for vocabulary in listed.children:
        elements = vocabulary.child("VocabularyElementList")
        described = [_entry(one) for one in elements.children] if elements else []
        found.append({"type": vocabulary.attributes.get("type", ""), "vocabularyElementList": described})
    return {"vocabularyList": found}


def _entry(element: Element) -> dict[str, Any]:
    """One entry of a vocabulary: its id, its attributes, and the ids of what lies in it."""
    made: dict[str, Any] = {"id": element.attributes.get("id", "")}
    attributes = [one for one in element.children if one.name == "attribute"]
    if attributes:
        read_ = reading.Reading()
        made["attributes"] = [{"id": one.attributes.get("id", ""), "attribute": _value(read_, one)} for one in attributes]
    children = element.child("children")
    if children:
        made["children"] = [one.text.strip() for one in children.children]
    return made


def _value(read_: reading.Reading, attribute: Element) -> Any:
    """The value of an attribute: text, or an object of elements."""
    value = read_.extension(attribute, "")
    if isinstance(value, dict):
        value.pop("id", None)
        return value.get("#text", "") if set(value) <= {"#text"} else value
    return value
