"""Codes: ordered by the million, put on a lot by the range, voided when they are waste.

An order is one row and a range of counters, however many codes it holds. What happens to codes
happens to sub-ranges: a range is split where its codes part ways and joined where they meet
again, so the number of rows follows what happened and not the number of codes.

Positions count from 0 in arguments and from 1 in what people read. It must not know how a
counter becomes a serial (``keys``, ``seal``), nor who scans it.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import gs1, keys, lots, printing
from traceability.events import capture
from traceability.given import Given
from traceability.models import CodeOrder, CodeRange, Lot, Product
from traceability.ranges import Run, repaint

MOST: Final = 10**9
"""Codes in one order."""
MOST_LINKS: Final = 100_000
"""Links in one answer."""
_NAMED: Final = 10


class ReferenceUsed(Conflict):
    """A reference is the orderer's own name of one order, so that a repeated request orders nothing
    twice. This one was used for another product or another number of codes: choose a new one."""

    code = "reference-used"
    title = "This reference belongs to another order"


class CodesNotFree(Conflict):
    """Some of these codes are in a state in which this cannot be done: only codes that are encoded can
    be put on a lot, and only those not yet void can be voided. ``spans`` names them by position,
    from 1, the first ten at most. Nothing was changed."""

    code = "codes-not-free"
    title = "Some of these codes are already used or void"


class LotOfAnotherProduct(Conflict):
    """Codes carry the GTIN of their product and can go on no lot of another one."""

    code = "lot-of-another-product"
    title = "The lot is of another product than the codes"


@dataclass(frozen=True)
class Span:
    """Counters ``first`` … ``last`` (both in) of one key."""

    gtin: str
    key_version: int
    first: int
    last: int


@dataclass(frozen=True)
class Balance:
    """What became of an order's codes; ``ordered`` is the sum of the other three."""

    ordered: int
    encoded: int
    commissioned: int
    void: int


@dataclass(frozen=True)
class CodeRef:
    """One code that was ordered, and how it stands."""

    gtin: str
    key_version: int
    counter: int
    state: str
    lot_id: str | None
    order_id: str


def order(unit: Unit, *, product_id: str, count: int, reference: str, formats: tuple[str, ...] = ("pdf", "csv")) -> CodeOrder:
    """Order ``count`` new codes of a product, and files of them in these formats.

    The same reference again, with the same product and count, is the same order. Raises Invalid,
    Missing or ReferenceUsed.
    """
    given = Given()
    reference = given.text("/reference", reference, 64)
    if not _whole(count) or not 1 <= count <= MOST:
        given.wrong("/count", "range", f"must be a whole number from 1 to {MOST}")
    given.done()
    files = printing.check(formats, count)
    product = unit.session.scalar(select(Product).where(Product.id == product_id).with_for_update(key_share=True))
    if product is None:
        raise Missing("no such product")
    earlier = unit.session.scalar(select(CodeOrder).where(CodeOrder.reference == reference))
    if earlier is not None:
        if (earlier.product_id, earlier.count) != (product.id, count):
            raise ReferenceUsed("this reference was used for another product or count", reference=reference)
        return earlier
    order = _new(unit, product, count, reference)
    for format in files:
        printing.put_in(unit, order, format)
    unit.record("codes.ordered", "code_order", order.id, product=product.id, count=count, formats=list(files))
    return order


def get(unit: Unit, order_id: str) -> CodeOrder:
    order = unit.session.get(CodeOrder, order_id)
    if order is None:
        raise Missing("no such order of codes")
    return order


def orders(unit: Unit) -> list[CodeOrder]:
    """All orders, newest first."""
    return list(unit.session.scalars(select(CodeOrder).order_by(CodeOrder.ordered_at.desc(), CodeOrder.id.desc())))


def links(unit: Unit, order_id: str, start: int = 0, count: int | None = None) -> list[str]:
    """The texts to print, from position ``start`` on; all that follow when ``count`` is None, but no more than 100 000."""
    order = get(unit, order_id)
    span = _span(order, start, count)
    wanted = span.last - span.first + 1
    if wanted > MOST_LINKS:
        raise Invalid(errors=[flaw("/count", "most", f"at most {MOST_LINKS} links at once", most=MOST_LINKS)])
    made = keys.links(unit, gtin=order.gtin, key_version=order.key_version, first=span.first, count=wanted)
    return [gs1.write(link, unit.outside.public_url) for link in made]


def link_of(unit: Unit, *, gtin: str, key_version: int, counter: int) -> str:
    """The text that is printed on one item."""
    (link,) = keys.links(unit, gtin=gtin, key_version=key_version, first=counter, count=1)
    return gs1.write(link, unit.outside.public_url)


def activate(unit: Unit, *, order_id: str, lot_id: str, start: int = 0, count: int | None = None) -> Span:
    """These codes are on the items of that lot: EPCIS commissioning. To the end of the order when ``count`` is None.

    Raises Invalid, Missing, CodesNotFree, LotOfAnotherProduct or lots.LotRecalled; then nothing is done.
    """
    order = _locked(unit, order_id)
    span = _span(order, start, count)
    lot = _fit(lots.locked(unit, {lot_id}).get(lot_id), order)
    runs = _runs(unit, order, span, free={"encoded"})
    _keep(unit, order, repaint(runs, span.first, span.last, lambda run: replace(run, state="commissioned", lot_id=lot.id)))
    lots.touch(unit, lot)
    ilmd = {"cbvmda:lotNumber": lot.code}
    if lot.best_before is not None:
        ilmd["cbvmda:bestBeforeDate"] = lot.best_before.isoformat()
    capture.record(
        unit,
        type="ObjectEvent",
        action="ADD",
        biz_step="commissioning",
        disposition="active",
        event_time=unit.now,
        what=_what(span),
        ilmd=ilmd,
        read_point=lot.place,
        biz_location=lot.place,
        lots={lot.id: "object"},
    )
    unit.record("codes.activated", "code_order", order.id, lot=lot.id, **_positions(order, span))
    return span


def void(unit: Unit, *, order_id: str, start: int, count: int, reason: str) -> Span:
    """These codes are waste, lost or stolen: EPCIS decommissioning. They keep their lot, so that a recall still finds them.

    Raises Invalid, Missing or CodesNotFree; then nothing is done.
    """
    given = Given()
    reason = given.text("/reason", reason, 300)
    given.done()
    order = _locked(unit, order_id)
    span = _span(order, start, count)
    runs = _runs(unit, order, span, free={"encoded", "commissioned"})
    touched = lots.locked(unit, {run.lot_id for run in runs if run.lot_id and run.within(span.first, span.last)})
    _keep(unit, order, repaint(runs, span.first, span.last, lambda run: replace(run, state="void")))
    for lot in touched.values():
        lots.touch(unit, lot)
    capture.record(
        unit,
        type="ObjectEvent",
        action="DELETE",
        biz_step="decommissioning",
        disposition="inactive",
        event_time=unit.now,
        what=_what(span),
        why={"reason": reason},
        lots=dict.fromkeys(touched, "object"),
    )
    unit.record("codes.voided", "code_order", order.id, reason=reason, **_positions(order, span))
    return span


def balance(unit: Unit, order_id: str) -> Balance:
    order = get(unit, order_id)
    size = func.sum(CodeRange.last - CodeRange.first + 1)
    found = unit.session.execute(select(CodeRange.state, size).where(CodeRange.order_id == order.id).group_by(CodeRange.state))
    counts = {state: int(many) for state, many in found}
    return Balance(order.count, *(counts.get(state, 0) for state in ("encoded", "commissioned", "void")))


def find(unit: Unit, *, gtin: str, serial: str) -> CodeRef | None:
    """The code with this GTIN (14 digits) and serial, if it was ever ordered."""
    for version, counter in keys.counters(unit, gtin=gtin, serial=serial):
        nearest = (
            select(CodeRange)
            .where(CodeRange.gtin == gtin, CodeRange.key_version == version, CodeRange.first <= counter)
            .order_by(CodeRange.first.desc())
            .limit(1)
        )
        found = unit.session.scalar(nearest)
        if found is not None and counter <= found.last:
            return CodeRef(gtin, version, counter, found.state, found.lot_id, found.order_id)
    return None


def ranges_of(unit: Unit, lot_id: str) -> list[Span]:
    """Every code that is or was on this lot, voided ones too: whoever holds such an item must hear of a recall."""
    query = select(CodeRange).where(CodeRange.lot_id == lot_id).order_by(CodeRange.gtin, CodeRange.key_version, CodeRange.first)
    return [Span(row.gtin, row.key_version, row.first, row.last) for row in unit.session.scalars(query)]


def count_of(unit: Unit, lot_id: str) -> int:
    """How many codes are on this lot, without the voided."""
    size = func.sum(CodeRange.last - CodeRange.first + 1)
    return int(unit.session.scalar(select(size).where(CodeRange.lot_id == lot_id, CodeRange.state == "commissioned")) or 0)


def _new(unit: Unit, product: Product, count: int, reference: str) -> CodeOrder:
    version, first = keys.take(unit, gtin=product.gtin, count=count)
    order = CodeOrder(
        id=unit.new_id(),
        reference=reference,
        product_id=product.id,
        gtin=product.gtin,
        key_version=version,
        first=first,
        count=count,
        ordered_at=unit.now,
        ordered_by=unit.actor.id,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(order)
    except IntegrityError as error:
        # Orders of one product wait for each other, so whoever was first here ordered another product.
        raise ReferenceUsed("this reference was used for another product", reference=reference) from error
    _keep(unit, order, [Run(first, first + count - 1, "encoded")])
    return order


def _locked(unit: Unit, order_id: str) -> CodeOrder:
    """The order, and with it all its ranges, until the end of the unit."""
    order = unit.session.scalar(select(CodeOrder).where(CodeOrder.id == order_id).with_for_update(key_share=True))
    if order is None:
        raise Missing("no such order of codes")
    return order


def _fit(lot: Lot | None, order: CodeOrder) -> Lot:
    if lot is None:
        raise Missing("no such lot")
    if lot.product_id != order.product_id:
        raise LotOfAnotherProduct(f"lot {lot.code} is not of GTIN {order.gtin}", lot=lot.code, gtin=order.gtin)
    if lot.standing == "recalled":
        raise lots.LotRecalled(f"lot {lot.code} is recalled", lot=lot.code)
    return lot


def _span(order: CodeOrder, start: int, count: int | None) -> Span:
    if not _whole(start) or not 0 <= start < order.count:
        raise Invalid(errors=[flaw("/start", "range", f"must be a whole number from 0 to {order.count - 1}", most=order.count - 1)])
    left = order.count - start
    if count is not None and (not _whole(count) or not 1 <= count <= left):
        raise Invalid(errors=[flaw("/count", "range", f"must be a whole number from 1 to {left}", most=left)])
    first = order.first + start
    return Span(order.gtin, order.key_version, first, first + (left if count is None else count) - 1)


def _runs(unit: Unit, order: CodeOrder, span: Span, *, free: Container[str]) -> list[Run]:
    """The runs that meet the span or its neighbours; CodesNotFree when one inside is in another state than ``free``."""
    query = (
        select(CodeRange.first, CodeRange.last, CodeRange.state, CodeRange.lot_id)
        .where(CodeRange.order_id == order.id, CodeRange.first <= span.last + 1, CodeRange.last >= span.first - 1)
        .order_by(CodeRange.first)
    )
    runs = [Run(*row) for row in unit.session.execute(query)]
    taken = [part for run in runs if run.state not in free and (part := run.within(span.first, span.last))]
    if taken:
        spans = [{"from": run.first - order.first + 1, "to": run.last - order.first + 1, "state": run.state} for run in taken[:_NAMED]]
        named = ", ".join(f"{span['from']}-{span['to']} ({span['state']})" for span in spans)
        raise CodesNotFree(f"not free: codes {named}{' and more' if len(taken) > _NAMED else ''}", spans=spans)
    return runs


def _keep(unit: Unit, order: CodeOrder, runs: list[Run]) -> None:
    """Write these runs in place of all rows between the first and the last of them."""
    replaced = delete(CodeRange).where(CodeRange.order_id == order.id, CodeRange.first.between(runs[0].first, runs[-1].last))
    unit.session.execute(replaced.execution_options(synchronize_session=False))
    unit.session.add_all(
        CodeRange(
            id=unit.new_id(),
            order_id=order.id,
            gtin=order.gtin,
            key_version=order.key_version,
            first=run.first,
            last=run.last,
            state=run.state,
            lot_id=run.lot_id,
        )
        for run in runs
    )
    unit.session.flush()


def _what(span: Span) -> dict[str, Any]:
    return {"codeRanges": [{"gtin": span.gtin, "keyVersion": span.key_version, "first": span.first, "last": span.last}]}


def _positions(order: CodeOrder, span: Span) -> dict[str, int]:
    return {"from_position": span.first - order.first + 1, "to_position": span.last - order.first + 1}


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
