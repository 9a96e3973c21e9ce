"""Cases and pallets: packed as scanned or by position, looked up from a number or from a code, taken apart."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, flaw_words, line, refused, sentence, slips, whole
from app.pages.frame import page
from app.problems import status_of
from kernel.errors import Invalid, Missing, Trouble, flaw
from kernel.unit import Unit
from traceability import carriers, codes, gs1, packing, packs, spans
from traceability.spans import Span

bp = Blueprint("packs", __name__, url_prefix="/desk/packs")
FIELDS: Final = ("items", "order_id", "start", "count", "children", "sscc")
SHOWN: Final = 200


@bp.get("")
@staff("quality", "brand_admin")
def every() -> Response:
    """What is packed, the forms that pack, and a line to look something up; ``?q=`` is what was looked up."""
    asked = request.args.get("q", "").strip()
    if not asked:
        return _list(NONE, "")
    try:
        with look() as unit:
            return redirect(url_for("packs.show", sscc=_looked_up(unit, asked)), 303)
    except Trouble as trouble:
        return _list(Slips(status_of(trouble), {"q": _not_found(trouble)}), "look")


@bp.post("")
@staff("quality", "brand_admin")
def pack() -> Response:
    """Items into a new case, or cases onto a new pallet."""
    kind = "pallet" if line("kind") == "pallet" else "case"
    try:
        with begin() as unit:
            items = _items(unit) if kind == "case" else []
            children = [sscc_typed(text) for text in line("children").split()] if kind == "pallet" else []
            made = packing.pack(unit, kind=kind, items=items, children=children, sscc=sscc_typed(line("sscc")) or None)
            number = made.sscc
    except Trouble as trouble:
        return _list(_told(trouble), kind)
    flash(_("已装好，箱码 %(sscc)s。", sscc=number))
    return redirect(url_for("packs.show", sscc=number), 303)


@bp.get("/<sscc>")
@staff("quality", "brand_admin")
def show(sscc: str) -> str:
    """One pack: what it stands on, and what is in it, however deep."""
    with look() as unit:
        inside = packs.contents(unit, sscc)
        things = list(inside.spans())
        on = packs.outer(unit, inside.pack)
        places = packs.places(unit, things)
        orders = {place.order_id: codes.get(unit, place.order_id) for place in places}
        values = {"inside": inside, "places": places, "orders": orders, "items": _count(things), "on": on}
        return page(unit, "pack.html", own=packs.places(unit, inside.items), count=_count, **values)


@bp.post("/<sscc>/unpack")
@staff("quality", "brand_admin")
def unpack(sscc: str) -> Response:
    """Take out all that is in it, or the cases that are named."""
    here = url_for("packs.show", sscc=sscc)
    try:
        with begin() as unit:
            packing.unpack(unit, sscc=sscc, children=request.form.getlist("children"))
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已取出。"))
    return redirect(here, 303)


def _list(wrong: Slips, failed: str) -> Response:
    with look() as unit:
        found = packs.every(unit, limit=SHOWN)
        sizes = packs.items_of(unit, [each.id for each in found])
        above = {each.id: each.sscc for each in packs.several(unit, {each.parent_id for each in found if each.parent_id}).values()}
        values: dict[str, Any] = {
            "packs": found,
            "count": packs.count(unit),
            "sizes": {key: _count(things) for key, things in sizes.items()},
            "above": above,
            "orders": codes.orders(unit),
            "prefix": packing.company_prefix(unit),
            "asked": request.args.get("q", ""),
            "form": {name: line(name) for name in FIELDS if name != "items"} | {"scans": line("items")},
            "failed": failed,
            "no_slips": NONE,
        }
        return make_response(page(unit, "packs.html", slips=wrong, **values), wrong.status)


def _items(unit: Unit) -> list[packing.Thing]:
    """The scans that were pasted, one a line, else the positions of an order. Raises Invalid, naming each wrong line."""
    scanned = [(number, text.strip()) for number, text in enumerate(line("items").splitlines(), start=1) if text.strip()]
    if not scanned:
        order = codes.get(unit, line("order_id"))
        return [spans.span(order, whole("start") - 1, whole("count"))]
    found: list[packing.Thing] = []
    flaws = []
    for number, text in scanned:
        try:
            ref = carriers.find(unit, text)
            found.append(Span(ref.gtin, ref.key_version, ref.counter, ref.counter))
        except (Missing, Invalid):
            flaws.append(flaw("/items", "no-code-of-ours", f"line {number} is no code of ours", line=number))
    if flaws:
        raise Invalid(errors=flaws)
    return found


def _looked_up(unit: Unit, text: str) -> str:
    """The SSCC that was asked for, or that of the pack in which an item is. Raises Missing or Invalid."""
    number = sscc_typed(text)
    if gs1.is_sscc(number):
        return packs.get(unit, number).sscc
    ref = carriers.find(unit, text)
    chain = packs.of_item(unit, gtin=ref.gtin, key_version=ref.key_version, counter=ref.counter)
    if not chain:
        raise Missing("this item is in no pack")
    return chain[0].sscc


def sscc_typed(text: str) -> str:
    """An SSCC as its 18 digits, from what is printed or what a scanner types: (00)…, 00…, with spaces."""
    digits = re.sub(r"[\s()]|^\]C1", "", text)
    return digits[2:] if re.fullmatch(r"00\d{18}", digits) else digits


def _told(trouble: Trouble) -> Slips:
    """Every wrong line, not only the first."""
    told = slips(trouble, FIELDS)
    lines = [flaw_words(each) for each in trouble.errors if "line" in each] if isinstance(trouble, Invalid) else []
    return Slips(told.status, {}, lines) if lines else told


def _not_found(trouble: Trouble) -> str:
    return str(_("没有这个箱码，这件货也不在任何箱里。")) if isinstance(trouble, Missing) else sentence(trouble)


def _count(things: Any) -> int:
    return sum(span.last - span.first + 1 for span in things)
