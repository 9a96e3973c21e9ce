"""Looks at codes, and what they made people suspect."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class Scan(BrandOwned, Base):
    """One look at one code. It knows no person; ``counter`` is empty when the code was not one of ours.

    ``id`` is the id of the page view, so that the same view told twice is one scan. ``device`` tells
    the devices that looked at one item apart, and is another number for the same device at any other item.
    """

    __tablename__ = "scan"
    __table_args__ = (Index("ix_scan_item", "gtin", "key_version", "counter"), Index("ix_scan_brand_at", "brand_id", "at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    gtin: Mapped[str] = mapped_column(String(14))
    key_version: Mapped[int | None] = mapped_column(Integer)
    counter: Mapped[int | None] = mapped_column(BigInteger)
    is_inner: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether the code under the cap or scratch layer was read."""
    lot_id: Mapped[str | None] = mapped_column(Id, ForeignKey("lot.id"))
    verdict: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)
    region: Mapped[str | None] = mapped_column(String(8))
    """Coarse: a code of ``regions``, a city at most, never finer."""
    device: Mapped[int | None] = mapped_column(BigInteger)


class ItemScans(BrandOwned, Base):
    """What became of an item in the eyes of those who looked at it. Projection of scan, and what the
    inner code has decided.

    ``trail``: what ``suspicion`` must remember of the looks so far, in its own short text. ``owned_at``:
    the first look at the inner code, by ``owned_device``. ``wrong``: inner codes typed wrongly since
    ``wrong_since``.
    """

    __tablename__ = "item_scans"

    gtin: Mapped[str] = mapped_column(String(14), primary_key=True)
    key_version: Mapped[int] = mapped_column(Integer, primary_key=True)
    counter: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    times: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime] = mapped_column(Moment)
    first_region: Mapped[str | None] = mapped_column(String(8))
    last_at: Mapped[datetime] = mapped_column(Moment)
    trail: Mapped[str | None] = mapped_column(String(400))
    owned_at: Mapped[datetime | None] = mapped_column(Moment)
    owned_device: Mapped[int | None] = mapped_column(BigInteger)
    wrong: Mapped[int] = mapped_column(Integer, default=0)
    wrong_since: Mapped[datetime | None] = mapped_column(Moment)


class ScanModel(BrandOwned, Base):
    """How one product's items are looked at when nothing is wrong, as fitted from the brand's own history;
    the newest counts. ``params`` are those of ``suspicion.Model``."""

    __tablename__ = "scan_model"
    __table_args__ = (Index("ix_scan_model_gtin", "gtin", "fitted_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    gtin: Mapped[str] = mapped_column(String(14))
    fitted_at: Mapped[datetime] = mapped_column(Moment)
    items: Mapped[int] = mapped_column(Integer)
    scans: Mapped[int] = mapped_column(Integer)
    params: Mapped[dict[str, Any]] = mapped_column(Document)


class Suspicion(BrandOwned, Base):
    """Something about scans that a person should look at.

    ``kind``: copied (one item's label), roll (labels of one stretch of an order), diverted (goods outside
    the regions they were shipped to) or guessing (many codes that are nobody's). ``subject`` names what it
    is about within its kind, so that the same thing is one case; counters ``first`` … ``last`` where it is
    about items. ``state``: open, confirmed or dismissed.
    """

    __tablename__ = "suspicion"
    __table_args__ = (
        UniqueConstraint("brand_id", "kind", "subject"),
        Index("ix_suspicion_state", "brand_id", "state", "opened_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(80))
    gtin: Mapped[str | None] = mapped_column(String(14))
    key_version: Mapped[int | None] = mapped_column(Integer)
    first: Mapped[int | None] = mapped_column(BigInteger)
    last: Mapped[int | None] = mapped_column(BigInteger)
    probability: Mapped[float | None] = mapped_column(Float)
    evidence: Mapped[dict[str, Any]] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(300))


class Report(BrandOwned, Base):
    """What somebody who held an item had to say of it. It knows no person. ``state``: open or done."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("scan_id"), Index("ix_report_state", "brand_id", "state", "at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    scan_id: Mapped[str] = mapped_column(Id, ForeignKey("scan.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """fake, damaged, taste, foreign_body, ill or other."""
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(300))
