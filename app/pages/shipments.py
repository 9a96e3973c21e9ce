"""Shipments at the desk: what left for whom, where it may be sold, and where it was looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import case_words
from app.pages.forms import NONE, Slips, flaw_words, line, refused, sentence, slips, whole_or_none
from app.pages.frame import page
from app.pages.look import amount
from app.pages.lot_books import by_lines
from app.pages.packs import sscc_typed
from app.problems import status_of
from app.words import say
from kernel.errors import Invalid, Trouble, flaw
from kernel.unit import Unit
from traceability import codes, diversion, lots, packs, regions, shipments, shipped_lots, unshipping
from traceability.diversion import Seen
from traceability.spans import Span

bp = Blueprint("shipments", __name__, url_prefix="/desk/shipments")
FIELDS: Final = ("reference", "customer", "regions", "sscc", "order_id", "start", "count", "lots")
SHOWN: Final = 100
ROWS: Final = 100
"""Stretches of items that the page of a shipment lists."""
BETWEEN: Final = re.compile(r"[、,，;；\r\n]+")


@dataclass(frozen=True)
class Row:
    """A stretch of a shipment's items: ``start`` from 1, the pack by which they were told."""

    order: Any
    start: int
    count: int
    sscc: str | None


@bp.get("")
@staff("quality", "brand_admin")
def every() -> str:
    """All shipments, newest first; ``?customer=`` narrows them to one, ``?before=`` goes on."""
    customer, before = request.args.get("customer", "").strip(), request.args.get("before")
    with look() as unit:
        found = shipments.every(unit, customer=customer or None, limit=SHOWN + 1, before=before)
        more = found[SHOWN - 1].id if len(found) > SHOWN else None
        found = found[:SHOWN]
        ids = [each.id for each in found]
        return page(
            unit,
            "shipments.html",
            shipments=found,
            counts=shipments.left_with(unit, found),
            cases=diversion.cases_of(unit, ids),
            cancelled=unshipping.cancelled(unit, found),
            customers=shipments.customers(unit),
            asked=customer,
            more=more,
            words=case_words,
        )


@bp.get("/new")
@staff("quality", "brand_admin")
def new() -> Response:
    """The form; ``?customer=`` begins it with that customer and the regions of his last shipment."""
    return _form(NONE)


@bp.post("/new")
@staff("quality", "brand_admin")
def ship() -> Response:
    """Goods leave. The same number again with the same words is the same shipment, so that a double click ships once."""
    try:
        with begin() as unit:
            words = {"reference": line("reference"), "customer": line("customer"), "regions": _regions()}
            made = shipments.ship(unit, **words, **_goods(), loose=by_lines(unit, "lots"))
            here = url_for("shipments.show", shipment_id=made.id)
    except Trouble as trouble:
        return _form(_told(trouble))
    flash(_("已记下发货。"))
    return redirect(here, 303)


@bp.get("/<shipment_id>")
@staff("quality", "brand_admin")
def show(shipment_id: str) -> str:
    """One shipment: where its items were first looked at, held against where they may be sold, and what it holds."""
    with look() as unit:
        shipment = shipments.get(unit, shipment_id)
        seen = diversion.seen(unit, shipment)
        values: dict[str, Any] = {
            "shipment": shipment,
            "seen": seen,
            "points": _points(seen),
            "count": shipments.left_with(unit, [shipment])[shipment.id],
            "left": shipments.counts(unit, [shipment.id])[shipment.id],
            "rows": _rows(unit, shipment.id),
            "most_rows": ROWS,
            "loose": (loose := shipped_lots.of(unit, [shipment_id]).get(shipment_id, [])),
            "lots": lots.several(unit, [each.lot_id for each in loose]),
            "case": diversion.case_of(unit, shipment.id),
            "cancelled": unshipping.cancelled(unit, [shipment]).get(shipment.id),
            "words": case_words,
        }
        return page(unit, "shipment.html", **values)


@bp.post("/<shipment_id>/cancel")
@staff("quality", "brand_admin")
def cancel(shipment_id: str) -> Response:
    """It was told wrongly and never left so. Cancelled once more it stays as it is."""
    here = url_for("shipments.show", shipment_id=shipment_id)
    try:
        with begin() as unit:
            unshipping.cancel(unit, shipment_id=shipment_id, reason=line("reason"))
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已撤销这次发货。"))
    return redirect(here, 303)


def _form(wrong: Slips) -> Response:
    with look() as unit:
        form = {name: line(name) for name in FIELDS}
        if request.method == "GET":
            form |= _begun(unit, request.args.get("customer", "").strip())
        values = {"form": form, "customers": shipments.customers(unit), "orders": codes.orders(unit)}
        return make_response(page(unit, "shipment_new.html", slips=wrong, **values), wrong.status)


def _begun(unit: Unit, customer: str) -> dict[str, str]:
    """What a fresh form holds: a free number, and for a customer who is known his regions."""
    last = shipments.every(unit, customer=customer, limit=1) if customer else []
    named = _("、").join(case_words.place(code) for code in last[0].regions) if last else ""
    return {"reference": f"{unit.now:%y%m%d}-{unit.new_id()[-5:]}", "customer": customer, "regions": named}


def _regions() -> list[str]:
    """The regions that were typed, by name or code. Raises Invalid, naming the first that nobody knows."""
    found: list[str] = []
    for part in BETWEEN.split(line("regions")):
        if not (text := part.strip()):
            continue
        code = regions.find(text)
        several = [code] if code else [regions.find(word) for word in text.split()]
        if None in several:
            raise Invalid(errors=[flaw("/regions", "ship-region", "no such region", region=text[:40])])
        found += [each for each in several if each]
    return found


def _goods() -> dict[str, Any]:
    """The packs that were scanned, else the place in an order."""
    numbers = [sscc_typed(text) for text in line("sscc").splitlines() if text.strip()]
    if numbers or not line("order_id"):
        return {"sscc": numbers, "order_id": line("order_id") or None}
    start = whole_or_none("start")
    return {"order_id": line("order_id"), "start": 0 if start is None else start - 1, "count": whole_or_none("count")}


def _told(trouble: Trouble) -> Slips:
    """Every wrong pack by its line, every stretch that cannot leave by its place."""
    told = slips(trouble, FIELDS)
    if isinstance(trouble, Invalid):
        wrong = [(each, re.fullmatch(r"/sscc/(\d+)", str(each["pointer"]))) for each in trouble.errors]
        lines = [_("第 %(line)s 行：%(what)s", line=int(place[1]) + 1, what=flaw_words(each)) for each, place in wrong if place]
        return Slips(told.status, {**told.fields, "sscc": _("；").join(lines[:3])}, told.others) if lines else told
    places = [
        _(
            "订单 %(reference)s 第 %(first)s–%(last)s 个：%(state)s",
            reference=each["reference"],
            first=amount(each["from"]),
            last=amount(each["to"]),
            state=say(f"code.{each['state']}"),
        )
        for each in trouble.more.get("spans", ())
    ]
    return Slips(status_of(trouble), {}, [" · ".join([sentence(trouble), *places])])


def _points(seen: Seen) -> list[tuple[str, int, str]]:
    """Regions with their items, the most first: inside, outside, or where nobody can say."""
    outside, inside = seen.outside, seen.inside
    found = [(code, count, "look" if code in outside else "good" if code in inside else "quiet") for code, count in seen.where.items()]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _rows(unit: Unit, shipment_id: str) -> list[Row]:
    runs = shipments.items(unit, shipment_id, limit=ROWS)
    places = packs.places(unit, [Span(run.gtin, run.key_version, run.first, run.last) for run in runs])
    orders = {order_id: codes.get(unit, order_id) for order_id in {place.order_id for place in places}}
    return [_row(orders[place.order_id], place, runs) for place in places]


def _row(order: Any, place: packs.Place, runs: Sequence[Any]) -> Row:
    at, key = order.first + place.start, (order.gtin, order.key_version)
    run = next(run for run in runs if (run.gtin, run.key_version) == key and run.first <= at <= run.last)
    return Row(order, place.start + 1, place.count, run.sscc)
