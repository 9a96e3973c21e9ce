"""The passport of a lot on paper: who made it of what, which papers vouch for it and what was checked of them, where it is now.

What is printed is one record of plain values in no language, whose digest stands at the foot of the paper. The same record can
be had as a file: its SHA-256 is that digest as long as nothing about the lot has changed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, Response

from app.auth.guards import staff
from app.doors import look
from app.pages import story
from app.pages.frame import catalogue, page
from app.pages.lots import history_of
from app.pages.story import Story
from kernel.orm import Brand
from kernel.unit import Unit
from suppliers import directory
from traceability import accounting, balance, genealogy, gs1, holds, recalls, stock
from traceability.events import names, query

bp = Blueprint("lot_passport", __name__, url_prefix="/desk/lots")
_LOT: Final = ("uri", "code", "kind", "supplier_lot", "quantity", "uom", "place", "line_code", "started_at", "finished_at", "best_before")
_HOLD: Final = ("cause", "reason", "state", "made_at", "ended_at", "ended_why")


@bp.get("/<lot_id>/passport")
@staff("quality", "brand_admin")
def show(lot_id: str) -> str:
    """The passport, laid out for A4."""
    with look() as unit:
        told = story.told(unit, lot_id)
        lot = told.passport.lot
        written = record(unit, told)
        return page(
            unit,
            "lot_passport.html",
            lot=lot,
            story=told,
            product=told.passport.product,
            thing=catalogue(unit)[lot.product_id or lot.material_id],
            supplier=directory.supplier(unit, lot.supplier_id) if lot.supplier_id else None,
            holds=holds.of_lot(unit, lot_id),
            recall=recalls.of_lot(unit, lot_id),
            history=history_of(unit, lot_id)[::-1],
            states=balance.of_lot(unit, lot_id),
            stock=stock.of(unit, [lot])[lot_id],
            books=accounting.of_one(unit, lot, until=unit.now),
            uses=written["uses"],
            events=len(written["events"]),
            link=link_of(unit, lot.uri),
            human=_human(told),
            symbol=_symbol(link_of(unit, lot.uri)),
            digest=hashlib.sha256(body(written)).hexdigest(),
            made_at=unit.now,
        )


@bp.get("/<lot_id>/passport.json")
@staff("quality", "brand_admin")
def file(lot_id: str) -> Response:
    """What is printed, as the very bytes whose digest stands on the paper."""
    with look() as unit:
        told = story.told(unit, lot_id)
        answer = Response(body(record(unit, told)), content_type="application/json")
        answer.headers["Content-Disposition"] = f'attachment; filename="passport-{lot_id}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def record(unit: Unit, told: Story) -> dict[str, Any]:
    """Everything the paper says, without its words and without the moment: the same as long as nothing happens to the lot."""
    whole, lot = told.passport, told.passport.lot
    recall, product = recalls.of_lot(unit, lot.id), whole.product
    return {
        "brand": unit.session.get_one(Brand, unit.brand_id).name,
        "lot": {name: getattr(lot, name) for name in (*_LOT, "state", "standing")},
        "product": {"gtin": product.gtin, "name_zh": product.name_zh, "name_en": product.name_en} if product else None,
        "origin": [asdict(each) for each in whole.origin],
        "uses": _uses(unit, lot.id),
        "papers": [asdict(each) for each in whole.papers],
        "conditions": [
            {"lot": line.lot_code, "stream": each.condition.tag, "found": each.finding.code, **each.finding.values}
            for line in told.lines
            for each in line.curves
        ],
        "stock": asdict(stock.of(unit, [lot])[lot.id]),
        "codes": balance.of_lot(unit, lot.id),
        "holds": [{name: getattr(hold, name) for name in _HOLD} for hold in holds.of_lot(unit, lot.id)],
        "recall": {"reason": recall.reason, "opened_at": recall.opened_at} if recall else None,
        "events": [event.uri or names.event(event.id) for event in query.of_lot(unit, lot.id)],
    }


def _uses(unit: Unit, lot_id: str) -> list[dict[str, Any]]:
    """What was made of the lot directly, and how much of it went in."""
    kin = genealogy.graph(unit, lot_id, depth=1)
    codes = {each.id: each.code for each in (*kin.lots, *kin.others)}
    edges = [edge for edge in (*kin.edges, *kin.beyond) if edge.input == lot_id]
    return [{"lot": codes[edge.output], "quantity": edge.quantity, "uom": edge.uom} for edge in edges]


def body(record: dict[str, Any]) -> bytes:
    """The one text of a record: keys in order, UTF-8."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def link_of(unit: Unit, uri: str) -> str:
    """Where the lot's symbol leads: a Digital Link at this house, or what events call a lot without GS1's keys."""
    if uri.startswith(names.CANONICAL):
        return unit.outside.public_url + uri.removeprefix(names.CANONICAL)
    return uri


def _human(told: Story) -> str:
    """Human-readable interpretation, of product."""
    lot, product = told.passport.lot, told.passport.product
    return gs1.Link(product.gtin, lot=lot.code).human if product else ""


def _symbol(link: str) -> str:
    """None, but the address in letters alone, where it is longer than a symbol of ours holds."""
    from traceability import symbols
    from traceability.symbols import draw

    try:
        return draw.svg(symbols.make(link, level="M"))
    except symbols.DoesNotFit:
        return ""


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no plain form of {type(value).__name__}")
