"""Credentials secured with Data Integrity proofs (W3C vc-data-integrity 1.0, vc-di-eddsa 1.0, vc-di-ecdsa 1.0). Pure.

eddsa-jcs-2022, eddsa-rdfc-2022, ecdsa-jcs-2019, ecdsa-rdfc-2019; a proof or a set of proofs.
A signature here says only that the holder of a key signed these claims: whether that key is
the issuer's is asked elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from suppliers.credentials import canonical, dids
from suppliers.credentials.jose import SKEW
from suppliers.credentials.moments import moment
from suppliers.credentials.multibase import from_base58
from suppliers.credentials.refusals import Refused, outcome, unknown

MAX_PROOFS: Final = 4
_HASHES: Final = {"Ed25519": hashlib.sha256, "P-256": hashlib.sha256, "P-384": hashlib.sha384}


@dataclass(frozen=True)
class _Suite:
    kinds: tuple[str, ...]
    jcs: bool


_SUITES: Final = {
    "eddsa-jcs-2022": _Suite(("Ed25519",), jcs=True),
    "eddsa-rdfc-2022": _Suite(("Ed25519",), jcs=False),
    "ecdsa-jcs-2019": _Suite(("P-256", "P-384"), jcs=True),
    "ecdsa-rdfc-2019": _Suite(("P-256", "P-384"), jcs=False),
}


def verify(
    document: Mapping[str, Any], issuer: str | None, *, documents: dids.Documents, at: datetime, contexts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """An outcome for each proof, in order: ``result because method cryptosuite key controller ask``. Never raises.

    The order of the document's proofs means nothing, and each is judged against the document
    without any of them (Data Integrity 1.0, section 2.1.1).
    """
    proofs = document.get("proof")
    listed = proofs if isinstance(proofs, list) else [proofs]
    if not listed or len(listed) > MAX_PROOFS:
        return [outcome("failed", "credential.proof")]
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    return [_outcome(each, unsecured, issuer, documents, at, contexts) for each in listed]


def _outcome(
    proof: Any, unsecured: dict[str, Any], issuer: str | None, documents: dids.Documents, at: datetime, contexts: Mapping[str, Any]
) -> dict[str, Any]:
    if not isinstance(proof, dict):
        return outcome("failed", "credential.proof")
    about = {"method": str(proof.get("type"))[:100], "cryptosuite": str(proof.get("cryptosuite", ""))[:100]}
    try:
        method = _verified(proof, unsecured, issuer, documents, at, contexts)
    except Refused as refused:
        controller = dids.controller_of(proof.get("verificationMethod"), issuer)
        return outcome(refused.result, refused.code, **about, ask=refused.ask, controller=controller)
    return outcome("passed", "credential.signed", **about, key=method.id, controller=method.controller)


def _verified(
    proof: dict[str, Any],
    unsecured: dict[str, Any],
    issuer: str | None,
    documents: dids.Documents,
    at: datetime,
    contexts: Mapping[str, Any],
) -> dids.Method:
    suite = _suite(proof)
    _check_times(proof, at)
    url = dids.absolute_url(proof.get("verificationMethod"), issuer)
    if url is None:
        raise Refused("credential.kid")
    if url.split("#", 1)[0] != issuer and url.startswith("did:web:") and url.split("#", 1)[0] not in documents:
        raise unknown("credential.kid_controller")  # a stranger's document is not worth asking for
    method = dids.find(url, documents=documents, at=at)
    if method.key.kind not in suite.kinds:
        raise Refused("credential.alg")
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z"):
        raise Refused("credential.multibase")
    if not method.key.signed(hash_data(proof, unsecured, method.key.kind, contexts=contexts), from_base58(value[1:])):
        raise Refused("credential.signature")
    return method


def _suite(proof: Mapping[str, Any]) -> _Suite:
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") not in _SUITES:
        raise unknown("credential.suite") if isinstance(proof.get("type"), str) else Refused("credential.proof")
    if proof.get("proofPurpose") != "assertionMethod":
        raise Refused("credential.purpose")
    if "previousProof" in proof:
        raise unknown("credential.proof_chain")
    return _SUITES[str(proof["cryptosuite"])]


def _check_times(proof: Mapping[str, Any], at: datetime) -> None:
    for name in ("created", "expires"):
        if name not in proof:
            continue
        when = moment(proof[name])
        if when is None:
            raise Refused("credential.proof_date")
        if name == "created" and when > at + SKEW:
            raise Refused("credential.proof_not_yet")
        if name == "expires" and when <= at:
            raise Refused("credential.proof_expired")


def hash_data(proof: Mapping[str, Any], unsecured: Mapping[str, Any], kind: str, *, contexts: Mapping[str, Any]) -> bytes:
    """hash(canonical proof options) and hash(canonical document), one after the other: what is signed.

    vc-di-eddsa sections 3.2.3–3.2.5 and 3.3.2–3.3.5, vc-di-ecdsa likewise; SHA-384 with P-384.
    """
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    digest = _HASHES[kind]
    if _SUITES[str(proof["cryptosuite"])].jcs:
        document = _in_context_of(options, unsecured)
        return digest(canonical.jcs(options)).digest() + digest(canonical.jcs(document)).digest()
    options["@context"] = unsecured.get("@context")
    parts = [canonical.rdfc(each, contexts=contexts) for each in (options, unsecured)]
    return digest(parts[0]).digest() + digest(parts[1]).digest()


def _in_context_of(options: Mapping[str, Any], unsecured: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document under the contexts that the proof was made under; they must be the first of its own (3.3.2 step 2)."""
    if "@context" not in options:
        return unsecured
    signed, own = (_listed(each.get("@context")) for each in (options, unsecured))
    if own[: len(signed)] != signed:
        raise Refused("credential.context")
    return {**unsecured, "@context": options["@context"]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
