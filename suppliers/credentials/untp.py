"""What a UNTP credential says: conformity (DCC) and identity (DIA), in any of their published versions. Pure.

The version stands in ``@context``; 0.6 is read by its own names, older ones leniently by the
names they had. A digest by MD5 or SHA-1 binds no evidence: it is named and not believed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from suppliers.credentials.moments import day_of
from suppliers.credentials.parts import listed, types_of
from suppliers.credentials.plain import first, identified, text, things, unique

_CONTEXT: Final = re.compile(r"https?://[^/]*uncefact\.org/(?:[^/]+/)*untp/(?P<kind>dcc|dia|dpp|dte|dfr|core)/(?P<version>[^/]+)/?")
_STRONG: Final = {"sha256", "sha384", "sha512", "sha3256", "sha3512"}
_BATCH: Final = re.compile(r"/10/(?P<lot>[^/?#]+)")
ASSESSOR_LEVELS: Final = ("Self", "Commercial", "Buyer", "Membership", "3rdParty", "Unspecified")
ASSESSMENT_LEVELS: Final = ("GovtApproval", "GlobalMRA", "Accredited", "Verified", "Validated", "Unspecified")


def version_of(document: Mapping[str, Any]) -> tuple[str, str] | None:
    """("dcc", "0.6.1") out of ``@context``; None when no UNTP context is named."""
    found = [_CONTEXT.fullmatch(each) for each in listed(document.get("@context")) if isinstance(each, str)]
    return next(((each["kind"], each["version"][:40]) for each in found if each), None)


def subject_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((each for each in listed(document.get("credentialSubject")) if isinstance(each, Mapping)), {})


def facts(document: Mapping[str, Any]) -> dict[str, Any]:
    """``attestation_type assessor_level assessment_level scheme party products facilities lots conformance topics standards evidence
    accreditations assessed_on certificate``: what a conformity credential says, empty where it is silent."""
    subject = subject_of(document)
    assessments = things(subject, "assessment", "assessments", "claims") or []
    party = identified(first(subject, "issuedToParty", "issuedTo", "subjectParty", "producedByParty") or {})
    passport = [subject] if "Product" in types_of(dict(subject)) else []
    products = [_product(each) for each in [*passport, *_assessed(subject, assessments, "product")]]
    made_at = things(subject, "producedAtFacility")
    return {
        "attestation_type": text(first(subject, "attestationType", "type") if isinstance(subject.get("attestationType"), str) else None),
        "assessor_level": _level(subject.get("assessorLevel"), ASSESSOR_LEVELS),
        "assessment_level": _level(first(subject, "assessmentLevel", "assuranceLevel"), ASSESSMENT_LEVELS),
        "title": text(first(subject, "name")),
        "scheme": _scheme(first(subject, "scope", "scheme", "conformityScheme")),
        "party": party,
        "products": products,
        "lots": unique(each["lot"] for each in products),
        "facilities": [identified(each) for each in [*made_at, *_assessed(subject, assessments, "facility")]],
        "conformance": _conformance(subject, assessments),
        "topics": unique(text(topic) for each in assessments for topic in listed(each.get("conformityTopic"))),
        "standards": unique(text(first(each.get(name), "name", "id")) for each in assessments for name in _RULES),
        "evidence": _evidence(subject, assessments),
        "accreditations": _accreditations(subject),
        "assessed_on": max((day_of(each.get("assessmentDate")) or "" for each in assessments), default=""),
    }


_RULES: Final = ("referenceStandard", "referenceRegulation", "standard", "regulation")


def identity(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """A digital identity anchor: the register that issued it says that ``did`` belongs to the party ``registered`` there."""
    kind = version_of(document)
    if (kind is None or kind[0] != "dia") and "DigitalIdentityAnchor" not in types_of(dict(document)):
        return None
    subject = subject_of(document)
    who = identified(subject)
    return {
        "did": who["id"], "name": who["name"], "registered": who["registered"], "scheme": who["scheme"],
        "register_type": text(subject.get("registerType")),
        "scopes": unique(text(each) for each in listed(subject.get("registrationScopeList"))),
    }  # fmt: skip


def _level(value: Any, allowed: tuple[str, ...]) -> str:
    """One of the enumeration; a word outside it stays, so that a person sees it."""
    said = text(value)
    return next((each for each in allowed if each.lower() == said.lower()), said[:60])


def _scheme(scheme: Any) -> dict[str, str]:
    found = scheme[0] if isinstance(scheme, list) and scheme else scheme
    if not isinstance(found, Mapping):
        return {"id": "", "name": text(found), "version": "", "owner": ""}
    owner = first(found, "owner", "issuingBody", "issuingParty")
    named = identified(found)
    return {"id": named["id"], "name": named["name"], "version": text(found.get("version")), "owner": identified(owner)["name"]}


def _assessed(subject: Mapping[str, Any], assessments: list[Mapping[str, Any]], what: str) -> list[Mapping[str, Any]]:
    """Each assessed product or facility once, out of its verification where it is wrapped in one."""
    big = what.capitalize()
    plural = {"product": "Products", "facility": "Facilities"}[what]
    names = (f"assessed{big}", f"assessed{plural}", f"subject{plural}", f"tested{plural}")
    found: list[Mapping[str, Any]] = []
    for source in (*assessments, subject):
        for each in things(source, *names):
            inner = each.get(what)
            thing = inner if isinstance(inner, Mapping) else each
            if thing not in found and len(found) < 50:
                found.append(thing)
    if what == "facility":
        found += [each for each in things(subject, "subjects") if "facilityID" in each][:50]
    return found


def _product(thing: Mapping[str, Any]) -> dict[str, str]:
    """With the lot: its own number, or the one in a GS1 Digital Link. A serial number is no lot."""
    lot = _BATCH.search(text(first(thing, "id", "@id")))
    said = text(first(thing, "batchNumber", "batchIdentifier", "lotNumber", "batchNo"))
    return {**identified(thing), "lot": said or (lot["lot"] if lot else "")}


def _conformance(subject: Mapping[str, Any], assessments: list[Mapping[str, Any]]) -> bool | None:
    """False as soon as one assessment says no; True when all that speak say yes; None when none does."""
    said = [each.get(name) for each in (*assessments, subject) for name in ("conformance", "compliance", "compliant") if name in each]
    if any(each is False for each in said):
        return False
    return True if said and all(each is True for each in said) else None


def _evidence(subject: Mapping[str, Any], assessments: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Links with digests. ``strong`` False: a method that can be forged (SHA-1, MD5) or none at all."""
    sources = [*things(subject, "conformityCertificate", "certificate"), *things(subject, "auditableEvidence", "evidence")]
    for each in assessments:
        sources += things(each, "conformityEvidence", "evidence")
    found = []
    for each in sources[:50]:
        digest = text(first(each, "hashDigest", "evidenceRootHash", "fileHash"))
        method = text(first(each, "hashMethod", "hashAlgorithm"))
        strong = bool(digest) and re.sub(r"[^a-z0-9]", "", method.lower()) in _STRONG
        link = text(first(each, "linkURL", "fileLocation", "id"))
        found.append(
            {"link": link, "name": text(first(each, "linkName", "description")), "digest": digest, "method": method, "strong": strong}
        )
    return found


def _accreditations(subject: Mapping[str, Any]) -> list[dict[str, str]]:
    """Who says that the assessor may assess: ``authorisation`` (0.6), ``authorisations``, ``accreditation`` (older)."""
    found = []
    for each in things(subject, "authorisation", "authorisations", "authorization", "accreditation", "accreditations"):
        authority = identified(first(each, "issuingAuthority", "authority", "accreditationAuthority", "issuingParty") or {})
        proof = first(each, "endorsementEvidence", "evidence", "credential", "accreditationCertification")
        link = text(first(proof, "linkURL", "id")) if isinstance(proof, Mapping) else text(proof)
        made = {"id": text(each.get("id")), "name": text(each.get("name")), "authority": authority["name"] or authority["id"], "link": link}
        if made not in found:
            found.append(made)
    return found
