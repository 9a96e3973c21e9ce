"""Shapes of the doors of suppliers: firms, sites, materials, whether they may deliver, what they owe, how they do."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.api.shapes import Ident, In, Out, Short, Text

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class SupplierIn(In):
    """A firm of China has a ``uscc``; one of another country an ``lei``, ``gln`` or ``vat``."""

    name: Text
    uscc: Code | None = None
    kind: Short
    market: Country = "CN"
    email: Text | None = None
    country: Country = "CN"
    lei: Code | None = None
    gln: Code | None = None
    vat: Code | None = None


class SupplierOut(Out):
    id: str
    name: str
    uscc: str | None
    kind: str
    market: str
    country: str
    lei: str | None
    gln: str | None
    vat: str | None


class SiteIn(In):
    name: Text
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    gln: Code | None = None


class SiteOut(Out):
    id: str
    name: str
    address: str | None
    gln: str | None


class MaterialIn(In):
    """``claims``: what is said of it that asks papers of its own, such as ``organic``."""

    code: Short
    name_zh: Text
    name_en: Text
    category: Short
    claims: list[Short] = Field(default_factory=list, max_length=10)


class MaterialOut(Out):
    id: str
    code: str
    name_zh: str
    name_en: str
    category: str
    claims: list[str]


class SupplyIn(In):
    supplier_id: Ident
    material_id: Ident


class GateIn(In):
    """``day``: today when left out. ``lot``: as the supplier calls it; then the papers that each lot brings along are asked for too."""

    day: date | None = None
    lot: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] | None = None


class GateOut(Out):
    """``per_lot``: kinds of papers that each lot brings along, one of each group."""

    open: bool
    because: list[str]
    certificate_ids: list[str]
    per_lot: list[list[str]]


class NeedOut(Out):
    """One paper that is asked of a supplier: any of ``kinds``. ``state``: missing, checking, waiting, rejected, suspended, lapsed,
    expiring, fine or each_lot."""

    requirement: str
    kinds: list[str]
    per: str
    optional: bool
    citation: str
    why: str
    state: str
    certificate_id: str | None
    materials: list[str]


class ReasonOut(Out):
    """``points``: what it costs, or 0 where something is only told; ``code`` is a word, its values stand in ``evidence``."""

    code: str
    points: int
    evidence: dict[str, Any]


class ScoreOut(Out):
    """100 points less what each of ``reasons`` costs; ``points`` and ``grade`` are null when nothing is known."""

    points: int | None
    grade: str | None
    reasons: list[ReasonOut]
