"""The files of an order: asked for with a proof at real size, watched while they are made, fetched."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.downloads import job_response
from app.pages import order as order_page
from app.pages import wishes
from app.pages.forms import line, refused, whole, whole_or_none
from kernel.errors import Missing, Trouble
from kernel.unit import Unit
from traceability import codes, faces, printing, proofs, reprints

bp = Blueprint("prints", __name__, url_prefix="/desk/orders")


@bp.get("/<order_id>/files")
@staff("quality", "brand_admin")
def files(order_id: str) -> str:
    """The part of the page that changes while files are being made."""
    with look() as unit:
        order = codes.get(unit, order_id)
        return render_template("order_files.html", order=order, **order_page.files(unit, order))


@bp.get("/<order_id>/files/<job_id>")
@staff("quality", "brand_admin")
def download(order_id: str, job_id: str) -> Response:
    """A finished file."""
    with look() as unit:
        if job_id not in {job.id for job in printing.jobs(unit, order_id)}:
            raise Missing("no such file")
        return job_response(unit, job_id)


@bp.post("/<order_id>/files")
@staff("quality", "brand_admin")
def ask(order_id: str) -> Response:
    """Ask for one more file; people count positions from 1."""
    try:
        start, count, wish = whole("start"), whole_or_none("count"), wishes.read()
        with begin() as unit:
            face = line("face") or faces.OUTER
            printing.ask(unit, order_id=order_id, format=line("format"), face=face, start=start - 1, count=count, wish=wish)
    except Trouble as trouble:
        return order_page.draw(order_id, order_page.wrong(trouble), "file")
    flash(_("文件正在生成。"))
    return redirect(order_page.url(order_id, "files-of-order"), 303)


@bp.post("/<order_id>/proof")
@staff("quality", "brand_admin")
def preview(order_id: str) -> Response:
    """What the labels of such a file would look like: alone for a page that asks while somebody types, else in it."""
    with look() as unit:
        shown = wishes.shown([_face(unit, order_id)])
        if request.headers.get("HX-Request") == "true":
            again = url_for("prints.preview", order_id=order_id)
            return make_response(render_template("proof.html", preview=shown, again=again))
    return order_page.draw(order_id, failed="file", preview=shown)


@bp.post("/<order_id>/reprints/<reprint_id>/file")
@staff("quality", "brand_admin")
def ask_again(order_id: str, reprint_id: str) -> Response:
    """The sheets of an approved re-print."""
    try:
        with begin() as unit:
            order = codes.get(unit, order_id)
            wanted = next((each for each in reprints.every(unit, order_id) if each.id == reprint_id and each.state == "approved"), None)
            if wanted is None:
                raise Missing("no such re-print")
            span = {"start": wanted.first - order.first, "count": wanted.last - wanted.first + 1}
            printing.ask(unit, order_id=order_id, format="pdf", reprint_id=wanted.id, **span)
    except Trouble as trouble:
        return refused(trouble, order_page.url(order_id))
    flash(_("文件正在生成。"))
    return redirect(order_page.url(order_id, "files-of-order"), 303)


def _face(unit: Unit, order_id: str) -> wishes.Face:
    face = faces.INNER if line("face") == faces.INNER else faces.OUTER
    return face, lambda wish: proofs.of_order(unit, order_id=order_id, face=face, wish=wish)
