"""JSON doors of deliveries: goods received from a supplier with their lots and papers, past the gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_deliveries as shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.unit import Unit
from traceability import deliveries
from traceability.arrivals import Line

bp = APIBlueprint("api_deliveries", __name__, url_prefix="/api/v1", tag="Deliveries")


@bp.post("/deliveries")
@machine("trace")
@bp.input(shapes.DeliveryIn)
@bp.output(shapes.DeliveryOut, status_code=201)
def receive(json_data: shapes.DeliveryIn) -> Any:
    """Receive all that a supplier brought, if the gate is open for every line and its lot; otherwise none of it."""
    words = json_data.model_dump(exclude={"lines"})
    lines = [Line(**{**each.model_dump(), "certificate_ids": tuple(each.certificate_ids)}) for each in json_data.lines]
    with begin() as unit:
        return _shown(unit, [deliveries.receive(unit, lines=lines, **words)])[0]


@bp.get("/deliveries")
@machine("trace")
@bp.input(shapes.DeliveriesIn, location="query")
@bp.output(list[shapes.DeliveryOut])
def list_deliveries(query_data: shapes.DeliveriesIn) -> Any:
    """Deliveries, newest first, ``limit`` at a time."""
    with look() as unit:
        return _shown(unit, deliveries.every(unit, **query_data.model_dump()))


@bp.get("/deliveries/<delivery_id>")
@machine("trace")
@bp.output(shapes.DeliveryOut)
def show_delivery(delivery_id: str) -> Any:
    """One delivery, with its lots."""
    with look() as unit:
        return _shown(unit, [deliveries.get(unit, delivery_id)])[0]


def _shown(unit: Unit, found: Sequence[Any]) -> list[dict[str, Any]]:
    lines = deliveries.lines(unit, found)
    fields = ("id", "reference", "supplier_id", "place", "received_at")
    return [{**{name: getattr(each, name) for name in fields}, "lines": [_line(row) for row in lines[each.id]]} for each in found]


def _line(row: deliveries.Received) -> dict[str, Any]:
    lot = row.lot
    told = {"lot_id": lot.id, "lot_code": lot.code, "uri": lot.uri, "supplier_lot": lot.supplier_lot, "material_id": lot.material_id}
    return {**told, "quantity": row.quantity, "uom": row.uom, "standing": lot.standing, "event_id": row.event_id}
