"""Staff and supplier accounts, machine keys, one-time sign-in links. Secrets only as hashes."""

from __future__ import annotations

from datetime import datetime

from flask_security import UserMixin
from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.orm import Base, Document, Id, Moment

ROLES = ("platform", "brand_admin", "quality", "plant", "supplier")


class Account(Base, UserMixin):
    """A person who signs in. Outside the wall, for signing in is how a brand is found;
    only app/auth reads it. ``brand_id`` is empty for the platform's own operators."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str | None] = mapped_column(Id, ForeignKey("brand.id"), index=True)
    supplier_id: Mapped[str | None] = mapped_column(Id, ForeignKey("supplier.id"))
    role: Mapped[str] = mapped_column(String(12))
    email: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def roles(self) -> list[str]:
        """Empty: the guards read ``role``, and Flask-Security asks here for role objects, which we have none of."""
        return []


class ApiKey(Base):
    """A machine's key: 256 random bits, kept as SHA-256 (a fast hash is right for a key that
    cannot be guessed). ``scopes`` name what it may do."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(8), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class OnceLink(Base):
    """A link that signs an account in once."""

    __tablename__ = "once_link"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(Id, ForeignKey("account.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
