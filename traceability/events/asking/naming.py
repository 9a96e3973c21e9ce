"""Names of fields that are not the standard's: a prefix and a word, or the whole IRI. Pure.

Prefixes mean what the query's ``@context``, or header GS1-Extensions, says they mean; in an event what its own
``@context`` says. Two names are one when their IRIs are. XML binds a word to its namespace without joining
them, so ``http://ns.example.com/epcis`` + ``field`` may be asked for as ``…/epcisfield`` (JSON-LD) and as
``…/epcis#field`` (EPCIS 2.0 §8.2.7.1: the fully qualified name of an extension field).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from traceability.events.asking.values import Wrong

Field = frozenset[str]
"""The IRIs by which one field may be named."""

STANDARD: Final = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": "https://ref.gs1.org/voc/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
"""The prefixes of the standard's own context, which nobody need declare."""

GS1: Final = ("https://ref.gs1.org/voc/", "https://gs1.org/voc/")
"""One vocabulary under two addresses: the published context has the first, its drafts and the event hash the second."""


def context_of(header: str) -> dict[str, str]:
    """The prefixes that header GS1-Extensions declares: ``ext=https://ns.example.com/,other=…``.

    Raises Wrong (rule ``namespace``).
    """
    found = {}
    for entry in filter(None, (part.strip() for part in header.split(","))):
        prefix, equals, namespace = (part.strip() for part in entry.partition("="))
        if not prefix or not equals or ":" not in namespace:
            raise Wrong("namespace", f"{entry[:80]!r} is not prefix=namespace")
        found[prefix] = namespace
    return found


def prefixes(context: object) -> dict[str, str]:
    """The prefixes that a JSON-LD ``@context`` declares; its addresses are not fetched. Raises Wrong."""
    found: dict[str, str] = {}
    for part in context if isinstance(context, (list, tuple)) else (context,):
        if isinstance(part, Mapping):
            found |= {prefix: text for prefix, text in part.items() if isinstance(text, str) and not prefix.startswith("@")}
        elif not isinstance(part, str):
            raise Wrong("namespace", "must be an address, an object of prefixes, or a list of these")
    return found


def asked(name: str, known: Mapping[str, str]) -> Field:
    """The field that a query names: ``prefix:word`` with a known prefix, or an IRI. Raises Wrong (rule ``namespace``)."""
    prefix, _, local = name.partition(":")
    if prefix in known and local:
        return _joined(known[prefix], local)
    if local.startswith("//") or prefix == "urn":
        return frozenset({name})
    raise Wrong("namespace", f"the prefix {prefix[:80]!r} is not declared: give @context, or header GS1-Extensions")


def told(key: str, known: Mapping[str, str]) -> Field:
    """The field that a key of an event names."""
    prefix, colon, local = key.partition(":")
    return _joined(known[prefix], local) if colon and prefix in known else frozenset({key})


def expanded(text: str, known: Mapping[str, str]) -> str:
    """A value such as ``ext:word`` as the IRI it stands for; anything else as it is."""
    prefix, colon, local = text.partition(":")
    return known[prefix] + local if colon and prefix in known and not local.startswith("//") else text


def fields(part: object, known: Mapping[str, str]) -> Iterator[tuple[Field, Any]]:
    """The extension fields directly in one part of an event, with their values."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if ":" in key:
                yield told(key, known), value


def within(part: object, known: Mapping[str, str]) -> Iterator[tuple[Field, Any]]:
    """The extension fields at any depth inside the extension fields of one part, without these themselves."""
    for _, value in fields(part, known):
        yield from _deeper(value, known)


def scalars(value: object) -> Iterator[str | int | float | bool]:
    """The plain values that one field holds: a list's members, and what JSON-LD wraps in an object."""
    if isinstance(value, list):
        for one in value:
            yield from scalars(one)
    elif isinstance(value, Mapping):
        for key in ("@value", "@id", "id", "#text"):
            if key in value:
                yield from scalars(value[key])
    elif isinstance(value, (str, int, float, bool)):
        yield value


def _joined(namespace: str, local: str) -> Field:
    spaces = GS1 if namespace in GS1 else (namespace,)
    return frozenset(iri for space in spaces for iri in (space + local, f"{space}#{local}"))


def _deeper(value: object, known: Mapping[str, str]) -> Iterator[tuple[Field, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _deeper(one, known)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield told(key, known), inner
            yield from _deeper(inner, known)
