"""Credentials: W3C Verifiable Credentials 2.0 in every form they arrive in, and GS1's unsigned certification details. Pure.

Bytes and plain values in, plain values out: no clock, no network, no table. It runs inside the
child that reads strangers' bytes. Whatever would have to be fetched, a DID document or a status
list, is asked for by name, and the caller looks again with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from suppliers.credentials import enveloped, fields, gs1, status, structure, untp, verifying
from suppliers.credentials.contexts import CONTEXTS, named_in
from suppliers.credentials.dids import document_url
from suppliers.credentials.fetched import ListFacts, Moved, did_document, list_facts, moved
from suppliers.credentials.parts import types_of
from suppliers.credentials.plain import identified, text
from suppliers.credentials.refusals import Refused, outcome

__all__ = ["ListFacts", "Moved", "did_document", "document_url", "list_facts", "look", "moved", "troubled"]


def look(
    content: bytes,
    *,
    documents: Mapping[str, Any],
    lists: Mapping[str, bytes],
    at: datetime,
    contexts: Mapping[str, Any] | None = None,
    list_issuers: Collection[str] = (),
    list_floors: Mapping[str, str] | None = None,
    list_fetched: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What a credential says and how far it is to be believed, as plain JSON. Never raises for whatever bytes.

    ``documents`` DID to its DID document; ``lists`` URL of a status list to the bytes found there;
    ``at`` the moment for which it is judged (aware). ``contexts`` adds JSON-LD contexts by URL;
    the ``list_*`` are those of ``status.Trust``.

    ``trouble`` None, or why it could not be read at all (then the rest is empty) · ``form`` jwt,
    enveloped, data-integrity, unsigned, jsonld · ``proof`` {result, because, method, …} the
    mathematics · ``binding`` {result, because} whether the key is the issuer's · ``status``
    {result, because, purpose, list, index} · ``structure`` flaws [{because, at}] · ``asks``
    {dids, lists} to bring and look again · ``fields`` proposed fields · the rest are facts. Only
    ``proof`` and ``binding`` both passed mean that the issuer said it.
    """
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    given = verifying.Given(moment, documents, lists, {**CONTEXTS, **(contexts or {})})
    trust = status.Trust(list_issuers, list_floors or {}, list_fetched or {})
    try:
        return _looked(enveloped.open_content(content), given, trust)
    except Refused as refused:
        return troubled(refused.code, refused.result)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError):
        return troubled("credential.broken")  # a shape that nobody foresaw is still only a bad file


def troubled(code: str, result: str = "failed") -> dict[str, Any]:
    """The answer for bytes in which no credential can be read, because of ``code``."""
    return {**_EMPTY, "trouble": code, "proof": outcome(result, code), "binding": outcome("inconclusive", code)}


_EMPTY: dict[str, Any] = {
    "trouble": None, "form": None, "wrapping": None, "count": 0, "id": "", "types": [], "issuer": None, "issuer_name": "",
    "subject": "", "subject_name": "", "valid_from": None, "valid_until": None, "standard": None, "proofs": [],
    "status": {"result": "unknown", "because": "credential.status_none", "purpose": None, "list": None, "index": None},
    "statuses": [], "structure": [], "contexts_unknown": [], "asks": {"dids": [], "lists": []}, "fields": {}, "lines": [],
    "attestation_type": "", "assessor_level": "", "assessment_level": "", "scheme": "", "conformance": None,
    "accreditations": [], "products": [], "facilities": [], "evidence": [], "identity": None, "certifications": [],
}  # fmt: skip


def _looked(opened: enveloped.Opened, given: verifying.Given, trust: status.Trust) -> dict[str, Any]:
    document = opened.document
    if opened.form == "jsonld":
        return _claimed(document)
    verified = verifying.verify(opened, given)
    found = status.ask(document, given, trust)
    issued = opened.token is not None
    flaws = [] if opened.wrapping is None else structure.judge(opened.wrapping, contexts=given.contexts)
    if opened.wrapping is None or opened.token is not None:
        flaws += structure.judge(document, issued=issued, contexts=given.contexts)
    seen = {
        **_EMPTY,
        **_about(document),
        "form": opened.form,
        "wrapping": None if opened.wrapping is None else next(iter(types_of(opened.wrapping)), ""),
        "count": opened.count,
        "trouble": "credential.several" if opened.count > 1 else None,
        "proof": verified.proof,
        "proofs": list(verified.proofs),
        "binding": verified.binding,
        "status": found.answer,
        "statuses": list(found.entries),
        "structure": flaws[: structure.MAX_FLAWS],
        "contexts_unknown": sorted(each[:500] for each in named_in(document) if each not in given.contexts)[:20],
        "asks": {"dids": sorted({*verified.dids, *found.dids}), "lists": list(found.lists)},
    }
    return seen


def _about(document: dict[str, Any]) -> dict[str, Any]:
    """What it says: the facts of UNTP where they are, and those that every credential has."""
    facts = untp.facts(document)
    subject, version = untp.subject_of(document), untp.version_of(document)
    proposed = fields.of_credential(document, facts)
    shown = {"type": types_of(document), "issuer": verifying.issuer_of(document), "conformance": str(facts["conformance"] or "")}
    return {
        "id": text(document.get("id")),
        "types": [each[:200] for each in types_of(document)[:20]],
        "issuer": verifying.issuer_of(document),
        "issuer_name": identified(document.get("issuer"))["name"],
        "subject": text(subject.get("id")),
        "subject_name": text(subject.get("name")),
        "valid_from": text(document.get("validFrom") or document.get("issuanceDate")) or None,
        "valid_until": text(document.get("validUntil") or document.get("expirationDate")) or None,
        "standard": {"name": f"untp-{version[0]}", "version": version[1]} if version else None,
        "scheme": facts["scheme"]["name"],
        "identity": untp.identity(document),
        "fields": proposed,
        "lines": fields.lines(proposed, more=shown),
        **{name: facts[name] for name in _FACTS},
    }


_FACTS = (
    "attestation_type", "assessor_level", "assessment_level", "conformance", "accreditations", "products", "facilities", "evidence",
)  # fmt: skip


def _claimed(document: dict[str, Any]) -> dict[str, Any]:
    """JSON-LD that is no credential: GS1's certification details, or nothing that this house reads."""
    if not gs1.is_gs1(document):
        return troubled("credential.not_one", "inconclusive")
    facts = gs1.facts(document)
    proposed = fields.of_gs1(facts)
    more = {f"certification {index + 1}": list(each.values()) for index, each in enumerate(facts["certifications"])}
    unsigned = outcome("inconclusive", "credential.unsigned")
    return {
        **_EMPTY,
        "form": "jsonld", "count": 1, "id": facts["id"], "types": [facts["kind"]] if facts["kind"] else [],
        "subject": facts["id"], "subject_name": facts["name"], "issuer_name": proposed.get("issuer_name", {}).get("value", ""),
        "standard": {"name": "gs1-voc", "version": ""}, "proof": unsigned, "binding": dict(unsigned),
        "certifications": facts["certifications"], "fields": proposed, "lines": fields.lines(proposed, more=more),
        "scheme": next((each["standard"] for each in facts["certifications"]), ""),
    }  # fmt: skip
