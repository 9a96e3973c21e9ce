"""The password with which a person signs in, and signs."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth import passwords
from app.auth.accounts import HOMES
from app.auth.guards import staff
from app.doors import look
from app.pages.forms import NONE, Slips, line, slips
from app.pages.frame import page
from kernel.errors import Trouble

bp = Blueprint("passwords", __name__, url_prefix="/account")
FIELDS = ("old", "new", "again")
ROLES = tuple(role for role in HOMES if role != "platform")


@bp.get("/password")
@staff(*ROLES)
def form() -> Response:
    """Set or change one's own password; ``?next=`` is where one came from."""
    return _form(NONE)


@bp.post("/password")
@staff(*ROLES)
def change() -> Response:
    """Set it, and go on where one came from."""
    try:
        passwords.change(old=line("old"), new=line("new"), again=line("again"))
    except passwords.WrongPassword as trouble:
        return _form(Slips(slips(trouble, FIELDS).status, {"old": _("这不是现在的密码。")}))
    except Trouble as trouble:
        return _form(slips(trouble, FIELDS))
    flash(_("密码设好了，从现在起用它签名。"))
    return redirect(_next(), 303)


def _form(wrong: Slips) -> Response:
    with look() as unit:
        values = {
            "asks_old": passwords.must_know_old(),
            "has": passwords.has_password(),
            "fresh": passwords.fresh_link(),
            "least": passwords.LEAST,
            "next": _next(),
        }
        return make_response(page(unit, "password.html", slips=wrong, **values), wrong.status)


def _next() -> str:
    """A path of this house and nothing else."""
    path = request.values.get("next", "")
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and path.isprintable()
    return path if safe else url_for("account.home")
