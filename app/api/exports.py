"""What leaves the house about lots, for those who ask by right: Digital Product Passports and food traceability records."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field

from app import records
from app.api import shapes
from app.auth.guards import machine
from app.doors import look
from traceability import product_passports

bp = APIBlueprint("api_exports", __name__, url_prefix="/api/v1", tag="Lots")
PASSPORT = {200: "A UNTP Digital Product Passport 0.6.0: a W3C Verifiable Credential 2.0 that is not signed yet (no `proof`)"}
RECORDS = {200: "One row a lot and critical tracking event (FSMA 204, 21 CFR 1.1455(c)(3))"}


class ItemIn(shapes.In):
    """One item, by what its code says."""

    code: str = Field(max_length=400, examples=["https://id.gs1.org/01/06901234567892/21/7QK2M9XTAB3C"])


class RecordsIn(shapes.In):
    """`reach` adds what the lot came from, what became of it, or both. A time without an offset is UTC."""

    reach: Literal["", "back", "forward", "both"] = ""
    since: datetime | None = None
    until: datetime | None = None


@bp.get("/lots/<lot_id>/passport")
@machine("trace")
@bp.doc(responses=PASSPORT)
def lot_passport(lot_id: str) -> Response:
    """The Digital Product Passport of a lot: what it is, of what, who vouches, and its events."""
    with look() as unit:
        return records.credential(product_passports.of_lot(unit, lot_id))


@bp.post("/items/passport")
@machine("trace")
@bp.input(ItemIn)
@bp.doc(responses=PASSPORT)
def item_passport(json_data: ItemIn) -> Response:
    """The Digital Product Passport of one item, for whoever holds its code. Asking is no scan."""
    with look() as unit:
        return records.credential(product_passports.of_item(unit, json_data.code))


@bp.get("/lots/<lot_id>/fsma204.csv")
@machine("trace")
@bp.input(RecordsIn, location="query")
@bp.doc(responses=RECORDS)
def lot_records(lot_id: str, query_data: RecordsIn) -> Response:
    """The food traceability records of a lot (FSMA 204), as CSV."""
    with look() as unit:
        return records.of_lot(unit, lot_id, "csv", _asked(query_data))


@bp.get("/lots/<lot_id>/fsma204.xlsx")
@machine("trace")
@bp.input(RecordsIn, location="query")
@bp.doc(responses=RECORDS)
def lot_workbook(lot_id: str, query_data: RecordsIn) -> Response:
    """The same as a spreadsheet with dates and numbers, sorted and filtered by its head."""
    with look() as unit:
        return records.of_lot(unit, lot_id, "xlsx", _asked(query_data))


def _asked(told: RecordsIn) -> records.Asked:
    since, until = (records.zoned(at) if at else None for at in (told.since, told.until))
    return records.Asked(told.reach, since, until)
