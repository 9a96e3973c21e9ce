"""The digests that seals name, and the ones that are too weak to believe.

Knows names and object identifiers only; what is digested is the caller's matter.
"""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.hazmat.primitives import hashes

SM3: Final = "sm3"
SHA256: Final = "sha256"
STRONG: Final = frozenset({SM3, SHA256, "sha384", "sha512"})
_NAMES: Final = {
    "sm3": SM3,
    "1.2.156.10197.1.401": SM3,
    "1.2.156.10197.1.401.1": SM3,
    "sha256": SHA256,
    "2.16.840.1.101.3.4.2.1": SHA256,
    "sha384": "sha384",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "sha512": "sha512",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "sha1": "sha1",
    "1.3.14.3.2.26": "sha1",
    "md5": "md5",
    "1.2.840.113549.2.5": "md5",
}


def named(name: str) -> str | None:
    """The digest that a file calls ``name`` (``CheckMethod`` of GB/T 33190 18.2.4, or an OID), or None."""
    return _NAMES.get(name.strip().lower().replace("-", ""))


def digest(name: str, content: bytes) -> bytes:
    """The digest of ``content``; ``name`` as :func:`named` answers it. SM3 is GB/T 32905-2016."""
    if name == SM3:
        sm3 = hashes.Hash(hashes.SM3())
        sm3.update(content)
        return sm3.finalize()
    return hashlib.new(name, content, usedforsecurity=False).digest()
