"""Orders of codes: order them, fetch their files, put them on a lot."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.api.codes import file_response
from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, line, slips, whole, whole_or_none
from app.pages.frame import page
from app.pages.look import amount
from app.words import say
from kernel.errors import Trouble
from traceability import codes, lots, printing, products
from traceability.labels import FORMATS

bp = Blueprint("orders", __name__, url_prefix="/desk/orders")
ORDER_FIELDS = ("product_id", "count", "reference")
ACTIVATE_FIELDS = ("lot_id", "start", "count")


@bp.get("")
@staff("quality", "brand_admin")
def every() -> Response:
    """All orders, and the form for a new one."""
    return _list(NONE)


@bp.post("")
@staff("quality", "brand_admin")
def order() -> Response:
    """Order codes. The same reference again is the same order, so that a double click orders once."""
    try:
        count = whole("count")
        formats = tuple(FORMATS) if count <= printing.MOST else ()
        with begin() as unit:
            made = codes.order(unit, product_id=line("product_id"), count=count, reference=line("reference"), formats=formats)
    except Trouble as trouble:
        return _list(slips(trouble, ORDER_FIELDS))
    flash(_("已下单，码已经可用，文件正在生成。"))
    return redirect(url_for("orders.show", order_id=made.id), 303)


@bp.get("/<order_id>")
@staff("quality", "brand_admin")
def show(order_id: str) -> Response:
    """One order: what became of its codes, its files, and the form that puts codes on a lot."""
    return _one(order_id, NONE)


@bp.get("/<order_id>/files")
@staff("quality", "brand_admin")
def files(order_id: str) -> str:
    """The part of the page that changes while files are being made."""
    with look() as unit:
        order = codes.get(unit, order_id)
        return render_template("order_files.html", order=order, jobs=printing.jobs(unit, order.id))


@bp.get("/<order_id>/files/<format_name>")
@staff("quality", "brand_admin")
def download(order_id: str, format_name: str) -> Response:
    """A finished file."""
    with look() as unit:
        codes.get(unit, order_id)
        return file_response(unit, order_id, format_name)


@bp.post("/<order_id>/activate")
@staff("quality", "brand_admin")
def activate(order_id: str) -> Response:
    """Put codes on a lot; people count positions from 1."""
    try:
        start, count = whole("start"), whole_or_none("count")
        with begin() as unit:
            codes.activate(unit, order_id=order_id, lot_id=line("lot_id"), start=start - 1, count=count)
    except codes.CodesNotFree as trouble:
        return _one(order_id, Slips(409, {}, [_taken(trouble)]))
    except Trouble as trouble:
        return _one(order_id, slips(trouble, ACTIVATE_FIELDS))
    flash(_("这些码已经在这一批上了。"))
    return redirect(url_for("orders.show", order_id=order_id), 303)


def _list(wrong: Slips) -> Response:
    with look() as unit:
        found = codes.orders(unit)
        values: dict[str, Any] = {
            "orders": found,
            "balances": {order.id: codes.balance(unit, order.id) for order in found},
            "products": {product.id: product for product in products.every(unit)},
            "form": {name: line(name) for name in ORDER_FIELDS},
            "reference": f"{unit.now:%y%m%d}-{unit.new_id()[-5:]}",
            "most": printing.MOST,
        }
        return make_response(page(unit, "orders.html", slips=wrong, **values), wrong.status)


def _one(order_id: str, wrong: Slips) -> Response:
    with look() as unit:
        order, balance = codes.get(unit, order_id), codes.balance(unit, order_id)
        values: dict[str, Any] = {
            "order": order,
            "balance": balance,
            "product": products.get(unit, order.product_id),
            "jobs": printing.jobs(unit, order_id),
            "lots": [lot for lot in lots.every(unit, kind="product") if _takes(lot, order)],
            "start": min(order.count, order.count - balance.encoded + 1),
            "form": {name: line(name) for name in ACTIVATE_FIELDS},
        }
        return make_response(page(unit, "order.html", slips=wrong, **values), wrong.status)


def _takes(lot: Any, order: Any) -> bool:
    return bool(lot.product_id == order.product_id and lot.standing != "recalled")


def _taken(trouble: codes.CodesNotFree) -> str:
    """Which codes are in the way, by position."""
    spans = [
        _("第 %(first)s–%(last)s 个：%(state)s", first=amount(span["from"]), last=amount(span["to"]), state=say(f"code.{span['state']}"))
        for span in trouble.more["spans"]
    ]
    return say("problem.codes-not-free") + " · " + " · ".join(spans)
