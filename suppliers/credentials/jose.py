"""Credentials secured with JOSE (W3C VC-JOSE-COSE, section 3.1): a compact JWS whose payload *is* the credential. Pure.

The rules stand here in one place instead of behind a library's switches: three algorithms and
no registry, one serialisation, no key that the token brings along (RFC 8725). The mathematics
is ``cryptography``'s, by way of ``keys``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from suppliers.credentials import dids, parsing
from suppliers.credentials.keys import ALGORITHMS, plausible
from suppliers.credentials.multibase import from_base64url
from suppliers.credentials.refusals import Refused, outcome

TYPES: Final = {"vc": ("vc+jwt", "application/vc+jwt"), "vp": ("vp+jwt", "application/vp+jwt")}
SKEW: Final = timedelta(minutes=10)
_OWN_KEYS: Final = ("jwk", "jku", "x5u", "x5c")
_UNSPOKEN: Final = ("b64", "zip", "enc", "epk", "p2c")
_HEADER_BYTES: Final = 8 * 1024


@dataclass(frozen=True)
class Token:
    """The three parts of a compact JWS, decoded; nothing of it is believed yet."""

    header: dict[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes


def looks_like_token(content: bytes) -> bool:
    """Whether ``content`` has the shape of a compact JWS or JWE at all; ``eyJ`` is how ``{"`` begins in base64url."""
    head = content[:4096]
    return content.startswith(b"ey") and b"." in content[:65536] and not any(sign in head for sign in b' {}"<>\n')


def split(content: bytes) -> Token:
    """The parts. Raises Refused for what is no compact JWS: encrypted, detached, padded, or with other signs."""
    if len(content) > parsing.MAX_BYTES:
        raise Refused("credential.too_large")
    try:
        parts = content.decode("ascii").split(".")
    except UnicodeDecodeError:
        raise Refused("credential.encoding") from None
    if "~" in parts[-1]:
        raise Refused("credential.sd_jwt", "inconclusive")
    if len(parts) == 5:
        raise Refused("credential.encrypted", "inconclusive")
    if len(parts) != 3:
        raise Refused("credential.token")
    if not parts[1]:
        raise Refused("credential.detached")
    header = parsing.read_object(from_base64url(parts[0]), limit=_HEADER_BYTES)
    payload, signature = from_base64url(parts[1]), from_base64url(parts[2])
    return Token(header, payload, signature, f"{parts[0]}.{parts[1]}".encode())


def check_header(header: Mapping[str, Any], *, what: str = "vc") -> str:
    """The key kind that the header's ``alg`` demands. Raises Refused before any key is looked for."""
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise Refused("credential.alg")
    typ = header.get("typ")
    if not isinstance(typ, str) or typ.lower() not in TYPES[what]:
        raise Refused("credential.typ")
    if "crit" in header or any(name in header for name in _UNSPOKEN):
        raise Refused("credential.crit")
    if "kid" in header and not isinstance(header["kid"], str):
        raise Refused("credential.kid")
    return ALGORITHMS[algorithm]


def verify(token: Token, payload: Mapping[str, Any], issuer: str | None, *, documents: dids.Documents, at: datetime) -> dict[str, Any]:
    """``result because alg key controller``: did the key that the token names sign it? Raises Refused.

    ``jwk``, ``jku``, ``x5u`` and ``x5c`` are never a source of trust: beside a key id they are
    not looked at, in place of one the token is refused before anything is asked for.
    """
    kind = check_header(token.header)
    if not plausible(kind, token.signature):
        raise Refused("credential.signature")
    _check_claims(payload, issuer, at)
    method = _method(token.header, issuer, documents, at)
    if method.key.kind != kind:
        raise Refused("credential.alg")
    if not method.key.signed(token.signing_input, token.signature):
        raise Refused("credential.signature")
    return outcome("passed", "credential.signed", alg=token.header["alg"], key=method.id, controller=method.controller)


def _method(header: Mapping[str, Any], issuer: str | None, documents: dids.Documents, at: datetime) -> dids.Method:
    own_key = any(name in header for name in _OWN_KEYS)
    kid = header.get("kid")
    url = dids.absolute_url(kid, issuer)
    if url is None and own_key:
        raise Refused("credential.header_key")
    if kid is not None and url is None:
        raise Refused("credential.kid")
    if url is None:
        if issuer is None:
            raise Refused("credential.issuer_missing")
        return dids.only_method(issuer, documents=documents, at=at)
    controller = url.split("#", 1)[0]
    if controller != issuer and controller not in documents and not controller.startswith(("did:key:", "did:jwk:")):
        raise Refused("credential.kid_controller")  # a stranger's document is not worth asking for
    return dids.find(url, documents=documents, at=at)


def _check_claims(payload: Mapping[str, Any], issuer: str | None, at: datetime) -> None:
    """JWT claims beside the credential's own words (VC-JOSE-COSE 3.1.3): they may not contradict them."""
    if "vc" in payload or "vp" in payload:
        raise Refused("credential.vc_claim")
    if "iss" in payload and payload["iss"] != issuer:
        raise Refused("credential.iss")
    for name, code in (("exp", "credential.token_expired"), ("nbf", "credential.token_not_yet")):
        if name not in payload:
            continue
        value = payload[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(code)
        seconds = at.timestamp() - value
        if (seconds >= 0) if name == "exp" else (seconds < -SKEW.total_seconds()):
            raise Refused(code)
