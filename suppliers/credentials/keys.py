"""Public keys out of JWK (RFC 7517, 8037) and Multikey (Controlled Identifiers 1.0), and the one question they answer. Pure.

Three kinds and no other: Ed25519, P-256, P-384. A key knows its own algorithm and never takes
one from a stranger's header; that alone ends the confusion of algorithms. ``cryptography``
does the mathematics; the JOSE around it is in ``jose``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from suppliers.credentials.multibase import from_base64url, from_multibase
from suppliers.credentials.refusals import Refused, unknown

ALGORITHMS: Final = {"ES256": "P-256", "ES384": "P-384", "EdDSA": "Ed25519"}
_CURVES: Final[dict[str, tuple[ec.EllipticCurve, int, hashes.HashAlgorithm]]] = {
    "P-256": (ec.SECP256R1(), 32, hashes.SHA256()),
    "P-384": (ec.SECP384R1(), 48, hashes.SHA384()),
}
# multicodec, as the two bytes of its varint
_CODECS: Final = {b"\xed\x01": "Ed25519", b"\x80\x24": "P-256", b"\x81\x24": "P-384"}


@dataclass(frozen=True)
class Key:
    """``kind`` Ed25519, P-256 or P-384."""

    kind: str
    public: Ed25519PublicKey | ec.EllipticCurvePublicKey

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed ``message``; ECDSA signatures are r and s side by side (RFC 7518 section 3.4)."""
        try:
            if isinstance(self.public, Ed25519PublicKey):
                self.public.verify(signature, message)
                return True
            if not plausible(self.kind, signature):
                return False
            _, size, digest = _CURVES[self.kind]
            r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
            self.public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(digest))
            return True
        except (InvalidSignature, ValueError):
            return False


def plausible(kind: str, signature: bytes) -> bool:
    """Whether it can be a signature of that kind at all: its length, and no half of it zero, which once passed for
    everybody's signature (CVE-2022-21449). Needs no key, so nothing is asked for in vain."""
    size = _CURVES[kind][1] if kind in _CURVES else 32
    return len(signature) == 2 * size and any(signature[:size]) and (kind == "Ed25519" or any(signature[size:]))


def from_jwk(jwk: Any) -> Key:
    """A public JWK for signing. One that also holds its private part is nobody's secret and proves nothing."""
    if not isinstance(jwk, Mapping):
        raise Refused("credential.key")
    if "d" in jwk:
        raise Refused("credential.key_private")
    kind = str(jwk.get("crv"))
    expected = {"P-256": "EC", "P-384": "EC", "Ed25519": "OKP"}.get(kind)
    if expected is None:
        raise unknown("credential.key_kind")
    operations = jwk.get("key_ops")
    fit = (
        jwk.get("kty") == expected
        and jwk.get("use", "sig") == "sig"
        and ALGORITHMS.get(jwk.get("alg", _algorithm(kind))) == kind
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
    )
    if not fit:
        raise Refused("credential.key")
    return _edwards(_part(jwk, "x", 32)) if kind == "Ed25519" else _curve(kind, b"\x04" + _coordinates(jwk, kind))


def from_multikey(text: Any) -> Key:
    """``publicKeyMultibase``: multibase around multicodec around the (compressed) point."""
    if not isinstance(text, str):
        raise Refused("credential.key")
    value = from_multibase(text)
    kind = _CODECS.get(value[:2])
    if kind is None:
        raise unknown("credential.key_kind")
    point = value[2:]
    if kind == "Ed25519":
        return _edwards(point)
    if len(point) != _CURVES[kind][1] + 1 or point[0] not in (2, 3):
        raise Refused("credential.key")
    return _curve(kind, point)


def _algorithm(kind: str) -> str:
    return next(name for name, each in ALGORITHMS.items() if each == kind)


def _coordinates(jwk: Mapping[str, Any], kind: str) -> bytes:
    size = _CURVES[kind][1]
    return _part(jwk, "x", size) + _part(jwk, "y", size)


def _part(jwk: Mapping[str, Any], name: str, size: int) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str):
        raise Refused("credential.key")
    value = from_base64url(text)
    if len(value) != size:
        raise Refused("credential.key")
    return value


def _edwards(value: bytes) -> Key:
    if len(value) != 32:
        raise Refused("credential.key")
    return Key("Ed25519", Ed25519PublicKey.from_public_bytes(value))


def _curve(kind: str, point: bytes) -> Key:
    try:
        return Key(kind, ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[kind][0], point))
    except ValueError:
        raise Refused("credential.key") from None
