"""Products, lots, what they lean on, and what holds them.

What happened to a lot stands in ``events``; here is how it stands now, changed in the same
transaction as its event.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Amount, Base, BrandOwned, Id, Moment
from traceability.models.events import Key, Uri


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
    anything that a scan page says of the lot changes. ``uri``: what events call it, given at birth and kept;
    ``thing``: the key of that. ``supplier_lot``: what its supplier calls it.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        Index("ix_lot_line", "brand_id", "line_code", "started_at"),
        Index("ix_lot_supplier_lot", "brand_id", "supplier_lot"),
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
    uri: Mapped[str] = mapped_column(Uri)
    thing: Mapped[bytes] = mapped_column(Key, unique=True)
    supplier_lot: Mapped[str | None] = mapped_column(String(40))
    delivery_id: Mapped[str | None] = mapped_column(Id, ForeignKey("goods_delivery.id"), index=True)


class GoodsDelivery(BrandOwned, Base):
    """Goods that one supplier brought at once, under their delivery note's number."""

    __tablename__ = "goods_delivery"
    __table_args__ = (UniqueConstraint("brand_id", "supplier_id", "reference"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(64))
    supplier_id: Mapped[str] = mapped_column(Id, ForeignKey("supplier.id"))
    place: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    """Of what was told, so that the same reference for other goods is noticed."""


class LotPaper(BrandOwned, Base):
    """This lot leans on that paper: it was received because the paper stood."""

    __tablename__ = "lot_paper"
    __table_args__ = (UniqueConstraint("lot_id", "certificate_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))
    certificate_id: Mapped[str] = mapped_column(Id, ForeignKey("certificate.id"), index=True)


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
