"""Shapes of the doors of what a brand asks and whom it believes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.api.shapes import In, Out, Sentence, Short, Text
from app.api.shapes_suppliers import Code, Country

Identifier = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class IssuerIn(In):
    """``kinds``: of the papers it may issue; none: any. ``hosts``: where the symbols on its papers may lead; ``dids``: its identifiers."""

    name: Text
    names: list[Text] = Field(default_factory=list, max_length=40)
    uscc: Code | None = None
    kinds: list[Short] = Field(default_factory=list, max_length=40)
    hosts: list[Text] = Field(default_factory=list, max_length=40)
    dids: list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]] = Field(
        default_factory=list, max_length=40
    )
    accreditation: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] | None = None
    accredited_until: date | None = None


class IssuerOut(Out):
    id: str
    name: str
    names: list[str]
    uscc: str | None
    kinds: list[str]
    hosts: list[str]
    dids: list[str]
    accreditation: str | None
    accredited_until: date | None
    added_at: datetime
    ended_at: datetime | None


class AnchorIn(In):
    """``pem``: one certificate; ``crl``: its revocation list, DER in base64."""

    name: Text
    pem: Annotated[str, StringConstraints(min_length=1, max_length=65_536)]
    crl: Annotated[str, StringConstraints(max_length=8_000_000)] | None = None


class AnchorOut(Out):
    id: str
    name: str
    pem: str
    added_at: datetime
    ended_at: datetime | None


class MatrixIn(In):
    """What is asked on ``day`` (today when left out) or later, narrowed if wished."""

    day: date | None = None
    market: Country | None = None
    supplier_kind: Short | None = None
    category: Short | None = None


class RowIn(In):
    """A requirement of the brand's own: any of ``kinds``, or with ``drops`` a row of the house that is switched off."""

    market: Country
    supplier_kinds: list[Short] = Field(min_length=1, max_length=20)
    categories: list[Short] = Field(min_length=1, max_length=40)
    kinds: list[Short] = Field(default_factory=list, max_length=40)
    per: Literal["supplier", "lot"] = "supplier"
    optional: bool = False
    citation: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    why: Sentence
    effective_from: date
    effective_until: date | None = None
    drops: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] | None = None


class RowEndIn(In):
    last_day: date


class RowOut(Out):
    id: str
    market: str
    supplier_kinds: list[str]
    categories: list[str]
    kinds: list[str]
    per: str
    optional: bool
    citation: str
    why: str
    drops: str | None
    effective_from: date
    effective_until: date | None
