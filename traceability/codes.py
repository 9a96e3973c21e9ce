"""Codes: ordered by the million, found again one by one.

An order is one row and a range of counters, however many codes it holds. What becomes of codes is
told by ``moves``. It must not know how a counter becomes a serial (``keys``, ``seal``), nor who scans it.

One serial may mean something under several keys. The look-up takes outer codes before inner ones before
imported ones, and the newest key first, so that it always gives the same item (seal.py has the odds).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import func, select, tuple_
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import addresses, faces, gs1, keys, printing, spans
from traceability.given import Given
from traceability.models import CodeOrder, CodeRange, Product
from traceability.ranges import Run
from traceability.spans import Span

MOST: Final = 10**9
"""Codes in one order."""
MOST_LINKS: Final = 100_000
"""Links in one answer."""


class ReferenceUsed(Conflict):
    """A reference is the orderer's own name of one order, so that a repeated request orders nothing
    twice. This one was used for another product, number or kind of codes: choose a new one."""

    code = "reference-used"
    title = "This reference belongs to another order"


@dataclass(frozen=True)
class CodeRef:
    """One item that was ordered, and how it stands. ``inner``: what was read is the code under its cap."""

    gtin: str
    key_version: int
    counter: int
    state: str
    lot_id: str | None
    order_id: str
    inner: bool = False
    reason: str | None = None
    """Why it is in this state, where ``life`` asks for a reason."""


def order(
    unit: Unit,
    *,
    product_id: str,
    count: int,
    reference: str,
    scheme: str = keys.GS1,
    inner: bool = False,
    formats: tuple[str, ...] = ("pdf", "csv"),
) -> CodeOrder:
    """Order ``count`` new codes of a product, and files of them in these formats.

    ``scheme``: gs1 (a GS1 Digital Link) or compact (a short address and a serial); with ``inner`` each
    has a partner under the cap. The same reference again, with the same words, is the same order. Raises
    Invalid, Missing, ReferenceUsed, addresses.NoAddress or keys.SerialsUsedUp.
    """
    given = Given()
    reference = given.text("/reference", reference, 64)
    given.choice("/scheme", scheme, (keys.GS1, keys.COMPACT))
    if not isinstance(inner, bool):
        given.wrong("/inner", "flag", "must be true or false")
    if not spans.whole(count) or not 1 <= count <= MOST:
        given.wrong("/count", "range", f"must be a whole number from 1 to {MOST}", least=1, most=MOST)
    given.done()
    files = printing.check(formats, count)
    product = alone_with(unit, product_id)
    earlier = by_reference(unit, reference)
    if earlier is not None:
        if (earlier.product_id, earlier.count, earlier.scheme, earlier.inner_first is not None) != (product.id, count, scheme, inner):
            raise ReferenceUsed("this reference was used for another product, count or kind", reference=reference)
        return earlier
    order = put_in(unit, _drafted(unit, product, count, reference, scheme=scheme, inner=inner), state="allocated")
    for format in files:
        printing.put_in(unit, order, format)
    unit.record("codes.ordered", "code_order", order.id, product=product.id, count=count, scheme=scheme, inner=inner, formats=list(files))
    return order


def alone_with(unit: Unit, product_id: str) -> Product:
    """The product, and until the unit ends nobody else orders codes of it. Raises Missing."""
    product = unit.session.scalar(select(Product).where(Product.id == product_id).with_for_update(key_share=True))
    if product is None:
        raise Missing("no such product")
    return product


def by_reference(unit: Unit, reference: str) -> CodeOrder | None:
    return unit.session.scalar(select(CodeOrder).where(CodeOrder.reference == reference))


def put_in(unit: Unit, order: CodeOrder, *, state: str) -> CodeOrder:
    """Write a new order, all its codes in one state. Raises ReferenceUsed."""
    try:
        with unit.session.begin_nested():
            unit.session.add(order)
    except IntegrityError as error:
        # Orders of one product wait for each other, so whoever was first here ordered another product.
        raise ReferenceUsed("this reference was used for another product", reference=order.reference) from error
    spans.keep(unit, order, [Run(order.first, order.first + order.count - 1, state)])
    return order


def get(unit: Unit, order_id: str) -> CodeOrder:
    order = unit.session.get(CodeOrder, order_id)
    if order is None:
        raise Missing("no such order of codes")
    return order


def several(unit: Unit, ids: Iterable[str]) -> dict[str, CodeOrder]:
    """Those of the orders that there are, by id."""
    return {order.id: order for order in unit.session.scalars(select(CodeOrder).where(CodeOrder.id.in_(set(ids))))}


def orders(unit: Unit, *, limit: int | None = None, before: str | None = None) -> list[CodeOrder]:
    """Orders, newest first: all of them, or the first ``limit``, older than the one with the id ``before``."""
    query = select(CodeOrder).order_by(CodeOrder.ordered_at.desc(), CodeOrder.id.desc()).limit(limit)
    if before is not None:
        last = get(unit, before)
        query = query.where(tuple_(CodeOrder.ordered_at, CodeOrder.id) < (last.ordered_at, last.id))
    return list(unit.session.scalars(query))


def links(unit: Unit, order_id: str, start: int = 0, count: int | None = None) -> list[str]:
    """The texts to print, from position ``start`` on; all that follow when ``count`` is None, but no more than 100 000."""
    order = get(unit, order_id)
    span = spans.span(order, start, count)
    wanted = span.last - span.first + 1
    if wanted > MOST_LINKS:
        raise Invalid(errors=[flaw("/count", "most", f"at most {MOST_LINKS} links at once", most=MOST_LINKS)])
    return faces.links(unit, order, first=span.first, count=wanted)


def link_of(unit: Unit, *, gtin: str, key_version: int, counter: int) -> str:
    """The canonical address of one item's page: its GS1 Digital Link, whatever is printed on it. Raises Missing."""
    (serial,) = keys.serials(unit, gtin=gtin, key_version=key_version, first=counter, count=1).tolist()
    return gs1.write(gs1.Link(gtin, serial.decode()), unit.outside.public_url)


def find(unit: Unit, *, gtin: str, serial: str) -> CodeRef | None:
    """The code with this GTIN (14 digits) and serial, if it was ever ordered: of any kind, the inner one too."""
    found = _meant(unit, keys.meanings(unit, gtin=gtin, serial=serial), gtin)
    if found is None and (made := keys.imported(unit, gtin=gtin, serials=[serial])):
        found = at(unit, gtin=gtin, key_version=made[serial].version, counter=made[serial].counter)
    return found


def resolve(unit: Unit, *, serial: str) -> CodeRef | None:
    """The item with this compact or inner serial among the brand's, whatever its product."""
    return _meant(unit, keys.meanings(unit, gtin=None, serial=serial), None)


def at(unit: Unit, *, gtin: str | None, key_version: int, counter: int) -> CodeRef | None:
    """The item at this counter of a key, if it was ordered; of any GTIN of the brand when ``gtin`` is None."""
    nearest = select(CodeRange).where(CodeRange.key_version == key_version, CodeRange.first <= counter)
    if gtin is not None:
        nearest = nearest.where(CodeRange.gtin == gtin)
    found = unit.session.scalar(nearest.order_by(CodeRange.first.desc()).limit(1))
    if found is None or counter > found.last:
        return None
    return CodeRef(found.gtin, key_version, counter, found.state, found.lot_id, found.order_id, reason=found.reason)


def partner(unit: Unit, *, key_version: int, counter: int) -> tuple[str, int, int] | None:
    """The outer code above an inner one, by its place in the order: (GTIN, key version, counter)."""
    nearest = (
        select(CodeOrder)
        .where(CodeOrder.inner_version == key_version, CodeOrder.inner_first <= counter)
        .order_by(CodeOrder.inner_first.desc())
        .limit(1)
    )
    order = unit.session.scalar(nearest)
    place = counter - (order.inner_first or 0) if order else 0
    return (order.gtin, order.key_version, order.first + place) if order and place < order.count else None


def ranges_of(unit: Unit, lot_id: str) -> list[Span]:
    """Every code that is or was on this lot, whatever became of it: whoever holds such an item must hear of a recall."""
    query = select(CodeRange).where(CodeRange.lot_id == lot_id).order_by(CodeRange.gtin, CodeRange.key_version, CodeRange.first)
    return [Span(row.gtin, row.key_version, row.first, row.last) for row in unit.session.scalars(query)]


def count_of(unit: Unit, lot_id: str) -> int:
    """How many items of this lot there are, wherever they are now; not those destroyed."""
    size = func.sum(CodeRange.last - CodeRange.first + 1)
    return int(unit.session.scalar(select(size).where(CodeRange.lot_id == lot_id, CodeRange.state != "destroyed")) or 0)


def _drafted(unit: Unit, product: Product, count: int, reference: str, *, scheme: str, inner: bool) -> CodeOrder:
    """The row of an order, with counters taken for it."""
    base_url = addresses.for_links(unit, kept=True) if scheme == keys.GS1 else addresses.for_serials(unit, kept=True)
    inner_url = addresses.for_serials(unit, kept=True) if inner else None
    if inner:
        keys.alone(unit)
    version, first = keys.take(unit, kind=scheme, gtin=product.gtin if scheme == keys.GS1 else None, count=count)
    inner_version, inner_first = keys.take(unit, kind=keys.INNER, count=count) if inner else (None, None)
    return CodeOrder(
        id=unit.new_id(),
        reference=reference,
        product_id=product.id,
        gtin=product.gtin,
        scheme=scheme,
        base_url=base_url,
        key_version=version,
        first=first,
        count=count,
        inner_version=inner_version,
        inner_first=inner_first,
        inner_url=inner_url,
        ordered_at=unit.now,
        ordered_by=unit.actor.id,
    )


def _meant(unit: Unit, meanings: Iterable[keys.Meant], gtin: str | None) -> CodeRef | None:
    """The one that was ordered: outer codes before inner ones, the newest key first."""
    for kind, version, counter in sorted(meanings, key=lambda meant: meant.kind == keys.INNER):
        if kind != keys.INNER:
            found = at(unit, gtin=gtin, key_version=version, counter=counter)
        elif above := partner(unit, key_version=version, counter=counter):
            outer = at(unit, gtin=above[0], key_version=above[1], counter=above[2]) if gtin in (None, above[0]) else None
            found = replace(outer, inner=True) if outer else None
        else:
            found = None
        if found is not None:
            return found
    return None
