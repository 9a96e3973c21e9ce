"""Suppliers, what they deliver, and the papers they show for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class Supplier(BrandOwned, Base):
    """``uscc`` is the 统一社会信用代码 (GB 32100-2015); ``kind`` decides which papers are asked."""

    __tablename__ = "supplier"
    __table_args__ = (UniqueConstraint("brand_id", "uscc"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    uscc: Mapped[str] = mapped_column(String(18))
    kind: Mapped[str] = mapped_column(String(20))
    market: Mapped[str] = mapped_column(String(2), default="CN")
    email: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Material(BrandOwned, Base):
    """Something a supplier delivers: raw milk, a cap, a cleaning agent."""

    __tablename__ = "material"
    __table_args__ = (UniqueConstraint("brand_id", "code"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(20))


class Supply(BrandOwned, Base):
    """This supplier is listed for that material."""

    __tablename__ = "supply"
    __table_args__ = (UniqueConstraint("supplier_id", "material_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"))
    material_id: Mapped[str] = mapped_column(Id, ForeignKey("material.id"))


class TrustAnchor(BrandOwned, Base):
    """A root certificate whose signatures this brand believes on papers of some kinds."""

    __tablename__ = "trust_anchor"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    pem: Mapped[str] = mapped_column(Text)
    crl: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The root's revocation list, DER; without it revocation is not known."""
    added_at: Mapped[datetime] = mapped_column(Moment)


class Certificate(BrandOwned, Base):
    """One paper as it was handed in; the bytes lie in the vault under ``sha256``.

    ``standing`` is the projection of the newest StandingChange: unverified, accepted, lapsing,
    lapsed, rejected or revoked. No outcome ever means "fine".
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("brand_id", "supplier_id", "sha256"),
        Index("ix_certificate_due", "brand_id", "standing", "valid_until"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(60))
    holder_name: Mapped[str] = mapped_column(String(120))
    holder_uscc: Mapped[str | None] = mapped_column(String(18))
    issuer_name: Mapped[str | None] = mapped_column(String(120))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(Integer)
    reading: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """What the limited child process saw in the bytes; None until it has looked."""
    standing: Mapped[str] = mapped_column(String(12), default="unverified")
    because: Mapped[list[str]] = mapped_column(Document, default=list)
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    submitted_by: Mapped[str] = mapped_column(String(64))
    judged_at: Mapped[datetime | None] = mapped_column(Moment)


class CheckOutcome(BrandOwned, Base):
    """What one check said of one paper. ``result`` is passed, failed or inconclusive."""

    __tablename__ = "check_outcome"
    __table_args__ = (UniqueConstraint("certificate_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"))
    name: Mapped[str] = mapped_column(String(30))
    result: Mapped[str] = mapped_column(String(12))
    because: Mapped[str] = mapped_column(String(60))
    """A word of app/words.py, e.g. ``check.dates.lapsed``."""
    evidence: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    at: Mapped[datetime] = mapped_column(Moment)


class StandingChange(BrandOwned, Base):
    """Append only: from ``at`` on this paper stood so, because of that, by decision of whom."""

    __tablename__ = "standing_change"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), index=True)
    standing: Mapped[str] = mapped_column(String(12))
    because: Mapped[list[str]] = mapped_column(Document, default=list)
    decision: Mapped[str | None] = mapped_column(String(8))
    """accept, reject, revoke; ``reset`` when the supplier mended the words and the paper starts anew."""
    note: Mapped[str | None] = mapped_column(String(500))
    """What the person who decided said about it, for the supplier to read."""
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
