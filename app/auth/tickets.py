"""What the scan page signs: its own view, and the ticket of a scan that was told.

A view is minted when a code leads to its page and is good for that item alone, for a few minutes: so
a page asked for twice is one look, and the address of a page is worth nothing later or elsewhere. A
ticket proves that a page was really shown, so that a later "join" may adopt the scan. Both begin with
an id that carries the moment it was made, so neither needs a time stamp of its own.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from flask import current_app

from kernel.ids import LENGTH, made_at, new_id

GOOD_FOR: Final = timedelta(minutes=10)
"""So long a page can be asked for again without being another look."""
_TOLERANCE: Final = timedelta(minutes=5)
"""So far the clocks of two machines may differ."""

OUTCOMES: Final = ("wrong", "locked")
"""What a page may be told to say of a code under the cap that was typed."""


def mint_view(gtin: str, serial: str, *, at: datetime, secret: bytes) -> str:
    """A fresh view of one item's page: 26 characters of id, 20 of signature."""
    return sign_view(new_id(at), gtin, serial, secret=secret)


def sign_view(scan_id: str, gtin: str, serial: str, *, secret: bytes) -> str:
    """The view whose look was kept as this scan: no fresh one."""
    return scan_id + _signature(secret, "view", scan_id, gtin, serial)


def read_view(view: str, gtin: str, serial: str, *, at: datetime, secret: bytes) -> str | None:
    """The id of a view that was minted for this item and is still good; None for any other text."""
    scan_id = view[:LENGTH]
    if not hmac.compare_digest(view[LENGTH:].encode(), _signature(secret, "view", scan_id, gtin, serial).encode()):
        return None
    return scan_id if -_TOLERANCE <= at - made_at(scan_id) <= GOOD_FOR else None


def sign_scan(scan_id: str, brand_id: str, *, secret: bytes) -> str:
    return f"{scan_id}.{brand_id}.{_signature(secret, 'scan', scan_id, brand_id)}"


def read_scan(ticket: str) -> tuple[str, str] | None:
    """The scan and its brand, or None for a ticket that is broken or not ours. How old a scan may be is
    for who adopts it to say."""
    scan_id, _, rest = ticket.partition(".")
    brand_id, _, signature = rest.partition(".")
    wanted = _signature(secret_of(str(current_app.secret_key)), "scan", scan_id, brand_id)
    return (scan_id, brand_id) if hmac.compare_digest(signature.encode(), wanted.encode()) else None


def sign_outcome(view_id: str, outcome: str, secret: bytes) -> str:
    """What became of a code under the cap, for the page of this view alone to say: `wrong` or `locked`."""
    return f"{outcome}.{_signature(secret, 'outcome', view_id, outcome)}"


def read_outcome(text: str, view_id: str, secret: bytes) -> str:
    """`wrong`, `locked`, or nothing for a text that was not signed for this view."""
    outcome, _, signature = text.partition(".")
    wanted = _signature(secret, "outcome", view_id, outcome)
    return outcome if outcome in OUTCOMES and hmac.compare_digest(signature.encode(), wanted.encode()) else ""


@lru_cache(maxsize=4)
def secret_of(key: str) -> bytes:
    """The key of these signatures, from the application's secret."""
    return hmac.digest(key.encode(), b"scan-ticket", "sha256")


def _signature(secret: bytes, *said: str) -> str:
    """80 bits in hex."""
    return hmac.digest(secret, ".".join(said).encode(), "sha256")[:10].hex()
