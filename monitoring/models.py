"""Lines, streams, readings and alerts. ISA-95 for the plant's names, ISA-18.2 for the alert's states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, SmallInteger, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class Line(BrandOwned, Base):
    """A work centre of a site. ``code`` is the plain value by which lots name it."""

    __tablename__ = "line"
    __table_args__ = (UniqueConstraint("brand_id", "code"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))


class Stream(BrandOwned, Base):
    """One measured quantity of one line.

    ``limits``: any of {"hh", "h", "l", "ll"} in ``unit``, with "deadband", "on_delay" and
    "off_delay" (seconds). ``critical`` marks a CCP (HACCP): a breach of hh or ll holds lots by
    itself. ``state`` is the detectors' memory up to ``seen_until`` (event time).
    """

    __tablename__ = "stream"
    __table_args__ = (UniqueConstraint("brand_id", "line_id", "tag"),)

    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    line_id: Mapped[str] = mapped_column(Id, ForeignKey("line.id"), index=True)
    tag: Mapped[str] = mapped_column(String(60))
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(12))
    physical_low: Mapped[float | None] = mapped_column(Float)
    physical_high: Mapped[float | None] = mapped_column(Float)
    limits: Mapped[dict[str, float]] = mapped_column(Document, default=dict)
    critical: Mapped[bool] = mapped_column(Boolean, default=False)
    novelty: Mapped[bool] = mapped_column(Boolean, default=True)
    """Whether the robust-novelty detector watches it as well."""
    cadence_seconds: Mapped[float] = mapped_column(Float, default=1.0)
    state: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    seen_until: Mapped[datetime | None] = mapped_column(Moment)
    last_value: Mapped[float | None] = mapped_column(Float)
    last_at: Mapped[datetime | None] = mapped_column(Moment)


reading = Table(
    "reading",
    Base.metadata,
    Column("stream_no", Integer, ForeignKey("stream.no"), primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Float, nullable=False),
    Column("quality", SmallInteger, nullable=False, default=0),
    sqlite_with_rowid=False,
)
"""Event time in microseconds since 1970 UTC; quality 0 good, 1 out of the physical range.
Not a mapped class and without a brand: it is only ever reached by the number of a stream
that the wall has let through."""


class Alert(BrandOwned, Base):
    """ISA-18.2 states: ``unacknowledged`` (B), ``acknowledged`` (C), ``returned`` (D: back to normal,
    not acknowledged), ``closed`` (A). An episode of one stream and detector is one alert."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("stream_no", "detector", "began_at"),
        Index("ix_alert_state", "brand_id", "state", "began_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    line_id: Mapped[str] = mapped_column(Id, ForeignKey("line.id"))
    stream_no: Mapped[int] = mapped_column(Integer, ForeignKey("stream.no"))
    detector: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(10))
    """critical (a CCP's limit: lots are held), warning (a hold is proposed)."""
    state: Mapped[str] = mapped_column(String(16), default="unacknowledged")
    began_at: Mapped[datetime] = mapped_column(Moment)
    returned_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    """When the house knew; ``began_at`` is the plant's own time."""
    evidence: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """The detector's own numbers: value, limit, expected_low, expected_high, seconds, days …"""
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_by: Mapped[str | None] = mapped_column(String(64))
    cause: Mapped[str | None] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(String(500))


class AlertLot(BrandOwned, Base):
    """A lot that was on the line while the alert was active, and what was done: held or proposed."""

    __tablename__ = "alert_lot"
    __table_args__ = (UniqueConstraint("alert_id", "lot_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id, ForeignKey("alert.id"))
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))
    action: Mapped[str] = mapped_column(String(10))
    items: Mapped[int] = mapped_column(BigInteger, default=0)
