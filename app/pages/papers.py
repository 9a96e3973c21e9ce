"""One paper on the desk: its pages, what each check found, and what people decide about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import paper_view
from app.pages.documents import document, picture
from app.pages.forms import NONE, Slips, line, refused, slips, uploaded
from app.pages.frame import page
from kernel.errors import Invalid, Missing, Trouble, flaw
from kernel.unit import Unit
from suppliers import certificates

bp = Blueprint("papers", __name__, url_prefix="/desk/papers")
LOOKUP: tuple[str, ...] = ("register", "result", "asked_on", "note", "screenshot")
DECIDED: dict[str, Callable[[], str]] = {
    "accept": lambda: _("已认可这份资质。"),
    "reject": lambda: _("已退回这份资质，供应商会看到原因。"),
    "suspend": lambda: _("已暂停这份资质，靠它收进来的批次会跟着暂停。"),
    "resume": lambda: _("已恢复这份资质。"),
}


@bp.get("/<paper_id>")
@staff("quality", "brand_admin")
def show(paper_id: str) -> Response:
    """A paper with its pages, its checks, its history and the lots that lean on it."""
    return _show(paper_id, NONE)


@bp.post("/<paper_id>")
@staff("quality", "brand_admin")
def decide(paper_id: str) -> Response:
    """Accept, reject, suspend or resume it, with a reason that the supplier will read."""
    decision = line("decision")
    return _done(
        paper_id,
        lambda unit: certificates.decide(unit, certificate_id=paper_id, decision=decision, reason=line("reason"), seen=line("seen")),
        lambda: DECIDED[decision](),
    )


@bp.get("/<paper_id>/file")
@staff("quality", "brand_admin")
def file(paper_id: str) -> Response:
    """The document as it was handed in, to keep and never to show in the page: the bytes are a stranger's."""
    with look() as unit:
        return document(unit, paper_id)


@bp.get("/<paper_id>/pages/<int:page>")
@staff("quality", "brand_admin")
def shown_page(paper_id: str, page: int) -> Response:
    """One page (from 1) as a picture that was drawn anew."""
    with look() as unit:
        return picture(certificates.picture(unit, paper_id, page - 1))


@bp.post("/<paper_id>/recheck")
@staff("quality", "brand_admin")
def recheck(paper_id: str) -> Response:
    """Have all its checks run again: trust, lists or rules have changed."""
    return _done(
        paper_id,
        lambda unit: certificates.recheck(unit, certificate_id=paper_id),
        lambda: _("正在重新核对。几秒钟后刷新这一页。"),
    )


@bp.post("/<paper_id>/overrides")
@staff("quality", "brand_admin")
def ask_override(paper_id: str) -> Response:
    """Ask a second person to let a failed check pass."""
    return _done(
        paper_id,
        lambda unit: certificates.propose_override(unit, certificate_id=paper_id, name=line("name"), reason=line("reason")),
        lambda: _("已请第二个人来看。在他同意之前，这一项仍算不符。"),
    )


@bp.post("/<paper_id>/overrides/<override_id>")
@staff("quality", "brand_admin")
def answer_override(paper_id: str, override_id: str) -> Response:
    """The second person lets it pass, or does not."""
    act = certificates.approve_override if line("answer_is") == "approve" else certificates.decline_override
    return _done(
        paper_id,
        lambda unit: act(unit, override_id=_of(unit, paper_id, override_id), answer=line("answer")),
        lambda: _("已记下您的答复。"),
    )


@bp.post("/<paper_id>/lookups")
@staff("quality", "brand_admin")
def record_lookup(paper_id: str) -> Response:
    """What a person found in a public register, with a picture of it."""
    try:
        with begin() as unit:
            certificates.record_lookup(
                unit,
                certificate_id=paper_id,
                register=line("register"),
                result=line("result"),
                asked_on=_day("asked_on"),
                note=line("note"),
                screenshot=uploaded("screenshot") or None,
                seen=line("seen"),
            )
    except Missing:
        raise
    except Trouble as trouble:
        return _show(paper_id, slips(trouble, LOOKUP))
    flash(_("已记下查询结果，核对随之更新。"))
    return redirect(url_for("papers.show", paper_id=paper_id, _anchor="lookups"), 303)


@bp.get("/<paper_id>/lookups/<lookup_id>")
@staff("quality", "brand_admin")
def screenshot(paper_id: str, lookup_id: str) -> Response:
    """What the person saw in the register."""
    with look() as unit:
        row = next((each for each in certificates.lookups(unit, paper_id) if each.id == lookup_id), None)
        if row is None or row.screenshot is None:
            raise Missing("no such picture")
        return picture(unit.outside.vault.get(row.screenshot))


def _show(paper_id: str, wrong: Slips) -> Response:
    with look() as unit:
        values = paper_view.values(unit, paper_id, request.args.get("on", "")[:10])
        typed = {name: line(name) for name in LOOKUP} if wrong.lines else {}
        return make_response(page(unit, "paper.html", slips=wrong, typed=typed, **values), wrong.status)


def _done(paper_id: str, act: Callable[[Unit], object], told: Callable[[], str]) -> Response:
    here = url_for("papers.show", paper_id=paper_id)
    try:
        with begin() as unit:
            act(unit)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(told())
    return redirect(here, 303)


def _of(unit: Unit, paper_id: str, override_id: str) -> str:
    """Raises Missing unless it is an override of this very paper."""
    if all(each.id != override_id for each in certificates.overrides(unit, paper_id)):
        raise Missing("no such override of this paper")
    return override_id


def _day(name: str) -> date:
    try:
        return date.fromisoformat(line(name).strip())
    except ValueError:
        raise Invalid(errors=[flaw(f"/{name}", "date", "must be a date")]) from None
