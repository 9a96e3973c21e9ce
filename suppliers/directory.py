"""Who the suppliers are, where they make things, and what they deliver.

Knows no paper and no lot. A supplier's own people see their own firm and nothing of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing, Refused
from kernel.given import Given
from kernel.orm import Base
from kernel.unit import Unit
from suppliers.facts import SupplierChanged
from suppliers.identifiers import RULES, tidy
from suppliers.models import Material, Supplier, SupplierSite, Supply
from suppliers.requirements import CATEGORIES, CLAIMS, MARKETS, SUPPLIER_KINDS

Row = TypeVar("Row", bound=Base)


class SupplierKnown(Conflict):
    """A supplier with this unified social credit code is already listed. Open the existing one instead."""

    code = "supplier-known"
    title = "This supplier is already listed"


class MaterialKnown(Conflict):
    """A material with this code already exists. Material codes are unique within a brand."""

    code = "material-known"
    title = "This material code is already taken"


def add_supplier(
    unit: Unit,
    *,
    name: str,
    uscc: str | None = None,
    kind: str,
    market: str = "CN",
    email: str | None = None,
    country: str = "CN",
    lei: str | None = None,
    gln: str | None = None,
    vat: str | None = None,
) -> Supplier:
    """List a firm. One of this country has a ``uscc`` (GB 32100-2015) that holds and is new in this brand; one
    of another has an LEI, a GLN or a VAT number instead."""
    _by_the_house(unit)
    given = Given()
    name = given.text("/name", name, 120)
    kind = given.choice("/kind", kind, tuple(SUPPLIER_KINDS))
    market = given.choice("/market", market, tuple(MARKETS))
    email = given.optional("/email", email, 120)
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        given.wrong("/email", "email", "is not an e-mail address")
    if not (isinstance(country, str) and re.fullmatch("[A-Z]{2}", country)):
        given.wrong("/country", "country", "must be two capital letters (ISO 3166-1)")
    codes = _codes(given, {"uscc": uscc, "lei": lei, "gln": gln, "vat": vat})
    if country == "CN" and not codes["uscc"]:
        given.wrong("/uscc", "blank", "must not be blank")
    elif not any(codes.values()):
        given.wrong("/lei", "blank", "one of uscc, lei, gln and vat must be given")
    given.done()
    row = Supplier(id=unit.new_id(), name=name, kind=kind, market=market, email=email, country=country, created_at=unit.now, **codes)
    _add_once(unit, row, SupplierKnown("a supplier with this code is already listed"))
    unit.record("supplier.added", "supplier", row.id, kind=kind, market=market)
    return row


def add_site(unit: Unit, *, supplier_id: str, name: str, address: str | None = None, gln: str | None = None) -> SupplierSite:
    """Say where a supplier makes things: papers that name a site are compared with these."""
    _by_the_house(unit)
    who = supplier(unit, supplier_id)
    given = Given()
    row = SupplierSite(
        id=unit.new_id(),
        supplier_id=who.id,
        name=given.text("/name", name, 120),
        address=given.optional("/address", address, 200),
        gln=_codes(given, {"gln": gln})["gln"],
    )
    given.done()
    unit.session.add(row)
    unit.session.flush()
    unit.record("supplier.site_added", "supplier", who.id, site=row.id)
    unit.tell(SupplierChanged(supplier_id=who.id))
    return row


def sites(unit: Unit, supplier_id: str) -> list[SupplierSite]:
    """Where this supplier makes things, by name."""
    who = supplier(unit, supplier_id)
    query = select(SupplierSite).where(SupplierSite.supplier_id == who.id)
    return list(unit.session.scalars(query.order_by(SupplierSite.name, SupplierSite.id)))


def add_material(unit: Unit, *, code: str, name_zh: str, name_en: str, category: str, claims: Iterable[str] = ()) -> Material:
    """Name something that may be delivered. ``category`` and ``claims`` (organic) decide which papers it asks."""
    _by_the_house(unit)
    given = Given()
    row = Material(
        id=unit.new_id(),
        code=given.text("/code", code, 40),
        name_zh=given.text("/name_zh", name_zh, 120),
        name_en=given.text("/name_en", name_en, 120),
        category=given.choice("/category", category, tuple(CATEGORIES)),
        claims=[given.choice(f"/claims/{at}", each, CLAIMS) for at, each in enumerate(claims)],
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
    unit.tell(SupplierChanged(supplier_id=who.id))
    return row


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


def known_by(firm: Supplier) -> str:
    """The number by which registers know a firm: USCC, else LEI, GLN or VAT number; its id here when it has none."""
    return firm.uscc or firm.lei or firm.gln or firm.vat or firm.id


def lock(unit: Unit, supplier_id: str, *, share: bool = False) -> None:
    """Wait until nobody else judges this supplier's papers, and keep others from it until the unit ends (``share``: others may read
    as well). Taken before any paper is locked or weighed, it is the one order in which everybody waits; a unit that only
    reads waits for nobody."""
    if not unit.reads_only:
        unit.session.execute(select(Supplier.id).where(Supplier.id == supplier_id).with_for_update(read=share, key_share=not share))


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


def _codes(given: Given, values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Numbers of a firm, tidied; each must hold by its own rule."""
    codes = {name: tidy(given.optional(f"/{name}", value, 40) or "") or None for name, value in values.items()}
    for name, code in codes.items():
        if code and RULES[name](code):
            given.wrong(f"/{name}", name, "its check characters do not hold")
    return codes


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
