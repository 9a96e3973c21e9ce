"""Does a signature hold under a public key? SM2 by our own arithmetic, RSA and ECDSA by the library.

Knows keys and algorithms; whose key it is, is the matter of certificates.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from suppliers.ofd import der, sm2

SM2_CURVE: Final = "1.2.156.10197.1.301"
SM2_WITH_SM3: Final = frozenset(
    {"1.2.156.10197.1.501", "1.2.156.10197.1.301", "1.2.156.10197.1.301.1", "1.2.156.10197.1.301.101", "1.2.156.10197.1.401"}
)
"""1.501 is the one of GM/T 0006-2012; the others are written for it by some makers of seals. An SM2 key signs
with SM3 in all of them: what the identifier says decides nothing but whether we know it."""
_RSA: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
_ECDSA: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
}


class Unsupported(Exception):
    """An algorithm that is unknown here, or too weak to say anything (MD5, SHA-1, short RSA keys)."""


def holds(public_key: bytes, algorithm: str, message: bytes, signature: bytes) -> bool:
    """True when ``signature`` of ``message`` holds under ``public_key`` (a SubjectPublicKeyInfo in DER).

    ``algorithm`` is the signature algorithm's OID. Raises Unsupported; broken values are False."""
    key = sm2_key(public_key)
    if key is not None:
        if algorithm not in SM2_WITH_SM3:
            raise Unsupported(algorithm)
        two = numbers_of(signature)
        return two is not None and sm2.verify(key, message, *two)
    return _other(public_key, algorithm, message, signature)


def sm2_key(public_key: bytes) -> tuple[int, int] | None:
    """The point of an SM2 key; None for another kind of key. ValueError-free: a point off the curve is Unsupported."""
    try:
        algorithm, bits = der.load(public_key).sequence()
        if SM2_CURVE not in [part.oid() for part in algorithm.sequence() if part.is_a(der.OID)]:
            return None
        found = sm2.point(bits.octets())
    except ValueError:
        return None
    if found is None:
        raise Unsupported("point")
    return found


def numbers_of(signature: bytes) -> tuple[int, int] | None:
    """r and s of an SM2 signature: SEQUENCE { r, s } (GM/T 0009-2012 7.3), or 64 plain bytes.

    Careless writers leave out the zero before a high bit; a negative number has no other meaning here."""
    if len(signature) == 64 and signature[0] != 0x30:
        return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        r, s = der.load(signature).sequence()
    except ValueError:
        return (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")) if len(signature) == 64 else None
    if not (r.is_a(der.INTEGER) and s.is_a(der.INTEGER) and len(r.body) <= 33 and len(s.body) <= 33):
        return None
    return int.from_bytes(r.body, "big"), int.from_bytes(s.body, "big")


def _other(public_key: bytes, algorithm: str, message: bytes, signature: bytes) -> bool:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise Unsupported("key") from None
    try:
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048 and algorithm in _RSA:
            key.verify(signature, message, padding.PKCS1v15(), _RSA[algorithm])
            return True
        if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= 256 and algorithm in _ECDSA:
            key.verify(signature, message, ec.ECDSA(_ECDSA[algorithm]))
            return True
    except InvalidSignature:
        return False
    raise Unsupported(algorithm)
