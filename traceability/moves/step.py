"""One step of codes, whatever it is called in ``life.MOVES``: checked, painted, told, kept so that it can be undone.

Its cost follows the runs that lie between the first and the last code it meets, never the codes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability import life, lots, packs, ranges, spans
from traceability.events import capture, own
from traceability.given import Given
from traceability.models import CodeMove, CodeOrder, EpcisEvent, Lot
from traceability.ranges import Pair, Run
from traceability.spans import Span

_NAMED: Final = 10
_LEAVE: Final = ("sampled", "inactive", "destroyed")


class CodesNotFree(Conflict):
    """Some of these codes are in a state from which this step does not lead on: labels are printed before
    they are put on a lot, items are on a lot before they are sold, and nothing comes back from destroyed.
    ``spans`` names them by position (``start`` from 0; ``from``, ``to`` from 1) and state, the first ten at most; ``move`` is the step
    and ``sources`` the states it starts from. Nothing was changed."""

    code = "codes-not-free"
    title = "Some of these codes are in another state"


class OrderClosed(Conflict):
    """The books of this order are closed: no label of it is printed, put on a lot or scrapped any more.
    Items that are on a lot live on."""

    code = "order-closed"
    title = "This order is closed"


class LotOfAnotherProduct(Conflict):
    """Codes carry the GTIN of their product and can go on no lot of another one."""

    code = "lot-of-another-product"
    title = "The lot is of another product than the codes"


def take(
    unit: Unit,
    name: str,
    order: CodeOrder,
    where: Sequence[Pair],
    *,
    reason: str | None = None,
    note: str | None = None,
    lot: Lot | None = None,
    fit: Callable[[Lot], None] | None = None,
) -> CodeMove:
    """Do the step ``name`` to the counters in ``where`` (sorted, none overlapping) of a locked order.

    ``lot`` is where they go on; ``fit`` may raise for a lot that they are on. Raises Invalid, CodesNotFree,
    OrderClosed, packs.StillPacked; then nothing is done.
    """
    move = life.MOVES[name]
    reason, note = _why(move, reason, note)
    hull = Span(order.gtin, order.key_version, where[0][0], where[-1][1])
    runs = spans.runs(unit, order, hull)
    before = ranges.inside(runs, where)
    if move.of_labels:
        must_be_open(order)
    must_start(order, name, move.sources, before)
    if move.target in _LEAVE:
        packs.must_be_loose(unit, _spans(order, where))
    touched = {lot.id: lot} if lot else lots.locked(unit, {run.lot_id for run in before if run.lot_id})
    for each in touched.values():
        if fit is not None:
            fit(each)
        lots.touch(unit, each)
    lot_id = lot.id if lot else None
    spans.keep(unit, order, ranges.repaint(runs, where, lambda run: move.after(run, reason, lot_id)), runs)
    event = _tell(unit, move, order, where, touched, reason=reason, note=note)
    if lot is not None:
        own.joined(unit, event)
    unit.session.flush()
    done = CodeMove(move=name, reason=reason, note=note, lot_id=lot_id, event_id=event.id)
    return _kept(unit, order, done, before)


def must_be_open(order: CodeOrder) -> None:
    """Raise OrderClosed when the books of the order are closed."""
    if order.closed_at is not None:
        raise OrderClosed("the books of this order are closed", reference=order.reference)


def must_start(order: CodeOrder, name: str, sources: Sequence[str], inside: Sequence[Run]) -> None:
    """Raise CodesNotFree, naming ten of them, when some of these runs of an order are in another state than ``sources``."""
    strays = [run for run in inside if run.state not in sources]
    if strays:
        named = [{**spans.named(order, run.first, run.last), "state": run.state} for run in strays[:_NAMED]]
        told = ", ".join(f"{each['from']}-{each['to']} ({each['state']})" for each in named)
        rest = f" and {len(strays) - _NAMED} more" if len(strays) > _NAMED else ""
        detail = f"{name} starts from {' or '.join(sources)}; codes {told}{rest} are not"
        raise CodesNotFree(detail, spans=named, move=name, sources=list(sources))


def fitting(unit: Unit, lot_id: str, order: CodeOrder) -> Lot:
    """The lot, locked, if these codes may go on it. Raises Missing, LotOfAnotherProduct, lots.LotRecalled."""
    lot = lots.locked(unit, {lot_id}).get(lot_id)
    if lot is None:
        raise Missing("no such lot")
    if lot.product_id != order.product_id:
        raise LotOfAnotherProduct(f"lot {lot.code} is not of GTIN {order.gtin}", lot=lot.code, gtin=order.gtin)
    if lot.standing == "recalled":
        raise lots.LotRecalled(f"lot {lot.code} is recalled", lot=lot.code)
    return lot


def _why(move: life.Move, reason: str | None, note: str | None) -> tuple[str | None, str | None]:
    given = Given()
    if move.reasons:
        given.choice("/reason", reason, move.reasons)
    elif reason is not None:
        given.wrong("/reason", "no-reason", "this step takes no reason")
    note = given.optional("/note", note, 300)
    given.done()
    return reason, note


def _kept(unit: Unit, order: CodeOrder, done: CodeMove, before: Sequence[Run]) -> CodeMove:
    """The step with what it takes to undo it, written and told to the audit."""
    done.id, done.order_id, done.at, done.by = unit.new_id(), order.id, unit.now, unit.actor.id
    done.first, done.last = before[0].first, before[-1].last
    done.before = [[run.first, run.last, run.state, run.reason, run.lot_id] for run in before]
    unit.session.add(done)
    unit.session.flush()
    codes = sum(run.last - run.first + 1 for run in before)
    unit.record("codes.moved", "code_order", order.id, step=done.move, id=done.id, codes=codes, reason=done.reason, lot=done.lot_id)
    return done


def _tell(unit: Unit, move: life.Move, order: CodeOrder, where: Sequence[Pair], touched: dict[str, Lot], **why: str | None) -> EpcisEvent:
    told = move.tells(why["reason"])
    (only,) = touched.values() if len(touched) == 1 else (None,)
    place = only.place if only else None
    more: dict[str, Any] = {"ilmd": lots.born_with(only)} if only and told.action == "ADD" else {}
    return capture.record(
        unit,
        type="ObjectEvent",
        action=told.action,
        biz_step=told.biz_step,
        disposition=told.disposition,
        event_time=unit.now,
        what=spans.what(_spans(order, where)),
        why={key: text for key, text in why.items() if text is not None},
        read_point=place,
        biz_location=place,
        lots=dict.fromkeys(touched, "object"),
        **more,
    )


def _spans(order: CodeOrder, where: Sequence[Pair]) -> list[Span]:
    return [Span(order.gtin, order.key_version, first, last) for first, last in where]
