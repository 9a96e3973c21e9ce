"""JSON doors of products and codes."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from app.api import shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Missing
from traceability import codes, printing, products
from traceability.labels import FORMATS

bp = APIBlueprint("api_codes", __name__, url_prefix="/api/v1", tag="Products and codes")


@bp.get("/products")
@machine("codes")
@bp.output(shapes.ProductOut)
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
@bp.output(shapes.OrderOut)
def list_orders() -> Any:
    """All code orders, newest first."""
    with look() as unit:
        return list(codes.orders(unit))


@bp.post("/orders")
@machine("codes")
@bp.input(shapes.OrderIn)
@bp.output(shapes.OrderOut, status_code=201)
def order_codes(json_data: shapes.OrderIn) -> Any:
    """Order codes for a product. The same ``reference`` again answers the same order."""
    with begin() as unit:
        return codes.order(
            unit,
            product_id=json_data.product_id,
            count=json_data.count,
            reference=json_data.reference,
            formats=tuple(json_data.formats),
        )


@bp.get("/orders/<order_id>")
@machine("codes")
@bp.output(shapes.OrderDetailOut)
def show_order(order_id: str) -> Any:
    """An order with its balance and files."""
    with look() as unit:
        order = codes.get(unit, order_id)
        return {"order": order, "balance": codes.balance(unit, order_id), "files": list(printing.jobs(unit, order_id))}


@bp.get("/orders/<order_id>/files/<format_name>")
@machine("codes")
@bp.doc(responses={200: "The file"})
def download(order_id: str, format_name: str) -> Response:
    """The file of an order, once it is ready."""
    with look() as unit:
        return file_response(unit, order_id, format_name)


def file_response(unit: Any, order_id: str, format_name: str) -> Response:
    """One finished file of an order as a download."""
    job = next((job for job in printing.jobs(unit, order_id) if job.format == format_name), None)
    if job is None or format_name not in FORMATS:
        raise Missing("no such file")
    job, content = printing.file(unit, job.id)
    kind = FORMATS[format_name]
    response = Response(content, mimetype=kind.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="codes-{order_id}.{kind.suffix}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/orders/<order_id>/activations")
@machine("codes")
@bp.input(shapes.ActivationIn)
@bp.output(shapes.BalanceOut, status_code=201)
def activate(order_id: str, json_data: shapes.ActivationIn) -> Any:
    """Bind codes ``start`` … ``start + count - 1`` (positions in the order, from 0) to a lot."""
    with begin() as unit:
        codes.activate(unit, order_id=order_id, lot_id=json_data.lot_id, start=json_data.start, count=json_data.count)
        return codes.balance(unit, order_id)


@bp.post("/orders/<order_id>/voids")
@machine("codes")
@bp.input(shapes.VoidIn)
@bp.output(shapes.BalanceOut, status_code=201)
def void(order_id: str, json_data: shapes.VoidIn) -> Any:
    """Take codes out of use for good."""
    with begin() as unit:
        codes.void(unit, order_id=order_id, start=json_data.start, count=json_data.count, reason=json_data.reason)
        return codes.balance(unit, order_id)
