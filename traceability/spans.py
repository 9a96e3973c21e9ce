"""Spans of an order's codes, and the rows that say how they stand.

A span is what a person points at: from here on, so many. The rows are runs (``ranges``): split
where codes part ways, joined where they meet again, so that their number follows what happened
and not the number of codes. Positions count from 0 in arguments and from 1 in what people read.
What a state means and who may change it is not known here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select

from kernel.errors import Invalid, Missing, flaw
from kernel.unit import Unit
from traceability.models import CodeOrder, CodeRange
from traceability.ranges import Run, inside

_AT_ONCE: Final = 10_000


@dataclass(frozen=True)
class Span:
    """Counters ``first`` … ``last`` (both in) of one key."""

    gtin: str
    key_version: int
    first: int
    last: int


def locked(unit: Unit, order_id: str) -> CodeOrder:
    """The order, and with it all its ranges, until the end of the unit; or Missing."""
    query = select(CodeOrder).where(CodeOrder.id == order_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    order = unit.session.scalar(query)
    if order is None:
        raise Missing("no such order of codes")
    return order


def span(order: CodeOrder, start: int, count: int | None) -> Span:
    """``count`` codes from position ``start`` on, to the end of the order when ``count`` is None. Raises Invalid."""
    if not whole(start) or not 0 <= start < order.count:
        raise Invalid(errors=[flaw("/start", "range", f"must be a whole number from 0 to {order.count - 1}", most=order.count - 1)])
    left = order.count - start
    if count is not None and (not whole(count) or not 1 <= count <= left):
        raise Invalid(errors=[flaw("/count", "range", f"must be a whole number from 1 to {left}", most=left)])
    first = order.first + start
    return Span(order.gtin, order.key_version, first, first + (left if count is None else count) - 1)


def runs(unit: Unit, order: CodeOrder, span: Span) -> list[Run]:
    """The runs that meet the span or its neighbours, in order, whole."""
    query = (
        select(CodeRange.first, CodeRange.last, CodeRange.state, CodeRange.reason, CodeRange.lot_id)
        .where(CodeRange.order_id == order.id, CodeRange.first <= span.last + 1, CodeRange.last >= span.first - 1)
        .order_by(CodeRange.first)
    )
    return [Run(*row) for row in unit.session.execute(query)]


def first_runs(unit: Unit, order: CodeOrder, *, states: Collection[str] = (), most: int) -> list[Run]:
    """The first ``most`` runs of an order, in order; of these states only when any are named."""
    query = select(CodeRange.first, CodeRange.last, CodeRange.state, CodeRange.reason, CodeRange.lot_id).where(
        CodeRange.order_id == order.id
    )
    if states:
        query = query.where(CodeRange.state.in_(states))
    return [Run(*row) for row in unit.session.execute(query.order_by(CodeRange.first).limit(most))]


def within(unit: Unit, order: CodeOrder, span: Span) -> list[Run]:
    """The parts of runs that lie in the span, in order."""
    return inside(runs(unit, order, span), [(span.first, span.last)])


def keep(unit: Unit, order: CodeOrder, after: Iterable[Run], before: Iterable[Run] = ()) -> None:
    """Write the runs ``after`` in place of those ``before``; what is the same in both is left alone."""
    old, new = set(before), set(after)
    gone = sorted(run.first for run in old - new)
    for at in range(0, len(gone), _AT_ONCE):
        replaced = delete(CodeRange).where(CodeRange.order_id == order.id, CodeRange.first.in_(gone[at : at + _AT_ONCE]))
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
            reason=run.reason,
            lot_id=run.lot_id,
        )
        for run in sorted(new - old, key=lambda run: run.first)
    )
    unit.session.flush()


def what(spans: Iterable[Span]) -> dict[str, Any]:
    """What an event says of them: ``codeRanges`` (see EpcisEvent)."""
    return {"codeRanges": [{"gtin": each.gtin, "keyVersion": each.key_version, "first": each.first, "last": each.last} for each in spans]}


def positions(order: CodeOrder, span: Span) -> dict[str, int]:
    """Where the span lies in the order, as people count."""
    return {"from_position": span.first - order.first + 1, "to_position": span.last - order.first + 1}


def named(order: CodeOrder, first: int, last: int) -> dict[str, Any]:
    """Counters of an order as a problem names them: ``from`` and ``to`` as people count, ``start`` and ``count`` as machines do."""
    start = first - order.first
    return {"from": start + 1, "to": last - order.first + 1, "start": start, "count": last - first + 1}


def whole(value: object) -> bool:
    """Whether it is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)
