"""What a customer must be told of a recall, and the tables that go with it. Values only: the words are the page's.

A customer knows delivery notes, SSCCs and the lot codes on the packs. Serials follow a secret permutation, so that a
range of them means nothing to anybody else; our own table of items names them by order and position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from kernel.errors import Missing
from kernel.unit import Unit
from suppliers import directory
from traceability import codes, packs, products
from traceability.models import Lot
from traceability.packs import Place
from traceability.reach import Customer, Reach, Shipped, Stretch
from traceability.reach.goods import Amount
from traceability.sheets import written
from traceability.spans import Span


@dataclass(frozen=True)
class Line:
    """So much of one lot that went with one delivery note (blank where it was sold loose): items with codes, or an amount."""

    reference: str
    sent_at: datetime
    lot_id: str
    lot: str
    name_zh: str
    name_en: str
    best_before: date | None
    quantity: Decimal
    uom: str


@dataclass(frozen=True)
class Letter:
    """What one customer got of the lots that are called back. ``packs``: the SSCCs under which it left, where it was packed."""

    customer: str
    lines: list[Line]
    packs: list[str]
    items: int


def of(unit: Unit, reached: Reach) -> list[Letter]:
    """One letter for each customer, by name."""
    things = _things(unit)
    return [_letter(reached, customer, things) for customer in reached.customers]


def to(unit: Unit, reached: Reach, customer: str) -> Letter:
    """The letter to one customer. Raises Missing."""
    found = next((each for each in reached.customers if each.name == customer), None)
    if found is None:
        raise Missing("nothing of this went to them")
    return _letter(reached, found, _things(unit))


def table(unit: Unit, reached: Reach, kind: str) -> bytes:
    """One of TABLES as CSV. Raises Missing."""
    if kind not in TABLES:
        raise Missing("no such table")
    columns, rows = TABLES[kind]
    return written(columns, rows(unit, reached))


def placed(unit: Unit, reached: Reach) -> Iterator[tuple[Stretch, Place]]:
    """Where the items of each stretch stand in their orders: a stretch that goes over from an order to the next comes twice.

    Both are in order and cover the same codes, so that they are read side by side.
    """
    ordered = sorted(reached.stretches)
    rest = iter(packs.places(unit, [Span(each.gtin, each.key_version, each.first, each.last) for each in ordered]))
    for each in ordered:
        left = each.size
        while left > 0 and (place := next(rest, None)) is not None:
            left -= place.count
            yield each, place


def _letter(reached: Reach, customer: Customer, things: dict[str, Any]) -> Letter:
    lines = [line for each in customer.shipments for line in _lines(reached, each, things)]
    lines += [_line(reached.by_id[each.amount.lot_id], each.amount, "", each.at, things) for each in customer.sales]
    return Letter(customer.name, lines, sorted({sscc for each in customer.shipments for sscc in each.packs}), customer.items)


def _lines(reached: Reach, shipped: Shipped, things: dict[str, Any]) -> Iterator[Line]:
    items: dict[str, int] = {}
    for each in shipped.stretches:
        items[each.lot_id] = items.get(each.lot_id, 0) + each.size
    amounts = [Amount(lot_id, Decimal(count), "H87") for lot_id, count in items.items()]
    for amount in sorted([*amounts, *shipped.amounts], key=lambda each: reached.by_id[each.lot_id].code):
        yield _line(reached.by_id[amount.lot_id], amount, shipped.shipment.reference, shipped.shipment.at, things)


def _line(lot: Lot, amount: Amount, reference: str, at: datetime, things: dict[str, Any]) -> Line:
    thing = things[str(lot.product_id or lot.material_id)]
    return Line(reference, at, lot.id, lot.code, thing.name_zh, thing.name_en, lot.best_before, amount.quantity, amount.uom)


def _things(unit: Unit) -> dict[str, Any]:
    every: list[Any] = [*products.every(unit), *directory.materials(unit)]
    return {each.id: each for each in every}


Rows = Iterator[list[str]]


def _lots(unit: Unit, reached: Reach) -> Rows:
    things = _things(unit)
    for lot in reached.lots:
        thing, book = things[str(lot.product_id or lot.material_id)], reached.books[lot.id]
        yield [
            lot.code, lot.uri, lot.kind, thing.name_zh, thing.name_en, lot.place, lot.line_code or "", lot.started_at.isoformat(),
            lot.best_before.isoformat() if lot.best_before else "", lot.standing, str(reached.coded[lot.id]),
            f"{lot.quantity:f}", lot.uom, f"{book.used:f}", f"{book.shipped:f}", f"{book.gone:f}", f"{book.left:f}",
        ]  # fmt: skip


def _items(unit: Unit, reached: Reach) -> Rows:
    found = list(placed(unit, reached))
    orders = codes.several(unit, {place.order_id for _, place in found})
    for each, place in found:
        first, last = place.start + 1, place.start + place.count
        code, reference = reached.by_id[each.lot_id].code, orders[place.order_id].reference
        yield [code, each.gtin, reference, str(first), str(last), str(place.count), each.state]


def _customers(unit: Unit, reached: Reach) -> Rows:
    for letter in of(unit, reached):
        for line in letter.lines:
            best = line.best_before.isoformat() if line.best_before else ""
            sent = line.sent_at.isoformat()
            yield [letter.customer, line.reference, sent, line.lot, line.name_zh, line.name_en, best, f"{line.quantity:f}", line.uom]
    for onward in reached.onward:
        yield [onward.destination, "", onward.first_at.isoformat(), "", "", "", "", str(len(onward.things)), ""]


def _packs(unit: Unit, reached: Reach) -> Rows:
    for each in reached.packs:
        yield [each.pack.sscc, each.pack.kind, str(each.items), str(each.others), each.over or ""]


def _scans(unit: Unit, reached: Reach) -> Rows:
    for region, items in reached.looked.regions.items():
        yield [region, str(items)]


_SENT: Final = ("customer", "shipment", "shipped_at", "lot", "name_zh", "name_en", "best_before", "quantity", "uom")
_LOT: Final = ("lot", "uri", "kind", "name_zh", "name_en", "place", "line", "started_at", "best_before", "standing", "items")
TABLES: Final[dict[str, tuple[tuple[str, ...], Callable[[Unit, Reach], Rows]]]] = {
    "lots": ((*_LOT, "quantity", "uom", "used", "shipped", "accounted", "left"), _lots),
    "items": (("lot", "gtin", "order", "from", "to", "count", "state"), _items),
    "packs": (("sscc", "kind", "items", "others", "stands_on"), _packs),
    "customers": (_SENT, _customers),
    "scans": (("region", "items_first_looked_at"), _scans),
}
