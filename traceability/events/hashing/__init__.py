"""The hash of an event, which names it wherever it is kept and however it was written. Pure.

Two repositories that were told one event, in JSON or in XML, in URNs or in links, in any time zone and with
its lists in any order, give it one hash. What one of them adds (eventID, recordTime) and what is said of the
event later (errorDeclaration) does not count.

Source: CBV 2.0 8.9, and where it leaves things open the reference generator (epcis-event-hash-generator,
by whose published vectors this is tested): the order of fields, lists of typed elements and extensions sorted
among each other behind the fields, ``gs1:`` as ``https://gs1.org/voc/``.
"""

from __future__ import annotations

from collections.abc import Set
from hashlib import sha256
from typing import Final

from traceability.events.hashing import general, plain
from traceability.events.hashing.general import Told

NOTHING: Final = frozenset[str]()


def prehash(told: Told, ignoring: Set[str] = NOTHING) -> str:
    """The text that is hashed: ``eventType=…eventTime=…`` without separators.

    ``told`` as a reader of documents gives it; its words may also come in any spelling of the CBV. Names in
    ``ignoring`` (``{namespace}local``) are left out at any depth.
    """
    return (None if ignoring else plain.prehash(told)) or general.prehash(told, ignoring)


def event_hash(told: Told, ignoring: Set[str] = NOTHING) -> str:
    """``ni:///sha-256;HEX?ver=CBV2.0`` (RFC 6920), fit to be the event's eventID."""
    return uri(digest(told, ignoring))


def uri(digest: str) -> str:
    """The name of an event with this digest."""
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def digest(told: Told, ignoring: Set[str] = NOTHING) -> str:
    """The 64 hexadecimal digits of it."""
    return sha256(prehash(told, ignoring).encode("utf-8", "surrogatepass")).hexdigest()
