"""Compact tokens: what is signed, by whom, and everything a token may not decide for itself."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.suppliers.credentials.making import (
    AT,
    DOCUMENTS,
    ISSUER,
    SIGNER,
    b64,
    credential,
    did_document,
    raw_token,
    seen,
    signer,
    token,
)  # fmt: skip


def verdict(content: bytes, **more: Any) -> tuple[str, str, str]:
    answer = seen(content, **more)
    return answer["proof"]["result"], answer["proof"]["because"], answer["binding"]["result"]


GOOD = ("passed", "credential.signed", "passed")


@pytest.mark.parametrize("kind", ["P-256", "P-384", "Ed25519"])
def test_three_kinds_of_keys_sign(kind: str) -> None:
    key = signer(kind)
    assert verdict(token(credential(), key), documents={ISSUER: did_document(key)}) == GOOD


@pytest.mark.parametrize("kind", ["P-256", "P-384", "Ed25519"])
def test_did_key_and_did_jwk_need_nobody(kind: str) -> None:
    key = signer(kind)
    did = key.did_key
    assert verdict(token(credential(issuer=did), key, header={"kid": f"{did}#{key.multikey()}"}), documents={}) == GOOD
    assert verdict(token(credential(issuer=did), key, header={"kid": ...}), documents={}) == GOOD
    did = "did:jwk:" + b64(json.dumps(key.jwk()).encode())
    assert verdict(token(credential(issuer=did), key, header={"kid": f"{did}#0"}), documents={}) == GOOD
    assert verdict(token(credential(issuer=did), key, header={"kid": f"{did}#1"}), documents={})[1] == "credential.key_unknown"


def test_the_issuer_may_be_an_object_and_the_kid_a_fragment() -> None:
    assert verdict(token(credential(issuer={"id": ISSUER, "name": "检验"}), header={"kid": "#k1"})) == GOOD


@pytest.mark.parametrize(
    ("header", "because"),
    [
        ({"alg": "none"}, "alg"),
        ({"alg": "HS256"}, "alg"),
        ({"alg": "RS256"}, "alg"),
        ({"alg": "ES256K"}, "alg"),
        ({"alg": "ES384"}, "signature"),
        ({"alg": "EdDSA"}, "alg"),
        ({"alg": ["ES256"]}, "alg"),
        ({"alg": ...}, "alg"),
        ({"typ": "JWT"}, "typ"),
        ({"typ": ...}, "typ"),
        ({"typ": "vc+sd-jwt"}, "typ"),
        ({"crit": []}, "crit"),
        ({"crit": ["b64"], "b64": False}, "crit"),
        ({"b64": True}, "crit"),
        ({"zip": "DEF"}, "crit"),
        ({"kid": 1}, "kid"),
        ({"kid": "../../../../dev/null"}, "kid"),
        ({"kid": "k1"}, "kid"),
        ({"kid": f"{ISSUER}"}, "kid"),
        ({"kid": f"{ISSUER}?versionId=1#k1"}, "kid"),
        ({"kid": f"{ISSUER}/path#k1"}, "kid"),
        ({"kid": f"{ISSUER}#k2"}, "key_unknown"),
        ({"kid": f"{ISSUER}#k1#k1"}, "kid"),
        ({"kid": "did:web:evil.example#k1"}, "kid_controller"),
        ({"kid": "did:web:cab.example%2eevil#k1"}, "kid_controller"),
        ({"kid": "DID:WEB:cab.example#k1"}, "kid"),
        ({"kid": ..., "jwk": SIGNER.jwk()}, "header_key"),
        ({"kid": ..., "x5c": ["MIIB"]}, "header_key"),
        ({"kid": "x", "jku": "https://evil.example/keys"}, "header_key"),
    ],
)
def test_a_header_decides_nothing(header: dict[str, Any], because: str) -> None:
    answer = seen(token(credential(), header=header))
    assert (answer["proof"]["result"], answer["proof"]["because"]) == ("failed", f"credential.{because}")
    assert answer["asks"]["dids"] == []


def test_a_key_that_a_token_brings_is_not_looked_at_beside_a_key_id() -> None:
    stranger = signer()
    assert verdict(token(credential(), header={"jwk": stranger.jwk(), "x5u": "https://evil.example/"})) == GOOD
    assert verdict(token(credential(), stranger, header={"jwk": stranger.jwk()}))[1] == "credential.signature"


def test_a_stranger_with_a_document_of_his_own_proves_only_that_he_signed() -> None:
    stranger = signer()
    evil = "did:web:evil.example"
    content = token(credential(), stranger, header={"kid": f"{evil}#k1"})
    answer = seen(content, documents={**DOCUMENTS, evil: did_document(stranger, evil)})
    assert (answer["proof"]["result"], answer["binding"]["result"]) == ("passed", "failed")
    own = token(credential(), stranger, header={"kid": f"{stranger.did_key}#{stranger.multikey()}"})
    assert verdict(own) == ("passed", "credential.signed", "failed")


def test_a_token_without_a_key_id_needs_an_issuer_with_one_key() -> None:
    content = token(credential(), header={"kid": ...})
    assert verdict(content) == GOOD
    two = did_document()
    two["verificationMethod"].append({**two["verificationMethod"][0], "id": f"{ISSUER}#k2"})
    assert verdict(content, documents={ISSUER: two})[1] == "credential.key_unnamed"


def _altered(content: bytes, part: int, change: Any) -> bytes:
    parts = content.split(b".")
    parts[part] = change(parts[part])
    return b".".join(parts)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lambda good: _altered(good, 2, lambda part: b64(bytes(64)).encode()), "signature"),
        (lambda good: _altered(good, 2, lambda part: b64(b"\1" * 32 + bytes(32)).encode()), "signature"),
        (lambda good: _altered(good, 2, lambda part: b64(b"\1" * 63).encode()), "signature"),
        (lambda good: _altered(good, 2, lambda part: b""), "signature"),
        (lambda good: _altered(good, 1, lambda part: b64(json.dumps(credential(id="urn:x:2")).encode()).encode()), "signature"),
    ],
)
def test_a_broken_signature_fails(change: Any, because: str) -> None:
    assert verdict(change(token(credential()))) == ("failed", f"credential.{because}", "inconclusive")


@pytest.mark.parametrize(
    ("change", "because", "result"),
    [
        (lambda good: _altered(good, 1, lambda part: b""), "detached", "failed"),
        (lambda good: good + b".a.b", "encrypted", "inconclusive"),
        (lambda good: good + b"~WyJhIl0~", "sd_jwt", "inconclusive"),
        (lambda good: good + b"=", "base64", "failed"),
        (lambda good: good + "é".encode(), "encoding", "failed"),
        (lambda good: _altered(good, 0, lambda part: part + b"!"), "base64", "failed"),
        (lambda good: good.rsplit(b".", 1)[0], "token", "failed"),
    ],
)
def test_what_is_no_compact_token_is_not_read_at_all(change: Any, because: str, result: str) -> None:
    answer = seen(change(token(credential())))
    assert (answer["trouble"], answer["proof"]["result"]) == (f"credential.{because}", result)


def test_a_signature_has_one_spelling() -> None:
    good = token(credential(), signer("Ed25519"))
    last = good[-1:]
    twin = next(sign for sign in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if bytes([sign]) != last)
    assert (
        seen(good[:-1] + bytes([twin]))["trouble"] == "credential.base64" or seen(good[:-1] + bytes([twin]))["proof"]["result"] == "failed"
    )


def test_duplicate_keys_are_refused_in_header_and_payload() -> None:
    head = json.dumps({"alg": "ES256", "typ": "vc+jwt", "kid": f"{ISSUER}#k1"}).encode()
    twice = head[:-1] + b', "alg": "none"}'
    assert seen(raw_token(twice, json.dumps(credential()).encode()))["trouble"] == "credential.duplicate_key"
    payload = json.dumps(credential()).encode()
    assert seen(raw_token(head, payload[:-1] + b', "issuer": "did:web:evil.example"}'))["trouble"] == "credential.duplicate_key"


@pytest.mark.parametrize(
    ("claims", "because"),
    [
        ({"iss": "did:web:evil.example"}, "iss"),
        ({"iss": {"id": ISSUER}}, "iss"),
        ({"vc": {"type": ["VerifiableCredential"]}}, "vc_claim"),
        ({"exp": AT.timestamp()}, "token_expired"),
        ({"exp": "2030"}, "token_expired"),
        ({"exp": True}, "token_expired"),
        ({"nbf": AT.timestamp() + 3600}, "token_not_yet"),
    ],
)
def test_claims_beside_the_credential_may_not_contradict_it(claims: dict[str, Any], because: str) -> None:
    assert verdict(token(credential(**claims)))[:2] == ("failed", f"credential.{because}")


def test_claims_that_agree_do_no_harm() -> None:
    agreeing = {"iss": ISSUER, "exp": AT.timestamp() + 1, "nbf": AT.timestamp() + 60, "iat": 1}
    assert verdict(token(credential(**agreeing))) == GOOD


def test_a_token_without_an_issuer_is_nobodys() -> None:
    answer = seen(token(credential(issuer=...), header={"kid": ...}))
    assert (answer["proof"]["because"], answer["binding"]["because"]) == ("credential.issuer_missing", "credential.issuer_missing")
    assert {"because": "credential.structure.issuer_missing", "at": "/issuer"} in answer["structure"]


@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
@settings(max_examples=60, deadline=timedelta(seconds=2))
def test_no_single_byte_can_be_changed(place: int, byte: int) -> None:
    good = token(credential())
    place %= len(good)
    changed = good[:place] + bytes([byte]) + good[place + 1 :]
    if changed != good:
        answer = seen(changed)
        assert answer["proof"]["result"] != "passed" or answer["binding"]["result"] != "passed"
