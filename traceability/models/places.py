"""Where things are made and where they are meant to go, coarsely."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Amount, Base, BrandOwned, Document, Id, Moment


class Site(BrandOwned, Base):
    """A place as lots and events name it, and the region it lies in: a code of ``regions``."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(8))
    added_at: Mapped[datetime] = mapped_column(Moment)


class Shipment(BrandOwned, Base):
    """Goods that left for a customer who may sell them in some regions: codes of ``regions``."""

    __tablename__ = "shipment"
    __table_args__ = (UniqueConstraint("brand_id", "reference"), Index("ix_shipment_at", "brand_id", "at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(64))
    """The shipper's own name of it (the delivery note): the same one twice is one shipment."""
    customer: Mapped[str] = mapped_column(String(120))
    regions: Mapped[list[str]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("epcis_event.id"))


class ShippedRange(BrandOwned, Base):
    """Items that went with a shipment: counters ``first`` … ``last`` of one key, out of ``sscc`` where they were packed."""

    __tablename__ = "shipped_range"
    __table_args__ = (Index("ix_shipped_range_item", "gtin", "key_version", "first"), Index("ix_shipped_range_shipment", "shipment_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    shipment_id: Mapped[str] = mapped_column(Id, ForeignKey("shipment.id"))
    sscc: Mapped[str | None] = mapped_column(String(18))
    gtin: Mapped[str] = mapped_column(String(14))
    key_version: Mapped[int] = mapped_column(Integer)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)


class ShippedLot(BrandOwned, Base):
    """So much of a lot that went with a shipment without codes: bulk goods, material sent back."""

    __tablename__ = "shipped_lot"
    __table_args__ = (UniqueConstraint("shipment_id", "lot_id"), Index("ix_shipped_lot_lot", "lot_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    shipment_id: Mapped[str] = mapped_column(Id, ForeignKey("shipment.id"))
    lot_id: Mapped[str] = mapped_column(Id, ForeignKey("lot.id"))
    quantity: Mapped[Decimal] = mapped_column(Amount)
    uom: Mapped[str] = mapped_column(String(3))
