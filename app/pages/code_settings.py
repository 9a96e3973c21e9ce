"""Where a brand's codes begin, under which keys they are made, and under which prefix its cases are numbered."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, line, refused, slips
from app.pages.frame import page
from kernel.errors import Trouble
from traceability import addresses, keys, packing, products

bp = Blueprint("code_settings", __name__, url_prefix="/desk/codes")
FIELDS: Final = ("name", "reason", "prefix")


@bp.get("")
@staff("brand_admin")
def home() -> Response:
    """All three, each with its form."""
    return _page(NONE, "")


@bp.post("/addresses")
@staff("brand_admin")
def add_address() -> Response:
    """Let a host or a short name lead to this brand."""
    try:
        with begin() as unit:
            addresses.add(unit, name=line("name"))
    except Trouble as trouble:
        return _page(slips(trouble, FIELDS), "address")
    flash(_("已添加。之后下的订单会用它。"))
    return redirect(url_for("code_settings.home"), 303)


@bp.post("/addresses/remove")
@staff("brand_admin")
def remove_address() -> Response:
    """Give up an address that no code begins with."""
    try:
        with begin() as unit:
            addresses.remove(unit, name=line("name"))
    except Trouble as trouble:
        return refused(trouble, url_for("code_settings.home"))
    flash(_("已移除。"))
    return redirect(url_for("code_settings.home"), 303)


@bp.post("/keys")
@staff("brand_admin")
def rotate() -> Response:
    """A new version of a key, for a reason."""
    try:
        with begin() as unit:
            made = keys.rotate(unit, kind=line("kind"), gtin=line("gtin") or None, reason=line("reason"))
            version = made.version
    except Trouble as trouble:
        return refused(trouble, url_for("code_settings.home"))
    flash(_("已换到第 %(version)s 版。已经发出的码照样有效。", version=version))
    return redirect(url_for("code_settings.home"), 303)


@bp.post("/prefix")
@staff("brand_admin")
def set_prefix() -> Response:
    """Number cases and pallets under this company prefix."""
    try:
        with begin() as unit:
            packing.set_prefix(unit, prefix=line("prefix").strip())
    except Trouble as trouble:
        return _page(slips(trouble, FIELDS), "prefix")
    flash(_("已设置，之后的箱码都用它。"))
    return redirect(url_for("code_settings.home"), 303)


def _page(wrong: Slips, failed: str) -> Response:
    with look() as unit:
        values = {
            "addresses": addresses.every(unit),
            "public_url": unit.outside.public_url,
            "keys": keys.every(unit),
            "products": {product.gtin: product for product in products.every(unit)},
            "prefix": packing.company_prefix(unit) or "",
            "form": {name: request.form.get(name, "") for name in FIELDS},
            "failed": failed,
            "no_slips": NONE,
        }
        return make_response(page(unit, "code_settings.html", slips=wrong, **values), wrong.status)
