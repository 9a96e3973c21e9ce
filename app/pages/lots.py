"""Lots: the list, and the page of one lot with its family, papers, holds and history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth import passwords
from app.auth.guards import staff
from app.doors import begin, look
from app.pages import drawing, family, signatures
from app.pages.forms import line, refused
from app.pages.frame import catalogue, page
from kernel.errors import Trouble
from kernel.unit import Unit
from suppliers import certificates, directory
from traceability import balance, codes, genealogy, holds, intake, lots, moves, recalls, signing, stock
from traceability.events import query

bp = Blueprint("lots", __name__, url_prefix="/desk/lots")
SHOWN = 200
FILTERS = {"kind": ("material", "product"), "state": ("open", "finished", "released"), "standing": ("clear", "held", "recalled")}
WORDS = 10
"""Words of a search that are looked for."""


@dataclass(frozen=True)
class Happening:
    """One line of a lot's history. ``code`` is a word, ``note`` a person's text or a word."""

    code: str
    at: datetime
    place: str | None
    params: dict[str, Any]
    note: str | None


@bp.get("")
@staff("quality", "brand_admin")
def every() -> str:
    """All lots, narrowed and sorted by what the address says."""
    asked = {name: request.args.get(name, "") for name in (*FILTERS, "q", "sort")}
    with look() as unit:
        things = catalogue(unit)
        exact = {name: asked[name] for name, among in FILTERS.items() if asked[name] in among}
        words = {word: _called(things, word) for word in asked["q"].split()[:WORDS]}
        found, count = lots.narrowed(unit, words=words, sort=asked["sort"], limit=SHOWN, **exact)
        return page(unit, "lots.html", lots=found, count=count, things=things, asked=asked, filters=FILTERS)


@bp.get("/<lot_id>")
@staff("quality", "brand_admin")
def show(lot_id: str) -> str:
    """One lot, and everything that has to do with it."""
    with look() as unit:
        kin = genealogy.graph(unit, lot_id)
        lot = next(each for each in kin.lots if each.id == lot_id)
        pairs = [(edge.input, edge.output) for edge in kin.edges]
        return page(
            unit,
            "lot.html",
            lot=lot,
            family={each.id: each for each in kin.lots},
            others=kin.others,
            edges=kin.edges,
            drawing=drawing.draw([each.id for each in kin.lots], pairs, lot_id),
            things=catalogue(unit),
            supplier=directory.supplier(unit, lot.supplier_id) if lot.supplier_id else None,
            papers=_papers(unit, lot_id),
            suppliers={each.id: each for each in directory.suppliers(unit)},
            holds=(found := holds.of_lot(unit, lot_id)),
            signed=signing.several(unit, "hold", [hold.id for hold in found]),
            has_password=passwords.has_password(),
            recall=recalls.of_lot(unit, lot_id),
            history=history_of(unit, lot_id),
            codes=codes.count_of(unit, lot_id),
            states=balance.of_lot(unit, lot_id),
            stock=stock.of(unit, [lot])[lot_id],
            clip=drawing.clip,
        )


@bp.get("/<lot_id>/family.json")
@staff("quality", "brand_admin")
def kin(lot_id: str) -> Response:
    """The family of one lot, laid out, for the script that draws it."""
    with look() as unit:
        answer = jsonify(family.told(genealogy.graph(unit, lot_id), lot_id, catalogue(unit)))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/<lot_id>/hold")
@staff("quality", "brand_admin")
def hold(lot_id: str) -> Response:
    """Hold this lot, with a reason. Signed."""
    here = url_for("lots.show", lot_id=lot_id)
    try:
        proof = signatures.proved()
        with begin() as unit:
            holds.place_signed(unit, lot_id=lot_id, reason=line("reason"), proof=proof)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已暂停这一批，之后的每次扫码都会看到。"))
    return redirect(here, 303)


@bp.post("/<lot_id>/release")
@staff("quality", "brand_admin")
def release(lot_id: str) -> Response:
    """Let a finished lot go to market."""
    here = url_for("lots.show", lot_id=lot_id)
    try:
        with begin() as unit:
            lots.release(unit, lot_id=lot_id)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("已放行。"))
    return redirect(here, 303)


@bp.post("/<lot_id>/codes/release")
@staff("quality", "brand_admin")
def release_codes(lot_id: str) -> Response:
    """All coded items of a released lot go to market."""
    here = url_for("lots.show", lot_id=lot_id)
    try:
        with begin() as unit:
            moves.release_lot(unit, lot_id=lot_id)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(_("这一批的码都放行了。"))
    return redirect(here, 303)


def _called(things: dict[str, Any], word: str) -> list[str]:
    """The products and materials with this word in a name."""
    return [key for key, thing in things.items() if word.casefold() in f"{thing.name_zh} {thing.name_en}".casefold()]


def _papers(unit: Unit, lot_id: str) -> list[Any]:
    """The papers that the lot and all that went into it lean on."""
    leaning = intake.papers_of(unit, {lot_id} | genealogy.back(unit, [lot_id]))
    ids = {paper for papers in leaning.values() for paper in papers}
    found = [certificates.get(unit, paper) for paper in sorted(ids)]
    return sorted(found, key=lambda paper: (paper.supplier_id, paper.kind, paper.id))


def history_of(unit: Unit, lot_id: str) -> list[Happening]:
    """What happened to a lot, newest first."""
    events = query.of_lot(unit, lot_id)
    subjects = query.subjects(unit, [event.id for event in events])
    return [_happening(event, mine=lot_id in subjects[event.id]) for event in reversed(events)]


def _happening(event: Any, *, mine: bool) -> Happening:
    count = sum(span["last"] - span["first"] + 1 for span in event.what.get("codeRanges", ()))
    return Happening(_kind(event, mine=mine), event.event_time, event.read_point, {"count": count}, _note(event))


def _note(event: Any) -> str | None:
    """A person's own words, or the dictionary's word for the reason that was chosen."""
    reason = event.why.get("reason")
    known = f"code.reason.{reason}" if event.what.get("codeRanges") and reason else reason
    return event.why.get("note") or known


def _kind(event: Any, *, mine: bool) -> str:
    if event.declares:
        return "step.undone"
    if event.type == "TransformationEvent":
        return "step.made" if mine else "step.used"
    if event.biz_step == "inspecting":
        return "step.hold_released" if "holdReleased" in event.why else "step.released"
    if event.biz_step == "holding":
        return "step.recalled" if event.disposition == "recalled" else "step.held"
    known = {"receiving": "step.received", "commissioning": "step.commissioned", "decommissioning": "step.voided"}
    return known.get(event.biz_step or "", f"step.{event.biz_step}")
