"""One paper on the desk: what it says, what each check found, and a person's decision."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, flash, redirect, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.findings import found
from app.pages.forms import line, refused
from app.pages.frame import page
from kernel.errors import Trouble
from kernel.unit import Unit
from suppliers import certificates, directory
from traceability import intake, lots

bp = Blueprint("papers", __name__, url_prefix="/desk/papers")


@bp.get("/<paper_id>")
@staff("quality", "brand_admin")
def show(paper_id: str) -> str:
    """A paper with its checks, its history and the lots that lean on it."""
    with look() as unit:
        paper = certificates.get(unit, paper_id)
        return page(
            unit,
            "paper.html",
            paper=paper,
            supplier=directory.supplier(unit, paper.supplier_id),
            outcomes=found(certificates.outcomes(unit, paper_id)),
            history=certificates.history(unit, paper_id),
            lots=list(lots.several(unit, intake.leaning_on(unit, paper_id)).values()),
        )


@bp.post("/<paper_id>")
@staff("quality", "brand_admin")
def decide(paper_id: str) -> Response:
    """Accept or reject it, with a reason that the supplier will read."""
    here, accept = url_for("papers.show", paper_id=paper_id), line("decision") == "accept"
    try:
        with begin() as unit:
            certificates.decide(unit, certificate_id=paper_id, accept=accept, reason=line("reason"))
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已认可这份资质。") if accept else _("已退回这份资质，供应商会看到原因。"))
    return redirect(here, 303)


@bp.get("/<paper_id>/file")
@staff("quality", "brand_admin")
def file(paper_id: str) -> Response:
    """The document as it was handed in, to keep and never to show in the page: the bytes are a stranger's."""
    with look() as unit:
        return document(unit, paper_id)


def document(unit: Unit, paper_id: str) -> Response:
    """A paper's bytes as a download."""
    paper = certificates.get(unit, paper_id)
    content = BytesIO(certificates.content(unit, paper_id))
    response = send_file(content, mimetype=paper.media_type or "application/octet-stream", as_attachment=True, download_name=paper.filename)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
