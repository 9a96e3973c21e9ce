"""A printed sheet, looked at in a picture of it: a map of grades, and the bad labels scrapped in one step."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import order as order_page
from app.pages.forms import NONE, Slips, line, slips, uploaded, whole
from app.pages.frame import page
from app.pages.look import amount
from kernel.errors import Invalid, Missing, Trouble, flaw
from kernel.unit import Unit
from traceability import codes, inspections, printing
from traceability.labels import layout

bp = Blueprint("inspections", __name__, url_prefix="/desk/orders")
FIELDS: Final = ("job_id", "page", "picture", "positions")
BELOW: Final = "C"
TONES: Final = {"A": "good", "B": "good", "C": "look", "D": "stop", "F": "stop", "": "quiet"}
WORST: Final = 100
"""Labels listed beside the map, the worst first."""


@bp.get("/<order_id>/inspection")
@staff("quality", "brand_admin")
def form(order_id: str) -> Response:
    """Which sheet, and a picture of it."""
    return _page(order_id, NONE)


@bp.post("/<order_id>/inspection")
@staff("quality", "brand_admin")
def inspect(order_id: str) -> Response:
    """Grade every label of the sheet. Nothing is changed."""
    try:
        number, picture = whole("page"), uploaded("picture")
        if not picture:
            raise Invalid(errors=[flaw("/picture", "required", "choose a picture")])
        with look() as unit:
            if line("job_id") not in {job.id for job in _sheets(unit, order_id)}:
                raise Missing("no such file")
            report = inspections.inspect(unit, job_id=line("job_id"), page=number, picture=picture)
    except Missing:
        raise
    except Trouble as trouble:
        return _page(order_id, slips(trouble, FIELDS))
    return _page(order_id, NONE, report)


@bp.post("/<order_id>/inspection/scrap")
@staff("quality", "brand_admin")
def scrap(order_id: str) -> Response:
    """Scrap the labels that were found bad."""
    try:
        positions = [int(text) for text in line("positions").split(",") if text.isascii() and text.isdigit()]
        with begin() as unit:
            inspections.scrap_bad(unit, order_id=order_id, positions=positions, below=BELOW)
    except Trouble as trouble:
        return _page(order_id, order_page.wrong(trouble))
    flash(_("已报废 %(count)s 张坏标签。", count=amount(len(positions))))
    return redirect(order_page.url(order_id), 303)


def _page(order_id: str, wrong: Slips, report: inspections.Report | None = None) -> Response:
    with look() as unit:
        order = codes.get(unit, order_id)
        values: dict[str, Any] = {
            "order": order,
            "jobs": _sheets(unit, order_id),
            "form": {name: line(name) for name in FIELDS},
            "report": report,
            "tones": TONES,
            "below": BELOW,
            **(_mapped(unit, report) if report else {}),
        }
        return make_response(page(unit, "inspection.html", slips=wrong, **values), wrong.status)


def _sheets(unit: Unit, order_id: str) -> list[Any]:
    """The finished files of an order that have pages."""
    return [job for job in printing.jobs(unit, order_id) if job.state == "ready" and job.format in inspections.SHEETS]


def _mapped(unit: Unit, report: inspections.Report) -> dict[str, Any]:
    """How wide the sheet is in labels, and the worst of them."""
    cells = layout.sheet(printing.roll(unit, line("job_id"))[1])
    order = "".join(inspections.GRADES)
    seen = [label for label in report.labels if label.finding.grade]
    worst = sorted(seen, key=lambda label: (order.index(label.finding.grade), label.finding.unused))
    return {
        "columns": cells.columns,
        "rows": -(-len(report.labels) // cells.columns),
        "worst": [label for label in worst if label.finding.grade not in ("A", "B")][:WORST],
    }
