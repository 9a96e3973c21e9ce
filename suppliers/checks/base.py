"""What a check is: one question about one paper, answered by the words, the bytes' reading and the day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

Result = Literal["passed", "failed", "inconclusive"]


@dataclass(frozen=True)
class MaterialSeen:
    """Something the supplier is listed for. ``sc_categories``: the classes (``101`` … ``203``) one of which
    its producer's licence must name; empty where no such licence is asked. ``claims``: e.g. ``organic``."""

    code: str
    name_zh: str
    name_en: str = ""
    category: str = "other"
    sc_categories: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteSeen:
    """Where the supplier is known to make things."""

    name: str
    address: str | None = None
    gln: str | None = None
    ggn: str | None = None


@dataclass(frozen=True)
class IssuerSeen:
    """One entry of the brand's trust list. ``kinds``: the papers it is believed on, empty for all;
    ``names``: other spellings, where a leading ``*`` stands for anything (``*市场监督管理局``)."""

    name: str
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    dids: tuple[str, ...] = ()
    accreditation: str | None = None
    accredited_until: date | None = None
    uscc: str | None = None


@dataclass(frozen=True)
class FirmSeen:
    """Another firm whose papers this supplier may show, as the brand wrote down: the producer behind a trader."""

    name: str
    uscc: str | None = None


@dataclass(frozen=True)
class Twin:
    """Another certificate that looks like this one: the same ``bytes``, the same kind and ``number``, or the same
    ``report`` (its number, or under another number its results to the last digit). ``own``: of the same
    supplier; ``differs``: the names of the words that are not the same (``number``, ``issuer_name``, ``lots`` …)."""

    certificate_id: str
    own: bool
    how: Literal["bytes", "number", "report"]
    standing: str = "submitted"
    differs: tuple[str, ...] = ()
    proven: bool | None = None
    """Its own authenticity passed; None where nobody knows yet."""


@dataclass(frozen=True)
class LookupSeen:
    """On ``asked_on`` a person asked a public register; for ``fresh_days`` the answer may be relied on."""

    register: str
    result: Literal["valid", "invalid", "not_found", "suspended", "revoked", "unreachable"]
    asked_on: date
    fresh_days: int = 90


@dataclass(frozen=True)
class Paper:
    """All that may be known of a paper.

    ``reading`` is what ``suppliers.reading.look`` answered; ``read`` what the machine read, by the name of
    the word: ``{"number": {"value": …, "from": "layer|ocr|symbol|document", "confidence": 0…1, …}}``. All
    other words are those that a person confirmed. ``submitted_on`` is the day in Shanghai on which it was
    handed in, None for the day of asking. ``supplier_ids``: LEI, GLN, VAT number or DID of a firm without USCC.
    """

    kind: str
    number: str
    holder_name: str
    holder_uscc: str | None
    issuer_name: str | None
    valid_from: date
    valid_until: date | None
    supplier_name: str
    supplier_uscc: str | None
    media_type: str
    reading: Mapping[str, Any]
    submitted_on: date | None = None
    issued_on: date | None = None
    lots: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    site: str | None = None
    scope: str | None = None
    accreditation: str | None = None
    supplier_names: tuple[str, ...] = ()
    supplier_ids: tuple[str, ...] = ()
    materials: tuple[MaterialSeen, ...] = ()
    sites: tuple[SiteSeen, ...] = ()
    issuers: tuple[IssuerSeen, ...] = ()
    principals: tuple[FirmSeen, ...] = ()
    twins: tuple[Twin, ...] = ()
    lookups: tuple[LookupSeen, ...] = ()
    read: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def handed_in(self, day: date) -> date:
        return self.submitted_on or day

    def seen(self, name: str) -> list[Mapping[str, Any]]:
        """The entries of a list of the reading: signatures, symbols, signals. Whatever is of another shape is not there."""
        found = self.reading.get(name)
        return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list | tuple) else []

    def words_read(self, name: str) -> str | None:
        """What the machine read under this name; None when it read nothing. An empty end date means "no end"."""
        found = self.read.get(name)
        value = found.get("value") if isinstance(found, Mapping) else None
        return value.strip() if isinstance(value, str) else None


@dataclass(frozen=True)
class Finding:
    """``because`` is a word of app/words.py; ``evidence`` holds its values and what was compared.
    ``final``: no persons, however many, may override it."""

    result: Result
    because: str
    evidence: dict[str, Any] = field(default_factory=dict)
    final: bool = False


class Check(Protocol):
    """Inconclusive means that a person must look; it never counts as passed."""

    def ask(self, paper: Paper, day: date) -> Finding:
        """``day`` is a date in Shanghai."""
        ...
