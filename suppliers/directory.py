"""Who the suppliers are, what they deliver, and whose signatures the brand believes.

Knows no paper and no lot. A supplier's own people see their own firm and nothing of another.
"""

from __future__ import annotations

import re
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing, Refused
from kernel.given import Given
from kernel.orm import Base
from kernel.unit import Unit
from suppliers.identifiers import tidy, uscc_flaw
from suppliers.models import Material, Supplier, Supply, TrustAnchor
from suppliers.requirements import CATEGORIES, MARKETS, SUPPLIER_KINDS

Row = TypeVar("Row", bound=Base)


class SupplierKnown(Conflict):
    """A supplier with this unified social credit code is already listed. Open the existing one instead."""

    code = "supplier-known"
    title = "This supplier is already listed"


class MaterialKnown(Conflict):
    """A material with this code already exists. Material codes are unique within a brand."""

    code = "material-known"
    title = "This material code is already taken"


def add_supplier(unit: Unit, *, name: str, uscc: str, kind: str, market: str = "CN", email: str | None = None) -> Supplier:
    """List a firm. ``uscc`` must hold (GB 32100-2015) and be new in this brand."""
    _by_the_house(unit)
    given = Given()
    name = given.text("/name", name, 120)
    uscc = tidy(given.text("/uscc", uscc, 40))
    kind = given.choice("/kind", kind, SUPPLIER_KINDS)
    market = given.choice("/market", market, MARKETS)
    email = given.optional("/email", email, 120)
    if uscc and uscc_flaw(uscc):
        given.wrong("/uscc", "uscc", "is not a valid unified social credit code")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        given.wrong("/email", "email", "is not an e-mail address")
    given.done()
    row = Supplier(id=unit.new_id(), name=name, uscc=uscc, kind=kind, market=market, email=email, created_at=unit.now)
    _add_once(unit, row, SupplierKnown("a supplier with this code is already listed"))
    unit.record("supplier.added", "supplier", row.id, kind=kind, market=market)
    return row


def add_material(unit: Unit, *, code: str, name_zh: str, name_en: str, category: str) -> Material:
    """Name something that may be delivered. ``category`` decides which papers it asks."""
    _by_the_house(unit)
    given = Given()
    row = Material(
        id=unit.new_id(),
        code=given.text("/code", code, 40),
        name_zh=given.text("/name_zh", name_zh, 120),
        name_en=given.text("/name_en", name_en, 120),
        category=given.choice("/category", category, CATEGORIES),
    )
    given.done()
    _add_once(unit, row, MaterialKnown("a material with this code exists", material=row.code))
    unit.record("material.added", "material", row.id, category=row.category)
    return row


def list_supply(unit: Unit, *, supplier_id: str, material_id: str) -> Supply:
    """Say that this supplier delivers that material. Saying it twice changes nothing."""
    _by_the_house(unit)
    who, what = supplier(unit, supplier_id), material(unit, material_id)
    listed = select(Supply).where(Supply.supplier_id == who.id, Supply.material_id == what.id)
    known = unit.session.scalar(listed)
    if known is not None:
        return known
    row = Supply(id=unit.new_id(), supplier_id=who.id, material_id=what.id)
    try:
        _add_once(unit, row, Conflict("listed meanwhile"))
    except Conflict:
        return unit.session.scalars(listed).one()
    unit.record("supply.listed", "supplier", who.id, material=what.id)
    return row


def add_anchor(unit: Unit, *, name: str, pem: str, crl: bytes | None = None) -> TrustAnchor:
    """Believe signatures that lead to this root (PEM). ``crl`` is its revocation list, DER."""
    if unit.actor.kind not in ("quality", "brand_admin", "system"):
        raise Refused("only quality staff choose whom to believe")
    given = Given()
    name = given.text("/name", name, 120)
    if not _is_certificate(pem):
        given.wrong("/pem", "pem", "must be one certificate in PEM")
    if crl is not None and not _is_crl(crl):
        given.wrong("/crl", "crl", "must be a certificate revocation list in DER")
    given.done()
    row = TrustAnchor(id=unit.new_id(), name=name, pem=pem.strip() + "\n", crl=crl, added_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    unit.record("anchor.added", "trust_anchor", row.id, revocation=crl is not None)
    return row


def anchors(unit: Unit) -> list[TrustAnchor]:
    return list(unit.session.scalars(select(TrustAnchor).order_by(TrustAnchor.id)))


def suppliers(unit: Unit) -> list[Supplier]:
    """All of the brand's suppliers by name; to a supplier's own people, their own firm."""
    query = select(Supplier).order_by(Supplier.name, Supplier.id)
    if unit.actor.kind == "supplier":
        query = query.where(Supplier.id == unit.actor.supplier_id)
    return list(unit.session.scalars(query))


def supplier(unit: Unit, id: str) -> Supplier:
    """This supplier, or Missing: also for a supplier's people who ask about another firm."""
    row = unit.session.get(Supplier, id) if isinstance(id, str) else None
    if row is None or (unit.actor.kind == "supplier" and unit.actor.supplier_id != row.id):
        raise Missing("no such supplier")
    return row


def materials(unit: Unit) -> list[Material]:
    return list(unit.session.scalars(select(Material).order_by(Material.code)))


def material(unit: Unit, id: str) -> Material:
    row = unit.session.get(Material, id) if isinstance(id, str) else None
    if row is None:
        raise Missing("no such material")
    return row


def supplied_by(unit: Unit, supplier_id: str) -> list[Material]:
    """What this supplier is listed for, by code."""
    who = supplier(unit, supplier_id)
    query = select(Material).join(Supply, Supply.material_id == Material.id).where(Supply.supplier_id == who.id)
    return list(unit.session.scalars(query.order_by(Material.code)))


def _by_the_house(unit: Unit) -> None:
    if unit.actor.kind == "supplier":
        raise Refused("a supplier does not keep the brand's lists")


def _add_once(unit: Unit, row: Row, otherwise: Conflict) -> None:
    """Insert, or raise ``otherwise`` when a unique constraint says that it is there already."""
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
            unit.session.flush()
    except IntegrityError:
        raise otherwise from None


def _is_certificate(pem: object) -> bool:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return isinstance(pem, str) and len(pem) < 65_536 and len(load_pem_x509_certificates(pem.encode())) == 1
    except ValueError:
        return False


def _is_crl(der: object) -> bool:
    from cryptography.x509 import load_der_x509_crl

    try:
        return isinstance(der, bytes) and load_der_x509_crl(der) is not None
    except ValueError:
        return False
