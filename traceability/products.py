"""What is sold: one product, one GTIN, one brand.

Knows names, GTINs and who owns them; it must not know codes, lots or scans.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, Missing
from kernel.unit import Unit
from traceability import gs1
from traceability.given import Given
from traceability.models import GtinOwner, Product

CATEGORY: Final = re.compile(r"[a-z][a-z_]{0,19}")
LONGEST_LIFE: Final = 3650


class GtinTaken(Conflict):
    """A GTIN names one product of one brand, everywhere and for ever (GS1 General Specifications 4.2.1).
    Somebody registered this one here already; if it was not your company, ask your GS1 office."""

    code = "gtin-taken"
    title = "This GTIN is already in use"


def add(
    unit: Unit,
    *,
    gtin: str,
    name_zh: str,
    name_en: str,
    net_content: str,
    shelf_life_days: int,
    category: str = "food",
) -> Product:
    """Register a product under its GTIN of 8, 12, 13 or 14 digits. Raises Invalid or GtinTaken."""
    given = Given()
    values = {
        "gtin": _gtin(given, gtin),
        "name_zh": given.text("/name_zh", name_zh, 120),
        "name_en": given.text("/name_en", name_en, 120),
        "net_content": given.text("/net_content", net_content, 40),
        "shelf_life_days": shelf_life_days,
        "category": category,
    }
    if not isinstance(shelf_life_days, int) or isinstance(shelf_life_days, bool) or not 1 <= shelf_life_days <= LONGEST_LIFE:
        given.wrong("/shelf_life_days", "range", f"must be a whole number of days from 1 to {LONGEST_LIFE}", least=1, most=LONGEST_LIFE)
    if not isinstance(category, str) or not CATEGORY.fullmatch(category):
        given.wrong("/category", "word", "must be a word of lower-case letters")
    given.done()
    product = Product(id=unit.new_id(), created_at=unit.now, **values)
    try:
        with unit.session.begin_nested():
            unit.session.add(product)
            unit.session.flush()
            unit.session.add(GtinOwner(gtin=product.gtin, brand_id=unit.brand_id, product_id=product.id))
    except IntegrityError as error:
        if unit.session.get(GtinOwner, values["gtin"]) is None:
            raise
        raise GtinTaken(f"GTIN {values['gtin']} is in use", gtin=values["gtin"]) from error
    unit.record("product.added", "product", product.id, gtin=product.gtin)
    return product


def get(unit: Unit, product_id: str) -> Product:
    product = unit.session.get(Product, product_id)
    if product is None:
        raise Missing("no such product")
    return product


def by_gtin(unit: Unit, gtin: str) -> Product:
    """By any written form of its GTIN. Raises Missing, or Invalid when it is none."""
    product = unit.session.scalar(select(Product).where(Product.gtin == gs1.gtin14(gtin)))
    if product is None:
        raise Missing("no such product")
    return product


def every(unit: Unit) -> list[Product]:
    """All products of the brand, by GTIN."""
    return list(unit.session.scalars(select(Product).order_by(Product.gtin)))


def owner(unit: Unit, gtin: str) -> GtinOwner | None:
    """Whose GTIN (14 digits) it is; the one question that may be asked from outside every brand."""
    return unit.session.get(GtinOwner, gtin)


def _gtin(given: Given, text: object) -> str:
    if not isinstance(text, str):
        given.wrong("/gtin", "text", "must be text")
        return ""
    try:
        return gs1.gtin14(text)
    except Invalid as error:
        given.flaws += error.errors
        return ""
