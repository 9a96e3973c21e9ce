"""Who asks, as far as that may be known: one device told from another, and no more.

Of the network, the browser and its languages only a keyed hash leaves this file, and what is kept of
it is another number for each item (``scans``): nobody can be followed from one item to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from app.limits import network


def client_of(environ: Mapping[str, Any], secret: bytes) -> bytes:
    """32 bytes for the device behind a request: the same for the same network (24 bits of IPv4, 48 of IPv6),
    browser and languages."""
    said = (network(environ.get("REMOTE_ADDR", "")), environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return blake2b("\n".join(said).encode("utf-8", "replace"), key=secret, digest_size=32).digest()
