"""Orders of codes: the list, a new one with a picture of its labels at real size, and the page of one."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import order as order_page
from app.pages import wishes
from app.pages.forms import NONE, Slips, line, slips, whole
from app.pages.frame import page
from kernel.errors import Invalid, Trouble
from kernel.unit import Unit
from traceability import addresses, balance, codes, faces, keys, printing, products, proofs

bp = Blueprint("orders", __name__, url_prefix="/desk/orders")
FIELDS: Final = ("product_id", "count", "reference", "scheme", "inner", "formats", *wishes.FIELDS)
SCHEMES: Final = (keys.GS1, keys.COMPACT)
USUAL_FORMATS: Final = ("pdf", "csv")


@bp.get("")
@staff("quality", "brand_admin")
def every() -> str:
    """All orders and how their books stand."""
    with look() as unit:
        found = codes.orders(unit)
        return page(
            unit,
            "orders.html",
            orders=found,
            balances={order.id: balance.of(unit, order.id) for order in found},
            products={product.id: product for product in products.every(unit)},
        )


@bp.get("/new")
@staff("quality", "brand_admin")
def new() -> Response:
    """The form for a new order, with a proof of its labels."""
    return _form(NONE)


@bp.post("/new")
@staff("quality", "brand_admin")
def preview() -> Response:
    """The proof alone for a page that asks while somebody types; else the whole form again, with it."""
    if request.headers.get("HX-Request") != "true":
        return _form(NONE)
    with look() as unit:
        return make_response(render_template("proof.html", again=url_for("orders.preview"), **_proofs(unit)))


@bp.post("")
@staff("quality", "brand_admin")
def order() -> Response:
    """Order codes and their files. The same reference again is the same order, so that a double click orders once."""
    try:
        count, inner, kinds, wish = whole("count"), line("inner") == "yes", wishes.formats(), wishes.read()
        with begin() as unit:
            made = codes.order(
                unit,
                product_id=line("product_id"),
                count=count,
                reference=line("reference"),
                scheme=line("scheme"),
                inner=inner,
                formats=(),
            )
            for kind in kinds:
                for face in faces.FACES[: 2 if inner else 1]:
                    printing.ask(unit, order_id=made.id, format=kind, face=face, count=min(count, printing.MOST), wish=wish)
    except Trouble as trouble:
        return _form(slips(trouble, FIELDS))
    flash(_("已下单，文件正在生成。") if kinds else _("已下单。"))
    return redirect(url_for("orders.show", order_id=made.id), 303)


@bp.get("/<order_id>")
@staff("quality", "brand_admin")
def show(order_id: str) -> Response:
    """One order: what became of its codes, its files, and what to do next."""
    return order_page.draw(order_id)


@bp.post("/<order_id>/close")
@staff("quality", "brand_admin")
def close(order_id: str) -> Response:
    """Close the books of an order."""
    try:
        with begin() as unit:
            balance.close(unit, order_id=order_id)
    except Trouble as trouble:
        return order_page.draw(order_id, order_page.wrong(trouble), "close")
    flash(_("已结单，账是平的。"))
    return redirect(order_page.url(order_id), 303)


def _form(wrong: Slips) -> Response:
    with look() as unit:
        form = {name: line(name) for name in FIELDS if name != "formats"} | wishes.typed()
        chosen = request.form.getlist("formats") if request.method == "POST" else USUAL_FORMATS
        values: dict[str, Any] = {
            "products": products.every(unit),
            "form": form | {"scheme": form["scheme"] or keys.GS1, "formats": chosen},
            "reference": f"{unit.now:%y%m%d}-{unit.new_id()[-5:]}",
            "addresses": addresses.every(unit),
            "at_once": printing.AT_ONCE,
            "schemes": SCHEMES,
            **_proofs(unit),
            **wishes.choices(),
        }
        return make_response(page(unit, "order_new.html", slips=wrong, **values), wrong.status)


def _proofs(unit: Unit) -> dict[str, Any]:
    """A proof of each face that the form asks for."""
    found = products.every(unit)
    product_id = line("product_id") or (found[0].id if found else "")
    scheme = line("scheme") if line("scheme") in SCHEMES else keys.GS1
    wanted = faces.FACES[: 2 if line("inner") == "yes" else 1]

    def make(face: str) -> wishes.Face:
        return face, lambda wish: proofs.draft(unit, product_id=product_id, scheme=scheme, face=face, wish=wish)

    shown = wishes.shown([make(face) for face in wanted]) if product_id else []
    return {"preview": shown, "shorter": _shorter(unit, product_id, scheme, shown), "count_typed": _count()}


def _shorter(unit: Unit, product_id: str, scheme: str, shown: list[wishes.Shown]) -> bool:
    """Whether the short link would do where the long one does not."""
    if scheme == keys.COMPACT or not any(each.works for each in shown):
        return False
    try:
        proofs.draft(unit, product_id=product_id, scheme=keys.COMPACT, wish=wishes.read())
    except Trouble:
        return False
    return True


def _count() -> int:
    try:
        return whole("count")
    except Invalid:
        return 0
