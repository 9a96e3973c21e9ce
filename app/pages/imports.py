"""Serials made elsewhere, brought in as one list: all of it, or nothing and every wrong line named."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, flaw_words, line, slips, uploaded
from app.pages.frame import page
from app.pages.look import amount
from kernel.errors import Invalid, Trouble, flaw
from traceability import imports, products

bp = Blueprint("imports", __name__, url_prefix="/desk/orders")
FIELDS: Final = ("product_id", "reference", "serials", "printed")


@bp.get("/import")
@staff("quality", "brand_admin")
def form() -> Response:
    """The form, and what a list has to look like."""
    return _form(NONE)


@bp.post("/import")
@staff("quality", "brand_admin")
def bring_in() -> Response:
    """Take over a list. The same list under the same reference is the same order."""
    try:
        with begin() as unit:
            made = imports.bring_in(
                unit,
                product_id=line("product_id"),
                reference=line("reference"),
                serials=_list(),
                printed=line("printed") == "yes",
            )
    except Trouble as trouble:
        return _form(_told(trouble))
    flash(_("已导入 %(count)s 个序列号。", count=amount(made.count)))
    return redirect(url_for("orders.show", order_id=made.id), 303)


def _list() -> bytes | list[str]:
    content = uploaded("file")
    if content:
        return content
    pasted = [text.strip() for text in line("serials").splitlines() if text.strip()]
    if not pasted:
        raise Invalid(errors=[flaw("/serials", "empty", "choose a file or paste serials")])
    return pasted


def _told(trouble: Trouble) -> Slips:
    """Every wrong line, not only the first."""
    told = slips(trouble, FIELDS)
    lines = [flaw_words(each) for each in trouble.errors if "line" in each] if isinstance(trouble, Invalid) else []
    if not lines:
        return told
    others = {name: text for name, text in told.fields.items() if name != "serials"}
    return Slips(told.status, others, lines)


def _form(wrong: Slips) -> Response:
    with look() as unit:
        found = products.every(unit)
        reference = f"{unit.now:%y%m%d}-{unit.new_id()[-5:]}"
        values = {"products": found, "form": {name: line(name) for name in FIELDS}, "reference": reference, "most": imports.MOST}
        return make_response(page(unit, "import.html", slips=wrong, **values), wrong.status)
