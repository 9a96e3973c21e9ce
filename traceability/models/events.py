"""What happened, kept once, and what is projected from it.

``epcis_event`` is the spine: everything that happens to items, lots and logistic units is written
there in the shape of EPCIS 2.0 and never changed. ``thing``, ``event_thing``, ``event_range``,
``flow`` and ``event_error`` are projections of it, changed in the same transaction
and made anew by ``rebuilding``.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Amount, Base, BrandOwned, Document, Id, Moment

Key = LargeBinary(16)
"""``things.key``: the digest of a brand and a canonical URI."""
Uri = String(400).with_variant(String(400, collation="C"), "postgresql")
"""Compared byte by byte, so that what begins alike is found by the index, whatever the language of the database."""
Word = String(255)
"""A word of the CBV, bare, or a URI of one's own."""


class EpcisEvent(BrandOwned, Base):
    """EPCIS 2.0 (GS1, ISO/IEC 19987). Two kinds of rows.

    What the house did itself: ``what`` holds the standard's keys (quantityList, inputQuantityList,
    outputQuantityList, parentID, childEPCs …) and, in place of an epcList of a million lines, ``codeRanges``:
    [{"gtin", "keyVersion", "first", "last"}], which the export expands, and ``lots``: {uri: role} of the lots of those
    items; ``why`` and ``ilmd`` likewise.

    What was captured from elsewhere: ``told`` is the whole event as JSON text, with ``uri`` (its eventID), ``hash``
    (CBV 2.0, hex) and ``capture_id``; then ``what``, ``why`` and ``ilmd`` are empty.

    ``declares``: this row says that the event of that id is in error (EPCIS 2.0 §7.4.1.4). Bare CBV words.
    """

    __tablename__ = "epcis_event"
    __table_args__ = (
        Index("ix_epcis_event_time", "brand_id", "event_time"),
        Index("ix_epcis_event_record", "brand_id", "record_time", "id"),
        Index(
            "ix_epcis_event_declares",
            "brand_id",
            "declares",
            sqlite_where=text("declares IS NOT NULL"),
            postgresql_where=text("declares IS NOT NULL"),
        ),
        Index(
            "uq_epcis_event_uri",
            "brand_id",
            "uri",
            unique=True,
            sqlite_where=text("uri IS NOT NULL AND declares IS NULL"),
            postgresql_where=text("uri IS NOT NULL AND declares IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(Word)
    action: Mapped[str | None] = mapped_column(String(8))
    biz_step: Mapped[str | None] = mapped_column(Word)
    disposition: Mapped[str | None] = mapped_column(Word)
    event_time: Mapped[datetime] = mapped_column(Moment)
    event_offset: Mapped[str] = mapped_column(String(6), default="+00:00")
    record_time: Mapped[datetime] = mapped_column(Moment)
    read_point: Mapped[str | None] = mapped_column(Word)
    biz_location: Mapped[str | None] = mapped_column(Word)
    what: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    why: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    ilmd: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    transformation_id: Mapped[str | None] = mapped_column(Word)
    by: Mapped[str] = mapped_column(String(64))
    declares: Mapped[str | None] = mapped_column(Id)
    uri: Mapped[str | None] = mapped_column(Uri)
    hash: Mapped[str | None] = mapped_column(String(64))
    capture_id: Mapped[str | None] = mapped_column(Id)
    told: Mapped[str | None] = mapped_column(Text)


class Thing(BrandOwned, Base):
    """Anything an event names, once: an item, a lot, a class, a logistic unit. Where it was last seen, how it was
    last disposed of, and what it is in now.

    Of two events at the same moment the greater word counts, so that the order in which they were told does not.
    ``lot_id``: the lot of this house that it is.
    """

    __tablename__ = "thing"
    __table_args__ = (
        Index("ix_thing_uri", "brand_id", "uri", unique=True),
        Index("ix_thing_parent", "parent", sqlite_where=text("parent IS NOT NULL"), postgresql_where=text("parent IS NOT NULL")),
        Index("ix_thing_lot", "lot_id", sqlite_where=text("lot_id IS NOT NULL"), postgresql_where=text("lot_id IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    uri: Mapped[str] = mapped_column(Uri)
    kind: Mapped[str] = mapped_column(String(8))
    """item, lot, class, unit or other."""
    lot_id: Mapped[str | None] = mapped_column(Id)
    location: Mapped[str | None] = mapped_column(Word)
    located_at: Mapped[datetime | None] = mapped_column(Moment)
    disposition: Mapped[str | None] = mapped_column(Word)
    disposed_at: Mapped[datetime | None] = mapped_column(Moment)
    parent: Mapped[bytes | None] = mapped_column(Key)


class EventThing(BrandOwned, Base):
    """Which things an event names, and as what; ``quantity`` in ``uom`` where it said so."""

    __tablename__ = "event_thing"
    __table_args__ = (Index("ix_event_thing_event", "event_id"), {"sqlite_with_rowid": False})

    thing: Mapped[bytes] = mapped_column(Key, primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, primary_key=True)
    role: Mapped[str] = mapped_column(String(8), primary_key=True)
    """object, input, output, parent or child."""
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    quantity: Mapped[Decimal | None] = mapped_column(Amount)
    uom: Mapped[str | None] = mapped_column(String(3))


class Flow(BrandOwned, Base):
    """Something went into a transformation (``src`` a thing, ``dst`` the transformation; ``side`` in) or came out of it
    (the other way round; out), so that what became of a thing is one walk from src to dst, and what it came from one back.

    A transformation is the digest of its transformationID, which several events may share, or of the one event that
    has none. A lot and the items that were commissioned under it are told in the same way.
    Known from ``recorded_at`` until ``annulled_at``, when the event was declared in error.
    """

    __tablename__ = "flow"
    __table_args__ = (
        Index("ix_flow_back", "dst", "src", "annulled_at", "recorded_at", "event_time"),
        Index("ix_flow_event", "event_id"),
        {"sqlite_with_rowid": False},
    )

    src: Mapped[bytes] = mapped_column(Key, primary_key=True)
    dst: Mapped[bytes] = mapped_column(Key, primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, primary_key=True)
    side: Mapped[str] = mapped_column(String(3))
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    event_time: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    annulled_at: Mapped[datetime | None] = mapped_column(Moment)


class EventRange(BrandOwned, Base):
    """Items that an event of this house speaks of: counters ``first`` … ``last`` of one key, the ``place``-th of its ranges."""

    __tablename__ = "event_range"
    __table_args__ = (Index("ix_event_range_item", "gtin", "key_version", "first"),)

    event_id: Mapped[str] = mapped_column(Id, ForeignKey("epcis_event.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    gtin: Mapped[str] = mapped_column(String(14))
    key_version: Mapped[int] = mapped_column(Integer)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)


class EventError(BrandOwned, Base):
    """This event is in error, as ``declared_by`` says, and we know it since ``at``. The first declaration counts."""

    __tablename__ = "event_error"

    event_id: Mapped[str] = mapped_column(Id, ForeignKey("epcis_event.id"), primary_key=True)
    declared_by: Mapped[str] = mapped_column(Id, ForeignKey("epcis_event.id"))
    reason: Mapped[str | None] = mapped_column(Word)
    at: Mapped[datetime] = mapped_column(Moment)


class CaptureJob(BrandOwned, Base):
    """A document that was sent to be captured (EPCIS 2.0 §12.6.1), as it lies in the vault, and what became of it."""

    __tablename__ = "capture_job"
    __table_args__ = (Index("ix_capture_job_created", "brand_id", "created_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    success: Mapped[bool | None]
    behaviour: Mapped[str] = mapped_column(String(8), default="rollback")
    """rollback or proceed."""
    media_type: Mapped[str] = mapped_column(String(80))
    extensions: Mapped[dict[str, str]] = mapped_column(Document, default=dict)
    """Prefix → namespace, of the header GS1-Extensions."""
    vault_key: Mapped[str] = mapped_column(String(64))
    events: Mapped[int | None] = mapped_column(Integer)
    captured: Mapped[int | None] = mapped_column(Integer)
    errors: Mapped[list[Any]] = mapped_column(Document, default=list)


class EpcisQuery(BrandOwned, Base):
    """A question that has a name (EPCIS 2.0 §12.7)."""

    __tablename__ = "epcis_query"
    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    question: Mapped[dict[str, Any]] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))


class EpcisSubscription(BrandOwned, Base):
    """Whoever is told when a named question has new answers. ``secret``: the signature token, locked by the keyring."""

    __tablename__ = "epcis_subscription"
    __table_args__ = (Index("ix_epcis_subscription_query", "query_id"), Index("ix_epcis_subscription_due", "due_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    query_id: Mapped[str] = mapped_column(Id, ForeignKey("epcis_query.id"))
    dest: Mapped[str] = mapped_column(String(500))
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    report_if_empty: Mapped[bool]
    schedule: Mapped[dict[str, str] | None] = mapped_column(Document)
    stream: Mapped[bool]
    epc_format: Mapped[str] = mapped_column(String(30), default="Always_GS1_Digital_Link")
    min_record_time: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    last_failure: Mapped[str | None] = mapped_column(String(120))


class SubscriptionEvent(BrandOwned, Base):
    """An event that a subscriber was not told of yet. Deleted once they answered that they have it."""

    __tablename__ = "subscription_event"

    subscription_id: Mapped[str] = mapped_column(Id, ForeignKey("epcis_subscription.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("epcis_event.id"), primary_key=True)


class MasterDatum(BrandOwned, Base):
    """An element of a vocabulary as a partner told it (EPCIS 2.0 §9.4): attributes of a place, a product, a party, and what lies in it."""

    __tablename__ = "master_datum"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "uri"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(120))
    uri: Mapped[str] = mapped_column(Uri)
    attributes: Mapped[dict[str, Any]] = mapped_column(Document)
    children: Mapped[list[str]] = mapped_column(Document, default=list)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
