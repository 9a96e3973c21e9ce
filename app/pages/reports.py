"""What people tell of a scan: the form on their phones, and the list at the desk.

The form asks for no name and no number; the signed ticket of the scan stands in for a session, so that the
page works without a cookie.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import open_door, staff, ticket_door
from app.auth.tickets import read_scan
from app.doors import begin, look
from app.pages import case_words
from app.pages.forms import NONE, Slips, line, refused, slips
from app.pages.frame import page
from app.problems import status_of
from kernel.errors import Missing, Trouble
from kernel.orm import Brand
from kernel.unit import VISITOR, Unit
from traceability import cases, lots, reports

bp = Blueprint("reports", __name__)
FIELDS: Final = ("kind", "text")
FILTERS: Final = {"state": reports.STATES, "kind": reports.KINDS}
SHOWN: Final = 100


@bp.get("/tell")
@open_door
def form() -> Response:
    """The form of one scan, or the number of the report that it has already."""
    return _form(request.args.get("ticket", ""), NONE)


@bp.post("/tell")
@ticket_door
def tell() -> Response:
    """Keep what was told. The same words again, as of a double tap, are the same report."""
    ticket = line("ticket")
    scan = read_scan(ticket)
    if scan is None:
        return _form(ticket, Slips(422))
    try:
        with begin(VISITOR) as unit:
            unit.enter(scan[1])
            reports.tell(unit, scan_id=scan[0], kind=line("kind"), text=line("text"))
    except Missing:
        return _form("", Slips(422))
    except reports.ReportedBefore as trouble:
        return _form(ticket, Slips(status_of(trouble)))
    except Trouble as trouble:
        return _form(ticket, slips(trouble, FIELDS))
    return redirect(url_for("reports.form", ticket=ticket), 303)


@bp.get("/desk/reports")
@staff("quality", "brand_admin")
def every() -> str:
    """All reports, open ones first, narrowed by what the address says; harm that came together stands above."""
    asked = {name: request.args.get(name, "") for name in (*FILTERS, "lot", "q")}
    with look() as unit:
        counts = reports.counts(unit)
        found = _found(unit, asked)
        clusters = reports.clusters(unit)
        of_lots = lots.several(unit, {each.scan.lot_id for each in found if each.scan.lot_id} | {each.lot_id for each in clusters})
        return page(
            unit,
            "reports.html",
            found=found,
            cases=_cases(unit, found),
            clusters=[(each, of_lots[each.lot_id]) for each in clusters if each.lot_id in of_lots],
            lots=of_lots,
            per_lot=reports.per_lot(unit, of_lots),
            open=sum(number for (_kind, state), number in counts.items() if state == "open"),
            total=sum(counts.values()),
            asked=asked,
            filters=FILTERS,
            number=reports.number,
            words=case_words,
            most=SHOWN,
        )


@bp.post("/desk/reports/<report_id>/close")
@staff("quality", "brand_admin")
def close(report_id: str) -> Response:
    """What came of a report."""
    here = _back(report_id)
    try:
        with begin() as unit:
            reports.close(unit, report_id=report_id, note=line("note"))
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已办结。"))
    return redirect(here, 303)


@bp.post("/desk/reports/<report_id>/reopen")
@staff("quality", "brand_admin")
def reopen(report_id: str) -> Response:
    """Take the closing back."""
    here = _back(report_id)
    try:
        with begin() as unit:
            reports.reopen(unit, report_id=report_id)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已撤回，重新待处理。"))
    return redirect(here, 303)


def _form(ticket: str, wrong: Slips) -> Response:
    """The page of a ticket; of a ticket that is none of ours it says how to get one."""
    scan, values, status = read_scan(ticket), {}, wrong.status
    if scan is not None:
        with look(VISITOR) as unit:
            unit.enter(scan[1])
            told = reports.of_scan(unit, scan[0])
            values = {"brand": unit.session.get_one(Brand, scan[1]).name, "number": reports.number(told.id) if told else None}
    typed = {name: line(name) for name in FIELDS} if request.method == "POST" else {"kind": request.args.get("kind", ""), "text": ""}
    body = render_template(
        "report.html",
        ticket=ticket if scan else "",
        keep={"ticket": ticket},
        slips=wrong,
        typed=typed,
        again=status == 409,
        kinds=reports.KINDS,
        **values,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _found(unit: Unit, asked: dict[str, str]) -> list[reports.Told]:
    narrow = {name: asked[name] if asked[name] in among else None for name, among in FILTERS.items()}
    if asked["q"].strip():
        return reports.every(unit, number=asked["q"], limit=SHOWN)
    try:
        lot_id = lots.by_code(unit, asked["lot"].strip()).id if asked["lot"].strip() else None
    except Missing:
        return []
    return reports.every(unit, **narrow, lot_id=lot_id, limit=SHOWN, open_first=True)


def _cases(unit: Unit, found: Sequence[reports.Told]) -> dict[str, Any]:
    """The cases of the items that somebody took for fakes, by scan."""
    fakes = [scan for report, scan in found if report.kind == "fake" and scan.counter is not None and scan.key_version is not None]
    subjects = {scan.id: cases.item_subject(scan.gtin, scan.key_version, scan.counter) for scan in fakes}
    known = cases.of_subjects(unit, "copied", subjects.values())
    return {scan_id: known.get(subject) for scan_id, subject in subjects.items()}


def _back(report_id: str) -> str:
    """The list as it was, at this report. Raises Missing for one that is not there, or not ours."""
    with look() as unit:
        reports.get(unit, report_id)
    kept = {name: line(f"asked_{name}") or None for name in (*FILTERS, "lot", "q")}
    return url_for("reports.every", **kept, _anchor=report_id)
