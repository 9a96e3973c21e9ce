"""Becoming a member, and the member's own page.

What is on its way between the two steps of joining (the challenge, the ticket, the ticks) lies in
the signed session; the number that was typed is not kept anywhere by this room.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.auth.guards import open_door, ticket_door
from app.auth.members import member_here, sign_in, sign_out
from app.auth.tickets import read_scan
from app.doors import begin, look
from app.pages.look import language, tell
from kernel.errors import Invalid, Missing, TooMany
from kernel.orm import Brand
from kernel.unit import VISITOR, Actor
from members import consent, enrolment, identity, profile

bp = Blueprint("member", __name__)
SURFACE = "scan-page"


@bp.post("/join/open")
@ticket_door
def start() -> AnyResponse:
    """From the scan page, which sets no cookie: the ticket begins a session."""
    ticket = request.form.get("ticket", "")
    if read_scan(ticket) is not None:
        session["ticket"] = ticket
    return redirect(url_for("member.join_page"), 303)


@bp.get("/join")
@open_door
def join_page() -> str:
    """The form again, for a browser that came from a scan; for any other, how to get there."""
    return _form(str(session.get("ticket", "")))


@bp.post("/join")
@open_door
def join() -> AnyResponse:
    """Ask for a code to the phone."""
    ticket, marketing = request.form.get("ticket", ""), "marketing" in request.form
    scan = read_scan(ticket)
    if scan is None:
        return make_response(_form(""), 422)
    session["ticket"] = ticket
    if "membership" not in request.form:
        return make_response(_form(ticket, {"membership": _("请先看一下会员说明，同意后再继续")}), 422)
    try:
        with begin(VISITOR) as unit:
            unit.enter(scan[1])
            challenge_id = identity.ask_code(unit, phone=request.form.get("phone", ""), language=language())
    except (Invalid, TooMany) as trouble:
        status = 422 if isinstance(trouble, Invalid) else 429
        return make_response(_form(ticket, {"phone": tell(f"problem.{trouble.code}", trouble.more)}), status)
    session["joining"] = {"challenge": challenge_id, "marketing": marketing}
    return redirect(url_for("member.code_page"), 303)


@bp.get("/join/code")
@open_door
def code_page() -> AnyResponse:
    """Where the code from the message is typed."""
    if "joining" not in session:
        return redirect(url_for("member.join_page"))
    return make_response(render_template("join_code.html", error=None))


@bp.post("/join/code")
@open_door
def code() -> AnyResponse:
    """Judge the code; the right one makes or finds the member."""
    joining, scan = session.get("joining"), read_scan(str(session.get("ticket", "")))
    if joining is None or scan is None:
        return redirect(url_for("member.join_page"), 303)
    with begin(VISITOR) as unit:
        unit.enter(scan[1])
        joined = enrolment.join(
            unit,
            challenge_id=joining["challenge"],
            code=request.form.get("code", "")[:20],
            scan_id=scan[0],
            consents={consent.MEMBERSHIP: True, consent.MARKETING: bool(joining["marketing"])},
            language=language(),
            surface=SURFACE,
        )
    if joined.member_id is None:
        error = tell(str(joined.reason), {"tries_left": joined.tries_left})
        return make_response(render_template("join_code.html", error=error), 422)
    sign_in(joined.member_id, scan[1])
    flash(_("欢迎加入") if joined.new else _("欢迎回来"))
    return redirect(url_for("member.me"), 303)


@bp.get("/me")
@open_door
def me() -> AnyResponse:
    """My items, my notices, what is known of me, and the way out."""
    actor = _member()
    if actor is None:
        return redirect(url_for("member.join_page"))
    try:
        with look(actor) as unit:
            page: dict[str, Any] = {
                "brand": unit.session.get_one(Brand, unit.brand_id).name,
                "items": profile.items(unit, actor.id),
                "notices": profile.notices(unit, actor.id),
                "known": profile.known(unit, actor.id),
                "texts": consent.shown(unit, language=language()),
                "wanted": consent.current(unit, actor.id),
            }
    except Missing:  # left, on another phone
        sign_out()
        return redirect(url_for("member.join_page"))
    response = make_response(render_template("me.html", **page))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/me/consent")
@open_door
def change_consent() -> AnyResponse:
    """One switch beside one purpose."""
    purpose, given = request.form.get("purpose", ""), request.form.get("given") == "yes"
    with begin(_signed_in()) as unit:
        consent.change(unit, member_id=unit.actor.id, purpose=purpose, given=given, language=language(), surface="me")
    flash(_("已按您的意思更改"))
    return redirect(url_for("member.me", _anchor="known"), 303)


@bp.post("/me/notices/<notice_id>/read")
@open_door
def read_notice(notice_id: str) -> AnyResponse:
    with begin(_signed_in()) as unit:
        profile.read(unit, member_id=unit.actor.id, notice_id=notice_id)
    return redirect(url_for("member.me"), 303)


@bp.post("/me/leave")
@open_door
def leave() -> AnyResponse:
    """Be forgotten."""
    with begin(_signed_in()) as unit:
        profile.leave(unit, member_id=unit.actor.id)
    session.clear()
    flash(_("您已退出会员，手机号码和查询记录已删除"))
    return redirect(url_for("member.join_page"), 303)


@bp.post("/me/out")
@open_door
def out() -> AnyResponse:
    """Sign out on this browser."""
    sign_out()
    flash(_("已在这台设备上退出登录"))
    return redirect(url_for("member.join_page"), 303)


def _form(ticket: str, errors: dict[str, str] | None = None) -> str:
    scan = read_scan(ticket)
    if scan is None:
        return render_template("join.html", texts=None, brand=None, ticket=None, errors={}, form={})
    with look(VISITOR) as unit:
        unit.enter(scan[1])
        brand, texts = unit.session.get_one(Brand, scan[1]).name, consent.shown(unit, language=language())
    return render_template("join.html", texts=texts, brand=brand, ticket=ticket, errors=errors or {}, form=request.form)


def _member() -> Actor | None:
    here = member_here()
    return Actor("member", here[0], here[1]) if here else None


def _signed_in() -> Actor:
    actor = _member()
    if actor is None:
        raise Missing("no member is signed in here")
    return actor
