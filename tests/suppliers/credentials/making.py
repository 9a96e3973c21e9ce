"""Keys, documents and credentials of our own making, so that a test says what it breaks and nothing else."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from suppliers.credentials import integrity, look
from suppliers.credentials.contexts import CONTEXTS, CREDENTIALS_V2

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "did:web:cab.example"
LIST = "https://cab.example/status/1"
_CURVES: dict[str, tuple[ec.EllipticCurve, int, hashes.HashAlgorithm, str]] = {
    "P-256": (ec.SECP256R1(), 32, hashes.SHA256(), "ES256"),
    "P-384": (ec.SECP384R1(), 48, hashes.SHA384(), "ES384"),
}
_CODECS = {"Ed25519": b"\xed\x01", "P-256": b"\x80\x24", "P-384": b"\x81\x24"}

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def to_base58(value: bytes) -> str:
    """The other way, for those who make keys."""
    number, text = int.from_bytes(value, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    return "1" * (len(value) - len(value.lstrip(b"\0"))) + text


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass(frozen=True)
class Signer:
    kind: str
    secret: Any

    @property
    def alg(self) -> str:
        return "EdDSA" if self.kind == "Ed25519" else _CURVES[self.kind][3]

    def sign(self, message: bytes) -> bytes:
        if self.kind == "Ed25519":
            return bytes(self.secret.sign(message))
        _, size, digest, _ = _CURVES[self.kind]
        r, s = utils.decode_dss_signature(self.secret.sign(message, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def jwk(self) -> dict[str, str]:
        if self.kind == "Ed25519":
            raw = self.secret.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}
        numbers, size = self.secret.public_key().public_numbers(), _CURVES[self.kind][1]
        return {"kty": "EC", "crv": self.kind, "x": b64(numbers.x.to_bytes(size, "big")), "y": b64(numbers.y.to_bytes(size, "big"))}

    def multikey(self) -> str:
        public = self.secret.public_key()
        if self.kind == "Ed25519":
            point = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        else:
            point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        return "z" + to_base58(_CODECS[self.kind] + point)

    @property
    def did_key(self) -> str:
        return f"did:key:{self.multikey()}"


def signer(kind: str = "P-256") -> Signer:
    return Signer(kind, Ed25519PrivateKey.generate() if kind == "Ed25519" else ec.generate_private_key(_CURVES[kind][0]))


SIGNER = signer()


def did_document(key: Signer = SIGNER, did: str = ISSUER, **more: Any) -> dict[str, Any]:
    method = {"id": f"{did}#k1", "type": "JsonWebKey", "controller": did, "publicKeyJwk": key.jwk(), **more.pop("method", {})}
    return {"id": did, "verificationMethod": [method], "assertionMethod": [f"{did}#k1"], **more}


DOCUMENTS = {ISSUER: did_document()}


def credential(**more: Any) -> dict[str, Any]:
    made = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "id": "https://cab.example/c/1",
        "issuer": ISSUER,
        "validFrom": "2025-01-01T00:00:00Z",
        "validUntil": "2035-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uscc:91999999MA0TEKT17N", "name": "溯源示例乳业有限公司"},
        **more,
    }
    return {name: value for name, value in made.items() if value is not ...}


def token(payload: Any, key: Signer = SIGNER, *, header: Mapping[str, Any] | None = None) -> bytes:
    """A compact JWS; ``payload`` is bytes or JSON; a header value of ``...`` leaves it out."""
    head = {"alg": key.alg, "typ": "vc+jwt", "kid": f"{ISSUER}#k1", **(header or {})}
    head = {name: value for name, value in head.items() if value is not ...}
    return raw_token(json.dumps(head).encode(), payload if isinstance(payload, bytes) else json.dumps(payload).encode(), key)


def raw_token(head: bytes, payload: bytes, key: Signer = SIGNER) -> bytes:
    signing_input = f"{b64(head)}.{b64(payload)}".encode()
    return signing_input + b"." + b64(key.sign(signing_input)).encode()


def proven(document: Mapping[str, Any], key: Signer, suite: str, *, contexts: Mapping[str, Any] = CONTEXTS, **more: Any) -> dict[str, Any]:
    """``document`` with a Data Integrity proof; ``more`` goes into the proof before it is signed."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": f"{key.did_key}#{key.multikey()}",
        "proofPurpose": "assertionMethod",
        **({"@context": document["@context"]} if "-jcs-" in suite else {}),
        **more,
    }
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    signature = key.sign(integrity.hash_data(proof, unsecured, key.kind, contexts=contexts))
    return {**document, "proof": {**proof, "proofValue": "z" + to_base58(signature)}}


def bits(*set_at: int, entries: int = 131_072) -> str:
    value = bytearray(entries // 8)
    for index in set_at:
        value[index >> 3] |= 0x80 >> (index & 7)
    return "u" + b64(gzip.compress(bytes(value)))


def entry(index: Any = "7", purpose: str = "revocation", **more: Any) -> dict[str, Any]:
    url = more.pop("url", LIST)
    return {"type": "BitstringStatusListEntry", "statusPurpose": purpose, "statusListIndex": index, "statusListCredential": url, **more}


def status_list(encoded: str, purpose: Any = "revocation", *, subject: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    about = {"type": "BitstringStatusList", "statusPurpose": purpose, "encodedList": encoded, **(subject or {})}
    kinds = ["VerifiableCredential", "BitstringStatusListCredential"]
    return credential(**{"id": LIST, "type": kinds, "credentialSubject": about, "validFrom": "2026-11-01T00:00:00Z", **more})


def seen(content: Any, **more: Any) -> dict[str, Any]:
    """What ``look`` says, with the issuer's document at hand unless the test says otherwise."""
    given = content if isinstance(content, bytes) else json.dumps(content).encode()
    return look(given, **{"documents": DOCUMENTS, "lists": {}, "at": AT, **more})
