"""What was fetched for a credential, before anything in it is believed: is it what was asked for at all? Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from suppliers.credentials import enveloped, parsing
from suppliers.credentials.moments import moment
from suppliers.credentials.refusals import Refused


def did_document(body: bytes, did: str) -> dict[str, Any] | None:
    """The DID document in ``body``; None when it is none, or another's (DID Core 1.0, §5.1.1: its ``id`` is the DID)."""
    try:
        document = parsing.read_object(body)
    except (Refused, ValueError, RecursionError):
        return None
    return document if document.get("id") == did else None


def list_facts(body: bytes) -> tuple[datetime | None, float | None] | None:
    """From when a status list says that it is valid, and for how many seconds it may be kept; None when it is no list.

    Bitstring Status List 1.0, §2.2: ``ttl`` is in milliseconds. Whether its issuer said so is judged with the credential."""
    try:
        document = enveloped.open_content(body).document
        subject = document.get("credentialSubject")
        since = document.get("validFrom")
        at = moment(since) if isinstance(since, str) else None
    except (Refused, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not isinstance(subject, dict) or "encodedList" not in subject:
        return None
    ttl = subject.get("ttl")
    return at, ttl / 1000 if isinstance(ttl, int | float) and not isinstance(ttl, bool) and 0 < ttl < 1e12 else None
