"""Cases and pallets, and what is in them now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Id, Moment


class SsccPrefix(BrandOwned, Base):
    """The GS1 company prefix under which a brand numbers its logistic units; ``next_reference`` is the first unused."""

    __tablename__ = "sscc_prefix"
    __table_args__ = (UniqueConstraint("brand_id"), UniqueConstraint("prefix"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    prefix: Mapped[str] = mapped_column(String(12))
    next_reference: Mapped[int] = mapped_column(BigInteger, default=0)


class Pack(BrandOwned, Base):
    """A case or a pallet, named by its SSCC. ``parent_id``: the pack it stands in now."""

    __tablename__ = "pack"
    __table_args__ = (UniqueConstraint("sscc"), Index("ix_pack_parent", "parent_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    sscc: Mapped[str] = mapped_column(String(18))
    kind: Mapped[str] = mapped_column(String(8))
    """case or pallet."""
    parent_id: Mapped[str | None] = mapped_column(Id, ForeignKey("pack.id"))
    packed_at: Mapped[datetime] = mapped_column(Moment)
    packed_by: Mapped[str] = mapped_column(String(64))
    unpacked_at: Mapped[datetime | None] = mapped_column(Moment)


class PackedRange(BrandOwned, Base):
    """Items that are in a pack now: counters ``first`` … ``last`` of one key. No item is in two packs."""

    __tablename__ = "packed_range"
    __table_args__ = (UniqueConstraint("gtin", "key_version", "first"), Index("ix_packed_range_pack", "pack_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    pack_id: Mapped[str] = mapped_column(Id, ForeignKey("pack.id"))
    gtin: Mapped[str] = mapped_column(String(14))
    key_version: Mapped[int] = mapped_column(Integer)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
