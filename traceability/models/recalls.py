"""Recalls, drills, and what people put their name to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class Recall(BrandOwned, Base):
    """``state``: proposed by one person, then open by another or declined. An open one is never undone.

    ``scope``: from where it was found (kind and what was named) and the ids of the lots that were seen then.
    """

    __tablename__ = "recall"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
    advice: Mapped[str] = mapped_column(Text)
    scope: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    proposed_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_by: Mapped[str | None] = mapped_column(String(64))
    declined_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_by: Mapped[str | None] = mapped_column(String(64))
    declined_why: Mapped[str | None] = mapped_column(String(300))


class RecallLot(BrandOwned, Base):
    """A lot is recalled at most once; an open recall is never undone."""

    __tablename__ = "recall_lot"
    __table_args__ = (UniqueConstraint("lot_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    recall_id: Mapped[str] = mapped_column(Id, ForeignKey("recall.id"), index=True)
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))


class RecallDrill(BrandOwned, Base):
    """An exercise against the clock: ``steps`` are [{"step", "at", …}] in order, ``found`` how much of what."""

    __tablename__ = "recall_drill"
    __table_args__ = (Index("ix_recall_drill_started", "brand_id", "started_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    scope: Mapped[dict[str, Any]] = mapped_column(Document)
    started_at: Mapped[datetime] = mapped_column(Moment)
    started_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(String(64))
    steps: Mapped[list[Any]] = mapped_column(Document, default=list)
    found: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    note: Mapped[str | None] = mapped_column(String(300))


class Signature(BrandOwned, Base):
    """A person put their name to something: to what, with which intent, why, and how we knew that it was they.

    Source: 21 CFR 11.50 (printed name, date and time, meaning), 11.70 (bound to what was signed: ``digest`` of it), 11.200.
    """

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_subject", "subject_kind", "subject_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(12))
    """hold or recall."""
    subject_id: Mapped[str] = mapped_column(Id)
    intent: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(120))
    method: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
