"""What is known of a lot, or of one item of it, in plain values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

USCC = "Unified Social Credit Code (GB 32100-2015)"


@dataclass(frozen=True)
class Party:
    """A firm: ``id`` a URI, ``number`` that of the register whose name is ``scheme``."""

    id: str
    name: str
    number: str | None = None
    scheme: str = USCC


@dataclass(frozen=True)
class Facility:
    id: str
    name: str


@dataclass(frozen=True)
class Share:
    """A material in the product. ``fraction``: of the mass, from 0 to 1; None where quantities do not tell."""

    name: str
    fraction: Decimal | None


@dataclass(frozen=True)
class Evidence:
    """A paper that was checked and accepted, of a supplier of the lot or of its materials. ``number``: only as much of it as is for
    everybody; ``sha256``: hex, of the file. ``passed``: the checks that found it right; ``by_person``: somebody has answered for
    it besides; ``by_two``: the checks that two persons let pass. ``stood``: it stood when the lot was made or came in;
    ``standing``: how it stands now, ``since`` which day."""

    id: str
    kind: str
    number: str
    holder: str
    holder_kind: str
    sha256: str
    assessed_on: date
    passed: tuple[str, ...]
    by_person: bool
    by_two: tuple[str, ...] = ()
    stood: bool = True
    standing: str = "verified"
    since: date | None = None


@dataclass(frozen=True)
class Happened:
    """One event: the step in words, and where a machine with a key can ask for it."""

    process: str
    title: str
    url: str


@dataclass(frozen=True)
class Facts:
    """``id`` is the Digital Link (or the house's URI) of the lot or item, ``registered`` its keys in one text, ``scheme`` the
    name and URI of their register. ``url``: where people read of it; ``standing``: clear, held or recalled."""

    issuer: Party
    id: str
    name: str
    description: str
    batch: str
    url: str
    standing: str
    told_at: datetime
    registered: str | None = None
    scheme: tuple[str, str] | None = None
    serial: str | None = None
    producer: Party | None = None
    facility: Facility | None = None
    produced_on: date | None = None
    country: str | None = None
    materials: tuple[Share, ...] = ()
    papers: tuple[Evidence, ...] = ()
    events: tuple[Happened, ...] = ()
