"""What was fetched for a credential, before anything in it is believed: is it what was asked for at all? Pure.

These bytes are read outside the limited child, which is safe for what they are: they come from hosts on the trust list
alone, a megabyte at most; parsing bounds size, depth and number of values before it walks anything; and the one thing that
is unpacked, the bits of a list, stops at ``bitstring.MAX_BYTES``. No signature is verified and no context loaded here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from suppliers.credentials import bitstring, enveloped, parsing
from suppliers.credentials.moments import moment
from suppliers.credentials.refusals import Refused

MOST_COMPARED: Final = 2 * 1024 * 1024
"""Bytes of a list that is compared bit by bit; a longer one has changed, or it has not."""


@dataclass(frozen=True)
class ListFacts:
    """What a status list says of itself. ``valid_from``, ``valid_until``: None when it does not say; ``ttl``: seconds for
    which it may be kept; ``bits``: what it lists; ``by``: in whose name and under which key, a digest."""

    valid_from: datetime | None
    valid_until: datetime | None
    ttl: float | None
    bits: bytes
    by: str


@dataclass(frozen=True)
class Moved:
    """Where two editions of a list differ. ``wholly``: everywhere, as far as is known; ``bits``: theirs, one XOR the other."""

    wholly: bool = False
    bits: bytes = b""

    def __bool__(self) -> bool:
        return self.wholly or bool(self.bits)

    def at(self, index: object) -> bool:
        """Whether the entry at ``index`` (of one bit) may say something else; an index that is none may."""
        if self.wholly or not isinstance(index, int) or index < 0:
            return bool(self)
        return index >> 3 < len(self.bits) and bool(self.bits[index >> 3] & 0x80 >> (index & 7))


def did_document(body: bytes, did: str) -> dict[str, Any] | None:
    """The DID document in ``body``; None when it is none, or another's (DID Core 1.0, §5.1.1: its ``id`` is the DID)."""
    try:
        document = parsing.read_object(body)
    except (Refused, ValueError, RecursionError):
        return None
    return document if document.get("id") == did else None


def list_facts(body: bytes) -> ListFacts | None:
    """What the status list in ``body`` says of itself; None when it is no list.

    Bitstring Status List 1.0, §2.2: ``ttl`` is in milliseconds. Whether its issuer said so is judged with the credential."""
    try:
        opened = enveloped.open_content(body)
        document = opened.document
        subject = document.get("credentialSubject")
        if not isinstance(subject, dict):
            return None
        bits = bitstring.unpack(subject.get("encodedList"))
        key = opened.token.header.get("kid") if opened.token is not None else None
        since, until = moment(document.get("validFrom")), moment(document.get("validUntil"))
        return ListFacts(since, until, _ttl(subject), bits, _by(document, key, opened.form))
    except (Refused, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def moved(before: ListFacts, after: ListFacts) -> Moved:
    """Where ``after`` lists something else than ``before``. A new signature, or another moment, is no difference."""
    if before.by != after.by or len(before.bits) != len(after.bits):
        return Moved(wholly=True)
    if before.bits == after.bits:
        return Moved()
    if len(after.bits) > MOST_COMPARED:
        return Moved(wholly=True)
    either = int.from_bytes(before.bits, "big") ^ int.from_bytes(after.bits, "big")
    return Moved(bits=either.to_bytes(len(after.bits), "big"))


def _ttl(subject: Mapping[str, Any]) -> float | None:
    ttl = subject.get("ttl")
    return ttl / 1000 if isinstance(ttl, int | float) and not isinstance(ttl, bool) and 0 < ttl < 1e12 else None


def _by(document: Mapping[str, Any], key: Any, form: str) -> str:
    """What decides whether the list is believed, but for the signature itself and its moments."""
    proofs = document.get("proof")
    keys = [each.get("verificationMethod") for each in (proofs if isinstance(proofs, list) else [proofs]) if isinstance(each, dict)]
    purpose = document["credentialSubject"].get("statusPurpose")
    about = [form, key, keys, document.get("issuer"), document.get("id"), document.get("type"), purpose]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
