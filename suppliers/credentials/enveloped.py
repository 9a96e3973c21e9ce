"""Find the one credential in what was handed over: a token, JSON with or without a proof, an envelope, a presentation. Pure.

Opening believes nothing; it only says what lies there and in which form. An envelope round an
envelope, or a presentation in a presentation, is followed a few steps and no further.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from suppliers.credentials import jose, parsing
from suppliers.credentials.parts import listed, types_of
from suppliers.credentials.refusals import Refused, unknown

MAX_WRAPPINGS: Final = 4
_MEDIA: Final = {"application/vc+jwt": "vc", "application/vp+jwt": "vp"}


@dataclass(frozen=True)
class Opened:
    """``form`` jwt, enveloped, data-integrity, unsigned or jsonld; ``document`` the credential (or what a token claims to be one);
    ``wrapping`` the presentation or envelope around it; ``count`` how many credentials lay in it."""

    form: str
    document: dict[str, Any]
    token: jose.Token | None = None
    wrapping: dict[str, Any] | None = None
    count: int = 1


def open_content(content: bytes) -> Opened:
    """What ``content`` is. Raises Refused for what is neither a token nor a JSON object."""
    content = content.strip(b" \t\r\n")
    if jose.looks_like_token(content):
        return _open_token(content, "jwt", 0)
    document = parsing.read_object(content)
    if "payload" in document and ("signatures" in document or "signature" in document):
        raise unknown("credential.json_serialization")
    return _open_document(document, 0)


def _open_token(content: bytes, form: str, depth: int) -> Opened:
    token = jose.split(content)
    payload = parsing.read_object(token.payload)
    if "VerifiablePresentation" in types_of(payload):
        jose.check_header(token.header, what="vp")
        return _open_document(payload, depth + 1)
    return Opened(form, payload, token)


def _open_document(document: dict[str, Any], depth: int) -> Opened:
    if depth > MAX_WRAPPINGS:
        raise Refused("credential.wrapped")
    kinds = types_of(document)
    if "EnvelopedVerifiableCredential" in kinds or "EnvelopedVerifiablePresentation" in kinds:
        inside = _open_token(token_in(document.get("id")), "enveloped", depth + 1)
        return inside if inside.wrapping is not None else replace(inside, wrapping=document)
    if "VerifiablePresentation" in kinds:
        held = [each for each in listed(document.get("verifiableCredential")) if isinstance(each, dict)]
        if not held:
            raise Refused("credential.presentation_empty")
        return replace(_open_document(held[0], depth + 1), wrapping=document, count=len(held))
    if "proof" in document:
        return Opened("data-integrity", document)
    return Opened("unsigned" if "VerifiableCredential" in kinds or "credentialSubject" in document else "jsonld", document)


def token_in(url: Any) -> bytes:
    """The token in a ``data:`` URL (RFC 2397) of one of the two media types that VC-JOSE-COSE registers."""
    if not isinstance(url, str) or not url.startswith("data:") or "," not in url:
        raise Refused("credential.envelope")
    head, _, body = url.removeprefix("data:").partition(",")
    media, *parameters = [part.strip().lower() for part in head.split(";")]
    if media not in _MEDIA:
        raise unknown("credential.envelope_kind")
    if "base64" in parameters:
        try:
            return base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            raise Refused("credential.base64") from None
    return unquote_to_bytes(body)
