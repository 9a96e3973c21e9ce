"""A small dairy to test in: a farm, its milk, a bottle of it. Written straight into the tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from kernel.unit import Unit
from suppliers.certificates import lots_named
from suppliers.models import Certificate, Material, Supplier
from traceability import lots
from traceability.models import GtinOwner, Lot, Product

GTIN = "06901234567892"


def a_product(unit: Unit, gtin: str = GTIN) -> Product:
    product = Product(
        id=unit.new_id(),
        gtin=gtin,
        name_zh="鲜牛奶",
        name_en="Fresh milk",
        net_content="950 ml",
        shelf_life_days=7,
        category="dairy",
        created_at=unit.now,
    )
    unit.session.add(product)
    unit.session.flush()
    unit.session.add(GtinOwner(gtin=gtin, brand_id=unit.brand_id, product_id=product.id))
    unit.session.flush()
    return product


def a_supplier(unit: Unit, name: str = "青原牧场", uscc: str = "91150100MA0N000010", kind: str = "farm") -> Supplier:
    supplier = Supplier(id=unit.new_id(), name=name, uscc=uscc, kind=kind, created_at=unit.now)
    unit.session.add(supplier)
    unit.session.flush()
    return supplier


def a_material(unit: Unit, code: str = "MILK", category: str = "dairy") -> Material:
    material = Material(id=unit.new_id(), code=code, name_zh="生乳", name_en="Raw milk", category=category)
    unit.session.add(material)
    unit.session.flush()
    return material


def a_paper(
    unit: Unit, supplier: Supplier, kind: str = "business_licence", standing: str = "verified", *, lots: Iterable[str] = ()
) -> Certificate:
    id = unit.new_id()
    paper = Certificate(
        id=id,
        supplier_id=supplier.id,
        kind=kind,
        number=kind,
        holder_name=supplier.name,
        valid_from=date(2026, 1, 1),
        valid_until=date(2030, 1, 1),
        sha256=hashlib.sha256(id.encode()).hexdigest(),
        filename="paper.pdf",
        media_type="application/pdf",
        size=1,
        standing=standing,
        lots=list(lots),
        submitted_at=unit.now,
        submitted_by="-",
    )
    unit.session.add(paper)
    lots_named.keep(unit, paper)
    return paper


def a_farms_papers(unit: Unit, supplier: Supplier, *lots: str) -> tuple[Certificate, Certificate]:
    """All that is asked of a farm for its milk, and a report on these lots of its: the licence and the report."""
    for kind in ("raw_milk_purchase", "animal_epidemic_conditions"):
        a_paper(unit, supplier, kind)
    return a_paper(unit, supplier), a_paper(unit, supplier, "inspection_report", lots=lots)


def a_delivery(
    unit: Unit, code: str = "M-1", quantity: str = "1000", *, material: Material, supplier: Supplier, came: datetime | None = None
) -> Lot:
    """A lot of material that is simply there, without a gate."""
    return lots.keep(
        unit,
        Lot(
            id=unit.new_id(),
            code=code,
            kind="material",
            material_id=material.id,
            supplier_id=supplier.id,
            quantity=Decimal(quantity),
            uom="KGM",
            place="青原",
            started_at=came or unit.now,
            finished_at=came or unit.now,
            state="released",
        ),
    )


def a_batch(unit: Unit, code: str, product: Product, started_at: datetime | None = None, line: str = "L1") -> Lot:
    """An open lot of product."""
    return lots.open(
        unit, code=code, product_id=product.id, line_code=line, place="岚牧一厂", quantity=Decimal(1000), started_at=started_at
    )
