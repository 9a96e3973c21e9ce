"""Keys and links: made once, shown once, kept as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from app.auth.models import ROLES, Account, ApiKey, OnceLink
from kernel.errors import Invalid, Missing, flaw
from kernel.unit import Unit

SCOPES = ("telemetry", "trace", "epcis", "codes", "links", "scans", "fraud", "suppliers", "admin")
LINK_LIFE = timedelta(hours=24)


def add_account(unit: Unit, *, email: str, name: str, role: str, supplier_id: str | None = None) -> Account:
    """A person who may sign in; without a password until she sets one, so by one-time link."""
    errors = []
    if role not in ROLES:
        errors.append(flaw("/role", "one-of", f"one of {', '.join(ROLES)}"))
    if (role == "supplier") != (supplier_id is not None):
        errors.append(flaw("/supplier_id", "supplier-role", "a supplier account, and only that, names its supplier"))
    if "@" not in email or len(email) > 120:
        errors.append(flaw("/email", "email", "an e-mail address of at most 120 characters"))
    if errors:
        raise Invalid(errors=errors)
    account = Account(
        id=unit.new_id(),
        brand_id=None if role == "platform" else unit.brand_id,
        supplier_id=supplier_id,
        role=role,
        email=email.strip().lower(),
        name=name.strip()[:80],
        fs_uniquifier=secrets.token_hex(32),
        created_at=unit.now,
    )
    unit.session.add(account)
    unit.record("account.added", "account", account.id, role=role)
    return account


def make_link(unit: Unit, *, email: str) -> str:
    """A token that signs this account in once within a day; shown now and never again."""
    account = unit.session.scalar(select(Account).where(Account.email == email.strip().lower()))
    if account is None:
        raise Missing("no such account")
    token = secrets.token_urlsafe(24)
    unit.session.add(OnceLink(sha256=_sha256(token), account_id=account.id, expires_at=unit.now + LINK_LIFE))
    unit.record("account.link_made", "account", account.id)
    return token


def use_link(unit: Unit, token: str) -> Account | None:
    """The account behind an unused link, which is used by this; None for anything else."""
    used = unit.session.execute(
        update(OnceLink)
        .where(OnceLink.sha256 == _sha256(token), OnceLink.used_at.is_(None), OnceLink.expires_at > unit.now)
        .values(used_at=unit.now)
        .returning(OnceLink.account_id)
    ).scalar()
    if used is None:
        return None
    account = unit.session.get(Account, used)
    if account is None or not account.active:
        return None
    unit.record("account.signed_in_by_link", "account", account.id)
    return account


def add_key(unit: Unit, *, name: str, scopes: list[str]) -> str:
    """A machine's key for this brand, ``prefix.secret``; shown now and never again."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise Invalid(errors=[flaw("/scopes", "one-of", f"some of {', '.join(SCOPES)}")])
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    row = ApiKey(
        id=unit.new_id(),
        brand_id=unit.brand_id,
        name=name.strip()[:80],
        prefix=prefix,
        sha256=_sha256(secret),
        scopes=scopes,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.record("key.added", "api_key", row.id, scopes=scopes)
    return f"{prefix}.{secret}"


def find_key(unit: Unit, given: str) -> ApiKey | None:
    """The live key whose secret this is. A wrong prefix costs the same comparison as a wrong secret."""
    prefix, _, secret = given.partition(".")
    row = unit.session.scalar(select(ApiKey).where(ApiKey.prefix == prefix[:8], ApiKey.revoked_at.is_(None)))
    kept = row.sha256 if row is not None else "0" * 64
    return row if hmac.compare_digest(kept, _sha256(secret)) else None


def keys(unit: Unit) -> list[ApiKey]:
    """The live keys of this brand, oldest first."""
    query = select(ApiKey).where(ApiKey.brand_id == unit.brand_id, ApiKey.revoked_at.is_(None))
    return list(unit.session.scalars(query.order_by(ApiKey.id)))


def revoke_key(unit: Unit, *, key_id: str) -> None:
    row = unit.session.scalar(select(ApiKey).where(ApiKey.id == key_id, ApiKey.brand_id == unit.brand_id))
    if row is None:
        raise Missing("no such key")
    row.revoked_at = row.revoked_at or unit.now
    unit.record("key.revoked", "api_key", row.id)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
