"""One paper at its supplier's door: its picture, its words, each check as it comes, what follows, and what was said about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import proposals
from app.pages.documents import document, picture
from app.pages.findings import because, found
from app.pages.firm import own, people, portal_page
from app.pages.forms import NONE, Slips, line, refused, slips
from app.pages.paper_form import WORDS, confirmed, labels, typed, values_of
from app.words import say as say_word
from kernel.errors import Trouble
from kernel.unit import Unit
from suppliers import certificates, messages
from suppliers.checks import CHECKS

bp = Blueprint("portal_papers", __name__, url_prefix="/portal/papers")
MENDABLE = ("submitted", "needs_person", "rejected")
"""Standings in which the words may still be mended; of others only another document helps."""


@bp.get("/<paper_id>")
@staff("supplier")
def show(paper_id: str) -> str:
    """One paper with its checks, its history and its messages."""
    with look() as unit:
        values = _one(unit, paper_id) | {"people": people(unit), "labels": labels()}
        values["history"] = [(each, _why(each.because, values["points_of"])) for each in certificates.history(unit, paper_id)]
        values["said"] = list(reversed(messages.thread(unit, own(unit), certificate_id=paper_id)))
        return portal_page(unit, "portal_paper.html", **values)


@bp.get("/<paper_id>/checks")
@staff("supplier")
def checks(paper_id: str) -> str:
    """The part of the page that changes while the checks run."""
    with look() as unit:
        return render_template("portal_checks.html", alone=True, **_one(unit, paper_id))


@bp.get("/<paper_id>/pages/<int:page>")
@staff("supplier")
def shown_page(paper_id: str, page: int) -> Response:
    """One page (from 1) as a picture that was drawn anew."""
    with look() as unit:
        return picture(certificates.picture(unit, paper_id, page - 1))


@bp.get("/<paper_id>/file")
@staff("supplier")
def file(paper_id: str) -> Response:
    """One's own document back."""
    with look() as unit:
        return document(unit, paper_id)


@bp.get("/<paper_id>/mend")
@staff("supplier")
def mend_form(paper_id: str) -> Response:
    """The words again, those that failed marked."""
    return _mending(paper_id, NONE)


@bp.post("/<paper_id>/mend")
@staff("supplier")
def mend(paper_id: str) -> Response:
    """The same document with mended words: it starts anew."""
    try:
        with begin() as unit:
            paper = certificates.get(unit, paper_id)
            source = {"upload_id": paper.upload_id} if paper.upload_id else {"content": certificates.content(unit, paper_id)}
            certificates.submit(unit, supplier_id=paper.supplier_id, **source, **confirmed())
    except Trouble as trouble:
        return _mending(paper_id, slips(trouble, WORDS))
    return redirect(url_for("portal_papers.show", paper_id=paper_id), 303)


@bp.post("/<paper_id>/messages")
@staff("supplier")
def say(paper_id: str) -> Response:
    """A line to the brand about this paper."""
    here = url_for("portal_papers.show", paper_id=paper_id, _anchor="messages")
    try:
        with begin() as unit:
            messages.say(unit, own(unit), line("text"), certificate_id=paper_id, by_name=current_user.name)
    except Trouble as trouble:
        return refused(trouble, here)
    return redirect(here, 303)


def _one(unit: Unit, paper_id: str) -> dict[str, Any]:
    paper, outcomes = certificates.get(unit, paper_id), certificates.outcomes(unit, paper_id)
    order = list(CHECKS)
    said = sorted(found(outcomes), key=lambda each: order.index(each.name) if each.name in order else len(order))
    notes = [change.note for change in certificates.history(unit, paper_id) if change.note]
    wanted = set(paper.because)
    return {
        "paper": paper,
        "open": [each for each in said if each.because in wanted and each.result != "passed"],
        "doubts": [each for each in said if each.result != "passed" and each.because not in wanted],
        "passed": [each for each in said if each.result == "passed"],
        "chips": [(each, _tone(each.result, each.because in wanted)) for each in said],
        "points": because(paper.because, said),
        "fields": {each.name: proposals.to_mend([each]) for each in outcomes},
        "points_of": {each.because: each.sentence for each in said},
        "note": notes[-1] if notes else None,
        "names": order,
        "mendable": paper.standing in MENDABLE,
        "today": unit.now.date(),
    }


def _why(codes: list[str], sentences: dict[str, str]) -> list[str]:
    """In words. What a check said earlier and says no more has lost its values: then only the check is named."""
    return [sentences.get(each) or (say_word(each) if "{" not in say_word(each) else say_word(each.rpartition(".")[0])) for each in codes]


def _tone(result: str, counts: bool) -> str:
    if result == "passed":
        return "good"
    return "stop" if result == "failed" else "look" if counts else "quiet"


def _mending(paper_id: str, wrong: Slips) -> Response:
    with look() as unit:
        paper = certificates.get(unit, paper_id)
        if paper.standing not in MENDABLE and not wrong.lines:
            return redirect(url_for("portal_papers.show", paper_id=paper_id))
        outcomes = certificates.outcomes(unit, paper_id)
        said = {each.name: each for each in found(outcomes)}
        wanted = [each for each in outcomes if each.because in paper.because]
        doubts = {name: said[each.name].sentence for each in wanted for name in proposals.to_mend([each])}
        words = typed() if request.method == "POST" else {name: _text(getattr(paper, name)) for name in WORDS}
        values = values_of(paper, words) | {"paper": paper, "doubts": doubts, "slips": wrong}
        return make_response(portal_page(unit, "portal_mend.html", **values), wrong.status)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(str(each) for each in value)
    return value.isoformat() if isinstance(value, date) else str(value or "")
