"""Two questions about an opened credential, kept apart: did this key sign it, and is the key the issuer's? Pure.

W3C's own test vectors pass the first and fail the second. Only both together mean that the
issuer said it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from suppliers.credentials import dids, integrity, jose
from suppliers.credentials.contexts import CONTEXTS
from suppliers.credentials.enveloped import Opened
from suppliers.credentials.refusals import Refused, outcome

_ORDER: Final = ("failed", "passed", "inconclusive")


@dataclass(frozen=True)
class Given:
    """What the reader was given: DID documents, status lists as bytes, the moment, contexts."""

    at: datetime
    documents: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, bytes] = field(default_factory=dict)
    contexts: Mapping[str, Any] = field(default_factory=lambda: CONTEXTS)


@dataclass(frozen=True)
class Verified:
    """``proof`` and ``binding`` as outcomes; ``dids`` whose documents are asked for; ``proofs`` one by one."""

    proof: dict[str, Any]
    binding: dict[str, Any]
    dids: tuple[str, ...] = ()
    proofs: tuple[dict[str, Any], ...] = ()

    @property
    def by_issuer(self) -> bool:
        return bool(self.proof["result"] == self.binding["result"] == "passed")


def issuer_of(document: Mapping[str, Any]) -> str | None:
    """The issuer's id, be the issuer a string or an object."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) and issuer else None


def verify(opened: Opened, given: Given) -> Verified:
    """Never raises. Unsigned is inconclusive, not failed: nobody lied, nobody signed."""
    issuer = issuer_of(opened.document)
    if opened.token is not None:
        proofs = [_token(opened, issuer, given)]
    elif opened.form == "data-integrity":
        proofs = integrity.verify(opened.document, issuer, documents=given.documents, at=given.at, contexts=given.contexts)
    else:
        return Verified(outcome("inconclusive", "credential.unsigned"), outcome("inconclusive", "credential.unsigned"))
    proof = min(proofs, key=lambda each: _ORDER.index(each["result"]))
    asked = tuple(sorted({str(each.pop("ask")) for each in proofs if each.get("ask")}))
    for each in proofs:
        each.pop("ask", None)
    return Verified(_chosen(proof, proofs, issuer), _binding(proofs, issuer), asked, tuple(proofs))


def _token(opened: Opened, issuer: str | None, given: Given) -> dict[str, Any]:
    token = opened.token
    assert token is not None
    about = {"method": "jwt", "alg": str(token.header.get("alg"))[:40]}
    try:
        return {**jose.verify(token, opened.document, issuer, documents=given.documents, at=given.at), "method": "jwt"}
    except Refused as refused:
        controller = dids.controller_of(token.header.get("kid"), issuer)
        return outcome(refused.result, refused.code, **about, ask=refused.ask, controller=controller)


def _chosen(proof: dict[str, Any], proofs: list[dict[str, Any]], issuer: str | None) -> dict[str, Any]:
    """Of several proofs that passed, the issuer's own is the one to show."""
    if proof["result"] == "passed":
        return next((each for each in proofs if each["result"] == "passed" and each.get("controller") == issuer), proof)
    return proof


def _binding(proofs: list[dict[str, Any]], issuer: str | None) -> dict[str, Any]:
    """Passed: some proof that passed was made with a key that the issuer's own document lists."""
    if issuer is None:
        return outcome("failed", "credential.issuer_missing")
    passed = [each for each in proofs if each["result"] == "passed"]
    if any(each.get("controller") == issuer for each in passed):
        return outcome("passed", "credential.issuer_key", issuer=issuer)
    if passed or all(each.get("controller") not in (None, issuer) for each in proofs):
        return outcome("failed", "credential.controller", issuer=issuer)
    return outcome("inconclusive", "credential.not_verified", issuer=issuer)
