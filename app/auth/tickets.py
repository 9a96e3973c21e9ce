"""A scan ticket: proof that this page was really shown, so that a later "join" may adopt the scan.

The scan's id carries the moment it was made, so the ticket needs no time stamp of its own.
"""

from __future__ import annotations

from functools import cache

from flask import current_app
from itsdangerous import BadSignature, Signer


@cache
def _signer(secret: str) -> Signer:
    return Signer(secret, salt="scan-ticket")


def sign_scan(scan_id: str, brand_id: str, *, secret: str) -> str:
    return _signer(secret).sign(f"{scan_id}.{brand_id}").decode()


def read_scan(ticket: str) -> tuple[str, str] | None:
    """The scan and its brand, or None for a ticket that is broken or not ours. How old a scan may be is
    for who adopts it to say."""
    try:
        scan_id, _, brand_id = _signer(str(current_app.secret_key)).unsign(ticket).decode().partition(".")
    except (BadSignature, ValueError):
        return None
    return scan_id, brand_id
