"""A supplier's people among themselves and with the brand: colleagues who may sign in, and messages."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from app.auth import colleagues
from app.auth.guards import staff
from app.doors import begin, look
from app.pages.firm import own, portal_page
from app.pages.forms import NONE, Slips, line, refused, slips
from kernel.errors import Missing, Trouble
from suppliers import certificates, messages

bp = Blueprint("portal_people", __name__, url_prefix="/portal")
INVITING = ("name", "email")


@bp.get("/colleagues")
@staff("supplier")
def everybody() -> Response:
    """Who may sign in for this supplier, and the form that invites one more."""
    return _everybody(NONE)


@bp.post("/colleagues")
@staff("supplier")
def invite() -> Response:
    """Let a colleague sign in: a letter brings a link that works once."""
    try:
        with begin() as unit:
            colleagues.invite(unit, supplier_id=own(unit), email=line("email"), name=line("name"))
    except Missing:
        raise
    except Trouble as trouble:
        return _everybody(slips(trouble, INVITING))
    flash(_("邀请信已发往 %(email)s，链接三天内有效。", email=line("email").strip()))
    return redirect(url_for("portal_people.everybody"), 303)


@bp.post("/colleagues/<account_id>/end")
@staff("supplier")
def take_away(account_id: str) -> Response:
    """End a colleague's access at once."""
    here = url_for("portal_people.everybody")
    try:
        with begin() as unit:
            gone = colleagues.take_away(unit, supplier_id=own(unit), account_id=account_id)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("%(name)s 不能再登录了。", name=gone.name))
    return redirect(here, 303)


@bp.get("/messages")
@staff("supplier")
def thread() -> str:
    """What was said with the brand, oldest first; from now on it counts as read."""
    with look() as unit:
        supplier_id = own(unit)
        unread = messages.unread(unit, supplier_id)
    if unread:
        with begin() as unit:
            messages.mark_read(unit, supplier_id)
    with look() as unit:
        said = list(reversed(messages.thread(unit, supplier_id)))
        papers = {each.id: each for each in certificates.of_supplier(unit, supplier_id)}
        return portal_page(unit, "portal_messages.html", said=said, papers=papers)


@bp.post("/messages")
@staff("supplier")
def say() -> Response:
    """A line to the brand."""
    here = url_for("portal_people.thread", _anchor="text")
    try:
        with begin() as unit:
            messages.say(unit, own(unit), line("text"), by_name=current_user.name)
    except Trouble as trouble:
        return refused(trouble, here)
    return redirect(here, 303)


def _everybody(wrong: Slips) -> Response:
    with look() as unit:
        people = colleagues.listed(unit, supplier_id=own(unit))
        typed = {name: line(name) for name in INVITING}
        return make_response(portal_page(unit, "portal_colleagues.html", people=people, slips=wrong, form=typed), wrong.status)
