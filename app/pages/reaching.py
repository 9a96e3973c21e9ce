"""From anything somebody holds in their hands to all that a recall would reach: the numbers, the lots, who has it, what nobody knows.

Looking writes nothing. From here one goes on to a drill or proposes a recall; what was shown travels along with that form, and
when the family grew in between, the page is shown again instead.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth import passwords
from app.auth.guards import staff
from app.doors import begin, look
from app.pages import case_words, letters, scopes, signatures
from app.pages.forms import NONE, Slips, line, slips
from app.pages.frame import catalogue, page
from app.pages.recalls import start_page, wrong_of
from app.pages.scopes import Asked
from kernel.errors import Missing, Trouble
from kernel.unit import Unit
from traceability import letters as papers
from traceability import reach, recalls
from traceability.reach import Reach

bp = Blueprint("reaching", __name__, url_prefix="/desk/reach")
FIELDS = ("reason", "advice", "agreed", "password")
SHOWN = 500
"""Lots that the page lists; the table of lots has them all."""


@bp.get("")
@staff("quality", "brand_admin")
def show() -> Response:
    """All that a recall would reach from what the address names."""
    if not request.args.keys() & {"recall", "drill", "kind", "value"}:
        return redirect(url_for("recalls.every"))  # type: ignore[return-value]
    return _shown(NONE)


@bp.post("")
@staff("quality", "brand_admin")
def propose() -> Response:
    """Propose to recall it: all of it is held at once, and a second person decides."""
    if line("agreed") != "yes":
        return _shown(Slips(422, {"agreed": _("请先核对上面的批次，再勾选这一项。")}))
    try:
        proof = signatures.proved()
        with begin() as unit:
            scope = scopes.asked(unit).scope
            how = {"kind": scope.kind, "said": scope.said}
            given = {"lot_ids": reach.roots(unit, scope.lot_ids), "reason": line("reason"), "advice": line("advice"), "seen": line("seen")}
            made = recalls.propose(unit, **given, scope=how, proof=proof)
    except Trouble as trouble:
        return _shown(wrong_of(trouble, FIELDS))
    flash(_("已提出召回，牵连到的批次都已暂停。请另一位同事来批准。"))
    return redirect(url_for("recalls.show", recall_id=made.id), 303)


@bp.get("/table.csv")
@staff("quality", "brand_admin")
def table() -> Response:
    """One of the tables behind the page, as CSV: ``?table=`` lots, items, packs, customers or scans."""
    kind = request.args.get("table", "lots")
    with look() as unit:
        content = papers.table(unit, reach.of(unit, scopes.asked(unit).scope.lot_ids), kind)
    answer = make_response(content)
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="recall-{kind}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/letter")
@staff("quality", "brand_admin")
def letter() -> Response:
    """The letter to one customer, to print and to send; ``?text=1`` gives it as plain text."""
    with look() as unit:
        asked = scopes.asked(unit)
        found = papers.to(unit, reach.of(unit, asked.scope.lot_ids), request.args.get("customer", ""))
        said = letters.written(unit, found, asked.recall)
        if request.args.get("text"):
            answer = make_response(said.text)
            answer.headers["Content-Type"] = "text/plain; charset=utf-8"
            return answer
        return make_response(page(unit, "letter.html", letter=found, said=said, recall=asked.recall, keep=asked.keep))


def _shown(wrong: Slips) -> Response:
    started = perf_counter()
    with look() as unit:
        try:
            asked = scopes.asked(unit)
        except Trouble as trouble:
            if isinstance(trouble, Missing) and (request.args.get("recall") or request.args.get("drill")):
                raise
            told = slips(trouble, scopes.FIELDS)
            if isinstance(trouble, Missing):
                told = Slips(404, {"value": _("没有找到，也没有与它有关的批次。请核对一下。")})
            return start_page(unit, told)
        found = reach.of(unit, asked.scope.lot_ids)
        values = _values(unit, asked, found) | {"milliseconds": round((perf_counter() - started) * 1000)}
        return make_response(page(unit, "recall.html", slips=wrong, **values), wrong.status)


def _values(unit: Unit, asked: Asked, found: Reach) -> dict[str, Any]:
    return {
        "asked": asked,
        "keep": asked.keep,
        "reached": found,
        "fresh": found.fresh,
        "seen": recalls.digest(unit, found.fresh),
        "shown": found.lots[:SHOWN],
        "things": catalogue(unit),
        "words": case_words,
        "form": {name: line(name) for name in ("reason", "advice")},
        "has_password": passwords.has_password(),
        "can_propose": asked.recall is None and asked.drill is None,
    }
