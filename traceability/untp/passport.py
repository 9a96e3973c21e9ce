"""The passport itself: a DigitalProductPassport credential, unsigned. Pure.

Source: UNTP DPP 0.6.0; W3C Verifiable Credentials Data Model 2.0 §4; link types of the GS1 Web Vocabulary.
"""

from __future__ import annotations

import json
import uuid
from typing import Any, Final

from traceability.untp import claims
from traceability.untp.facts import Facts, Party

CONTEXT: Final = ("https://www.w3.org/ns/credentials/v2", "https://test.uncefact.org/vocabulary/untp/dpp/0.6.0/")
_GS1: Final = "https://ref.gs1.org/voc/"
_STANDINGS: Final = {
    "clear": "No recall or hold of this batch is known",
    "held": "This batch is on hold",
    "recalled": "This batch is recalled",
}


def credential(facts: Facts) -> dict[str, Any]:
    """The document, ready for JSON. The same facts bear the same id; only ``validFrom``, when it was told, differs."""
    subject = _subject(facts)
    issuer = {"type": ["CredentialIssuer"], "id": facts.issuer.id, "name": facts.issuer.name}
    content = json.dumps([issuer, subject], sort_keys=True, ensure_ascii=False)
    return {
        "type": ["DigitalProductPassport", "VerifiableCredential"],
        "@context": list(CONTEXT),
        "id": uuid.uuid5(uuid.NAMESPACE_URL, content).urn,
        "issuer": issuer,
        "validFrom": facts.told_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": subject,
    }


def _subject(facts: Facts) -> dict[str, Any]:
    return _filled(
        {
            "type": ["ProductPassport"],
            "id": f"{facts.id}#passport",
            "product": _product(facts),
            "granularityLevel": "item" if facts.serial else "batch",
            "conformityClaim": [claims.claim(paper) for paper in facts.papers],
            "materialsProvenance": [
                _filled(
                    {
                        "type": ["Material"],
                        "name": each.name,
                        "massFraction": float(each.fraction) if each.fraction is not None else None,
                    }
                )
                for each in facts.materials
            ],
            "traceabilityInformation": _traceability(facts),
        }
    )


def _product(facts: Facts) -> dict[str, Any]:
    scheme = facts.scheme
    return _filled(
        {
            "type": ["Product"],
            "id": facts.id,
            "name": facts.name,
            "registeredId": facts.registered,
            "idScheme": {"type": ["IdentifierScheme"], "id": scheme[1], "name": scheme[0]} if scheme else None,
            "batchNumber": facts.batch,
            "serialNumber": facts.serial,
            "description": facts.description,
            "furtherInformation": [
                _link(facts.url, "The story of this batch", "traceability"),
                _link(facts.url, _STANDINGS[facts.standing], "recallStatus"),
            ],
            "producedByParty": _party(facts.producer) if facts.producer else None,
            "producedAtFacility": {"id": facts.facility.id, "name": facts.facility.name} if facts.facility else None,
            "productionDate": facts.produced_on.isoformat() if facts.produced_on else None,
            "countryOfProduction": facts.country,
        }
    )


def _party(party: Party) -> dict[str, Any]:
    scheme = {"type": ["IdentifierScheme"], "name": party.scheme} if party.number else None
    return _filled({"id": party.id, "name": party.name, "registeredId": party.number, "idScheme": scheme})


def _traceability(facts: Facts) -> list[dict[str, Any]]:
    """Events by what was done, in the order in which it was first done."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in facts.events:
        link = {"type": ["SecureLink", "Link"], "linkURL": each.url, "linkName": each.title, "linkType": f"{_GS1}epcis"}
        found.setdefault(each.process, []).append(link)
    return [{"type": ["TraceabilityPerformance"], "valueChainProcess": name, "traceabilityEvent": links} for name, links in found.items()]


def _link(url: str, name: str, link_type: str) -> dict[str, Any]:
    return {"type": ["Link"], "linkURL": url, "linkName": name, "linkType": f"{_GS1}{link_type}"}


def _filled(told: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in told.items() if value not in (None, [], "")}
