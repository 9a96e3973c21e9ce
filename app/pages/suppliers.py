"""Suppliers on the desk: the list, and one of them with what it owes, how well it keeps its papers, and what it may deliver."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth import colleagues
from app.auth.guards import staff
from app.doors import begin, look
from app.pages import gates
from app.pages.forms import NONE, Slips, key, line, refused, slips
from app.pages.frame import page
from app.pages.look import tell
from app.pages.paper_queue import plain
from app.words import say
from kernel.errors import Missing, Trouble
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import certificates, directory, messages, reminders, scoring
from suppliers.requirements import CATEGORIES, CLAIMS, MARKETS, SUPPLIER_KINDS
from traceability import deliveries, supplied

bp = Blueprint("suppliers", __name__, url_prefix="/desk/suppliers")
FIELDS: Final = ("name", "kind", "market", "country", "uscc", "lei", "gln", "vat", "email")
SITE: Final = ("site_name", "address", "gln")
MATERIAL: Final = ("code", "name_zh", "name_en", "category", "claims")
SORTS: Final = ("name", "score", "open", "end")
SAID: Final = 50
GRADES: Final = {"A": "good", "B": "good", "C": "look", "D": "stop"}


@bp.get("")
@staff("quality", "brand_admin")
def every() -> Response:
    """All suppliers with how their papers stand, what is open, the score, and what ends next; and the form for one more."""
    return _every(NONE)


@bp.post("")
@staff("quality", "brand_admin")
def add() -> Response:
    """List a firm."""
    try:
        with begin() as unit:
            typed: dict[str, Any] = {name: line(name).strip() for name in FIELDS}
            codes = {name: typed.pop(name) or None for name in ("uscc", "lei", "gln", "vat", "email")}
            made = directory.add_supplier(unit, **{**typed, "country": typed["country"].upper() or "CN"}, **codes)
    except Trouble as trouble:
        return _every(slips(trouble, FIELDS))
    flash(_("已登记。接着登记它供应什么，系统就知道要它交哪些资质。"))
    return redirect(url_for("suppliers.show", supplier_id=made.id, _anchor="materials"), 303)


@bp.get("/list.csv")
@staff("quality", "brand_admin")
def export() -> FlaskResponse:
    """The same list as CSV."""
    file = StringIO()
    rows = csv.writer(file)
    rows.writerow(["id", "name", "kind", "market", "uscc", "lei", "gln", "vat", "grade", "points", "open", "next_end"])
    with look() as unit:
        for who, kept in _listed(unit, _asked()):
            codes = [plain(code or "") for code in (who.uscc, who.lei, who.gln, who.vat)]
            score = [kept.score.grade or "", "" if kept.score.points is None else kept.score.points]
            rows.writerow([who.id, plain(who.name), who.kind, who.market, *codes, *score, len(kept.open), kept.next_end or ""])
    headers = {"Content-Disposition": 'attachment; filename="suppliers.csv"', "Cache-Control": "private, no-store"}
    return FlaskResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/<supplier_id>")
@staff("quality", "brand_admin")
def show(supplier_id: str) -> Response:
    """One supplier: what is asked of it, the gate, its score with the reasons, its papers, places, people and messages."""
    return _show(supplier_id, NONE)


@bp.post("/<supplier_id>/sites")
@staff("quality", "brand_admin")
def add_site(supplier_id: str) -> Response:
    """Say where it makes things."""
    words = {"name": line("site_name"), "address": line("address") or None, "gln": line("gln") or None}
    names = {"name": "site_name"}
    return _change(supplier_id, lambda unit: directory.add_site(unit, supplier_id=supplier_id, **words), SITE, names, "sites")


@bp.post("/<supplier_id>/materials")
@staff("quality", "brand_admin")
def list_material(supplier_id: str) -> Response:
    """Say what it delivers: a material that is known, or a new one."""

    def listed(unit: Unit) -> None:
        material_id = key("material_id")
        if not material_id:
            words = {name: line(name) for name in MATERIAL[:-1]}
            material_id = directory.add_material(unit, **words, claims=request.form.getlist("claims")).id
        directory.list_supply(unit, supplier_id=supplier_id, material_id=material_id)

    return _change(supplier_id, listed, (*MATERIAL, "material_id"), {}, "materials")


def _every(wrong: Slips) -> Response:
    asked = _asked()
    with look() as unit:
        rows = _listed(unit, asked)
        values: dict[str, Any] = {
            "rows": rows,
            "asked": asked,
            "count": len(rows),
            "kinds": SUPPLIER_KINDS,
            "markets": MARKETS,
            "form": {name: line(name) for name in FIELDS} if wrong.lines else {"country": "CN", "market": "CN"},
            "unread": messages.unread_by_supplier(unit),
            "today": day_of(unit.now),
            "grades": GRADES,
        }
        return make_response(page(unit, "suppliers.html", slips=wrong, **values), wrong.status)


def _asked() -> dict[str, str]:
    told = {name: request.args.get(name, "")[:80] for name in ("q", "kind", "sort")}
    told["kind"] = told["kind"] if told["kind"] in SUPPLIER_KINDS else ""
    told["sort"] = told["sort"] if told["sort"].lstrip("-") in SORTS else "name"
    return told


def _listed(unit: Unit, asked: dict[str, str]) -> list[tuple[Any, scoring.Kept]]:
    seen = scoring.overview(unit, lots=supplied.fared(unit, since=unit.now - scoring.YEAR))
    found = []
    for who in directory.suppliers(unit):
        text = " ".join(filter(None, (who.name, who.uscc, who.lei, who.gln, who.vat))).casefold()
        if asked["kind"] in ("", who.kind) and all(word in text for word in asked["q"].casefold().split()):
            found.append((who, seen[who.id]))
    keys: dict[str, Callable[[tuple[Any, scoring.Kept]], Any]] = {
        "name": lambda row: row[0].name,
        "score": lambda row: -1 if row[1].score.points is None else row[1].score.points,
        "open": lambda row: len(row[1].open),
        "end": lambda row: row[1].next_end or date.max,
    }
    return sorted(found, key=keys[asked["sort"].lstrip("-")], reverse=asked["sort"].startswith("-"))


def _show(supplier_id: str, wrong: Slips, where: str = "") -> Response:
    if request.method == "GET":
        _read(supplier_id)
    with look() as unit:
        who, today = directory.supplier(unit, supplier_id), day_of(unit.now)
        materials = directory.supplied_by(unit, supplier_id)
        decisions = deliveries.gates(unit, supplier_id=supplier_id, material_ids=[each.id for each in materials], day=today)
        listed = {each.id for each in materials}
        score = scoring.scored(unit, supplier_id, lots=supplied.fared(unit, since=unit.now - scoring.YEAR, supplier_id=supplier_id))
        values: dict[str, Any] = {
            "supplier": who,
            "todos": certificates.todo(unit, supplier_id),
            "score": score,
            "reasons": [(each, _reason(each)) for each in score.reasons],
            "grades": GRADES,
            "materials": [(each, decisions[each.id]) for each in materials],
            "others": [each for each in directory.materials(unit) if each.id not in listed],
            "categories": CATEGORIES,
            "claims": CLAIMS,
            "sites": directory.sites(unit, supplier_id),
            "papers": certificates.of_supplier(unit, supplier_id),
            "renewals": reminders.upcoming(unit, supplier_id),
            "said": list(reversed(messages.thread(unit, supplier_id, limit=SAID))),
            "people": colleagues.listed(unit, supplier_id=supplier_id),
            "why": gates.why,
            "brings": gates.brings,
            "today": today,
            "where": where,
            "form": {name: line(name) for name in (*SITE, *MATERIAL)} if wrong.lines else {},
        }
        return make_response(page(unit, "supplier.html", slips=wrong, **values), wrong.status)


def _read(supplier_id: str) -> None:
    """Whoever opens the page has its messages before their eyes."""
    with look() as unit:
        waiting = messages.unread(unit, supplier_id)
    if waiting:
        with begin() as unit:
            messages.mark_read(unit, supplier_id)


def _reason(reason: Any) -> str:
    evidence = dict(reason.evidence)
    if "paper" in evidence:
        evidence["paper"] = say(f"paper.{evidence['paper']}")
    return tell(reason.code, evidence)


def _change(supplier_id: str, act: Callable[[Unit], object], fields: tuple[str, ...], names: dict[str, str], anchor: str) -> Response:
    try:
        with begin() as unit:
            act(unit)
    except Missing:
        raise
    except Trouble as trouble:
        for each in getattr(trouble, "errors", None) or ():
            bare = str(each["pointer"]).strip("/")
            each["pointer"] = "/" + names.get(bare, bare)
        wrong = slips(trouble, fields)
        if not wrong.fields and not wrong.others:
            return refused(trouble, url_for("suppliers.show", supplier_id=supplier_id))
        return _show(supplier_id, wrong, anchor)
    flash(_("已登记。"))
    return redirect(url_for("suppliers.show", supplier_id=supplier_id, _anchor=anchor), 303)
