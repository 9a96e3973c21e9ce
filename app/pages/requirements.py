"""What this brand asks of its suppliers: the matrix with the law behind each row, the brand's own rows, and what a change would close."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import gates
from app.pages.forms import NONE, Slips, line, refused, slips
from app.pages.frame import page
from app.words import say
from kernel.errors import Invalid, Missing, Trouble, flaw
from kernel.given import day_of
from kernel.unit import Unit
from suppliers import foresight, requirements, rules
from suppliers.requirements import CATEGORIES, KINDS, MARKETS, SUPPLIER_KINDS

bp = Blueprint("requirements", __name__, url_prefix="/desk/requirements")
FILTERS: Final = {"market": MARKETS, "supplier_kind": SUPPLIER_KINDS, "category": tuple(CATEGORIES)}
FIELDS: Final = ("market", "supplier_kinds", "categories", "kinds", "per", "citation", "why", "effective_from", "effective_until", "drops")
MANY: Final = ("supplier_kinds", "categories", "kinds")
LEVELS: Final = ("required", "recommended")
MOST_CHANGES: Final = 200


@bp.get("")
@staff("quality", "brand_admin")
def every() -> Response:
    """The matrix, narrowed by what the address says, the brand's own rows, and what a day or a row would change."""
    return _page(NONE)


@bp.post("/rows")
@staff("quality", "brand_admin")
def add_row() -> Response:
    """Ask for one more paper from a day on, or drop a row; with ``try`` only show what it would close."""
    try:
        words = _typed()
        if line("try"):
            with look() as unit:
                draft = {"id": "draft", **words}
                seen = foresight.simulate(unit, day=max(words["effective_from"], day_of(unit.now)), row=draft)
            return _page(NONE, seen)
        with begin() as unit:
            rules.add_row(unit, **words)
    except Trouble as trouble:
        return _page(slips(trouble, FIELDS))
    flash(_("已记下，从 %(day)s 起算。", day=words["effective_from"].isoformat()))
    return redirect(url_for("requirements.every", _anchor="own"), 303)


@bp.post("/rows/<row_id>/end")
@staff("quality", "brand_admin")
def end_row(row_id: str) -> Response:
    """Let a row of the brand's count until a day and no longer."""
    try:
        last = _day("last_day")
        with begin() as unit:
            rules.end_row(unit, row_id=row_id, last_day=last)
    except Trouble as trouble:
        return refused(trouble, url_for("requirements.every"))
    flash(_("已记下，%(day)s 以后不再要求。", day=last.isoformat()))
    return redirect(url_for("requirements.every", _anchor="own"), 303)


def matrix(asked: dict[str, str], extra: tuple[dict[str, Any], ...], day: date) -> dict[str, Any]:
    """The matrix as machines read it, narrowed; for the desk and for everybody."""
    narrow = {name: asked[name] or None for name in FILTERS}
    return requirements.as_json(day=day, extra=extra, **narrow)  # type: ignore[arg-type]


def narrowed() -> dict[str, str]:
    """The filters of the address; what is none of the choices asks for nothing."""
    told = {name: request.args.get(name, "") for name in FILTERS}
    return {name: value if value in FILTERS[name] else "" for name, value in told.items()}


def _page(wrong: Slips, seen: foresight.Foreseen | None = None) -> Response:
    asked = narrowed()
    with look() as unit:
        own, today = rules.rows(unit), day_of(unit.now)
        told = matrix(asked, rules.extra(unit), today)  # noqa: S610 (no ORM of another house)
        seen, failed = (seen, NONE) if seen or wrong.lines else _foreseen(unit)
        posted = request.method == "POST"
        values: dict[str, Any] = {
            "told": told,
            "asked": asked,
            "filters": FILTERS,
            "own": own,
            "by_id": {each.id: each for each in own},
            "seen": seen,
            "most": MOST_CHANGES,
            "failed": failed,
            "what_if": {name: request.args.get(name, "") for name in ("day", "row")},
            "today": today,
            "why": gates.why,
            "all_rows": sorted(requirements.ROWS, key=lambda row: (row.market, row.id)),
            "kinds": sorted(((code, say(f"paper.{code}")) for code in KINDS), key=lambda pair: pair[1]),
            "form": {name: line(name) for name in FIELDS} if posted else {"market": "CN", "effective_from": today.isoformat()},
            "chosen": {name: request.form.getlist(name) for name in MANY},
        }
        return make_response(page(unit, "requirements.html", slips=wrong, **values), max(wrong.status, failed.status))


def _foreseen(unit: Unit) -> tuple[foresight.Foreseen | None, Slips]:
    """What the address asks to be tried: ``day``, and ``row`` for one of the brand's own."""
    text, row_id = request.args.get("day", ""), request.args.get("row", "")
    if not text:
        return None, NONE
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, slips(Invalid(errors=[flaw("/day", "date", "must be a date")]), ("day",))
    row = next((each for each in rules.extra(unit) if each["id"] == row_id), None)  # noqa: S610 (no ORM of another house)
    if row_id and row is None:
        raise Missing("no such requirement")
    return foresight.simulate(unit, day=day, row=row), NONE


def _typed() -> dict[str, Any]:
    """The row of the form. Raises Invalid."""
    drops = line("drops") or None
    words: dict[str, Any] = {name: line(name).strip() for name in ("market", "citation", "why")}
    words |= {name: request.form.getlist(name) for name in MANY}
    chosen = {KINDS[kind].scope for kind in words["kinds"] if kind in KINDS}
    if len(chosen) > 1:
        raise Invalid(errors=[flaw("/kinds", "one_scope", "papers of suppliers and of lots cannot stand for one another")])
    until = _day("effective_until") if line("effective_until").strip() else None
    words |= {"per": next(iter(chosen), "supplier"), "optional": bool(line("optional")), "drops": drops}
    return words | {"effective_from": _day("effective_from"), "effective_until": until}


def _day(name: str) -> date:
    try:
        return date.fromisoformat(line(name).strip())
    except ValueError:
        raise Invalid(errors=[flaw(f"/{name}", "date", "must be a date")]) from None
