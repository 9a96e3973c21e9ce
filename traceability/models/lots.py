"""Products, lots, events and what is projected from them.

``epcis_event`` is the spine: everything that happens to items and lots is written there in
the shape of EPCIS 2.0. All else that speaks of state (code_range, lot, lot_input, hold,
recall) is a projection, changed in the same transaction as its event.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Amount, Base, BrandOwned, Document, Id, Moment


class Product(BrandOwned, Base):
    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("brand_id", "gtin"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    gtin: Mapped[str] = mapped_column(String(14))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    net_content: Mapped[str] = mapped_column(String(40))
    shelf_life_days: Mapped[int] = mapped_column(Integer)
    category: Mapped[str] = mapped_column(String(20), default="food")
    created_at: Mapped[datetime] = mapped_column(Moment)


class GtinOwner(Base):
    """Whose GTIN it is. Outside the wall: a scan starts without a brand and finds it here."""

    __tablename__ = "gtin_owner"

    gtin: Mapped[str] = mapped_column(String(14), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))


class Lot(BrandOwned, Base):
    """A batch of material that came in (``material_id``, ``supplier_id``) or of product that was made
    (``product_id``, ``line_code``: the line's code as a plain value, no key points up).

    ``state``: open, finished, released. Whether it is held or recalled stands in hold and recall_lot;
    ``standing`` is their projection: clear, held or recalled. ``revision`` grows whenever
    anything that a scan page says of the lot changes.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        Index("ix_lot_line", "brand_id", "line_code", "started_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    product_id: Mapped[str | None] = mapped_column(Id, ForeignKey("product.id"))
    material_id: Mapped[str | None] = mapped_column(Id, ForeignKey("material.id"))
    supplier_id: Mapped[str | None] = mapped_column(Id, ForeignKey("supplier.id"))
    line_code: Mapped[str | None] = mapped_column(String(40))
    quantity: Mapped[Decimal] = mapped_column(Amount)
    uom: Mapped[str] = mapped_column(String(3))
    """UN/ECE Recommendation 20 code: KGM, LTR, H87 (piece)."""
    place: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    best_before: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="open")
    standing: Mapped[str] = mapped_column(String(10), default="clear")
    revision: Mapped[int] = mapped_column(Integer, default=0)


class LotInput(BrandOwned, Base):
    """So much of that lot went into this lot. Projection of TransformationEvents."""

    __tablename__ = "lot_input"
    __table_args__ = (UniqueConstraint("output_lot_id", "input_lot_id", "event_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    output_lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"), index=True)
    input_lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Amount)
    uom: Mapped[str] = mapped_column(String(3))
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("epcis_event.id"))


class LotPaper(BrandOwned, Base):
    """This lot leans on that paper: it was received because the paper stood."""

    __tablename__ = "lot_paper"
    __table_args__ = (UniqueConstraint("lot_id", "certificate_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), index=True)


class EpcisEvent(BrandOwned, Base):
    """EPCIS 2.0 (GS1, ISO/IEC 19987) in our words: what, when, where, why.

    ``what`` holds the standard's keys (quantityList, inputQuantityList, outputQuantityList,
    parentID, childEPCs …) and, in place of an epcList of a million lines, ``codeRanges``:
    [{"gtin", "keyVersion", "first", "last"}], which the export expands. Bare CBV words.
    """

    __tablename__ = "epcis_event"
    __table_args__ = (Index("ix_epcis_event_time", "brand_id", "event_time"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(String(24))
    action: Mapped[str | None] = mapped_column(String(8))
    biz_step: Mapped[str | None] = mapped_column(String(40))
    disposition: Mapped[str | None] = mapped_column(String(40))
    event_time: Mapped[datetime] = mapped_column(Moment)
    event_offset: Mapped[str] = mapped_column(String(6), default="+00:00")
    record_time: Mapped[datetime] = mapped_column(Moment)
    read_point: Mapped[str | None] = mapped_column(String(120))
    biz_location: Mapped[str | None] = mapped_column(String(120))
    what: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    why: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    ilmd: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    transformation_id: Mapped[str | None] = mapped_column(String(120))
    by: Mapped[str] = mapped_column(String(64))


class EventLot(BrandOwned, Base):
    """Which lots an event speaks of, and as what: object, input or output."""

    __tablename__ = "event_lot"
    __table_args__ = (UniqueConstraint("lot_id", "event_id", "role"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("epcis_event.id"), index=True)
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))
    role: Mapped[str] = mapped_column(String(8))


class Hold(BrandOwned, Base):
    """``state``: proposed, placed, released or declined. One cause holds one lot once."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("lot_id", "cause", "cause_id"), Index("ix_hold_state", "brand_id", "state"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))
    cause: Mapped[str] = mapped_column(String(12))
    """alert, certificate or person."""
    cause_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_why: Mapped[str | None] = mapped_column(String(300))


class Recall(BrandOwned, Base):
    __tablename__ = "recall"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    advice: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[str] = mapped_column(String(64))


class RecallLot(BrandOwned, Base):
    """A lot is recalled at most once; a recall is never undone."""

    __tablename__ = "recall_lot"
    __table_args__ = (UniqueConstraint("lot_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    recall_id: Mapped[str] = mapped_column(Id, ForeignKey("recall.id"), index=True)
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))
