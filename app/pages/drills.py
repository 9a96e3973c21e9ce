"""Recall drills at the desk: a clock that runs, steps to tick off, and what was found. Nothing else is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import scopes
from app.pages.forms import line, refused
from app.pages.frame import catalogue, page
from kernel.errors import Trouble
from traceability import drills, reach

bp = Blueprint("drills", __name__, url_prefix="/desk/drills")


@bp.post("")
@staff("quality", "brand_admin")
def start() -> Response:
    """Start the clock for what the address names."""
    try:
        with begin() as unit:
            drill = drills.start(unit, scope=scopes.asked(unit).scope)
    except Trouble as trouble:
        return refused(trouble, url_for("recalls.every"))
    return redirect(url_for("drills.show", drill_id=drill.id), 303)


@bp.get("/<drill_id>")
@staff("quality", "brand_admin")
def show(drill_id: str) -> str:
    """The clock, the steps, and what is known of the goods now."""
    with look() as unit:
        drill = drills.get(unit, drill_id)
        found = reach.of(unit, drill.scope["lot_ids"])
        done = {each["step"]: _elapsed(drill, each) for each in drill.steps}
        return page(
            unit,
            "drill.html",
            drill=drill,
            steps=drills.STEPS,
            done=done,
            following=drills.following(drill),
            took=drills.took(drill),
            reached=found,
            numbers=drill.found or drills.numbers(found),
            things=catalogue(unit),
            keep={"drill": drill.id},
        )


@bp.post("/<drill_id>/steps")
@staff("quality", "brand_admin")
def step(drill_id: str) -> Response:
    """The next step is done."""
    here = url_for("drills.show", drill_id=drill_id)
    try:
        with begin() as unit:
            drills.step(unit, drill_id=drill_id, name=line("step"))
    except Trouble as trouble:
        return refused(trouble, here)
    return redirect(here, 303)


@bp.post("/<drill_id>/stop")
@staff("quality", "brand_admin")
def stop(drill_id: str) -> Response:
    """Stop the clock."""
    here = url_for("drills.show", drill_id=drill_id)
    try:
        with begin() as unit:
            drills.stop(unit, drill_id=drill_id, note=line("note"))
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已停表。这次演练已记下。"))
    return redirect(here, 303)


def _elapsed(drill: Any, step: dict[str, Any]) -> str:
    """Minutes and seconds from the start to a step."""
    seconds = int((datetime.fromisoformat(step["at"]) - drill.started_at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"
