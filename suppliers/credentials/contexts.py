"""What the terms of W3C's credentials mean, as tables of our own; no context is ever fetched. Pure.

Written from Verifiable Credentials Data Model 2.0 (Appendix B), Data Integrity 1.0, Controlled
Identifiers 1.0 and Bitstring Status List 1.0: the same terms, the same types, the same scopes,
so that a document gives the same RDF as with the published files. One quirk of the published
file is kept because signatures depend on it: ``statusSize`` and the counted seconds of JWT
name XML Schema's types with ``https``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"

_CRED = "https://www.w3.org/2018/credentials#"
_SEC = "https://w3id.org/security#"
_STATUS = "https://www.w3.org/ns/credentials/status#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_XSD_AS_PUBLISHED = "https://www.w3.org/2001/XMLSchema#"
_SCHEMA = "https://schema.org/"
_JWT = "https://www.iana.org/assignments/jwt#"
_JOSE = "https://www.iana.org/assignments/jose#"

Table = dict[str, Any]


def _typed(iri: str, type_: str, **more: Any) -> Table:
    return {"@id": iri, "@type": type_, **more}


def _links(space: str, *names: str) -> Table:
    """Terms whose values are other things."""
    return {name: _typed(space + name, "@id") for name in names}


def _plain(space: str, *names: str) -> Table:
    return {name: space + name for name in names}


def _scope(**terms: Any) -> Table:
    """A context that nobody may redefine, with the two names of keywords in it."""
    return {"@protected": True, "id": "@id", "type": "@type", **terms}


def _class(iri: str, **terms: Any) -> Table:
    """A type that brings its own terms."""
    return {"@id": iri, "@context": _scope(**terms)}


_NAMED: Final = {"name": _SCHEMA + "name", "description": _SCHEMA + "description"}
_PROOF: Final = {"proof": _typed(_SEC + "proof", "@id", **{"@container": "@graph"})}
_MULTIBASE: Final = _SEC + "multibase"


def _moment(iri: str) -> Table:
    return _typed(iri, _XSD + "dateTime")


def _purposes() -> Table:
    short = ("assertionMethod", "authentication", "capabilityDelegation", "capabilityInvocation", "keyAgreement")
    return {
        name: _typed(_SEC + (name if name == "assertionMethod" else name + "Method"), "@id", **{"@container": "@set"}) for name in short
    }


def _integrity_proof() -> Table:
    return _class(
        _SEC + "DataIntegrityProof",
        **_plain(_SEC, "challenge", "domain", "nonce"),
        created=_moment("http://purl.org/dc/terms/created"),
        expires=_moment(_SEC + "expiration"),
        cryptosuite=_typed(_SEC + "cryptosuite", _SEC + "cryptosuiteString"),
        previousProof=_typed(_SEC + "previousProof", "@id"),
        proofPurpose=_typed(_SEC + "proofPurpose", "@vocab", **{"@context": _scope(**_purposes())}),
        proofValue=_typed(_SEC + "proofValue", _MULTIBASE),
        verificationMethod=_typed(_SEC + "verificationMethod", "@id"),
    )


def _credential() -> Table:
    linked = (
        "confidenceMethod", "credentialSchema", "credentialStatus", "credentialSubject", "evidence", "issuer",
        "refreshService", "relatedResource", "renderMethod", "termsOfUse",
    )  # fmt: skip
    moments = {name: _moment(_CRED + name) for name in ("validFrom", "validUntil")}
    return _class(_CRED + "VerifiableCredential", **_links(_CRED, *linked), **_NAMED, **_PROOF, **moments)


def _presentation() -> Table:
    held = _typed(_CRED + "verifiableCredential", "@id", **{"@container": "@graph", "@context": None})
    return _class(_CRED + "VerifiablePresentation", **_links(_CRED, "holder", "termsOfUse"), **_PROOF, verifiableCredential=held)


def _status_list() -> Table:
    encoded = _typed(_STATUS + "encodedList", _MULTIBASE)
    return _class(_STATUS + "BitstringStatusList", encodedList=encoded, **_plain(_STATUS, "statusPurpose", "ttl"))


def _status_entry() -> Table:
    message = {"@id": _STATUS + "statusMessage", "@context": _scope(**_plain(_STATUS, "message", "status"))}
    return _class(
        _STATUS + "BitstringStatusListEntry",
        **_links(_STATUS, "statusListCredential", "statusReference"),
        **_plain(_STATUS, "statusListIndex", "statusPurpose"),
        statusMessage=message,
        statusSize=_typed(_STATUS + "statusSize", _XSD_AS_PUBLISHED + "integer"),
    )


def _json_schema() -> Table:
    return _class(_CRED + "JsonSchema", jsonSchema=_typed(_CRED + "jsonSchema", "@json"))


def _selective_disclosure() -> Table:
    seconds = {name: _typed(_JWT + name, _XSD_AS_PUBLISHED + "nonNegativeInteger") for name in ("exp", "iat", "nbf")}
    confirmation = {"@protected": True, "kid": _typed(_JWT + "kid", "@id"), "jwk": _typed(_JWT + "jwk", "@json")}
    return {
        "...": {"@id": _JWT + "..."},
        "_sd": _typed(_JWT + "_sd", "@json"),
        "_sd_alg": {"@id": _JWT + "_sd_alg"},
        "aud": _typed(_JWT + "aud", "@id"),
        "cnf": {"@id": _JWT + "cnf", "@context": confirmation},
        **seconds,
        **_links(_JOSE, "iss", "jku", "kid", "sub", "x5u"),
    }


def _credentials_v2() -> Table:
    return _scope(
        **_NAMED,
        digestMultibase=_typed(_SEC + "digestMultibase", _MULTIBASE),
        digestSRI=_typed(_CRED + "digestSRI", _CRED + "sriString"),
        mediaType={"@id": _SCHEMA + "encodingFormat"},
        VerifiableCredential=_credential(),
        VerifiablePresentation=_presentation(),
        JsonSchema=_json_schema(),
        BitstringStatusList=_status_list(),
        BitstringStatusListEntry=_status_entry(),
        BitstringStatusListCredential=_STATUS + "BitstringStatusListCredential",
        DataIntegrityProof=_integrity_proof(),
        **_plain(_CRED, "EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation", "JsonSchemaCredential"),
        **_selective_disclosure(),
    )


def _vocabulary(space: str) -> Table:
    return {"@vocab": space}


CONTEXTS: Final[Mapping[str, Table]] = {
    CREDENTIALS_V2: _credentials_v2(),
    "https://www.w3.org/ns/credentials/examples/v2": _vocabulary("https://www.w3.org/ns/credentials/examples#"),
    "https://www.w3.org/ns/credentials/undefined-terms/v2": _vocabulary("https://www.w3.org/ns/credentials/undefined-term#"),
    "https://w3id.org/security/data-integrity/v2": _scope(**_PROOF, DataIntegrityProof=_integrity_proof()),
}


def named_in(document: Any) -> set[str]:
    """Every context URL that a document names, at any depth."""
    names: set[str] = set()
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            own = each.get("@context")
            names.update(item for item in (own if isinstance(own, list) else [own]) if isinstance(item, str))
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return names


def inline_in(document: Any) -> bool:
    """Whether a document defines terms of its own (a context that is an object), at any depth."""
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            own = each.get("@context")
            if any(isinstance(item, dict) for item in (own if isinstance(own, list) else [own])):
                return True
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return False
