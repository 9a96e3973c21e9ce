"""Secrets and signatures of webhooks. Pure.

Source: Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md,
"Signature scheme": ``webhook-id``, ``webhook-timestamp`` (seconds since 1970 of this attempt) and ``webhook-signature:
v1,BASE64(HMAC-SHA-256(secret, "id.timestamp.body"))``, several with a blank between them while secrets change ("Zero downtime
secret rotation"). A secret is written ``whsec_BASE64``, of 24 to 64 bytes.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from typing import Final

SIZE: Final = 32
"""Bytes of a secret."""
PREFIX: Final = "whsec_"


def written(secret: bytes) -> str:
    """A secret as a person copies it."""
    return PREFIX + b64encode(secret).decode()


def read(text: str) -> bytes:
    """The bytes of a secret as it was written. Raises ValueError."""
    if not text.startswith(PREFIX):
        raise ValueError("not a secret of a webhook")
    return b64decode(text.removeprefix(PREFIX), validate=True)


def headers(*secrets: bytes, message: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers under which ``body`` goes out now, signed with each of ``secrets``, the newest first; ``message`` is the same on
    every attempt, so that it is taken once."""
    said = f"{message}.{seconds}.".encode() + body
    signed = (b64encode(hmac.digest(secret, said, "sha256")).decode() for secret in secrets)
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{each}" for each in signed),
    }
