"""Persons who agreed to be known. Identifiers are kept as a keyed MAC for matching and locked
for use; nothing here is readable without the keyring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Id, Moment


class Member(BrandOwned, Base):
    __tablename__ = "member"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(Moment)
    language: Mapped[str] = mapped_column(String(10), default="zh-CN")


class Identity(BrandOwned, Base):
    """One identifier of one member. ``matching`` is HMAC-SHA-256 of the E.164 number."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "matching"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    matching: Mapped[bytes] = mapped_column(LargeBinary(32))
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    hint: Mapped[str] = mapped_column(String(8))
    """What a page may show: the last two digits."""
    proven_at: Mapped[datetime] = mapped_column(Moment)


class Challenge(BrandOwned, Base):
    """A one-time code on its way to a phone: five minutes, five tries."""

    __tablename__ = "challenge"
    __table_args__ = (Index("ix_challenge_matching", "brand_id", "matching", "made_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    matching: Mapped[bytes] = mapped_column(LargeBinary(32))
    locked_phone: Mapped[bytes] = mapped_column(LargeBinary)
    code_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    locked_code: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Kept only until the post has taken it."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    tries_left: Mapped[int] = mapped_column(Integer, default=5)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Consent(BrandOwned, Base):
    """Append only: the newest row of a purpose is what the member wants now (PIPL 14, 15)."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_member", "member_id", "purpose", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    given: Mapped[bool] = mapped_column(Boolean)
    text_version: Mapped[str] = mapped_column(String(20))
    text_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    surface: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)


class Visit(BrandOwned, Base):
    """A scan with somebody behind it. The item stands by its counter, as traceability knows it."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("scan_id"), Index("ix_visit_item", "gtin", "key_version", "counter"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    scan_id: Mapped[str] = mapped_column(Id, ForeignKey("scan.id"))
    gtin: Mapped[str] = mapped_column(String(14))
    key_version: Mapped[int] = mapped_column(Integer)
    counter: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment)


class Notice(BrandOwned, Base):
    """A recall told to a member: once, apart from any marketing consent."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("recall_id", "member_id"), Index("ix_notice_member", "member_id", "written_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    recall_id: Mapped[str] = mapped_column(Id, ForeignKey("recall.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    lot_code: Mapped[str] = mapped_column(String(40))
    product_zh: Mapped[str] = mapped_column(String(120))
    product_en: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(300))
    advice: Mapped[str] = mapped_column(Text)
    items: Mapped[int] = mapped_column(Integer)
    written_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
