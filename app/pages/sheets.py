"""Files about lots for others: food traceability records (FSMA 204), of a recall too, and Digital Product Passports."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app import records
from app.auth.guards import staff
from app.doors import look
from traceability import genealogy, product_passports, recalls

bp = Blueprint("sheets", __name__, url_prefix="/desk")


@bp.get("/lots/<lot_id>/fsma204.<any(csv, xlsx):suffix>")
@staff("quality", "brand_admin")
def of_lot(lot_id: str, suffix: str) -> Response:
    """One lot, with ``reach`` its family too."""
    with look() as unit:
        return records.of_lot(unit, lot_id, suffix, records.asked())


@bp.get("/lots/<lot_id>/dpp.json")
@staff("quality", "brand_admin")
def dpp(lot_id: str) -> Response:
    """The Digital Product Passport (UNTP), as machines get it."""
    with look() as unit:
        return records.credential(product_passports.of_lot(unit, lot_id), lot_id)


@bp.get("/lots/fsma204.<any(csv, xlsx):suffix>")
@staff("quality", "brand_admin")
def of_lots(suffix: str) -> Response:
    """Any lots by their ids: ``lots=…,…``."""
    named = {lot_id for text in request.args.getlist("lots") for lot_id in text.split(",") if lot_id}
    with look() as unit:
        return records.response(unit, named, suffix, "lots", records.asked())


@bp.get("/recalls/<recall_id>/fsma204.<any(csv, xlsx):suffix>")
@staff("quality", "brand_admin")
def of_recall(recall_id: str, suffix: str) -> Response:
    """All lots that a recall calls back, or would, and what went into them."""
    with look() as unit:
        found = {lot.id for lot in recalls.get(unit, recall_id)[1]}
        return records.response(unit, found | genealogy.back(unit, found), suffix, f"recall-{recall_id}", records.asked())
