"""Certification details of the GS1 Web Vocabulary: a product, a place or an organisation and what it is certified for. Pure.

JSON-LD without a signature, in compact form, with ``gs1:`` prefixes or with whole IRIs, texts as
strings, language maps or values with languages. It is a claim by whoever sent it and proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from suppliers.credentials.moments import day_of
from suppliers.credentials.parts import listed
from suppliers.credentials.plain import text

_SPACES: Final = ("gs1:", "https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/", "https://ref.gs1.org/voc/")
_KINDS: Final = ("Product", "Place", "Organization")
_MOST: Final = 50
# our name: the vocabulary's names for it, newest first
_TEXTS: Final = {
    "agency": ("certificationAgency",),
    "agency_url": ("certificationAgencyURL",),
    "standard": ("certificationStandard",),
    "value": ("certificationValue",),
    "number": ("certificationIdentification",),
    "link": ("certificationURI", "certificationURL"),
    "status": ("certificationStatus",),
    "statement": ("certificationStatement", "certificationSubject"),
}
_DAYS: Final = {
    "valid_from": ("certificationStartDate", "certificationEffectiveStartDateTime"),
    "valid_until": ("certificationEndDate", "certificationEffectiveEndDateTime"),
    "issued_on": ("issuanceDate", "certificationIssuanceDate", "initialCertificationDate"),
    "audited_on": ("certificationAuditDate",),
}


def short(name: str) -> str:
    """A term of the vocabulary without its space, in whichever way it was written."""
    return next((name.removeprefix(space) for space in _SPACES if name.startswith(space)), name)


def plain(thing: Any) -> dict[str, Any]:
    """The thing with short names; the first of two spellings of one term stays."""
    if not isinstance(thing, Mapping):
        return {}
    made: dict[str, Any] = {}
    for name, value in thing.items():
        made.setdefault(short(name), value)
    return made


def is_gs1(document: Mapping[str, Any]) -> bool:
    """Whether it speaks of certification in GS1's words, or of a thing of GS1's kinds."""
    thing = plain(document)
    return (
        "certification" in thing or bool({"gtin", "locationGLN", "partyGLN", "globalLocationNumber"} & thing.keys()) or _kind(thing) != ""
    )


def facts(document: Mapping[str, Any]) -> dict[str, Any]:
    """``kind`` Product, Place, Organization or "", ``id gtin gln name`` of the certified thing, ``certifications`` in the names above."""
    thing = plain(document)
    names = ("productName", "physicalLocationName", "locationName", "organizationName", "regulatedProductName", "name")
    return {
        "kind": _kind(thing),
        "id": text(thing.get("@id", thing.get("id"))),
        "gtin": text(thing.get("gtin")),
        "gln": text(next((thing[name] for name in ("locationGLN", "partyGLN", "globalLocationNumber", "gln") if name in thing), None)),
        "name": next((text(thing[name]) for name in names if name in thing), ""),
        "certifications": [_certification(plain(each)) for each in listed(thing.get("certification"))[:_MOST] if isinstance(each, Mapping)],
    }


def _kind(thing: Mapping[str, Any]) -> str:
    types = [short(each) for each in listed(thing.get("@type", thing.get("type"))) if isinstance(each, str)]
    return next((kind for kind in _KINDS if any(each == kind or each.endswith(kind) for each in types)), "")


def _certification(details: Mapping[str, Any]) -> dict[str, str]:
    made = {ours: next((text(details[name]) for name in names if name in details), "") for ours, names in _TEXTS.items()}
    for ours, names in _DAYS.items():
        made[ours] = next((day_of(text(details[name])) or "" for name in names if name in details), "")
    return made
