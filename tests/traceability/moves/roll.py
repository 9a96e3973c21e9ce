"""A roll of labels to move: a product, an order of it, a lot, and what the rows say."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from traceability import codes, gs1, lots, moves
from traceability.models import CodeRange, Lot


@dataclass
class Roll:
    product_id: str
    order_id: str
    lot_id: str

    def states(self, unit: Unit) -> list[tuple[int, int, str, str | None]]:
        """First and last place, state and reason of each row."""
        rows = unit.session.scalars(select(CodeRange).where(CodeRange.order_id == self.order_id).order_by(CodeRange.first))
        return [(row.first, row.last, row.state, row.reason) for row in rows]

    def links(self, unit: Unit) -> list[str]:
        return codes.links(unit, self.order_id)

    def serials(self, unit: Unit) -> list[str]:
        return [gs1.parse(link).serial or "" for link in self.links(unit)]


def a_roll(house: House, count: int = 100, *, printed: int | None = None, commissioned: int = 0) -> Roll:
    """An order of so many codes, all printed unless told otherwise, the first of them on lot L-1."""
    with house.begin() as unit:
        product = a_product(unit)
        lot = a_batch(unit, "L-1", product)
        order = codes.order(unit, product_id=product.id, count=count, reference="PO-1", formats=())
        if printed != 0:
            moves.printed(unit, order_id=order.id, count=printed)
        if commissioned:
            moves.commission(unit, order_id=order.id, lot_id=lot.id, count=commissioned)
        return Roll(product.id, order.id, lot.id)


def let_go(unit: Unit, lot_id: str) -> Lot:
    """The lot as it is once it was released, whatever went into it."""
    lot = lots.get(unit, lot_id)
    lot.state = "released"
    unit.session.flush()
    return lot
