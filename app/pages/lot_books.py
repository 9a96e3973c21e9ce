"""What is done to a lot after it was written down: part of it leaves, or what was told of it is corrected; and what was known when."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, line, plain, refused, slips
from app.pages.frame import catalogue, page
from app.pages.look import amount
from app.pages.scopes import moment
from kernel.errors import Invalid, Missing, Trouble, flaw
from kernel.given import CHINA
from kernel.unit import Unit
from traceability import corrections, deliveries, genealogy, hindsight, lots
from traceability.events.flows import Window

bp = Blueprint("lot_books", __name__, url_prefix="/desk/lots")
FIELDS: Final = ("inputs", "quantity", "reason", "delivery_id")


@bp.post("/<lot_id>/discard")
@staff("quality", "brand_admin")
def discard(lot_id: str) -> Response:
    """So much of a lot is thrown away, taken as a sample, or sold loose."""
    here = url_for("lots.show", lot_id=lot_id, _anchor="h-left")
    try:
        with begin() as unit:
            given = {"lot_id": lot_id, "quantity": _typed("quantity")}
            if line("reason") == "sold":
                lots.sell(unit, **given, customer=line("note") or None)
            else:
                lots.discard(unit, **given, reason=line("reason"), note=line("note") or None)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已记下。"))
    return redirect(here, 303)


@bp.get("/<lot_id>/correct")
@staff("quality", "brand_admin")
def correction(lot_id: str) -> Response:
    """The form that corrects what was told of a lot."""
    return _form(lot_id, NONE)


@bp.post("/<lot_id>/correct")
@staff("quality", "brand_admin")
def correct(lot_id: str) -> Response:
    """Tell anew how a lot came to be; what it turns out to be made of may hold it."""
    try:
        with begin() as unit:
            lot = lots.get(unit, lot_id)
            held = _corrected(unit, lot)
    except Missing:
        raise
    except Trouble as trouble:
        return _form(lot_id, slips(trouble, FIELDS))
    flash(_("已更正。"))
    if held:
        named = _("、").join(held[:5])
        flash(_("查明用了被暂停或召回的批次，这 %(count)s 批已随之暂停：%(lots)s", count=amount(len(held)), lots=named), "stop")
    return redirect(url_for("lots.show", lot_id=lot_id), 303)


@bp.get("/<lot_id>/known")
@staff("quality", "brand_admin")
def known(lot_id: str) -> Response:
    """What was known of a lot's family on a day, held against what is known now; ``?known=`` says when, in the time of China."""
    with look() as unit:
        lot = lots.get(unit, lot_id)
        asked, wrong = request.args.get("known", ""), NONE
        values: dict[str, Any] = {}
        try:
            at = moment("known", asked, CHINA)
            if at is not None:
                at = min(at, unit.now)
                window = Window(known_at=at)
                changes = hindsight.diff(unit, [lot_id], before=at, after=unit.now)
                sides = {"back": genealogy.back(unit, [lot_id], window), "forward": genealogy.forward(unit, [lot_id], window)}
                values = {"at": at, "changes": changes, "then": {name: _sorted(unit, ids) for name, ids in sides.items()}}
        except Trouble as trouble:
            wrong = slips(trouble, ("known",))
        return make_response(
            page(unit, "lot_known.html", lot=lot, asked=asked, slips=wrong, things=catalogue(unit), **values), wrong.status
        )


def _corrected(unit: Unit, lot: Any) -> list[str]:
    if lot.kind == "material":
        words = {"quantity": _typed("quantity"), "reason": line("reason"), "delivery_id": line("delivery_id") or None}
        corrections.correct_receipt(unit, lot_id=lot.id, **words)
        return []
    made = _typed("quantity") if line("quantity").strip() else None
    held = corrections.correct_inputs(unit, lot_id=lot.id, inputs=by_lines(unit, "inputs"), quantity=made, reason=line("reason"))
    return [each.code for each in held]


def by_lines(unit: Unit, name: str) -> list[tuple[str, Decimal]]:
    """Lots and quantities, a line each: a lot code, blanks, a quantity. Raises Invalid, naming the field."""
    found = []
    for text in line(name).splitlines():
        if not text.strip():
            continue
        told = re.fullmatch(r"\s*(\S.*?)[\s,，：:]+([\d.,]+)\s*", text)
        if told is None:
            raise Invalid(errors=[flaw(f"/{name}", "lot-and-amount", "a lot code and a quantity on each line")])
        try:
            lot = lots.by_code(unit, told[1])
        except Missing:
            raise Invalid(errors=[flaw(f"/{name}", "no-such-lot", "no such lot", code=told[1][:40])]) from None
        found.append((lot.id, plain(told[2])))
    return found  # type: ignore[return-value] - made fit by the room that takes it


def _typed(name: str) -> Any:
    return plain(line(name))


def _form(lot_id: str, wrong: Slips) -> Response:
    with look() as unit:
        lot = lots.get(unit, lot_id)
        before = corrections.inputs(unit, lot) if lot.kind == "product" else []
        typed = "\n".join(f"{source.code} {used.normalize() + 0:f}" for source, used in before)
        brought = deliveries.of_lot(unit, lot) if lot.kind == "material" else []
        quantity = "" if len(brought) > 1 else f"{lot.quantity.normalize() + 0:f}"
        form = {"inputs": typed, "quantity": quantity, "reason": "", "delivery_id": ""}
        if request.method == "POST":
            form = {name: line(name) for name in FIELDS}
        values = {"lot": lot, "before": before, "brought": brought, "form": form, "things": catalogue(unit)}
        return make_response(page(unit, "lot_correct.html", slips=wrong, **values), wrong.status)


def _sorted(unit: Unit, ids: set[str]) -> list[Any]:
    return sorted(lots.several(unit, ids).values(), key=lambda lot: (lot.started_at, lot.id))
