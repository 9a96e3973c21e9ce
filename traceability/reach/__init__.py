"""How far a recall would reach: everything that was made of some lots, where it is and who has it. Nothing is written.

Exact, and in the order of what was written: lots by their genealogy, items as ranges of codes (never a row an item),
cases and pallets as they are packed now, customers by what was shipped to them, and what other people told of the
same goods. What nobody told stands in it as well: how much of each lot has left no trace of where it went.

goods    what the house itself knows: ranges, packs, shipments, what it sold loose, looks at items
around   in what the goods were packed, at any moment
abroad   what others told: their things, and to whom they sent them on
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from kernel.errors import Missing
from kernel.unit import Unit
from traceability import genealogy, lots, stock
from traceability.events import flows
from traceability.models import Lot
from traceability.reach import abroad, goods
from traceability.reach.abroad import Onward, Strange
from traceability.reach.around import Around
from traceability.reach.goods import GONE, Amount, Looked, Packed, Shipped, Sold, Stretch
from traceability.stock import Stock


@dataclass(frozen=True)
class Customer:
    """What one customer got: items of ours, amounts of lots without codes, and by which shipments; ``sales``: what was sold loose."""

    name: str
    shipments: tuple[Shipped, ...]
    sales: tuple[Sold, ...] = ()

    @property
    def items(self) -> int:
        return sum(each.items for each in self.shipments)

    @property
    def lot_ids(self) -> set[str]:
        return {lot_id for each in self.shipments for lot_id in each.lot_ids} | {each.amount.lot_id for each in self.sales}

    @property
    def amounts(self) -> list[Amount]:
        """What went without codes, by whatever way."""
        return [part for each in self.shipments for part in each.amounts] + [each.amount for each in self.sales]


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
    sold: list[Sold] = field(default_factory=list)

    @cached_property
    def by_id(self) -> dict[str, Lot]:
        return {lot.id: lot for lot in self.lots}

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
        by_name: dict[str, tuple[list[Shipped], list[Sold]]] = {}
        for each in self.shipments:
            by_name.setdefault(each.shipment.customer, ([], []))[0].append(each)
        for sale in self.sold:
            by_name.setdefault(sale.customer, ([], []))[1].append(sale)
        return [Customer(name, tuple(by_name[name][0]), tuple(by_name[name][1])) for name in sorted(by_name)]

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
    start, ordered, stretches, packed, named, around = _followed(unit, set(lot_ids))
    return Reach(
        start=tuple(sorted(start)),
        lots=ordered,
        stretches=stretches,
        packs=packed,
        shipments=goods.shipped(unit, stretches, [lot.id for lot in ordered]),
        looked=goods.looked(unit, stretches),
        books=stock.of(unit, ordered),
        strange=named,
        onward=abroad.onward(unit, around),
        sold=goods.sold(unit, ordered),
    )


def roots(unit: Unit, lot_ids: Iterable[str]) -> list[str]:
    """From which lots one must begin to reach all this by genealogy alone: these, and those that came of packs of what they became.

    Raises Missing.
    """
    start = set(lot_ids)
    by_packs = {lot.id for lot in _followed(unit, start).lots} - genealogy.forward(unit, start)
    return sorted(start | by_packs)


class _Followed(NamedTuple):
    start: dict[str, Lot]
    lots: list[Lot]
    stretches: list[Stretch]
    packed: list[Packed]
    named: list[Strange]
    around: Around


def _followed(unit: Unit, lot_ids: set[str]) -> _Followed:
    """All that was made of the lots: of themselves, and, as often as it takes, of packs in which any of it was at that moment."""
    start = lots.several(unit, lot_ids)
    if set(start) != lot_ids:
        raise Missing("no such lot")
    keys = {lot.thing for lot in start.values()}
    keys |= flows.reached(unit, keys, "forward")
    while True:
        found = lots.several(unit, {*start, *genealogy.lots_of(unit, keys).values()})
        stretches = goods.stretches(unit, list(found))
        packed = goods.packed(unit, stretches)
        named = abroad.things(unit, keys, stretches)
        around = Around(unit, {*keys, *(each.key for each in named), *abroad.packed_with(unit, packed)}, stretches)
        more = around.made() - keys
        if not more:
            ordered = sorted(found.values(), key=lambda lot: (lot.started_at, lot.id))
            return _Followed(start, ordered, stretches, packed, named, around)
        keys |= more


def _share(book: Stock) -> Decimal:
    return min(Decimal(1), book.gone / book.came)


__all__ = ["Customer", "Looked", "Onward", "Packed", "Reach", "Shipped", "Sold", "Strange", "Stretch", "of", "roots"]
