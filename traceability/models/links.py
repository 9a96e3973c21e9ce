"""Links of things: what a resolver knows to lead to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, BrandOwned, Document, Id, Moment


class AnchorOwner(Base):
    """Whose thing it is that has links. Outside the wall: a request starts without a brand and finds it
    here. Only for keys other than a GTIN, whose owner stands in gtin_owner. ``key``: ``00/095…``, the
    primary key and its value as they stand in a path, percent-encoded."""

    __tablename__ = "anchor_owner"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))


class Link(BrandOwned, Base):
    """One link of one thing. ``anchor``: the path of its Digital Link without a leading slash
    (``01/095…/10/A%2FB``), whose first two parts are ``key``. Whether it is the default of its anchor is
    said beside its descriptive type, never instead of it (GS1-Conformant Resolver 1.2).
    """

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_key", "key"), Index("ix_link_brand_anchor", "brand_id", "anchor"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    anchor: Mapped[str] = mapped_column(String(300))
    link_type: Mapped[str] = mapped_column(String(40))
    """A name of ``resolver.linktypes``, without prefix: pip, certificationInfo, …"""
    href: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(5))
    media_type: Mapped[str | None] = mapped_column(String(80))
    context: Mapped[str | None] = mapped_column(String(40))
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    passes_query: Mapped[bool] = mapped_column(Boolean, default=True)
    """Whether the query of a request goes along (fwqs)."""
    added_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    health: Mapped[str | None] = mapped_column(String(40))
    """What the last check found: ok, moved, gone, unreachable, refused or a status; None before the first."""
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """Checks that failed one after another."""


class LinkChange(BrandOwned, Base):
    """What somebody did to a link. Append only. ``change``: added, changed or ended, or checked, where a check found news."""

    __tablename__ = "link_change"
    __table_args__ = (Index("ix_link_change_link", "link_id", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    link_id: Mapped[str] = mapped_column(Id, ForeignKey("link.id"))
    change: Mapped[str] = mapped_column(String(8))
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    """The link as it was after the change; of a check, what it found."""
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))


class LinkHost(BrandOwned, Base):
    """A host to which a brand's links may lead; ``*.`` in front allows every host below it."""

    __tablename__ = "link_host"
    __table_args__ = (UniqueConstraint("brand_id", "host"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    host: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(String(64))
