"""How far a recall would reach: everything that was made of some lots, where it is and who has it. Nothing is written.

Exact, and in the order of what was written: lots by their genealogy, items as ranges of codes (never a row an item),
cases and pallets as they are packed now, customers by what was shipped to them, and what other people told of the
same goods. What nobody told stands in it as well: how much of each lot has left no trace of where it went.

goods    what the house itself knows: ranges, packs, shipments, looks at items
abroad   what others told: their things, and to whom they sent them on
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import genealogy, lots, stock
from traceability.events import flows
from traceability.models import Lot
from traceability.reach import abroad, goods
from traceability.reach.abroad import Onward, Strange
from traceability.reach.goods import Looked, Packed, Shipped, Stretch
from traceability.stock import Stock

GONE = ("destroyed",)
"""States of items that nobody can have any more."""


@dataclass(frozen=True)
class Customer:
    """What one customer got: items of ours, amounts of lots without codes, and by which shipments."""

    name: str
    shipments: tuple[Shipped, ...]

    @property
    def items(self) -> int:
        return sum(each.items for each in self.shipments)

    @property
    def lot_ids(self) -> set[str]:
        return {lot_id for each in self.shipments for lot_id in each.lot_ids}


@dataclass(frozen=True)
class Reach:
    """``lots``: those named and all that was made of them, oldest first. ``stretches``: their coded items, as ranges that share a state."""

    start: tuple[str, ...]
    lots: list[Lot]
    stretches: list[Stretch]
    packs: list[Packed]
    shipments: list[Shipped]
    looked: Looked
    books: dict[str, Stock]
    strange: list[Strange]
    onward: list[Onward]

    @property
    def fresh(self) -> list[Lot]:
        """The lots that are not recalled yet."""
        return [lot for lot in self.lots if lot.standing != "recalled"]

    @cached_property
    def coded(self) -> dict[str, int]:
        """Lot id → its items, wherever they are; not those destroyed."""
        found = {lot.id: 0 for lot in self.lots}
        for each in self.stretches:
            found[each.lot_id] += each.size if each.state not in GONE else 0
        return found

    @property
    def items(self) -> int:
        return sum(self.coded.values())

    @property
    def states(self) -> dict[str, int]:
        """State → items."""
        found: dict[str, int] = {}
        for each in self.stretches:
            found[each.state] = found.get(each.state, 0) + each.size
        return dict(sorted(found.items()))

    @cached_property
    def shipped(self) -> int:
        """Items that are with a customer, by what was told."""
        return sum(each.items for each in self.shipments)

    @cached_property
    def customers(self) -> list[Customer]:
        """Who got any of it from this house, by name."""
        by_name: dict[str, list[Shipped]] = {}
        for each in self.shipments:
            by_name.setdefault(each.shipment.customer, []).append(each)
        return [Customer(name, tuple(by_name[name])) for name in sorted(by_name)]

    @property
    def open_books(self) -> list[Lot]:
        """The lots of which the books do not say where all of it went: that much must be here still, or is lost."""
        return [lot for lot in self.lots if lot.state != "open" and self.books[lot.id].left > 0]

    @property
    def reconciled(self) -> Decimal | None:
        """Of all that came, the share whose way is told, 0 … 1: the mean over the finished lots, whatever they are counted in."""
        shares = [_share(self.books[lot.id]) for lot in self.lots if lot.state != "open" and self.books[lot.id].came > 0]
        return sum(shares, Decimal(0)) / len(shares) if shares else None

    @property
    def counts(self) -> dict[str, int]:
        """The reach in numbers."""
        return {
            "lots": len(self.lots),
            "items": self.items,
            "ranges": len(self.stretches),
            "packs": len(self.packs),
            "shipments": len(self.shipments),
            "customers": len(self.customers),
            "shipped": self.shipped,
            "looks": self.looked.times,
            "looked_at": self.looked.items,
            "strange": len(self.strange),
            "onward": len(self.onward),
        }


def of(unit: Unit, lot_ids: Iterable[str]) -> Reach:
    """How far a recall of these lots would reach now. Raises Missing."""
    start = lots.several(unit, lot_ids)
    if set(start) != set(lot_ids):
        raise Missing("no such lot")
    keys = {lot.thing for lot in start.values()}
    keys |= flows.reached(unit, keys, "forward")
    family = lots.several(unit, {*start, *genealogy.lots_of(unit, keys).values()})
    ordered = sorted(family.values(), key=lambda lot: (lot.started_at, lot.id))
    stretches = goods.stretches(unit, list(family))
    packed = goods.packed(unit, stretches)
    shipped = goods.shipped(unit, stretches, list(family))
    named = abroad.things(unit, keys, stretches)
    onward = abroad.onward(unit, {*keys, *(each.key for each in named)}, packed)
    return Reach(
        start=tuple(sorted(start)),
        lots=ordered,
        stretches=stretches,
        packs=packed,
        shipments=shipped,
        looked=goods.looked(unit, stretches),
        books=stock.of(unit, ordered),
        strange=named,
        onward=onward,
    )


def _share(book: Stock) -> Decimal:
    return min(Decimal(1), book.gone / book.came)


__all__ = ["Customer", "Looked", "Onward", "Packed", "Reach", "Shipped", "Strange", "Stretch", "of"]
