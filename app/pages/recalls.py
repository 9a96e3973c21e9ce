"""Recalls at the desk: where a trace begins, what waits for a second person, and each recall with who signed what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth import passwords
from app.auth.guards import staff
from app.doors import begin, look
from app.pages import scopes, signatures
from app.pages.forms import NONE, Slips, line, slips
from app.pages.frame import catalogue, page
from app.words import say
from kernel.errors import Trouble
from kernel.unit import Unit
from members import recalls as notices
from suppliers import directory
from traceability import drills, lots, reach, recalls, scoping, signing
from traceability.reach import goods

bp = Blueprint("recalls", __name__, url_prefix="/desk")
FIELDS = ("agreed", "password", "why")
SHOWN = 50


@bp.get("/recalls")
@staff("quality", "brand_admin")
def every() -> Response:
    """Where a trace begins; under it all recalls and proposals, and the last drills."""
    with look() as unit:
        return start_page(unit, NONE)


@bp.get("/recalls/<recall_id>")
@staff("quality", "brand_admin")
def show(recall_id: str) -> Response:
    """One recall: what it reaches, who decided what, and, while it waits, the decision."""
    return _shown(recall_id, NONE)


@bp.post("/recalls/<recall_id>/adopt")
@staff("quality", "brand_admin")
def adopt(recall_id: str) -> Response:
    """Take up what a machine proposed, in one's own name."""
    if line("agreed") != "yes":
        return _shown(recall_id, _unread())
    try:
        proof = signatures.proved()
        with begin() as unit:
            recalls.adopt(unit, recall_id=recall_id, seen=line("seen"), proof=proof)
    except Trouble as trouble:
        return _shown(recall_id, wrong_of(trouble, FIELDS))
    flash(_("这次召回现在以您的名义提出。请另一位同事来批准。"))
    return redirect(url_for("recalls.show", recall_id=recall_id), 303)


@bp.post("/recalls/<recall_id>/approve")
@staff("quality", "brand_admin")
def approve(recall_id: str) -> Response:
    """The second person agrees. This is never undone."""
    if line("agreed") != "yes":
        return _shown(recall_id, _unread())
    try:
        proof = signatures.proved()
        with begin() as unit:
            recalls.approve(unit, recall_id=recall_id, seen=line("seen"), proof=proof)
    except Trouble as trouble:
        return _shown(recall_id, wrong_of(trouble, FIELDS))
    flash(_("已召回。持有这些商品的会员正在收到通知。"))
    return redirect(url_for("recalls.show", recall_id=recall_id), 303)


@bp.post("/recalls/<recall_id>/decline")
@staff("quality", "brand_admin")
def decline(recall_id: str) -> Response:
    """No: what the proposal held goes free."""
    try:
        proof = signatures.proved()
        with begin() as unit:
            recalls.decline(unit, recall_id=recall_id, why=line("why"), proof=proof)
    except Trouble as trouble:
        return _shown(recall_id, wrong_of(trouble, FIELDS, password="password-no"))  # noqa: S106 (the id of a field)
    flash(_("这次召回没有批准，它暂停的批次已放开。"))
    return redirect(url_for("recalls.show", recall_id=recall_id), 303)


@bp.get("/lots/<lot_id>/recall")
@staff("quality", "brand_admin")
def of_lot(lot_id: str) -> Response:
    """From the page of a lot to what a recall of it would reach."""
    with look() as unit:
        return redirect(url_for("reaching.show", kind="lot", value=lots.get(unit, lot_id).code))  # type: ignore[return-value]


def _unread() -> Slips:
    return Slips(422, {"agreed": _("请先核对上面的批次，再勾选这一项。")})


def wrong_of(trouble: Trouble, fields: tuple[str, ...], *, password: str = "password") -> Slips:  # noqa: S107 (the id of a field)
    """A wrong password stands at the field with this id, everything else where it belongs."""
    told = slips(trouble, fields)
    if isinstance(trouble, passwords.WrongPassword | passwords.NoPassword | passwords.TooManyTries):
        return Slips(told.status, {password: told.others[0]})
    return told


def start_page(unit: Unit, wrong: Slips) -> Response:
    """The form from which a trace begins, with what was typed, above the list of recalls."""
    found = recalls.every(unit)[:SHOWN]
    back = {recall.id: recalls.get(unit, recall.id)[1] for recall in found}
    coded = goods.coded(unit, sorted({lot.id for some in back.values() for lot in some}))
    values = {
        "kinds": [(kind, say(f"scope.{kind}")) for kind in scoping.KINDS],
        "typed": scopes.typed(),
        "suppliers": directory.suppliers(unit),
        "recalls": found,
        "back": back,
        "items": {recall_id: sum(coded[lot.id] for lot in some) for recall_id, some in back.items()},
        "told": {recall.id: notices.told(unit, recall.id) for recall in found},
        "drills": drills.every(unit)[:SHOWN],
        "took": drills.took,
    }
    return make_response(page(unit, "recalls.html", slips=wrong, **values), wrong.status)


def _shown(recall_id: str, wrong: Slips) -> Response:
    with look() as unit:
        recall, back = recalls.get(unit, recall_id)
        found = reach.of(unit, [lot.id for lot in back])
        signed = signing.of(unit, "recall", recall.id)
        values: dict[str, Any] = {
            "recall": recall,
            "back": back,
            "reached": found,
            "things": catalogue(unit),
            "signed": signed,
            "proposer": next((each.name for each in signed if each.by == recall.proposed_by), None),
            "mine": recall.proposed_by == unit.actor.id,
            "seen": recalls.digest(unit, back),
            "told": notices.told(unit, recall.id),
            "holders": notices.holders(unit, [lot.id for lot in back]) if recall.state == "proposed" else None,
            "has_password": passwords.has_password(),
            "typed": {"why": line("why") if request.method == "POST" else ""},
            "scope": {"kind": recall.scope.get("kind", "lots"), "said": recall.scope.get("said", {})},
        }
        return make_response(page(unit, "recall_case.html", slips=wrong, **values), wrong.status)
