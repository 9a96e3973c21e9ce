"""Goods received, at the desk: what came with which delivery note, what the gate says before it is sent, and what it is now."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import gates
from app.pages.forms import NONE, Slips, flaw_words, line, plain, slips, uploaded
from app.pages.frame import catalogue, page
from app.words import say
from kernel.errors import Invalid, Trouble, flaw
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import certificates, directory, gate, messages
from suppliers.identifiers import tidy
from suppliers.requirements import KINDS
from suppliers.standing import GOOD
from traceability import deliveries, delivery_tables, intake, sites
from traceability.arrivals import Line

bp = Blueprint("deliveries", __name__, url_prefix="/desk/deliveries")
FIELDS: Final = ("supplier_id", "reference", "place")
PARTS: Final = ("material_id", "quantity", "uom", "supplier_lot", "lot_code", "supplier_gtin")
UOMS: Final = ("KGM", "LTR", "H87", "TNE", "GRM", "MLT")
SHOWN: Final = 50
BESIDE: Final = 12
"""Papers offered beside a line, besides those that name its lot."""
ROWS: Final = 1
"""Empty lines that a fresh form begins with: on a phone one is enough to see."""


@bp.get("")
@staff("quality", "brand_admin")
def every() -> str:
    """All deliveries, newest first; ``?supplier=`` narrows them to one, ``?before=`` goes on."""
    asked, before = request.args.get("supplier", ""), request.args.get("before")
    with look() as unit:
        found = deliveries.every(unit, supplier_id=asked or None, limit=SHOWN + 1, before=before)
        more = found[SHOWN - 1].id if len(found) > SHOWN else None
        found = found[:SHOWN]
        values = {"lines": deliveries.lines(unit, found), "things": catalogue(unit), "suppliers": _suppliers(unit)}
        return page(unit, "deliveries.html", deliveries=found, asked=asked, more=more, **values)


@bp.get("/new")
@staff("quality", "brand_admin")
def new() -> Response:
    """The form; ``?supplier_id=`` chooses whose goods they are, and tells what the gate says of each."""
    return _form(NONE)


@bp.post("/new")
@staff("quality", "brand_admin")
def receive() -> Response:
    """Take in all lines, or none; the same note with the same words once more is the same delivery. A button may ask for another line."""
    if line("more"):
        return _form(NONE)
    if line("ask"):
        return _asked()
    if line("table"):
        return _tried()
    rows = _rows()
    try:
        with begin() as unit:
            words = {"supplier_id": line("supplier_id"), "reference": line("reference"), "place": line("place")}
            made = deliveries.receive(unit, lines=[_line(row) for row in rows], **words)
            here = url_for("deliveries.show", delivery_id=made.id)
            stopped = [row.lot.code for row in deliveries.lines(unit, [made])[made.id] if row.lot.standing != "clear"]
    except Trouble as trouble:
        return _form(_told(trouble, rows))
    flash(_("已收货。"))
    if stopped:
        flash(_("这些批次正被暂停或召回，新到的也不能用：%(lots)s", lots=_("、").join(stopped[:5])), "stop")
    return redirect(here, 303)


@bp.get("/<delivery_id>")
@staff("quality", "brand_admin")
def show(delivery_id: str) -> str:
    """One delivery, with its lots."""
    with look() as unit:
        made = deliveries.get(unit, delivery_id)
        rows = deliveries.lines(unit, [made])[made.id]
        leaning = intake.papers_of(unit, [row.lot.id for row in rows])
        papers = {id: certificates.get(unit, id) for ids in leaning.values() for id in ids}
        supplier = directory.supplier(unit, made.supplier_id)
        values = {"things": catalogue(unit), "leaning": leaning, "papers": papers, "per_lot": _per_lot}
        return page(unit, "delivery.html", delivery=made, rows=rows, supplier=supplier, **values)


def _per_lot(paper: Any) -> bool:
    return paper.kind in KINDS and KINDS[paper.kind].scope == "lot"


def _suppliers(unit: Unit) -> dict[str, Any]:
    return {each.id: each for each in directory.suppliers(unit)}


def _form(wrong: Slips, rows: list[dict[str, Any]] | None = None) -> Response:
    with look() as unit:
        suppliers = _suppliers(unit)
        chosen = suppliers.get(request.values.get("supplier_id", ""))
        asked = request.args if request.method == "GET" else request.form
        form = {name: asked.get(name, "") for name in FIELDS}
        last = deliveries.every(unit, limit=1)
        form["place"] = form["place"] or (last[0].place if last else "")
        form["reference"] = form["reference"] or f"{unit.now:%y%m%d}-{unit.new_id()[-5:]}"
        rows = rows or _typed()
        values: dict[str, Any] = {"form": form, "suppliers": suppliers, "chosen": chosen, "uoms": UOMS, "rows": rows}
        values["sites"] = [site.name for site in sites.every(unit)]
        if chosen is not None:
            values |= _offered(unit, chosen.id, rows)
        return make_response(page(unit, "delivery_new.html", slips=wrong, **values), wrong.status)


def _offered(unit: Unit, supplier_id: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What this supplier is listed for, what the gate says of each today, and beside each line the papers that stand for
    it and what it lacks."""
    materials = directory.supplied_by(unit, supplier_id)
    today = day_of(unit.now)
    decisions = deliveries.gates(unit, supplier_id=supplier_id, material_ids=[each.id for each in materials], day=today)
    materials.sort(key=lambda each: not decisions[each.id].open)
    papers = [paper for paper in certificates.of_supplier(unit, supplier_id) if gate.state_on(today, paper) in GOOD]
    for row in rows:
        row["naming"], row["beside"] = _papers(papers, row)
        row["lacks"] = _lacks(unit, supplier_id, row, decisions.get(row["material_id"]), today)
    return {"materials": materials, "decisions": decisions, "why": gates.why, "brings": gates.brings}


def _papers(papers: list[Any], row: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Of the papers that stand: those that name the lot of this line, which count by themselves, and those that one may lay
    beside it, the newest first; papers about lots only where the supplier gave this one no name."""
    lot = tidy(row["supplier_lot"] or "")
    naming = [paper for paper in papers if lot and lot in map(tidy, paper.lots or ())]
    others = [paper for paper in papers if paper not in naming and not (lot and paper.lots)]
    chosen = [paper for paper in others if paper.id in row["papers"]]
    return naming, chosen + [paper for paper in others if paper not in chosen][:BESIDE]


def _lacks(unit: Unit, supplier_id: str, row: dict[str, Any], decision: gate.Decision | None, today: date) -> list[str]:
    """What keeps this line outside that does not keep the supplier outside: papers of the lot."""
    if decision is None or not (row["supplier_lot"] or row["lot_code"]):
        return []
    brought = Line(row["material_id"], Decimal(0), "", supplier_lot=row["supplier_lot"] or None, certificate_ids=tuple(row["papers"]))
    said = deliveries.bring(unit, supplier_id=supplier_id, lines=[brought], day=today)[0].because
    return [word for word in said if word not in decision.because]


def _asked() -> Response:
    """Write to the supplier that a lot lacks papers; what was typed stays."""
    row = _row(int(line("ask"))) if line("ask").isdigit() else _row(0)
    try:
        with begin() as unit:
            supplier = directory.supplier(unit, line("supplier_id"))
            material = directory.material(unit, row["material_id"])
            kinds = deliveries.gates(unit, supplier_id=supplier.id, material_ids=[material.id], day=day_of(unit.now))[material.id].per_lot
            lot = row["supplier_lot"] or row["lot_code"] or "—"
            text = _(
                "批次 %(lot)s（%(what)s）还缺：%(papers)s。请上传，并写上批号。", lot=lot, what=material.name_zh, papers=gates.brings(kinds)
            )
            messages.say(unit, supplier.id, str(text), by_name=current_user.name)
    except Trouble as trouble:
        return _form(_told(trouble, _rows()))
    flash(_("已写给供应商。"))
    return _form(NONE)


def _tried() -> Response:
    """A table becomes the lines of the form, and they are rehearsed, so that one sees what would happen before it does."""
    rows: list[dict[str, Any]] = []
    try:
        with look() as unit:
            rows = _from_table(unit, uploaded("file"))
        with begin() as unit:
            words = {"supplier_id": line("supplier_id"), "reference": line("reference"), "place": line("place")}
            deliveries.rehearse(unit, lines=[_line(row) for row in rows], **words)
    except Trouble as trouble:
        at_file = isinstance(trouble, Invalid) and any(each["pointer"] == "/file" for each in trouble.errors)
        return _form(slips(trouble, ("file",))) if at_file else _form(_told(trouble, rows), rows)
    flash(_("试过了：%(count)s 行都能收。看一遍，再按“全部收下”。", count=len(rows)))
    return _form(NONE, rows)


def _from_table(unit: Unit, content: bytes) -> list[dict[str, Any]]:
    """The lines of a CSV as rows of the form; a material is found by its code or name among those that the supplier is listed for."""
    materials = {}
    for each in directory.supplied_by(unit, line("supplier_id")):
        materials |= dict.fromkeys((each.code.casefold(), each.name_zh.casefold(), each.name_en.casefold()), each.id)
    units = {str(say(f"uom.{uom}")).casefold(): uom for uom in UOMS}
    rows = []
    for number, told in enumerate(delivery_tables.read(content, most=deliveries.MOST)):
        material = materials.get(told["material"].casefold())
        if material is None:
            detail = "this supplier is not listed for it"
            raise Invalid(errors=[flaw("/file", "delivery-material", detail, line=number + 2, material=told["material"][:40])])
        uom = units.get(told["uom"].casefold(), told["uom"].upper() or UOMS[0])
        rows.append({**told, "material_id": material, "uom": uom, "papers": [], "number": number})
    return rows


def _numbers() -> list[int]:
    """The places of the lines in the form, as they stand there."""
    found = (re.fullmatch(r"quantity-(\d{1,3})", name) for name in request.form)
    return sorted(int(each[1]) for each in found if each)


def _typed() -> list[dict[str, Any]]:
    """Every line as it was typed, with empty ones to go on."""
    rows = [_row(number) for number in _numbers()]
    more = 1 if rows and line("more") else 0 if rows else ROWS
    start = max((row["number"] for row in rows), default=-1) + 1
    return rows + [{**dict.fromkeys(PARTS, ""), "papers": [], "number": start + each} for each in range(more)]


def _row(number: int) -> dict[str, Any]:
    row: dict[str, Any] = {part: line(f"{part}-{number}").strip() for part in PARTS}
    return {**row, "papers": request.form.getlist(f"papers-{number}"), "number": number}


def _rows() -> list[dict[str, Any]]:
    """The lines in which something was typed."""
    rows = (_row(number) for number in _numbers())
    return [row for row in rows if row["quantity"] or row["supplier_lot"] or row["lot_code"]]


def _line(row: dict[str, Any]) -> Line:
    return Line(
        material_id=row["material_id"],
        quantity=plain(row["quantity"]),  # type: ignore[arg-type] - made fit by the room that takes it
        uom=row["uom"],
        lot_code=row["lot_code"],
        supplier_lot=row["supplier_lot"],
        supplier_gtin=row["supplier_gtin"],
        certificate_ids=tuple(row["papers"]),
    )


def _told(trouble: Trouble, rows: list[dict[str, Any]]) -> Slips:
    """Each flaw at the field of its line; of a closed gate, every line with its reasons."""
    told = slips(trouble, FIELDS)
    if isinstance(trouble, Invalid):
        fields: dict[str, str] = {}
        others: list[str] = []
        for each in trouble.errors:
            place = re.fullmatch(r"/lines/(\d+)/(\w+)", str(each["pointer"]))
            if place:
                fields.setdefault(f"{place[2]}-{rows[int(place[1])]['number']}", flaw_words(each))
            elif str(each["pointer"]) == "/lines":
                others.append(flaw_words(each))
        rest = {name: text for name, text in told.fields.items() if name in FIELDS}
        return Slips(told.status, {**rest, **fields}, others)
    closed = [
        _(
            "第 %(line)s 行：%(why)s",
            line=rows[each["line"] - 1]["number"] + 1,
            why=_("；").join(gates.why(word) for word in each["because"]),
        )
        for each in trouble.more.get("lines", ())
    ]
    return Slips(told.status, {}, [*told.others, *closed])
