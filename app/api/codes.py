"""JSON doors of products, orders of codes, and one code at a time."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.api import forms, shapes_prints
from app.api import shapes_codes as shapes
from app.api.placed import Placed
from app.auth.guards import machine
from app.doors import begin, look
from traceability import balance, carriers, codes, imports, packs, printing, products
from traceability.lots import get as lot_of

bp = APIBlueprint("api_codes", __name__, url_prefix="/api/v1", tag="Products and codes")


@bp.get("/products")
@machine("codes")
@bp.output(list[shapes.ProductOut])
def list_products() -> Any:
    """All products of the brand."""
    with look() as unit:
        return list(products.every(unit))


@bp.post("/products")
@machine("codes")
@bp.input(shapes.ProductIn)
@bp.output(shapes.ProductOut, status_code=201)
def add_product(json_data: shapes.ProductIn) -> Any:
    """Add a product by its GTIN."""
    with begin() as unit:
        return products.add(unit, **json_data.model_dump())


@bp.get("/orders")
@machine("codes")
@bp.input(shapes.PageIn, location="query")
@bp.output(list[shapes.OrderOut])
def list_orders(query_data: shapes.PageIn) -> Any:
    """Code orders, newest first, ``limit`` at a time."""
    with look() as unit:
        return codes.orders(unit, limit=query_data.limit, before=query_data.before)


@bp.post("/orders")
@machine("codes")
@bp.input(shapes.OrderIn)
@bp.output(shapes.OrderOut, status_code=201)
def order_codes(json_data: shapes.OrderIn) -> Any:
    """Order codes for a product. The same ``reference`` again answers the same order."""
    with begin() as unit:
        return codes.order(unit, **json_data.model_dump() | {"formats": tuple(json_data.formats)})


@bp.post("/orders/imports")
@machine("codes")
@bp.output(shapes.OrderOut, status_code=201)
def import_codes() -> Any:
    """Take over serials made elsewhere: a CSV with a column ``serial`` or ``link``, in a form or with its fields in the query."""
    is_csv = request.mimetype == forms.CSV
    form = forms.fields(shapes.ImportForm, (request.args if is_csv else request.form).to_dict())
    content = request.get_data() if is_csv else forms.upload("file", "the CSV file")
    with forms.told_at("/serials", "" if is_csv else "/file"), begin() as unit:
        return imports.bring_in(unit, **form.model_dump(), serials=content)


@bp.get("/orders/<order_id>")
@machine("codes")
@bp.output(shapes_prints.OrderDetailOut)
def show_order(order_id: str) -> Any:
    """An order with its balance and files."""
    with look() as unit:
        order = codes.get(unit, order_id)
        files = [Placed(order, job) for job in printing.jobs(unit, order_id)]
        return {"order": order, "balance": balance.of(unit, order_id), "files": files}


@bp.post("/orders/<order_id>/close")
@machine("codes")
@bp.output(shapes.OrderOut)
def close_order(order_id: str) -> Any:
    """Close the books: every printed label is accounted for, and numbers never printed become invalid."""
    with begin() as unit:
        return balance.close(unit, order_id=order_id)


@bp.get("/codes")
@machine("codes")
@bp.input(shapes.LinkIn, location="query")
@bp.output(shapes.CodeOut)
def show_code(query_data: shapes.LinkIn) -> Any:
    """How one code stands: by the text that is printed on it. Being asked here is no scan."""
    with look() as unit:
        ref = carriers.find(unit, query_data.link)
        lot = lot_of(unit, ref.lot_id) if ref.lot_id else None
        within = packs.of_item(unit, gtin=ref.gtin, key_version=ref.key_version, counter=ref.counter)
        position = ref.counter - codes.get(unit, ref.order_id).first
        return {**vars(ref), "position": position, "lot_code": lot.code if lot else None, "packs": within}
