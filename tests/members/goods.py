"""Items on a shelf: a product, its codes, and the lots that they were put on."""

from __future__ import annotations

from decimal import Decimal

from tests.conftest import House
from traceability import codes, gs1, lots, moves, products

GTIN = "06901234567892"


def shelf(house: House, **lot_sizes: int) -> dict[str, list[str]]:
    """One product with codes on each lot named; the serials of each lot, in order."""
    with house.begin("brand_admin") as unit:
        product = products.add(
            unit, gtin=GTIN, name_zh="鲜牛奶", name_en="Fresh milk", net_content="950 ml", shelf_life_days=7, category="dairy"
        )
        total = sum(lot_sizes.values())
        order = codes.order(unit, product_id=product.id, count=total + 1, reference="ORDER-1")
        moves.printed(unit, order_id=order.id)
        start = 0
        for code, size in lot_sizes.items():
            lot = lots.open(unit, code=code, product_id=product.id, line_code="1", place="杭州", quantity=Decimal(size))
            moves.commission(unit, order_id=order.id, lot_id=lot.id, start=start, count=size)
            start += size
        serials = [gs1.parse(link).serial or "" for link in codes.links(unit, order.id)]
    found: dict[str, list[str]] = {"": serials[total:]}
    for code, size in lot_sizes.items():
        found[code], serials = serials[:size], serials[size:]
    return found


def lot_id(house: House, code: str) -> str:
    with house.look() as unit:
        return lots.by_code(unit, code).id
