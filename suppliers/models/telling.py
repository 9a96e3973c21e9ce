"""What is told about papers: to other systems, to suppliers before a paper lapses, and between people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class Webhook(BrandOwned, Base):
    """An address of another system that wants to hear of papers. ``secret`` is locked in the keyring."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(400))
    events: Mapped[list[str]] = mapped_column(Document, default=list)
    """What it wants to hear of; empty: of everything."""
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    secret_before: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The one before, locked as well: it signs too for a while after ``rotated_at``."""
    rotated_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class WebhookDelivery(BrandOwned, Base):
    """One event on its way to one address. ``state``: waiting, sent or failed (given up)."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_log", "brand_id", "webhook_id", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    webhook_id: Mapped[str] = mapped_column(Id, ForeignKey("webhook.id"))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[int | None] = mapped_column(Integer)
    """Of HTTP: what was answered last; None when nothing answered."""
    failure: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    tried_at: Mapped[datetime | None] = mapped_column(Moment)


class PaperReminder(BrandOwned, Base):
    """That a supplier was reminded of a paper on a rung of its ladder: each rung once for each day on which it ends."""

    __tablename__ = "paper_reminder"
    __table_args__ = (UniqueConstraint("certificate_id", "rung", "due_on"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"))
    rung: Mapped[str] = mapped_column(String(30))
    due_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)
    to: Mapped[str | None] = mapped_column(String(120))
    """None when the supplier left no address: only the portal shows it."""


class SupplierMessage(BrandOwned, Base):
    """A line between a supplier's people and the brand's, about a paper or about anything."""

    __tablename__ = "supplier_message"
    __table_args__ = (Index("ix_supplier_message_thread", "brand_id", "supplier_id", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"))
    certificate_id: Mapped[str | None] = mapped_column(Id, ForeignKey("certificate.id"))
    from_supplier: Mapped[bool] = mapped_column(Boolean)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(String(80))
    posted_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it went out by e-mail."""
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    """When somebody of the other side had it before their eyes."""
