"""The links of a thing as a linkset, for machines: JSON, JSON-LD, and what a ``Link`` field says of it. Pure.

Sources: RFC 9264 (linkset), RFC 8288 (Link field); GS1-Conformant Resolver 1.2.1 and its JSON
schema, which wants an ``hreflang`` to be ``ll`` or ``ll-CC`` and a description of each thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

from traceability.resolver import Level, Target, headers, linktypes
from traceability.resolver.linktypes import LINK_TYPES

JSON_LD: Final = "application/ld+json"
CONTEXT_RELATION: Final = "http://www.w3.org/ns/json-ld#context"
_DUBLIN_CORE: Final = "http://purl.org/dc/terms/"
_HREFLANG: Final = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_MEDIA_TYPE: Final = re.compile(r"\w+/[-+.\w]+", re.ASCII)
_ADDRESS: Final = "!#$%&'()*+,-./:;=?@[]_~"

CONTEXT: Final[dict[str, Any]] = {
    "@context": {
        "gs1": linktypes.VOCABULARY,
        "dcterms": _DUBLIN_CORE,
        "@vocab": "http://www.iana.org/assignments/relation/",
        "linkset": "@graph",
        "anchor": "@id",
        "href": "@id",
        "itemDescription": "http://www.w3.org/2000/01/rdf-schema#comment",
        "title": "dcterms:title",
        "hreflang": {"@id": "dcterms:language", "@container": "@set"},
        "type": "dcterms:format",
        "context": {"@id": "dcterms:coverage", "@container": "@set"},
        "fwqs": None,
        "public": None,
    }
}
"""How a linkset reads as JSON-LD; the document behind ``context_url``."""


def document(levels: Sequence[Level]) -> dict[str, Any]:
    """``{"linkset": […]}``: one context object a level that has links, as RFC 9264 and GS1's schema want it.

    The default stands there twice: by itself with its address and title alone, and among its type.
    """
    return {"linkset": [_context_object(level) for level in levels if level.targets]}


def json_ld(levels: Sequence[Level], context_url: str) -> dict[str, Any]:
    """The same, as JSON-LD by the context at ``context_url``."""
    return {"@context": context_url, **document(levels)}


def link_header(*, linkset: str | None = None, context: str | None = None, same_as: str | None = None) -> str:
    """The ``Link`` field; "" when nothing is given.

    ``linkset``: where the linkset is, told with every redirect; ``context``: where the JSON-LD
    context is, told with every linkset; ``same_as``: the Digital Link of a request that came as EPC binary.
    """
    links = []
    if linkset:
        links.append(f'<{_address(linkset)}>; rel="linkset"; type="application/linkset+json"')
    if context:
        links.append(f'<{_address(context)}>; rel="{CONTEXT_RELATION}"; type="{JSON_LD}"')
    if same_as:
        links.append(f'<{_address(same_as)}>; rel="owl:sameAs"')
    return ", ".join(links)


def _context_object(level: Level) -> dict[str, Any]:
    links: dict[str, Any] = {"anchor": _address(level.anchor), "itemDescription": level.description}
    default = level.default()
    if default:
        links[linktypes.uri(linktypes.DEFAULT)] = [_bare(default)]
    variants = level.variants()
    if variants:
        links[linktypes.uri(linktypes.DEFAULT_MULTI)] = [_described(target) for target in variants]
    for target in level.targets:
        links.setdefault(linktypes.uri(target.link_type), []).append(_described(target))
    return links


def _bare(target: Target) -> dict[str, Any]:
    return {"href": _address(target.href), "title": target.title or LINK_TYPES[target.link_type].title_en}


def _described(target: Target) -> dict[str, Any]:
    link = _bare(target)
    language = headers.short(target.language) if target.language else ""
    if _HREFLANG.fullmatch(language) or _HREFLANG.fullmatch(language := language.partition("-")[0]):
        link["hreflang"] = [language]
    if target.media_type and _MEDIA_TYPE.match(target.media_type):
        link["type"] = target.media_type
    if target.context:
        link["context"] = [target.context]
    if not target.passes_query:
        link["fwqs"] = False
    return link


def _address(address: str) -> str:
    """``address`` in characters that may stand in one, its scheme in lower case: GS1's schema reads no other."""
    scheme, mark, rest = address.partition("://")
    if mark:
        host, slash, path = rest.partition("/")
        if not host.isascii():
            with suppress(UnicodeError):
                host = host.encode("idna").decode("ascii")
        address = f"{scheme.lower()}://{host}{slash}{path}"
    return quote(address, safe=_ADDRESS)
