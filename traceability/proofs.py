"""Proofs: what a label will look like, before any code of it is ordered or printed.

A proof bears a serial that no key can make, so that no picture on a screen is ever a real code. The
rest is as it will be: the link's beginning, the plan and the symbol. It reads and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.unit import Unit
from traceability import addresses, codes, faces, keys, printing, products
from traceability.labels import Roll, layout, planner
from traceability.labels.planner import Plan, Wish
from traceability.models import CodeOrder
from traceability.symbols import standard

if TYPE_CHECKING:
    from traceability.symbols.single import Symbol

SAMPLE: Final = "SAMPLEUNUSED"
"""As long as a serial, with letters (L, U) that the seal's alphabet leaves out: never issued, and refused by every look-up."""


@dataclass(frozen=True)
class Proof:
    """``text`` is what the symbol says; ``a_page`` is how many labels lie on one sheet of the plan's paper."""

    text: str
    plan: Plan
    symbol: Symbol
    a_page: int


def draft(unit: Unit, *, product_id: str, scheme: str = keys.GS1, face: str = faces.OUTER, wish: Wish | None = None) -> Proof:
    """A label of codes that would be ordered now.

    Raises Missing, addresses.NoAddress, Invalid, planner.CannotBeRead or layout.LabelTooLarge.
    """
    product = products.get(unit, product_id)
    order = CodeOrder(
        gtin=product.gtin,
        scheme=scheme,
        base_url=addresses.for_serials(unit) if scheme == keys.COMPACT else addresses.for_links(unit),
    )
    if face == faces.INNER:
        order.inner_version, order.inner_first, order.inner_url = 0, 0, addresses.for_serials(unit)
    prefix = faces.prefix(unit, order, face)
    plan = planner.plan(wish or Wish(), text_length=len(prefix) + len(SAMPLE), mode=standard.mode_of(prefix))
    return _proof(order, face, prefix, plan)


def of_order(unit: Unit, *, order_id: str, face: str = faces.OUTER, wish: Wish | None = None) -> Proof:
    """A label of codes that were ordered. Raises Missing, Invalid, planner.CannotBeRead or layout.LabelTooLarge."""
    order = codes.get(unit, order_id)
    return _proof(order, face, faces.prefix(unit, order, face), printing.preview(unit, order_id=order_id, face=face, wish=wish))


def _proof(order: CodeOrder, face: str, prefix: str, plan: Plan) -> Proof:
    # Only here: numpy is not needed to start the web.
    from traceability.symbols import single

    roll = Roll(count=1, gtin=order.gtin, prefix=prefix, human=faces.human(order, face), plan=plan)
    symbol = single.make(prefix + SAMPLE, version=plan.version, level=plan.level)
    return Proof(prefix + SAMPLE, plan, symbol, layout.sheet(roll).a_page)
