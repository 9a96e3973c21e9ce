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
from traceability import codes, packs, products, shipments
from traceability.reach import Customer, Reach, Shipped
from traceability.sheets import written
from traceability.spans import Span


@dataclass(frozen=True)
class Line:
    """So much of one lot that went with one delivery note: items with codes, or an amount."""

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
    return [_letter(unit, reached, customer, things) for customer in reached.customers]


def to(unit: Unit, reached: Reach, customer: str) -> Letter:
    """The letter to one customer. Raises Missing."""
    found = next((each for each in reached.customers if each.name == customer), None)
    if found is None:
        raise Missing("nothing of this was shipped to them")
    return _letter(unit, reached, found, _things(unit))


def table(unit: Unit, reached: Reach, kind: str) -> bytes:
    """One of TABLES as CSV. Raises Missing."""
    if kind not in TABLES:
        raise Missing("no such table")
    columns, rows = TABLES[kind]
    return written(columns, rows(unit, reached))


def _letter(unit: Unit, reached: Reach, customer: Customer, things: dict[str, Any]) -> Letter:
    lines = [line for each in customer.shipments for line in _lines(reached, each, things)]
    sscc = {row.sscc for each in customer.shipments for row in _packed(unit, each) if row.sscc}
    return Letter(customer.name, lines, sorted(sscc), customer.items)


def _packed(unit: Unit, shipped: Shipped) -> Iterator[Any]:
    """The runs of a shipment that hold any of the items."""
    if not shipped.stretches:
        return
    for row in shipments.items(unit, shipped.shipment.id):
        if any(
            (each.gtin, each.key_version) == (row.gtin, row.key_version) and each.first <= row.last and each.last >= row.first
            for each in shipped.stretches
        ):
            yield row


def _lines(reached: Reach, shipped: Shipped, things: dict[str, Any]) -> Iterator[Line]:
    items: dict[str, int] = {}
    for each in shipped.stretches:
        items[each.lot_id] = items.get(each.lot_id, 0) + each.size
    amounts = [(lot_id, Decimal(count), "H87") for lot_id, count in items.items()]
    amounts += [(each.lot_id, each.quantity, each.uom) for each in shipped.amounts]
    by_id = {lot.id: lot for lot in reached.lots}
    for lot_id, quantity, uom in sorted(amounts, key=lambda each: by_id[each[0]].code):
        lot = by_id[lot_id]
        thing = things[str(lot.product_id or lot.material_id)]
        sent = shipped.shipment
        yield Line(sent.reference, sent.at, lot.id, lot.code, thing.name_zh, thing.name_en, lot.best_before, quantity, uom)


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
    code = {lot.id: lot.code for lot in reached.lots}
    for each in reached.stretches:
        for place in packs.places(unit, [Span(each.gtin, each.key_version, each.first, each.last)]):
            order = codes.get(unit, place.order_id)
            first, count = place.start + 1, place.count
            yield [code[each.lot_id], each.gtin, order.reference, str(first), str(first + count - 1), str(count), each.state]


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
