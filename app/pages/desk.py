"""The desk's first page: what waits for a person today, and the decisions on holds."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.auth import passwords
from app.auth.guards import staff
from app.doors import begin, look
from app.pages import paper_queue, signatures
from app.pages.forms import line, refused
from app.pages.frame import catalogue, page
from kernel.errors import Trouble
from kernel.outbox import Delivery, ToldFact
from kernel.unit import Unit
from monitoring import alerts, streams
from suppliers import certificates, directory
from suppliers.certificates.listing import Narrow
from traceability import codes, holds, lots, recalls

bp = Blueprint("desk", __name__, url_prefix="/desk")
SHOWN = 20
"""Holds in force on the first page; the list of held lots has them all."""


@bp.get("")
@staff("quality", "brand_admin")
def home() -> str:
    """Papers to judge, holds to decide, holds in force, alerts, and what could not be delivered."""
    with look() as unit:
        waiting, ringing = holds.waiting(unit), alerts.active(unit)
        active = holds.single(unit)
        held = lots.several(unit, {hold.lot_id for hold in (*waiting, *active)})
        return page(
            unit,
            "desk.html",
            recalls=recalls.waiting(unit),
            me=unit.actor.id,
            has_password=passwords.has_password(),
            papers=(papers := certificates.listing.found(unit, Narrow(standing="needs_person"), limit=SHOWN)),
            paper_why=paper_queue.reasons(unit, papers),
            paper_counts=certificates.listing.counts(unit),
            suppliers={each.id: each for each in directory.suppliers(unit)},
            proposed=waiting,
            in_force=active[:SHOWN],
            in_force_count=len(active),
            lots=held,
            counts={lot_id: codes.count_of(unit, lot_id) for lot_id in {hold.lot_id for hold in (*waiting, *active[:SHOWN])}},
            things=catalogue(unit),
            alerts=ringing,
            streams={each.no: each for each in streams.streams(unit)} if ringing else {},
            dead=_dead(unit),
        )


@bp.post("/holds/<hold_id>/confirm")
@staff("quality", "brand_admin")
def confirm(hold_id: str) -> Response:
    """Agree with a proposal: the lot is held from now on. Signed."""
    try:
        proof = signatures.proved()
        with begin() as unit:
            holds.confirm(unit, hold_id=hold_id, proof=proof)
    except Trouble as trouble:
        return refused(trouble, _back(hold_id))
    flash(_("已暂停这一批，之后的每次扫码都会看到。"))
    return redirect(_back(hold_id), 303)


@bp.post("/holds/<hold_id>/decline")
@staff("quality", "brand_admin")
def decline(hold_id: str) -> Response:
    """Reject a proposal, with a reason. Signed."""
    try:
        proof = signatures.proved()
        with begin() as unit:
            holds.decline(unit, hold_id=hold_id, why=line("why"), proof=proof)
    except Trouble as trouble:
        return refused(trouble, _back(hold_id))
    flash(_("已记下：不暂停。"))
    return redirect(_back(hold_id), 303)


@bp.post("/holds/<hold_id>/release")
@staff("quality", "brand_admin")
def release(hold_id: str) -> Response:
    """End a hold, with a reason. Signed."""
    try:
        proof = signatures.proved()
        with begin() as unit:
            holds.release(unit, hold_id=hold_id, why=line("why"), proof=proof)
    except Trouble as trouble:
        return refused(trouble, _back(hold_id))
    flash(_("已解除这条暂停。"))
    return redirect(_back(hold_id), 303)


def _back(hold_id: str) -> str:
    """Where the decision was made. Raises Missing for a hold that is not there, or not ours."""
    if line("back") != "lot":
        return url_for("desk.home")
    with look() as unit:
        return url_for("lots.show", lot_id=holds.get(unit, hold_id).lot_id)


def _dead(unit: Unit) -> int:
    """How many of this brand's deliveries were given up and wait for a person."""
    query = select(func.count()).select_from(Delivery).join(ToldFact, ToldFact.id == Delivery.fact_id)
    return unit.session.scalar(query.where(Delivery.state == "dead", ToldFact.brand_id == unit.brand_id)) or 0
