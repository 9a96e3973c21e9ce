"""Proposed fields of a paper, out of a credential's own words: the same shape that OCR proposes. Pure.

They are exact as text (the document says so), which is no statement about their truth; that is
what ``proof`` and ``binding`` are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suppliers.credentials import schemes, untp
from suppliers.credentials.moments import day_of
from suppliers.credentials.parts import listed, types_of
from suppliers.credentials.plain import identified, text, unique, uscc_of

Fields = dict[str, dict[str, Any]]


def field(value: str, raw: Any = None) -> dict[str, Any]:
    return {
        "value": value, "raw": text(raw) if raw is not None else value, "page": 1,
        "box": None, "from": "document", "confidence": 1.0, "repair": None,
    }  # fmt: skip


def of_credential(document: Mapping[str, Any], facts: Mapping[str, Any]) -> Fields:
    """Of any verifiable credential; ``facts`` are ``untp.facts``, which read what other credentials also say."""
    subject, issuer = untp.subject_of(document), document.get("issuer")
    party = facts["party"] if any(facts["party"].values()) else _holder(subject)
    scheme = facts["scheme"]
    named = [scheme["name"], scheme["id"], facts["title"], *facts["standards"], *types_of(dict(document)), text(document.get("name"))]
    values = {
        "kind": schemes.kind_of(named),
        "number": text(subject.get("id")) if facts["attestation_type"] or scheme["name"] else "",
        "holder_name": party["name"],
        "holder_uscc": uscc_of(party),
        "issuer_name": identified(issuer)["name"] if isinstance(issuer, Mapping) else "",
        "lots": ";".join(facts["lots"]),
        "products": ";".join(unique(each["name"] or each["registered"] or each["id"] for each in facts["products"])),
        "site": ";".join(unique(each["name"] or each["registered"] or each["id"] for each in facts["facilities"])),
        "scope": ";".join(unique([scheme["name"], *facts["topics"]])),
        "accreditation": ";".join(unique(each["name"] or each["authority"] for each in facts["accreditations"])),
    }
    values["number"] = values["number"] or text(document.get("id"))
    made = {name: field(value) for name, value in values.items() if value}
    made.update(_days(document, subject))
    extras = {
        "assessment_date": facts["assessed_on"],
        "assessor_level": facts["assessor_level"],
        "attestation_type": facts["attestation_type"],
    }
    made.update({f"extra.{name}": field(value) for name, value in extras.items() if value})
    return made


def _holder(subject: Mapping[str, Any]) -> dict[str, str]:
    """A subject that names itself is the holder; a thing (an attestation, a product) is not."""
    things = {"Product", "Attestation", "ConformityAttestation", "Facility"}
    return identified({} if things & set(types_of(dict(subject))) else subject)


def _days(document: Mapping[str, Any], subject: Mapping[str, Any]) -> Fields:
    """Dates as their writer wrote them; a credential without an end has none ("")."""
    sources = {
        "valid_from": (document.get("validFrom"), document.get("issuanceDate"), subject.get("validFrom")),
        "valid_until": (document.get("validUntil"), document.get("expirationDate"), subject.get("validTo"), subject.get("validUntil")),
        "issued_on": (document.get("issuanceDate"), subject.get("issueDate")),
    }
    made: Fields = {}
    for name, values in sources.items():
        day = next(((day_of(each), each) for each in values if day_of(each)), None)
        if day is not None:
            made[name] = field(str(day[0]), day[1])
        elif name == "valid_until" and not any(values):
            made[name] = field("")
    return made


def of_gs1(facts: Mapping[str, Any]) -> Fields:
    """Of the first certification; a page shows the others beside it."""
    details: Mapping[str, str] = next(iter(facts["certifications"]), {})
    name = facts["name"] or facts["gtin"] or facts["gln"]
    where = {"Product": "products", "Place": "site", "Organization": "holder_name"}.get(facts["kind"], "")
    values = {
        "kind": schemes.kind_of([details.get("standard", ""), details.get("value", "")]) if details else "",
        "number": details.get("number", ""),
        "issuer_name": details.get("agency", ""),
        "valid_from": details.get("valid_from", ""),
        "valid_until": details.get("valid_until", ""),
        "issued_on": details.get("issued_on", ""),
        "scope": ";".join(unique([details.get("standard", ""), details.get("value", "")])),
    }
    made = {key: field(value) for key, value in values.items() if value}
    if where and name:
        made[where] = field(name)
    for label in ("gtin", "gln"):
        if facts[label]:
            made[f"extra.{label}"] = field(facts[label])
    return made


def lines(made: Fields, *, more: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """What can be shown of it, a line a field: {page, text, box}."""
    told = [f"{name}: {each['raw'] or each['value']}" for name, each in made.items() if each["value"]]
    told += [f"{name}: {text(value)}" for name, value in (more or {}).items() for value in listed(value) if text(value)]
    return [{"page": 1, "text": each[:500], "box": None} for each in told[:200]]
