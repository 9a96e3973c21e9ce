"""Who supplies what, from where; whose word this brand believes; what it asks beyond the law."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class Supplier(BrandOwned, Base):
    """``uscc`` is the 统一社会信用代码 (GB 32100-2015), None for a firm of another country, which then has an
    ``lei`` (ISO 17442), ``gln`` (GS1) or ``vat``; ``kind`` and ``market`` (where its goods are sold) decide
    which papers are asked."""

    __tablename__ = "supplier"
    __table_args__ = (UniqueConstraint("brand_id", "uscc"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    uscc: Mapped[str | None] = mapped_column(String(18))
    country: Mapped[str] = mapped_column(String(2), default="CN")
    """Where the firm is: ISO 3166-1 alpha-2."""
    lei: Mapped[str | None] = mapped_column(String(20))
    gln: Mapped[str | None] = mapped_column(String(13))
    vat: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    market: Mapped[str] = mapped_column(String(2), default="CN")
    email: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)


class SupplierSite(BrandOwned, Base):
    """Where a supplier makes things: what a paper's printed site is compared with."""

    __tablename__ = "supplier_site"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(200))
    gln: Mapped[str | None] = mapped_column(String(13))
    """Global Location Number, which is also the GGN of a GLOBALG.A.P. producer."""


class Material(BrandOwned, Base):
    """Something a supplier delivers: raw milk, a cap, a cleaning agent. ``claims``: what is said of it
    that asks papers of its own (``organic``)."""

    __tablename__ = "material"
    __table_args__ = (UniqueConstraint("brand_id", "code"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(20))
    claims: Mapped[list[str]] = mapped_column(Document, default=list)


class Supply(BrandOwned, Base):
    """This supplier is listed for that material."""

    __tablename__ = "supply"
    __table_args__ = (UniqueConstraint("supplier_id", "material_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"))
    material_id: Mapped[str] = mapped_column(Id, ForeignKey("material.id"))


class TrustedIssuer(BrandOwned, Base):
    """Somebody whose papers this brand believes, of some ``kinds`` only (empty: of any kind).

    ``names``: other ways in which the name is written. ``hosts``: where the QR on its papers may lead,
    and where its status lists lie. ``dids``: its decentralised identifiers; ``documents``: their DID
    documents as they were last seen, by DID.
    """

    __tablename__ = "trusted_issuer"
    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    names: Mapped[list[str]] = mapped_column(Document, default=list)
    uscc: Mapped[str | None] = mapped_column(String(18))
    kinds: Mapped[list[str]] = mapped_column(Document, default=list)
    hosts: Mapped[list[str]] = mapped_column(Document, default=list)
    dids: Mapped[list[str]] = mapped_column(Document, default=list)
    documents: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    accreditation: Mapped[str | None] = mapped_column(String(80))
    """Its own licence to issue: a CMA or CNAS number, a CNCA approval, an IAF body."""
    accredited_until: Mapped[date | None] = mapped_column(Date)
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when it is believed no more."""


class TrustAnchor(BrandOwned, Base):
    """A root certificate (RSA, ECDSA or SM2) whose signatures this brand believes."""

    __tablename__ = "trust_anchor"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    pem: Mapped[str] = mapped_column(Text)
    crl: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The root's revocation list, DER; without it revocation is not known."""
    added_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when it is believed no more."""


class RequirementRow(BrandOwned, Base):
    """What this brand asks beyond the seeded matrix, or (``drops``) a row of it that it does not ask."""

    __tablename__ = "requirement_row"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    supplier_kinds: Mapped[list[str]] = mapped_column(Document, default=list)
    categories: Mapped[list[str]] = mapped_column(Document, default=list)
    kinds: Mapped[list[str]] = mapped_column(Document, default=list)
    """Any one of these kinds of papers will do."""
    per: Mapped[str] = mapped_column(String(8), default="supplier")
    optional: Mapped[bool] = mapped_column(Boolean, default=False)
    citation: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(String(300))
    drops: Mapped[str | None] = mapped_column(String(60))
    effective_from: Mapped[date] = mapped_column(Date)
    effective_until: Mapped[date | None] = mapped_column(Date)
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(String(64))
