"""How the house finds what an event names: 16 bytes for a brand and a canonical URI. Pure.

128 bits of BLAKE2b: among 10^12 things of one house two meet by chance with odds of 1 to 10^14
(n²/2^129), and the unique index over URIs would tell.
"""

from __future__ import annotations

from hashlib import blake2b


def key(brand_id: str, uri: str) -> bytes:
    """The key of what this URI names, to this brand."""
    return blake2b(f"{brand_id}|{uri}".encode(), digest_size=16).digest()


def transformation(brand_id: str, name: str) -> bytes:
    """The key of a transformation: ``name`` is its transformationID."""
    return _step(brand_id, f"transformation:{name}")


def of_event(brand_id: str, event_id: str) -> bytes:
    """The key of the transformation that one event is by itself."""
    return _step(brand_id, f"event:{event_id}")


def commissioned(brand_id: str, lot_uri: str) -> bytes:
    """The key of the transformation in which items came to be under a lot."""
    return _step(brand_id, f"commissioned:{lot_uri}")


def _step(brand_id: str, name: str) -> bytes:
    """Of a kind of its own: no URI that somebody could tell leads to the same key."""
    return blake2b(f"{brand_id}|{name}".encode(), digest_size=16, person=b"step").digest()
