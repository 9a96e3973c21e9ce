"""Steps of an order's codes: printed, on a lot, scrapped, released, used up, and taken back.

People count positions from 1, rooms below from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin
from app.pages import order as order_page
from app.pages.forms import line, refused, uploaded, whole, whole_or_none
from app.pages.look import amount
from app.words import say
from kernel.errors import Invalid, Missing, Trouble, flaw
from traceability import moves, reprints

bp = Blueprint("moves", __name__, url_prefix="/desk/orders")
STEPS: Final[Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]]] = {
    "print": (moves.printed, ()),
    "commission": (moves.commission, ("lot_id",)),
    "scrap": (moves.scrap, ("reason", "note")),
    "sample_label": (moves.sample_label, ("reason", "note")),
    "give_back": (moves.give_back, ("note",)),
    "void": (moves.void, ("reason", "note")),
    "release": (moves.release, ()),
    "sample": (moves.sample, ("reason", "note")),
    "inactivate": (moves.inactivate, ("reason", "note")),
    "destroy": (moves.destroy, ("reason", "note")),
}
"""Each step with what its form says beside positions."""


@bp.post("/<order_id>/moves/<step>")
@staff("quality", "brand_admin")
def take(order_id: str, step: str) -> Response:
    """One step of a range of codes."""
    if step not in STEPS:
        raise Missing("no such step")
    act, words = STEPS[step]
    try:
        start, count = whole("start"), whole_or_none("count")
        more = {name: line(name).strip() or None if name == "note" else line(name) for name in words}
        with begin() as unit:
            move = act(unit, order_id=order_id, start=start - 1, count=count, **more)
            done = sum(run[1] - run[0] + 1 for run in move.before)
    except Trouble as trouble:
        return order_page.draw(order_id, order_page.wrong(trouble), step)
    return _noted(order_id, step, done)


@bp.post("/<order_id>/scanned")
@staff("quality", "brand_admin")
def scanned(order_id: str) -> Response:
    """Put codes on a lot as a line scanner saw them: all of the list, or nothing."""
    try:
        with begin() as unit:
            move = moves.commission_serials(unit, lot_id=line("lot_id"), serials=_list())
            if move.order_id != order_id:
                raise Invalid(errors=[flaw("/serials", "of-another-order", "these codes are of another order")])
            done = sum(run[1] - run[0] + 1 for run in move.before)
    except Trouble as trouble:
        return order_page.draw(order_id, order_page.wrong(trouble), "scanned")
    return _noted(order_id, "commission", done)


@bp.post("/<order_id>/history/<move_id>/undo")
@staff("quality", "brand_admin")
def undo(order_id: str, move_id: str) -> Response:
    """Take a step back."""
    try:
        with begin() as unit:
            moves.undo(unit, move_id=move_id)
    except Trouble as trouble:
        return order_page.draw(order_id, order_page.wrong(trouble), move_id)
    flash(_("已撤回，这些码和之前一样。"))
    return redirect(order_page.url(order_id), 303)


@bp.post("/<order_id>/reprints")
@staff("quality", "brand_admin")
def ask_reprint(order_id: str) -> Response:
    """Ask for labels a second time."""
    try:
        start, count = whole("start"), whole("count")
        with begin() as unit:
            reprints.ask(unit, order_id=order_id, start=start - 1, count=count, reason=line("reason"))
    except Trouble as trouble:
        return order_page.draw(order_id, order_page.wrong(trouble), "reprint")
    flash(_("已申请补印，等另一个人批准。"))
    return redirect(order_page.url(order_id), 303)


@bp.post("/<order_id>/reprints/<reprint_id>/approve")
@staff("quality", "brand_admin")
def approve_reprint(order_id: str, reprint_id: str) -> Response:
    """The second person agrees."""
    return _decide(order_id, reprint_id, reprints.approve, _("已批准补印。"))


@bp.post("/<order_id>/reprints/<reprint_id>/decline")
@staff("quality", "brand_admin")
def decline_reprint(order_id: str, reprint_id: str) -> Response:
    """Nothing is printed a second time."""
    return _decide(order_id, reprint_id, reprints.decline, _("不补印了。"))


def _decide(order_id: str, reprint_id: str, act: Callable[..., Any], said: str) -> Response:
    try:
        with begin() as unit:
            act(unit, reprint_id=reprint_id)
    except Trouble as trouble:
        return refused(trouble, order_page.url(order_id))
    flash(said)
    return redirect(order_page.url(order_id), 303)


def _list() -> str:
    """The CSV that was chosen, else what was pasted. Raises Invalid."""
    try:
        return uploaded("file").decode("utf-8-sig") or line("serials")
    except UnicodeDecodeError:
        raise Invalid(errors=[flaw("/serials", "csv", "must be a CSV file in UTF-8")]) from None


def _noted(order_id: str, step: str, count: int) -> Response:
    flash(_("已记下：%(step)s，%(count)s 个。", step=say(f"code.move.{step}"), count=amount(count)))
    return redirect(order_page.url(order_id), 303)
