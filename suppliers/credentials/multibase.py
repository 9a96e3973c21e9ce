"""Bytes as text: base64url as JOSE writes it (RFC 7515 section 2) and base58-btc as Multibase writes it. Pure.

Both are read strictly: one value has one spelling, so nobody can change a token and keep its meaning.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from suppliers.credentials.refusals import Refused

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {sign: value for value, sign in enumerate(_BASE58)}
_URL_SAFE: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_LONGEST_BASE58: Final = 256  # the arithmetic is quadratic; the longest key or signature here has 96 bytes


def from_base64url(text: str) -> bytes:
    """The bytes; no padding, no foreign sign, no stray bits in the last one."""
    if not _URL_SAFE.fullmatch(text):
        raise Refused("credential.base64")
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Refused("credential.base64") from None
    if base64.urlsafe_b64encode(value).rstrip(b"=") != text.encode():
        raise Refused("credential.base64")
    return value


def from_base58(text: str) -> bytes:
    """The bytes of a base58-btc text, without its ``z``."""
    if not text or len(text) > _LONGEST_BASE58 or any(sign not in _VALUES for sign in text):
        raise Refused("credential.multibase")
    number = 0
    for sign in text:
        number = number * 58 + _VALUES[sign]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def from_multibase(text: str) -> bytes:
    """``z`` base58-btc or ``u`` base64url; other bases are not used for keys and signatures (Controlled Identifiers 1.0, section 2.4)."""
    if text.startswith("z"):
        return from_base58(text[1:])
    if text.startswith("u"):
        return from_base64url(text[1:])
    raise Refused("credential.multibase")
