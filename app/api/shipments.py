"""JSON doors of shipments: goods that left for a customer with the regions where they may be sold."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_shipments as shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.unit import Unit
from traceability import diversion, packs, shipments, shipped_lots, unshipping
from traceability.spans import Span

bp = APIBlueprint("api_shipments", __name__, url_prefix="/api/v1", tag="Shipments")


@bp.post("/shipments")
@machine("trace")
@bp.input(shapes.ShipmentIn)
@bp.output(shapes.ShipmentDetailOut, status_code=201)
def ship(json_data: shapes.ShipmentIn) -> Any:
    """Goods leave for a customer."""
    with begin() as unit:
        loose = [(each.lot_id, each.quantity) for each in json_data.lots]
        return _shown(unit, shipments.ship(unit, **json_data.model_dump(exclude={"lots"}), loose=loose))


@bp.get("/shipments")
@machine("trace")
@bp.input(shapes.ShipmentsIn, location="query")
@bp.output(list[shapes.ShipmentOut])
def list_shipments(query_data: shapes.ShipmentsIn) -> Any:
    """Shipments, newest first, ``limit`` at a time."""
    with look() as unit:
        found = shipments.every(unit, **query_data.model_dump())
        return _lines(unit, found)


@bp.get("/shipments/<shipment_id>")
@machine("trace")
@bp.output(shapes.ShipmentDetailOut)
def show_shipment(shipment_id: str) -> Any:
    """One shipment, with where its items were looked at."""
    with look() as unit:
        return _shown(unit, shipments.get(unit, shipment_id))


@bp.post("/shipments/<shipment_id>/cancellation")
@machine("trace")
@bp.input(shapes.CancelIn)
@bp.output(shapes.ShipmentDetailOut)
def cancel_shipment(shipment_id: str, json_data: shapes.CancelIn) -> Any:
    """It was told wrongly: its event is declared in error, its goods are here again or with the shipment that had them before."""
    with begin() as unit:
        return _shown(unit, unshipping.cancel(unit, shipment_id=shipment_id, reason=json_data.reason))


def _lines(unit: Unit, found: list[Any]) -> list[dict[str, Any]]:
    left = shipments.counts(unit, [each.id for each in found])
    total = shipments.left_with(unit, found)
    off = unshipping.cancelled(unit, found)
    return [_line(each, off.get(each.id), items=total[each.id], left=left[each.id]) for each in found]


def _line(shipment: Any, off: unshipping.Cancelled | None, **counts: int) -> dict[str, Any]:
    fields = {name: getattr(shipment, name) for name in ("id", "reference", "customer", "regions", "at")}
    return {**fields, **counts, "cancelled_at": off.at if off else None, "cancelled_why": off.reason if off else None}


def _shown(unit: Unit, shipment: Any) -> dict[str, Any]:
    (line,) = _lines(unit, [shipment])
    runs = shipments.items(unit, shipment.id)
    seen, case = diversion.seen(unit, shipment), diversion.case_of(unit, shipment.id)
    things = [Span(run.gtin, run.key_version, run.first, run.last) for run in runs]
    return {
        **line,
        "ranges": packs.places(unit, things),
        "lots": shipped_lots.of(unit, [shipment.id]).get(shipment.id, []),
        "seen": dict(seen.where),
        "outside": seen.outside,
        "case_id": case.id if case else None,
    }
