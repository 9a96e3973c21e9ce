"""The supplier's portal: what we need from you, hand it in, see at once what the checks say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.api.suppliers import certificate_form
from app.auth.guards import staff
from app.doors import begin, look
from app.pages.findings import because, found
from app.pages.forms import NONE, Slips, line, slips
from app.pages.frame import page
from app.pages.papers import document
from kernel.errors import Invalid, Missing, Trouble, flaw
from kernel.unit import Unit
from suppliers import certificates, directory
from suppliers.checks import CHECKS
from suppliers.requirements import KINDS

bp = Blueprint("portal", __name__, url_prefix="/portal")
FIELDS = ("kind", "number", "holder_name", "holder_uscc", "issuer_name", "valid_from", "valid_until", "file")
WORDS = FIELDS[:-1]
STANDS = ("accepted", "lapsing", "lapsed")


@bp.get("")
@staff("supplier")
def home() -> Response:
    """What is asked of this supplier, how far each paper is, and the form to hand one in."""
    return _home(NONE)


@bp.post("/papers")
@staff("supplier")
def submit() -> Response:
    """Hand in a paper with the words on it."""
    try:
        with begin() as unit:
            supplier_id = _own(unit)
            form, file = _words(supplier_id), _file()
            paper = certificates.submit(unit, **form, **file)
    except Trouble as trouble:
        return _home(slips(trouble, FIELDS))
    flash(_("收到了，正在核对。"))
    return redirect(url_for("portal.paper", paper_id=paper.id), 303)


@bp.get("/papers/<paper_id>")
@staff("supplier")
def paper(paper_id: str) -> str:
    """One paper: what was read on it, each check, and what follows."""
    with look() as unit:
        return page(unit, "portal_paper.html", **_one(unit, paper_id))


@bp.get("/papers/<paper_id>/checks")
@staff("supplier")
def checks(paper_id: str) -> str:
    """The part of the page that changes while the checks run."""
    with look() as unit:
        return render_template("portal_checks.html", **_one(unit, paper_id))


@bp.get("/papers/<paper_id>/file")
@staff("supplier")
def file(paper_id: str) -> Response:
    """One's own document back."""
    with look() as unit:
        return document(unit, paper_id)


def _home(wrong: Slips) -> Response:
    with look() as unit:
        supplier = directory.supplier(unit, _own(unit))
        papers = certificates.of_supplier(unit, supplier.id)
        values: dict[str, Any] = {
            "supplier": supplier,
            "todos": certificates.todo(unit, supplier.id),
            "renewals": sorted((p for p in papers if p.valid_until and p.standing in STANDS), key=lambda p: (p.valid_until, p.id)),
            "today": unit.now.date(),
            "kinds": KINDS,
            "form": _prefilled(unit, supplier),
        }
        return make_response(page(unit, "portal.html", slips=wrong, **values), wrong.status)


def _one(unit: Unit, paper_id: str) -> dict[str, Any]:
    paper, said = certificates.get(unit, paper_id), found(certificates.outcomes(unit, paper_id))
    notes = [change.note for change in certificates.history(unit, paper_id) if change.note]
    return {
        "paper": paper,
        "outcomes": said,
        "points": because(paper.because, said),
        "note": notes[-1] if notes else None,
        "names": list(CHECKS),
    }


def _prefilled(unit: Unit, supplier: Any) -> dict[str, str]:
    """What was typed; else the words of the paper to mend (``?like=``); else what we know of the supplier."""
    if request.method == "POST":
        return {name: line(name) for name in WORDS}
    known = {"kind": request.args.get("kind", ""), "holder_name": supplier.name, "holder_uscc": supplier.uscc}
    if "like" in request.args:
        like = certificates.get(unit, request.args["like"])
        known |= {name: str(getattr(like, name) or "") for name in WORDS}
    return {name: known.get(name, "") for name in WORDS}


def _own(unit: Unit) -> str:
    if unit.actor.supplier_id is None:
        raise Missing("this account belongs to no supplier")
    return unit.actor.supplier_id


def _words(supplier_id: str) -> dict[str, Any]:
    return certificate_form({name: line(name) for name in WORDS} | {"supplier_id": supplier_id}).model_dump()


def _file() -> dict[str, Any]:
    """The document, whether chosen or photographed: the first of the two inputs that holds one."""
    for upload in (*request.files.getlist("file"), *request.files.getlist("photo")):
        if upload.filename:
            return {"content": upload.read(), "filename": upload.filename, "media_type": upload.mimetype or ""}
    raise Invalid(errors=[flaw("/file", "required", "the paper itself is missing")])
