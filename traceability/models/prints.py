"""Files of codes, part by part, and labels that are wanted a second time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class PrintJob(BrandOwned, Base):
    """One file of a part of an order: waiting, ready or failed (then ``failure`` says why).

    The file is its parts one after the other, each kept in the vault as it is made; ``done`` counts the
    codes that are in parts already. ``plan`` is what ``labels.planner`` decided, ``plan_key`` its digest.
    """

    __tablename__ = "print_job"
    __table_args__ = (UniqueConstraint("order_id", "format", "face", "first", "last", "plan_key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(Id, ForeignKey("code_order.id"))
    format: Mapped[str] = mapped_column(String(12))
    face: Mapped[str] = mapped_column(String(8), default="outer")
    """outer, inner, or both (CSV)."""
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    plan: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    plan_key: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    size: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 over the digests of the parts, in hex."""
    failure: Mapped[str | None] = mapped_column(String(300))
    reprint_id: Mapped[str | None] = mapped_column(Id, ForeignKey("reprint.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its next part was last told to be wanted."""
    ready_at: Mapped[datetime | None] = mapped_column(Moment)


class PrintPart(BrandOwned, Base):
    """A part of a file: bytes in the vault under their own hash. ``note`` is what the format must
    remember of it to write the end of the file (object offsets of a PDF, members of a ZIP)."""

    __tablename__ = "print_part"
    __table_args__ = (UniqueConstraint("job_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    job_id: Mapped[str] = mapped_column(Id, ForeignKey("print_job.id"))
    number: Mapped[int] = mapped_column(Integer)
    vault_key: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class Reprint(BrandOwned, Base):
    """Labels that are wanted a second time: asked by one person with a reason, approved by another."""

    __tablename__ = "reprint"
    __table_args__ = (Index("ix_reprint_order", "order_id", "asked_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(Id, ForeignKey("code_order.id"))
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8), default="asked")
    """asked, approved or declined."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(64))
