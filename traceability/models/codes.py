"""Serials and what became of them: keys, orders, ranges, moves.

Items have no rows. An order is a range of counters under a keyed permutation (seal.py);
what happens to items happens to sub-ranges. Only serials made elsewhere have a row each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class SerialKey(BrandOwned, Base):
    """The key of one permutation, locked by the keyring; ``next_counter`` is the first unused.

    ``kind``: gs1 (of one GTIN), compact or inner (of the whole brand, ``gtin`` empty), imported (of one
    GTIN, without a key: its serials were made elsewhere and stand in imported_serial). New versions are
    numbered through within a brand, so that (gtin, version, counter) names one item, whatever the kind.
    """

    __tablename__ = "serial_key"
    __table_args__ = (UniqueConstraint("gtin", "version"), Index("ix_serial_key_brand", "brand_id", "kind", "version"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), default="gs1")
    gtin: Mapped[str | None] = mapped_column(String(14))
    version: Mapped[int] = mapped_column(Integer)
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)
    next_counter: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    """No new counters are taken from it; what it issued stays valid."""


class CodeAddress(Base):
    """Whose compact codes begin like this: a host (``s.cn``) or, on the platform's own host, ``/`` and a
    short name (``/DY``). Outside the wall: a scan of a compact code starts without a brand and finds it here."""

    __tablename__ = "code_address"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)


class CodeOrder(BrandOwned, Base):
    """One row, however many codes. ``reference`` is the orderer's own id: the same one twice is one order.

    ``scheme``: gs1 (a GS1 Digital Link), compact (host and serial) or imported. ``base_url`` is what the
    printed links begin with, kept so that a file made again has the same bytes. Where a code lies under
    the cap as well, its partner is the counter at the same place from ``inner_first`` on, under another
    key, and its link begins with ``inner_url``.
    """

    __tablename__ = "code_order"
    __table_args__ = (UniqueConstraint("brand_id", "reference"), Index("ix_code_order_inner", "brand_id", "inner_version", "inner_first"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(64))
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    gtin: Mapped[str] = mapped_column(String(14))
    scheme: Mapped[str] = mapped_column(String(8), default="gs1")
    base_url: Mapped[str] = mapped_column(String(200), default="")
    key_version: Mapped[int] = mapped_column(Integer)
    first: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int] = mapped_column(BigInteger)
    inner_version: Mapped[int | None] = mapped_column(Integer)
    inner_first: Mapped[int | None] = mapped_column(BigInteger)
    inner_url: Mapped[str | None] = mapped_column(String(200))
    longest: Mapped[int | None] = mapped_column(Integer)
    """Characters of the longest serial as it stands in a link, where they were made elsewhere."""
    alphanumeric: Mapped[bool | None] = mapped_column(Boolean)
    """Whether those are all of a QR code's alphanumeric set."""
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    ordered_by: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(String(64))


class CodeRange(BrandOwned, Base):
    """Counters ``first`` … ``last`` (both in) share a state of ``life.STATES``, its reason and, once they
    were put on one, a lot.

    The ranges of one key never overlap and together cover all that was ordered.
    """

    __tablename__ = "code_range"
    __table_args__ = (
        UniqueConstraint("gtin", "key_version", "first"),
        Index("ix_code_range_lot", "lot_id"),
        Index("ix_code_range_key", "brand_id", "key_version", "first"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(Id, ForeignKey("code_order.id"), index=True)
    gtin: Mapped[str] = mapped_column(String(14))
    key_version: Mapped[int] = mapped_column(Integer)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(14), default="allocated")
    reason: Mapped[str | None] = mapped_column(String(20))
    lot_id: Mapped[str | None] = mapped_column(Id, ForeignKey("lot.id"))


class CodeMove(BrandOwned, Base):
    """One step in the life of a span of codes, with what it takes to undo it.

    ``before`` holds the runs as they were: [[first, last, state, reason, lot_id], …]. There may be many
    thousands, so that it is loaded only when asked for.
    """

    __tablename__ = "code_move"
    __table_args__ = (Index("ix_code_move_order", "order_id", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    order_id: Mapped[str] = mapped_column(Id, ForeignKey("code_order.id"))
    move: Mapped[str] = mapped_column(String(14))
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(300))
    lot_id: Mapped[str | None] = mapped_column(Id, ForeignKey("lot.id"))
    before: Mapped[list[Any]] = mapped_column(Document, deferred=True)
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("epcis_event.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_by: Mapped[str | None] = mapped_column(String(64))


class ImportedSerial(BrandOwned, Base):
    """A serial that was made elsewhere: the only codes with a row each. ``counter`` is its place among the imported ones of its GTIN."""

    __tablename__ = "imported_serial"
    __table_args__ = (UniqueConstraint("gtin", "key_version", "counter"),)

    gtin: Mapped[str] = mapped_column(String(14), primary_key=True)
    serial: Mapped[str] = mapped_column(String(20), primary_key=True)
    key_version: Mapped[int] = mapped_column(Integer)
    counter: Mapped[int] = mapped_column(BigInteger)
