"""Data Integrity proofs: four suites, sets of proofs, and canonical forms that cannot be made to explode or to lie."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest

from suppliers.credentials import canonical
from suppliers.credentials.contexts import CONTEXTS, CREDENTIALS_V2
from suppliers.credentials.refusals import Refused
from tests.suppliers.credentials.making import ISSUER, credential, did_document, proven, seen, signer

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
SUITES = [("eddsa-jcs-2022", "Ed25519"), ("eddsa-rdfc-2022", "Ed25519"), ("ecdsa-jcs-2019", "P-256"), ("ecdsa-rdfc-2019", "P-256"),
          ("ecdsa-jcs-2019", "P-384"), ("ecdsa-rdfc-2019", "P-384")]  # fmt: skip


def issued(suite: str = "eddsa-jcs-2022", kind: str = "Ed25519", *, proof: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    key = signer(kind)
    return proven(credential(issuer=key.did_key, **more), key, suite, **(proof or {}))


def verdict(document: Any, **more: Any) -> tuple[str, str, str]:
    answer = seen(document, **more)
    return answer["proof"]["result"], answer["proof"]["because"].removeprefix("credential."), answer["binding"]["result"]


@pytest.mark.parametrize(("suite", "kind"), SUITES)
def test_six_ways_to_sign_hold_and_a_change_breaks_them(suite: str, kind: str) -> None:
    document = issued(suite, kind)
    assert verdict(document) == ("passed", "signed", "passed")
    changed = copy.deepcopy(document)
    changed["credentialSubject"]["name"] = "别的公司"
    assert verdict(changed) == ("failed", "signature", "inconclusive")
    changed = copy.deepcopy(document)
    changed["proof"]["created"] = "2026-01-02T00:00:00Z"
    assert verdict(changed)[1] == "signature"


def test_a_proof_by_a_did_web_key_is_the_issuers() -> None:
    key = signer("Ed25519")
    document = proven(credential(), key, "eddsa-rdfc-2022", verificationMethod=f"{ISSUER}#k1")
    assert verdict(document, documents={ISSUER: did_document(key)}) == ("passed", "signed", "passed")
    answer = seen(document, documents={})
    assert (answer["proof"]["because"], answer["asks"]["dids"]) == ("credential.key_unknown", [ISSUER])
    elsewhere = {**document, "issuer": "did:web:other.example"}
    assert (verdict(elsewhere, documents={})[1:], seen(elsewhere, documents={})["asks"]["dids"]) == (("kid_controller", "failed"), [])


@pytest.mark.parametrize(
    ("proof", "result", "because"),
    [
        ({"proofPurpose": "authentication"}, "failed", "purpose"),
        ({"expires": "2026-02-01T00:00:00Z"}, "failed", "proof_expired"),
        ({"created": "2027-02-01T00:00:00Z"}, "failed", "proof_not_yet"),
        ({"created": "yesterday"}, "failed", "proof_date"),
        ({"verificationMethod": "did:key:z6Mk"}, "failed", "kid"),
        ({"verificationMethod": None}, "failed", "kid"),
        ({"previousProof": "urn:uuid:1"}, "inconclusive", "proof_chain"),
        ({"type": "Ed25519Signature2020"}, "inconclusive", "suite"),
        ({"cryptosuite": "bbs-2023"}, "inconclusive", "suite"),
        ({"cryptosuite": "ecdsa-jcs-2019"}, "failed", "alg"),
        ({"proofValue": "uAAAA"}, "failed", "multibase"),
        ({"proofValue": "z0"}, "failed", "multibase"),
        ({"proofValue": None}, "failed", "multibase"),
        ({"proofValue": "z" + "1" * 64}, "failed", "signature"),
        ({"@context": ["https://www.w3.org/ns/credentials/undefined-terms/v2"]}, "failed", "context"),
    ],
)
def test_what_a_proof_may_not_say(proof: dict[str, Any], result: str, because: str) -> None:
    document = issued()
    assert verdict({**document, "proof": {**document["proof"], **proof}})[:2] == (result, because)


@pytest.mark.parametrize("proof", [None, [], "proof", [None], {}, [{}] * 5])
def test_no_proof_is_no_proof(proof: Any) -> None:
    assert verdict({**credential(), "proof": proof})[0] == "failed"


def test_of_several_proofs_each_must_hold_and_one_be_the_issuers() -> None:
    own, other = signer("Ed25519"), signer("P-256")
    bare = credential(issuer=own.did_key)
    first, second = (
        proven(bare, each, suite)["proof"] for each, suite in ((own, "eddsa-jcs-2022"), (other, "ecdsa-jcs-2019"))
    )  # fmt: skip
    assert verdict({**bare, "proof": [second, first]}) == ("passed", "signed", "passed")
    assert seen({**bare, "proof": [second, first]})["proof"]["controller"] == own.did_key
    assert verdict({**bare, "proof": [second]}) == ("passed", "signed", "failed")
    assert verdict({**bare, "proof": [first, {**second, "proofValue": first["proofValue"]}]})[0] == "failed"
    unknown = {**second, "cryptosuite": "bbs-2023"}
    assert verdict({**bare, "proof": [unknown, first]}) == ("passed", "signed", "passed")
    stranger = {**bare, "credentialSubject": {"id": "urn:x", "name": "forged"}}
    assert verdict({**stranger, "proof": proven(stranger, other, "ecdsa-jcs-2019")["proof"]}) == ("passed", "signed", "failed")


def test_what_the_signature_does_not_cover_is_not_signed() -> None:
    document = issued("eddsa-rdfc-2022")
    assert verdict({**document, "grade": "A"})[:2] == ("failed", "term_undefined")
    assert verdict({**document, "credentialSubject": {**document["credentialSubject"], "grade": "A"}})[:2] == ("failed", "term_undefined")
    assert verdict({**document, "evidence": {"id": "relative", "type": "https://x.example/E"}})[:2] == ("failed", "term_undefined")


def test_a_key_in_disguise_has_the_same_rdf_and_is_not_believed() -> None:
    """validUntil under its whole IRI is signed all the same, and no reader of JSON would find it."""
    document = issued("eddsa-rdfc-2022")
    until = document.pop("validUntil")
    iri = "https://www.w3.org/2018/credentials#validUntil"
    hidden = {**document, iri: {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": until}}
    assert verdict(hidden)[:2] == ("inconclusive", "context_disguised")
    context = [CREDENTIALS_V2, {"ends": {"@id": iri, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}}]
    assert verdict({**document, "@context": context, "ends": until})[:2] == ("inconclusive", "context_inline")


def test_an_unknown_context_is_said_and_may_be_brought() -> None:
    url = "https://terms.example/v1"
    brought = {url: {"grade": "https://terms.example/#grade"}}
    key = signer("Ed25519")
    bare = credential(issuer=key.did_key, **{"@context": [CREDENTIALS_V2, url], "grade": "A"})
    document = proven(bare, key, "eddsa-rdfc-2022", contexts={**CONTEXTS, **brought})
    answer = seen(document)
    assert (answer["proof"]["result"], answer["proof"]["because"]) == ("inconclusive", "credential.context_unknown")
    assert answer["contexts_unknown"] == [url]
    assert verdict(document, contexts=brought) == ("passed", "signed", "passed")


def test_jcs_signs_the_text_and_needs_no_context() -> None:
    assert verdict(issued(**{"@context": [CREDENTIALS_V2, "https://terms.example/v1"], "grade": "A"}))[0] == "passed"


def poison(count: int) -> dict[str, Any]:
    """A complete graph of blank nodes that all look alike."""
    nodes = [{"id": f"_:n{index}", "knows": [{"id": f"_:n{other}"} for other in range(count) if other != index]} for index in range(count)]
    return credential(**{"@context": [CREDENTIALS_V2, EXAMPLES], "credentialSubject": {"id": "urn:x", "knows": nodes}})


@pytest.mark.parametrize("count", [7, 12, 40])
def test_a_canonicalisation_bomb_ends_early(count: int) -> None:
    began = time.process_time()
    with pytest.raises(Refused, match=r"credential\.too_complex"):
        canonical.rdfc(poison(count))
    assert time.process_time() - began < 5


def test_a_large_honest_document_is_canonicalised() -> None:
    subjects = [{"id": f"urn:x:{index}", "level": str(index), "party": {"label": str(index)}} for index in range(300)]
    began = time.process_time()
    assert canonical.rdfc(credential(**{"@context": [CREDENTIALS_V2, EXAMPLES], "credentialSubject": subjects}))
    assert time.process_time() - began < 5


HEAVY = {
    "contexts": {"@context": [CREDENTIALS_V2] * 20_000},
    "values": {"@context": [CREDENTIALS_V2, EXAMPLES], "credentialSubject": {"id": "urn:x", "k": [f"v{index}" for index in range(45_000)]}},
    "objects": {
        "@context": [CREDENTIALS_V2, EXAMPLES],
        "credentialSubject": [{"id": f"urn:x:{index}", "type": "VerifiableCredential"} for index in range(9000)],
    },
    "terms": {"@context": [CREDENTIALS_V2, {f"t{index}": "https://x.example/t" for index in range(20_000)}]},
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
@pytest.mark.parametrize("times", [1, 40])
def test_no_document_costs_much_to_expand(name: str, times: int) -> None:
    """Each bound from just below (a part of the load) and from above; the child that reads has little time for all."""
    load = {key: value[: max(3, len(value) // times)] if isinstance(value, list) else value for key, value in HEAVY[name].items()}
    key = signer("Ed25519")
    proof = {**issued()["proof"], "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": f"{key.did_key}#{key.multikey()}"}
    began = time.process_time()
    assert verdict(credential(**load, issuer=key.did_key, proof=[proof] * 4))[0] != "passed"
    assert time.process_time() - began < 8
