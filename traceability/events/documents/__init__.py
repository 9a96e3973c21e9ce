"""Documents of EPCIS 2.0, read and written: JSON, JSON-LD and XML in one and the same form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kernel.errors import Invalid, flaw
from traceability.events.documents import from_json, from_xml
from traceability.events.documents.document import Document, Flaws, Told

__all__ = ["JSON", "XML", "Document", "Flaws", "Told", "event", "read"]

JSON: Final = frozenset({"application/json", "application/ld+json"})
XML: Final = frozenset({"application/xml", "text/xml"})


def read(body: bytes, media_type: str, prefixes: Mapping[str, str] | None = None) -> Document:
    """Take a document apart; ``media_type`` as in a Content-Type header, its parameters do not count. ``prefixes`` → namespaces
    that were declared beside it (header GS1-Extensions, EPCIS 2.0 §12.4); XML declares all of its own.

    Raises Invalid when it cannot be read as a whole. What is wrong with single events is told beside them.
    """
    if _xml(media_type):
        return from_xml.read(body)
    return from_json.read(body, prefixes)


def event(body: bytes, media_type: str, prefixes: Mapping[str, str] | None = None) -> tuple[Told, Flaws]:
    """One event on its own, and what is wrong with it. Raises Invalid when there is none."""
    if _xml(media_type):
        return from_xml.event(body)
    return from_json.event(body, prefixes)


def _xml(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    if kind in XML:
        return True
    if kind in JSON:
        return False
    raise Invalid(errors=[flaw("", "json-or-xml", f"{kind!r} is neither JSON nor XML")])
