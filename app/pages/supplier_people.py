"""A supplier's people from the desk's side: what is said to them, and who of them may sign in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from app.auth import colleagues
from app.auth.guards import staff
from app.doors import begin
from app.pages.forms import key, line, refused
from kernel.errors import Trouble
from suppliers import messages

bp = Blueprint("supplier_people", __name__, url_prefix="/desk/suppliers")


@bp.post("/<supplier_id>/messages")
@staff("quality", "brand_admin")
def say(supplier_id: str) -> Response:
    """A line to the supplier, about one of its papers or about anything."""
    paper = key("paper")
    here = url_for("papers.show", paper_id=paper, _anchor="h-messages") if paper else _page(supplier_id, "messages")
    try:
        with begin() as unit:
            messages.say(unit, supplier_id, line("text"), certificate_id=paper or None, by_name=current_user.name)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已发给供应商。"))
    return redirect(here, 303)


@bp.post("/<supplier_id>/colleagues")
@staff("quality", "brand_admin")
def invite(supplier_id: str) -> Response:
    """Let a person sign in for this supplier: a letter brings a link that works once."""
    try:
        with begin() as unit:
            colleagues.invite(unit, supplier_id=supplier_id, email=line("email"), name=line("name"))
    except Trouble as trouble:
        return refused(trouble, _page(supplier_id, "people"))
    flash(_("邀请信已发往 %(email)s，链接三天内有效。", email=line("email").strip()))
    return redirect(_page(supplier_id, "people"), 303)


@bp.post("/<supplier_id>/colleagues/<account_id>/end")
@staff("quality", "brand_admin")
def take_away(supplier_id: str, account_id: str) -> Response:
    """End a person's access at once."""
    try:
        with begin() as unit:
            gone = colleagues.take_away(unit, supplier_id=supplier_id, account_id=account_id)
    except Trouble as trouble:
        return refused(trouble, _page(supplier_id, "people"))
    flash(_("%(name)s 不能再登录了。", name=gone.name))
    return redirect(_page(supplier_id, "people"), 303)


def _page(supplier_id: str, anchor: str) -> str:
    return url_for("suppliers.show", supplier_id=supplier_id, _anchor=anchor)
