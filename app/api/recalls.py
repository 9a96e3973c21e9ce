"""JSON doors of trace and recall. A machine asks and proposes; people decide, at the desk, with their names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from app.api import shapes_recalls as shapes
from app.auth.guards import machine
from app.doors import begin, look
from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability import drills, letters, reach, recalls, scoping, signing
from traceability.reach import Reach
from traceability.scoping import Scope

bp = APIBlueprint("api_recalls", __name__, url_prefix="/api/v1", tag="Recalls")


@bp.get("/reach")
@machine("trace")
@bp.input(shapes.ScopeIn, location="query")
@bp.output(shapes.ReachOut)
def show_reach(query_data: shapes.ScopeIn) -> Any:
    """All that a recall would reach, from a lot, a supplier's lot, a paper, a line and a time, an item, a case or a delivery note."""
    with look() as unit:
        scope = _scope(unit, query_data)
        return _told(unit, scope, reach.of(unit, scope.lot_ids))


@bp.get("/reach.csv")
@machine("trace")
@bp.input(shapes.TableIn, location="query")
@bp.doc(responses={200: "A table as CSV"})
def reach_table(query_data: shapes.TableIn) -> Response:
    """One table of the same: lots, items (as positions in orders), packs, customers or scans."""
    with look() as unit:
        content = letters.table(unit, reach.of(unit, _scope(unit, query_data).lot_ids), query_data.table)
    return Response(content, content_type="text/csv; charset=utf-8", headers={"Cache-Control": "private, no-store"})


@bp.get("/recalls")
@machine("trace")
@bp.output(list[shapes.RecallOut])
def list_recalls() -> Any:
    """All recalls and proposals, newest first."""
    with look() as unit:
        return recalls.every(unit)


@bp.post("/recalls")
@machine("trace")
@bp.input(shapes.RecallIn)
@bp.output(shapes.RecallOut, status_code=201)
def propose_recall(json_data: shapes.RecallIn) -> Any:
    """Propose to recall lots and everything made of them: all of it is held at once, and two persons decide at the desk."""
    if bool(json_data.lot_ids) == bool(json_data.scope):
        raise Invalid(errors=[flaw("/scope", "recall-which", "name lots, or a scope, and not both")])
    with begin() as unit:
        scope = _scope(unit, json_data.scope) if json_data.scope else None
        lot_ids = list(scope.lot_ids) if scope else json_data.lot_ids
        how = {"kind": scope.kind, "said": scope.said} if scope else {"kind": "lots", "said": {}}
        return recalls.propose(unit, lot_ids=lot_ids, reason=json_data.reason, advice=json_data.advice, scope=how)


@bp.get("/recalls/<recall_id>")
@machine("trace")
@bp.output(shapes.RecallDetailOut)
def show_recall(recall_id: str) -> Any:
    """One recall with its lots and what people signed."""
    with look() as unit:
        recall, back = recalls.get(unit, recall_id)
        told = {name: getattr(recall, name) for name in shapes.RecallOut.model_fields}
        return {**told, "lots": back, "signatures": signing.of(unit, "recall", recall_id)}


@bp.get("/recalls/<recall_id>/reach")
@machine("trace")
@bp.output(shapes.ReachOut)
def recall_reach(recall_id: str) -> Any:
    """What a recall reaches now."""
    with look() as unit:
        recall, back = recalls.get(unit, recall_id)
        scope = Scope(recall.scope.get("kind", "lots"), {}, tuple(lot.id for lot in back))
        return _told(unit, scope, reach.of(unit, scope.lot_ids))


@bp.post("/recalls/<recall_id>/approve")
@machine("trace")
@bp.input(shapes.ApproveIn)
@bp.output(shapes.RecallOut)
def approve_recall(recall_id: str, json_data: shapes.ApproveIn) -> Any:
    """Always refused: a recall is never undone, and only a person can approve one."""
    with begin() as unit:
        return recalls.approve(unit, recall_id=recall_id, seen=json_data.seen, proof=None)


@bp.get("/drills")
@machine("trace")
@bp.output(list[shapes.DrillOut])
def list_drills() -> Any:
    """All recall drills, newest first."""
    with look() as unit:
        return drills.every(unit)


def _scope(unit: Unit, said: shapes.ScopeIn) -> Scope:
    return scoping.find(unit, said.kind, said.value, supplier_id=said.supplier_id, since=said.since, until=said.until)


def _told(unit: Unit, scope: Scope, found: Reach) -> dict[str, Any]:
    code = {lot.id: lot.code for lot in found.lots}
    return {
        "kind": scope.kind,
        "start": [code[lot_id] for lot_id in found.start],
        "counts": found.counts,
        "reconciled": None if found.reconciled is None else round(found.reconciled, 4),
        "states": found.states,
        "regions": found.looked.regions,
        "lots": [_lot(found, lot) for lot in found.lots],
        "ranges": [
            {"lot": code[each.lot_id], "order_id": place.order_id, "start": place.start, "count": place.count, "state": each.state}
            for each, place in letters.placed(unit, found)
        ],
        "packs": [
            {"sscc": each.pack.sscc, "kind": each.pack.kind, "items": each.items, "others": each.others, "stands_on": each.over}
            for each in found.packs
        ],
        "shipments": [
            {
                "id": each.shipment.id,
                "reference": each.shipment.reference,
                "customer": each.shipment.customer,
                "at": each.shipment.at.isoformat(),
                "items": each.items,
                "amounts": [{"lot": code[part.lot_id], "quantity": f"{part.quantity:f}", "uom": part.uom} for part in each.amounts],
            }
            for each in found.shipments
        ],
        "sales": [
            {
                "customer": each.customer,
                "at": each.at.isoformat(),
                "event": each.event_id,
                "lot": code[each.amount.lot_id],
                "quantity": f"{each.amount.quantity:f}",
                "uom": each.amount.uom,
            }
            for each in found.sold
        ],
        "strange": [_strange(each) for each in found.strange],
        "onward": [
            {"destination": each.destination, "first_at": _at(each.first_at), "last_at": _at(each.last_at), "events": each.event_ids}
            for each in found.onward
        ],
    }


def _lot(found: Reach, lot: Any) -> dict[str, Any]:
    book = found.books[lot.id]
    told = {name: getattr(lot, name) for name in shapes.LotOut.model_fields}
    return {**told, "items": found.coded[lot.id], "used": book.used, "shipped": book.shipped, "left": book.left}


def _strange(each: Any) -> dict[str, Any]:
    return {"uri": each.uri, "kind": each.kind, "location": each.location, "at": _at(each.at), "inside": each.inside}


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
