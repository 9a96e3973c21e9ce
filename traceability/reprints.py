"""Labels printed a second time: for a reason, and with a second person's word.

The same serial on two labels is what a forger makes. So only labels that are on no item may come out of
the printer again, one person asks and says why, and another decides.
"""

from __future__ import annotations

from sqlalchemy import select

from kernel.errors import Conflict, Missing, Refused
from kernel.unit import Unit
from traceability import faces, moves, printing, spans
from traceability.given import Given
from traceability.labels.planner import Wish
from traceability.models import CodeOrder, PrintJob, Reprint
from traceability.spans import Span


class ReprintDecided(Conflict):
    """This request was decided before. Ask again if the labels are still wanted."""

    code = "reprint-decided"
    title = "This re-print was decided before"


class SecondPersonNeeded(Refused):
    """Who asked for a re-print cannot approve it: two pairs of eyes see to it that no serial is on two items."""

    code = "second-person-needed"
    title = "A second person must approve this"


def ask(unit: Unit, *, order_id: str, start: int, count: int, reason: str) -> Reprint:
    """Ask for labels a second time. Only printed ones that are on no item (encoded).

    Raises Invalid, Missing, moves.CodesNotFree, moves.OrderClosed.
    """
    given = Given()
    reason = given.text("/reason", reason, 300)
    given.done()
    order = spans.locked(unit, order_id)
    span = spans.span(order, start, count)
    _encoded(unit, order, span)
    wanted = Reprint(
        id=unit.new_id(),
        order_id=order.id,
        first=span.first,
        last=span.last,
        reason=reason,
        state="asked",
        asked_at=unit.now,
        asked_by=unit.actor.id,
    )
    unit.session.add(wanted)
    unit.session.flush()
    unit.record("reprint.asked", "code_order", order.id, id=wanted.id, reason=reason, **spans.positions(order, span))
    return wanted


def approve(
    unit: Unit, *, reprint_id: str, format: str = "pdf", face: str = faces.OUTER, wish: Wish | None = None
) -> tuple[Reprint, PrintJob]:
    """A second person agrees, and the file is asked for.

    Raises Missing, ReprintDecided, SecondPersonNeeded, moves.CodesNotFree, moves.OrderClosed and what ``printing.ask``
    raises; then it is still undecided.
    """
    wanted, order = _locked(unit, reprint_id)
    if wanted.asked_by == unit.actor.id:
        raise SecondPersonNeeded("who asked for a re-print cannot approve it")
    _encoded(unit, order, Span(order.gtin, order.key_version, wanted.first, wanted.last))
    where = {"start": wanted.first - order.first, "count": wanted.last - wanted.first + 1}
    job = printing.ask(unit, order_id=order.id, format=format, face=face, wish=wish, reprint_id=wanted.id, **where)
    return _decide(unit, wanted, "approved", job=job.id), job


def decline(unit: Unit, *, reprint_id: str) -> Reprint:
    """Nothing is printed; who asked may decline as well. Raises Missing, ReprintDecided."""
    wanted, _ = _locked(unit, reprint_id)
    return _decide(unit, wanted, "declined")


def every(unit: Unit, order_id: str) -> list[Reprint]:
    """The requests for an order, newest first."""
    query = select(Reprint).where(Reprint.order_id == order_id).order_by(Reprint.asked_at.desc(), Reprint.id.desc())
    return list(unit.session.scalars(query))


def _locked(unit: Unit, reprint_id: str) -> tuple[Reprint, CodeOrder]:
    wanted = unit.session.get(Reprint, reprint_id)
    if wanted is None:
        raise Missing("no such re-print")
    order = spans.locked(unit, wanted.order_id)
    unit.session.refresh(wanted)
    if wanted.state != "asked":
        raise ReprintDecided(f"this re-print was {wanted.state}", state=wanted.state)
    return wanted, order


def _encoded(unit: Unit, order: CodeOrder, span: Span) -> None:
    """Raise what a step of labels would raise, were they not all printed and on no item."""
    moves.must_be_open(order)
    moves.must_start(order, "reprint", ("encoded",), spans.within(unit, order, span))


def _decide(unit: Unit, wanted: Reprint, state: str, **more: str) -> Reprint:
    wanted.state, wanted.decided_at, wanted.decided_by = state, unit.now, unit.actor.id
    unit.session.flush()
    unit.record(f"reprint.{state}", "code_order", wanted.order_id, id=wanted.id, **more)
    return wanted
