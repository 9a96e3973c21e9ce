"""What is in what now: items in cases, cases on pallets. Read here, changed by ``packing``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final

from sqlalchemy import func, select

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability import ranges
from traceability.models import CodeOrder, Pack, PackedRange
from traceability.ranges import Pair, Run
from traceability.spans import Span

_NAMED: Final = 10
_AT_ONCE: Final = 10_000


class StillPacked(Conflict):
    """Some of these items, or this case, are in a pack. ``packs`` names their SSCCs, the first ten at most:
    take them out first."""

    code = "still-packed"
    title = "Take these out of their pack first"


@dataclass(frozen=True)
class Contents:
    """What is in a pack: its items, and the packs in it with theirs."""

    pack: Pack
    items: tuple[Span, ...]
    packs: tuple[Contents, ...] = ()

    def spans(self) -> Iterator[Span]:
        """All items, however deep."""
        yield from self.items
        for inner in self.packs:
            yield from inner.spans()


@dataclass(frozen=True)
class Place:
    """``count`` items from position ``start`` (from 0) of an order on."""

    order_id: str
    start: int
    count: int


def get(unit: Unit, sscc: str) -> Pack:
    """The pack of this number, also one that was unpacked. Raises Missing."""
    found = unit.session.scalar(select(Pack).where(Pack.sscc == sscc))
    if found is None:
        raise Missing("no such pack")
    return found


def every(unit: Unit, *, limit: int | None = None) -> list[Pack]:
    """All packs that are packed, or the first ``limit``, newest first."""
    query = select(Pack).where(Pack.unpacked_at.is_(None)).order_by(Pack.packed_at.desc(), Pack.id.desc())
    return list(unit.session.scalars(query.limit(limit)))


def count(unit: Unit) -> int:
    """How many packs are packed."""
    return unit.session.scalar(select(func.count()).select_from(Pack).where(Pack.unpacked_at.is_(None))) or 0


def several(unit: Unit, ids: Iterable[str]) -> dict[str, Pack]:
    """These packs, by id."""
    return {pack.id: pack for pack in unit.session.scalars(select(Pack).where(Pack.id.in_(set(ids))))}


def contents(unit: Unit, sscc: str) -> Contents:
    """What is in a pack, however deep: one statement for its packs and one for all their items. Raises Missing."""
    outer = get(unit, sscc)
    cases = within(unit, outer)
    items = items_of(unit, [outer.id, *(case.id for case in cases)])
    return Contents(outer, tuple(items[outer.id]), tuple(Contents(case, tuple(items[case.id])) for case in cases))


def of_item(unit: Unit, *, gtin: str, key_version: int, counter: int) -> list[Pack]:
    """The packs that an item is in: its case, then the pallet of that; empty when it is loose."""
    nearest = (
        select(PackedRange.pack_id, PackedRange.last)
        .where(PackedRange.gtin == gtin, PackedRange.key_version == key_version, PackedRange.first <= counter)
        .order_by(PackedRange.first.desc())
        .limit(1)
    )
    found = unit.session.execute(nearest).first()
    pack_id = found.pack_id if found and counter <= found.last else None
    packs: list[Pack] = []
    while pack_id is not None:
        packs.append(unit.session.get_one(Pack, pack_id))
        pack_id = packs[-1].parent_id
    return packs


def outer(unit: Unit, inner: Pack) -> Pack | None:
    """The pack in which this one stands now, if any."""
    return unit.session.get_one(Pack, inner.parent_id) if inner.parent_id else None


def must_be_loose(unit: Unit, spans: Iterable[Span]) -> None:
    """Raise StillPacked when any of these items is in a pack."""
    found = list(islice(dict.fromkeys(_around(unit, spans)), _NAMED))
    if found:
        packs = [unit.session.get_one(Pack, pack_id).sscc for pack_id in found]
        raise StillPacked(f"some items are in {', '.join(packs)}", packs=packs)


def within(unit: Unit, outer: Pack) -> list[Pack]:
    """The packs that stand in this one."""
    return list(unit.session.scalars(select(Pack).where(Pack.parent_id == outer.id).order_by(Pack.sscc)))


def items_of(unit: Unit, ids: Sequence[str]) -> dict[str, list[Span]]:
    """The items that lie in each of these packs themselves, in order."""
    found: dict[str, list[Span]] = {pack_id: [] for pack_id in ids}
    for at in range(0, len(ids), _AT_ONCE):
        rows = select(PackedRange).where(PackedRange.pack_id.in_(ids[at : at + _AT_ONCE]))
        for row in unit.session.scalars(rows.order_by(PackedRange.gtin, PackedRange.key_version, PackedRange.first)):
            found[row.pack_id].append(Span(row.gtin, row.key_version, row.first, row.last))
    return found


def places(unit: Unit, spans: Iterable[Span]) -> list[Place]:
    """Where these items stand in their orders; one that goes over from an order to the next is told in two."""
    found = []
    for gtin, version, pairs in by_key(spans):
        query = (
            select(CodeOrder)
            .where(CodeOrder.gtin == gtin, CodeOrder.key_version == version)
            .where(CodeOrder.first <= pairs[-1][1], CodeOrder.first + CodeOrder.count > pairs[0][0])
            .order_by(CodeOrder.first)
        )
        for order in unit.session.scalars(query):
            end = order.first + order.count - 1
            inside = pairs[bisect_left(pairs, order.first, key=lambda pair: pair[1]) : bisect_right(pairs, end, key=lambda pair: pair[0])]
            cut = ((max(first, order.first), min(last, end)) for first, last in inside)
            found += [Place(order.id, first - order.first, last - first + 1) for first, last in cut]
    return found


def by_key(spans: Iterable[Span]) -> Iterator[tuple[str, int, list[Pair]]]:
    """GTIN, key version and the sorted spans under it, for each key."""
    ordered = sorted(spans, key=lambda span: (span.gtin, span.key_version, span.first))
    for (gtin, version), group in groupby(ordered, key=lambda span: (span.gtin, span.key_version)):
        yield gtin, version, [(span.first, span.last) for span in group]


def joined(goods: Iterable[Span]) -> list[Span]:
    """The same items, as few spans as they make."""
    return [
        Span(gtin, version, run.first, run.last)
        for gtin, version, pairs in by_key(goods)
        for run in ranges.joined(Run(first, last, "") for first, last in pairs)
    ]


def minus(whole: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of some spans without others."""
    out = {(gtin, version): pairs for gtin, version, pairs in by_key(holes)}
    return [
        Span(gtin, version, first, last)
        for gtin, version, pairs in by_key(whole)
        for first, last in ranges.minus(pairs, out.get((gtin, version), ()))
    ]


def _around(unit: Unit, spans: Iterable[Span]) -> Iterator[str]:
    """The packs of items that lie in these spans."""
    for gtin, version, pairs in by_key(spans):
        query: Any = (
            select(PackedRange.first, PackedRange.last, PackedRange.pack_id)
            .where(PackedRange.gtin == gtin, PackedRange.key_version == version)
            .where(PackedRange.first <= pairs[-1][1], PackedRange.last >= pairs[0][0])
            .order_by(PackedRange.first)
        )
        for first, last, pack_id in unit.session.execute(query.execution_options(yield_per=1000)):
            if ranges.meet(pairs, first, last):
                yield pack_id
