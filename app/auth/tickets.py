"""A scan ticket: proof that this page was really shown, so that a later "join" may adopt the scan."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

LIFE = 24 * 3600
"""Seconds in which a scan may be adopted."""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="scan-ticket")


def sign_scan(scan_id: str, brand_id: str) -> str:
    return str(_signer().dumps([scan_id, brand_id]))


def read_scan(ticket: str) -> tuple[str, str] | None:
    """The scan and its brand, or None for a ticket that is old, broken or not ours."""
    try:
        scan_id, brand_id = _signer().loads(ticket, max_age=LIFE)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(scan_id), str(brand_id)
