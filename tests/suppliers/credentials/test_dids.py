"""Whose key it is: addresses of did:web computed exactly, and documents that are not believed."""

from __future__ import annotations

from typing import Any

import pytest

from suppliers.credentials import dids, document_url, keys
from suppliers.credentials.multibase import from_base58
from suppliers.credentials.refusals import Refused
from tests.suppliers.credentials.making import AT, ISSUER, SIGNER, did_document, signer, to_base58


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:example.com%3a3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:example.com:a%20b".replace("%20", "-"), "https://example.com/a-b/did.json"),
        ("did:web:Example.COM:User", "https://example.com/User/did.json"),
        ("did:web:xn--fiqs8s.example", "https://xn--fiqs8s.example/.well-known/did.json"),
        ("did:web:example.com:%E6%BA%AF", "https://example.com/%E6%BA%AF/did.json"),
    ],
)
def test_a_did_web_has_one_address(did: str, url: str) -> None:
    assert document_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:127.0.0.1%3A8080",
        "did:web:127.0.0.1",
        "did:web:0x7f.1",
        "did:web:2130706433",
        "did:web:localhost",
        "did:web:a.localhost",
        "did:web:printer.local",
        "did:web:metadata.internal",
        "did:web:%5B%3A%3A1%5D",
        "did:web:example.com%2F..%2Fetc",
        "did:web:example.com:..",
        "did:web:example.com:.",
        "did:web:example.com:%2e%2e",
        "did:web:example.com:a%2Fb",
        "did:web:example.com::a",
        "did:web:example.com:",
        "did:web:user%40example.com",
        "did:web:example.com%3A0",
        "did:web:example.com%3A99999",
        "did:web:example.com%3A",
        "did:web:example.com%3A80%3A80",
        "did:web:example.com%3Aabc",
        "did:web:example.com:a%00",
        "did:web:example.com:a%3Fb",
        "did:web:",
        "did:web:exam ple.com",
        "did:web:-bad.example",
        "did:web:exämple.com",
        "did:web:example.com/path",
        "did:key:z6Mk",
        "https://example.com",
        "did:web:example.com#k",
        "did:web:" + "a." * 200 + "com",
    ],
)
def test_a_did_web_never_leads_elsewhere(did: str) -> None:
    assert document_url(did) is None


def found(document: Any, url: str = f"{ISSUER}#k1") -> dids.Method:
    return dids.find(url, documents={ISSUER: document}, at=AT)


def test_relative_ids_multikeys_and_embedded_methods_are_found() -> None:
    key = signer("Ed25519")
    method = {"id": "#k1", "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": key.multikey()}
    embedded = found({"id": ISSUER, "assertionMethod": [method]})
    named = found({"id": ISSUER, "verificationMethod": method, "assertionMethod": "#k1"})
    assert embedded.key.signed(b"x", key.sign(b"x"))
    assert named.key.signed(b"x", key.sign(b"x"))


@pytest.mark.parametrize(
    ("document", "because"),
    [
        (did_document(id="did:web:other.example"), "did_document"),
        ("not a document", "did_document"),
        (did_document(assertionMethod=[]), "key_purpose"),
        (did_document(assertionMethod=[], authentication=[f"{ISSUER}#k1"]), "key_purpose"),
        (did_document(verificationMethod=[]), "key_unknown"),
        (did_document(method={"controller": "did:web:other.example"}), "key_controller"),
        (did_document(method={"revoked": "2026-01-01T00:00:00Z"}), "key_revoked"),
        (did_document(method={"expires": "2026-01-01T00:00:00Z"}), "key_expired"),
        (did_document(method={"expires": "soon"}), "key_expired"),
        (did_document(method={"publicKeyMultibase": SIGNER.multikey()}), "key_kind"),
        (did_document(method={"publicKeyJwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}), "key_kind"),
        (did_document(method={"publicKeyJwk": {**SIGNER.jwk(), "d": "AAAA"}}), "key_private"),
        (did_document(method={"publicKeyJwk": {**SIGNER.jwk(), "use": "enc"}}), "key"),
        (did_document(method={"publicKeyJwk": {**SIGNER.jwk(), "alg": "ES384"}}), "key"),
        (did_document(method={"publicKeyJwk": {**SIGNER.jwk(), "key_ops": ["sign"]}}), "key"),
        (did_document(method={"publicKeyJwk": {**SIGNER.jwk(), "y": SIGNER.jwk()["x"]}}), "key"),
        (did_document(method={"publicKeyJwk": {**SIGNER.jwk(), "x": "AQ"}}), "key"),
        (did_document(method={"publicKeyJwk": None}), "key"),
    ],
)
def test_a_document_that_does_not_vouch_is_refused(document: Any, because: str) -> None:
    with pytest.raises(Refused) as refused:
        found(document)
    assert refused.value.code == f"credential.{because}"


def test_two_different_keys_under_one_id_are_none() -> None:
    document = did_document()
    document["verificationMethod"].append({**document["verificationMethod"][0], "publicKeyJwk": signer().jwk()})
    with pytest.raises(Refused, match=r"credential\.did_document"):
        found(document)


def test_only_documents_that_can_be_fetched_are_asked_for() -> None:
    for url, ask in ((f"{ISSUER}#k1", ISSUER), ("did:ethr:0xabc#k1", None), ("https://cab.example/keys#k1", None)):
        with pytest.raises(Refused) as refused:
            dids.find(url, documents={}, at=AT)
        assert (refused.value.result, refused.value.ask) == ("inconclusive", ask)
    with pytest.raises(Refused) as refused:
        dids.find("did:web:127.0.0.1#k1", documents={}, at=AT)
    assert (refused.value.code, refused.value.ask) == ("credential.did", None)


def test_key_texts_round_trip_and_wrong_ones_are_refused() -> None:
    for value in (b"", b"\0", b"\0\0\1", bytes(range(40))):
        assert value == b"" or from_base58(to_base58(value)) == value
    for text in ("z", "z0OIl", "z" + "1" * 999, "mAAAA", "", "z6Mk", SIGNER.multikey() + "1", None, 5):
        with pytest.raises(Refused):
            keys.from_multikey(text)
