"""A file on its way to becoming a paper: dropped, looked at, its words confirmed by a person, or put aside."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.documents import picture
from app.pages.firm import own, people, portal_page
from app.pages.forms import NONE, Slips, flaw_words, line, slips
from app.pages.paper_form import WORDS, confirmed, typed, values_of
from app.pages.portal import drawn
from kernel.errors import Invalid, Trouble, flaw
from suppliers import certificates
from suppliers.requirements import KINDS

bp = Blueprint("portal_uploads", __name__, url_prefix="/portal/uploads")
MOST_AT_ONCE = 20
"""Files in one request; a browser with a script sends them one by one."""


@bp.post("")
@staff("supplier")
def drop() -> Response:
    """Take in one file or several. One leads to its page, several to the list; a bad one among good ones is named."""
    files = [each for each in (*request.files.getlist("file"), *request.files.getlist("photo")) if each.filename]
    kept: list[str] = []
    wrong: list[tuple[str, dict[str, Any]]] = []
    for each in files[:MOST_AT_ONCE]:
        try:
            kept.append(_keep(each))
        except Invalid as trouble:
            wrong.append((each.filename or "", trouble.errors[0]))
    if not kept:
        missing = flaw("/file", "required", "the paper itself is missing")
        return drawn(slips(Invalid(errors=[wrong[0][1] if wrong else missing]), ("file",)))
    for name, error in wrong:
        flash(_("没有收下“%(name)s”：%(why)s", name=name, why=flaw_words(error)), "stop")
    if len(kept) == 1 and not wrong:
        kind = line("kind")
        return redirect(url_for("portal_uploads.show", paper_upload_id=kept[0], kind=kind if kind in KINDS else None), 303)
    flash(_("收到 %(count)s 个文件，请逐个确认。", count=len(kept)))
    return redirect(url_for("portal.home", _anchor="uploads"), 303)


@bp.get("/<paper_upload_id>")
@staff("supplier")
def show(paper_upload_id: str) -> Response:
    """How far the file is: being looked at, ready to be confirmed, or refused."""
    return _shown(paper_upload_id, NONE)


@bp.get("/<paper_upload_id>/reading")
@staff("supplier")
def reading(paper_upload_id: str) -> Response:
    """The part that waits; once the file has been looked at it has the whole page asked for again."""
    with look() as unit:
        row = certificates.uploads.get(unit, paper_upload_id)
        response = make_response(render_template("portal_reading.html", upload=row, waited=unit.now - row.uploaded_at))
        if row.state != "waiting":
            response.headers["HX-Refresh"] = "true"
        return response


@bp.get("/<paper_upload_id>/pages/<int:page>")
@staff("supplier")
def shown_page(paper_upload_id: str, page: int) -> Response:
    """One page (from 1) as a picture that was drawn anew."""
    with look() as unit:
        return picture(certificates.uploads.picture(unit, paper_upload_id, page - 1))


@bp.post("/<paper_upload_id>/confirm")
@staff("supplier")
def confirm(paper_upload_id: str) -> Response:
    """These words stand on it: from now on it is a paper, and checked."""
    try:
        with begin() as unit:
            row = certificates.uploads.get(unit, paper_upload_id)
            paper = certificates.submit(unit, supplier_id=row.supplier_id, upload_id=row.id, **confirmed())
            paper_id = paper.id
    except Trouble as trouble:
        return _shown(paper_upload_id, slips(trouble, WORDS))
    return redirect(url_for("portal_papers.show", paper_id=paper_id), 303)


@bp.post("/<paper_upload_id>/aside")
@staff("supplier")
def put_aside(paper_upload_id: str) -> Response:
    """It was the wrong file."""
    with begin() as unit:
        certificates.uploads.discard(unit, upload_id=paper_upload_id)
    flash(_("已放到一边，不会提交。"))
    return redirect(url_for("portal.home"), 303)


def _keep(file: FileStorage) -> str:
    with begin() as unit:
        return certificates.upload(unit, supplier_id=own(unit), content=file.read(), filename=file.filename or "").id


def _shown(paper_upload_id: str, wrong: Slips) -> Response:
    with look() as unit:
        row = certificates.uploads.get(unit, paper_upload_id)
        if row.state == "confirmed" and not wrong.lines:
            made = next(each for each in certificates.of_supplier(unit, row.supplier_id) if each.sha256 == row.sha256)
            return redirect(url_for("portal_papers.show", paper_id=made.id))
        values: dict[str, Any] = {"upload": row, "slips": wrong, "by": people(unit).get(row.uploaded_by)}
        if row.state in ("read", "confirmed"):
            said = typed() if request.method == "POST" else {}
            return make_response(portal_page(unit, "portal_confirm.html", **values, **values_of(row, said)), wrong.status)
        waited = unit.now - row.uploaded_at
        return make_response(portal_page(unit, "portal_upload.html", waited=waited, **values), wrong.status)
