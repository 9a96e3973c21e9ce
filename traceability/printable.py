"""Whether labels may come out of the printer: not of codes that are void, in use or of a closed order, and not
twice, unless a second person agreed.

It must not know how a file is made (``printing``), nor who decides on a re-print (``reprints``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Select, and_, select

from kernel.errors import Conflict
from kernel.unit import Unit
from traceability import faces, moves, spans
from traceability.models import CodeMove, CodeOrder, PrintJob
from traceability.spans import Span

_SHARING: Final[Mapping[str, tuple[str, ...]]] = {
    faces.OUTER: (faces.OUTER, faces.BOTH),
    faces.INNER: (faces.INNER, faces.BOTH),
    faces.BOTH: (faces.OUTER, faces.INNER, faces.BOTH),
}
"""Faces of files that hold some of the same codes."""


class ReprintNeeded(Conflict):
    """Some of these labels were printed before. To print them again takes a reason and a second person: ask for
    a re-print. The files that were made are still there to be fetched."""

    code = "reprint-needed"
    title = "These labels were printed before"


def must_be_labels(unit: Unit, order: CodeOrder, span: Span) -> None:
    """Raise moves.OrderClosed, or moves.CodesNotFree when a code of this span is no number or label (any more)."""
    moves.must_be_open(order)
    moves.must_start(order, "print", ("allocated", "encoded"), spans.within(unit, order, span))


def must_be_first(unit: Unit, order: CodeOrder, span: Span, face: str) -> None:
    """Raise ReprintNeeded when labels of this span of a locked order were printed before.

    What the printer reports is the outer code. An inner one is printed on its own, so once the outer is reported
    it may still come out the first time: when no file that holds it was asked for. A report that was taken back
    does not bring labels back: who had a file of them when it was reports them as printed and asks for a re-print.
    """
    if all(run.state == "allocated" for run in spans.within(unit, order, span)):
        if unit.session.scalar(_taken_back(order, span, face).limit(1)) is not None:
            raise ReprintNeeded("some of these labels were reported as printed before")
        return
    if face != faces.INNER or unit.session.scalar(_earlier(order, span, face).limit(1)) is not None:
        raise ReprintNeeded("some of these labels were printed before")


def _taken_back(order: CodeOrder, span: Span, face: str) -> Select[str]:
    """Earlier files of some of these codes that were ready before a report of them was taken back."""
    moved = (CodeMove.order_id == order.id, CodeMove.move == "print", CodeMove.first <= span.last, CodeMove.last >= span.first)
    both = (CodeMove.first <= PrintJob.last, CodeMove.last >= PrintJob.first)
    return _earlier(order, span, face).join(CodeMove, and_(*moved, *both, PrintJob.ready_at <= CodeMove.undone_at))


def _earlier(order: CodeOrder, span: Span, face: str) -> Select[str]:
    """The files that hold some of these codes, or will."""
    meets = (PrintJob.order_id == order.id, PrintJob.first <= span.last, PrintJob.last >= span.first)
    return select(PrintJob.id).where(*meets, PrintJob.face.in_(_SHARING[face]), PrintJob.state != "failed")
