"""How the codes of every order stand: its first state, and every step that was taken and not taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from kernel.unit import Unit
from traceability import keys, life, ranges, spans
from traceability.models import CodeMove, CodeOrder, CodeRange
from traceability.ranges import Run


def rebuild(unit: Unit, tell: Callable[[str, int, int], None]) -> int:
    """How many runs of codes stood otherwise before."""
    orders = list(unit.session.scalars(select(CodeOrder).order_by(CodeOrder.id)))
    changed = 0
    for done, order in enumerate(orders, 1):
        now = spans.first_runs(unit, order, most=_count(unit, order))
        after = _replayed(unit, order, now)
        if after != now:
            spans.keep(unit, order, after, now)
            changed += len(set(after) ^ set(now))
        tell("codes", done, len(orders))
    return changed


def _count(unit: Unit, order: CodeOrder) -> int:
    return unit.session.scalar(select(func.count()).select_from(CodeRange).where(CodeRange.order_id == order.id)) or 0


def _replayed(unit: Unit, order: CodeOrder, now: list[Run]) -> list[Run]:
    query = select(CodeMove).where(CodeMove.order_id == order.id, CodeMove.undone_at.is_(None)).options(undefer(CodeMove.before))
    moves = list(unit.session.scalars(query.order_by(CodeMove.at, CodeMove.id)))
    runs = _first(order, moves, now)
    while moves:
        done = next((each for each in moves if _starts(each, runs)), moves[0])
        moves.remove(done)
        runs = ranges.repaint(runs, [(row[0], row[1]) for row in done.before], partial(_after, done))
    return ranges.joined(runs)


def _after(done: CodeMove, run: Run) -> Run:
    return life.MOVES[done.move].after(run, done.reason, done.lot_id)


def _starts(done: CodeMove, runs: list[Run]) -> bool:
    """Whether the codes stand as this step found them: of two that began in one millisecond, this tells which came first."""
    before = [Run(*row) for row in done.before]
    return ranges.joined(ranges.inside(runs, [(run.first, run.last) for run in before])) == ranges.joined(before)


def _first(order: CodeOrder, moves: list[CodeMove], now: list[Run]) -> list[Run]:
    """How the order began. Serials that were made elsewhere may have come printed: where no step ever met them, they
    stand as they came, and elsewhere the first step tells how it found them."""
    whole = [Run(order.first, order.first + order.count - 1, "allocated")]
    if order.scheme != keys.IMPORTED:
        return whole
    runs = now
    for done in reversed(moves):
        before = [Run(*row) for row in done.before]
        where = [(run.first, run.last) for run in before]
        outside = ranges.inside(runs, ranges.minus([(order.first, order.first + order.count - 1)], where))
        runs = sorted([*outside, *before], key=lambda run: run.first)
    return ranges.joined(runs)
