"""Recalls: the drill that shows what would come back, the recall itself, and the list of them.

The page that asks for the reason shows the exact lots. What was shown travels along with the
form; when the family grew in between, the page is shown again instead.
"""

from __future__ import annotations

import hashlib
from time import perf_counter
from typing import Any

from flask import Blueprint, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, line, slips
from app.pages.frame import catalogue, page
from kernel.errors import Conflict, Trouble
from kernel.unit import Unit
from members import recalls as notices
from traceability import codes, lots, recalls

bp = Blueprint("recalls", __name__, url_prefix="/desk")
FIELDS = ("reason", "advice", "agreed")


class RecallGrew(Conflict):
    """More was made of these lots while you were reading. Look at the list again, then decide."""

    code = "recall-grew"
    title = "There are more lots now"


@bp.get("/recalls")
@staff("quality", "brand_admin")
def every() -> str:
    """All recalls, each with its lots and how many members were told."""
    with look() as unit:
        found = [recalls.get(unit, recall.id) for recall in recalls.every(unit)]
        told = {recall.id: notices.told(unit, recall.id) for recall, _lots in found}
        counts = {lot.id: codes.count_of(unit, lot.id) for _recall, back in found for lot in back}
        return page(unit, "recalls.html", recalls=found, told=told, counts=counts, things=catalogue(unit))


@bp.get("/lots/<lot_id>/recall")
@staff("quality", "brand_admin")
def drill(lot_id: str) -> Response:
    """What a recall of this lot would bring back, and the form that does it."""
    return _form(lot_id, NONE)


@bp.post("/lots/<lot_id>/recall")
@staff("quality", "brand_admin")
def recall(lot_id: str) -> Response:
    """Recall this lot and everything made of it."""
    if line("agreed") != "yes":
        return _form(lot_id, Slips(422, {"agreed": _("请先核对上面的批次，再勾选这一项。")}))
    try:
        with begin() as unit:
            made = recalls.open(unit, lot_ids=[lot_id], reason=line("reason"), advice=line("advice"))
            if line("seen") != _seen(recalls.get(unit, made.id)[1]):  # undone with its unit: nobody recalls what he has not seen
                raise RecallGrew("the family of this lot has changed")
    except Trouble as trouble:
        return _form(lot_id, slips(trouble, FIELDS))
    flash(_("已召回。持有这些商品的会员正在收到通知。"))
    return redirect(url_for("recalls.every", _anchor=made.id), 303)


def _form(lot_id: str, wrong: Slips) -> Response:
    with look() as unit:
        lot, started = lots.get(unit, lot_id), perf_counter()
        reached = recalls.drill(unit, lot_ids=[lot_id])
        counts = {each.id: codes.count_of(unit, each.id) for each in reached}
        values = _values(unit, lot, reached, counts) | {"milliseconds": round((perf_counter() - started) * 1000)}
        return make_response(page(unit, "recall.html", slips=wrong, **values), wrong.status)


def _values(unit: Unit, lot: Any, reached: list[Any], counts: dict[str, int]) -> dict[str, Any]:
    fresh = [each for each in reached if each.standing != "recalled"]
    return {
        "lot": lot,
        "lots": reached,
        "fresh": fresh,
        "counts": counts,
        "items": sum(counts[each.id] for each in fresh),
        "things": catalogue(unit),
        "seen": _seen(fresh),
        "form": {name: line(name) for name in FIELDS},
    }


def _seen(shown: list[Any]) -> str:
    """What the reader has seen, short enough to travel in a form."""
    return hashlib.sha256(" ".join(sorted(lot.id for lot in shown)).encode()).hexdigest()[:16]
