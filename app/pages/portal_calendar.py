"""What is asked of this supplier before anything is uploaded, and by when its papers are renewed: for people, calendars and machines."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import format_date

from app.auth.guards import staff
from app.doors import look
from app.pages.firm import own, portal_page
from app.telling import language
from kernel.errors import Invalid, flaw
from kernel.given import day_of
from suppliers import directory, reminders, rules
from suppliers.requirements import CATEGORIES, KINDS, Requirement, as_json, required, rules_version

bp = Blueprint("portal_calendar", __name__, url_prefix="/portal")


@bp.get("/calendar")
@staff("supplier")
def renewals() -> str:
    """The steps to come, by month, and the papers whose step is due now."""
    with look() as unit:
        found = reminders.upcoming(unit, own(unit))
        today = day_of(unit.now)
        steps = [(step, each.certificate) for each in found for step in each.steps if step.on > today]
        steps.sort(key=lambda pair: (pair[0].on, pair[1].id))
        months = [(_month(day), list(rows)) for day, rows in groupby(steps, key=lambda pair: pair[0].on.replace(day=1))]
        due = [each for each in found if each.due is not None]
        return portal_page(unit, "portal_calendar.html", months=months, due=due, today=today)


@bp.get("/calendar.ics")
@staff("supplier")
def calendar_file() -> Response:
    """The same days as a calendar (RFC 5545)."""
    with look() as unit:
        text = reminders.calendar_file(unit, own(unit), language=language())
    headers = {"Content-Disposition": 'attachment; filename="renewals.ics"', "Cache-Control": "private, no-store"}
    return Response(text, content_type="text/calendar; charset=utf-8", headers=headers)


@bp.get("/requirements")
@staff("supplier")
def asked() -> str:
    """Which papers are asked, for what and why, when they are renewed and where they are looked up."""
    with look() as unit:
        who, today = directory.supplier(unit, own(unit)), day_of(unit.now)
        chosen, extra = _category(), rules.extra(unit)  # noqa: S610 (the brand's rows, nothing of Django's)
        materials = directory.supplied_by(unit, who.id)
        if chosen:
            groups: list[tuple[Any, tuple[Requirement, ...]]] = [(None, required(who.kind, who.market, chosen, day=today, extra=extra))]
        else:
            groups = [(each, rules.asked(unit, who, each, today)) for each in materials]
        values: dict[str, Any] = {
            "supplier": who,
            "rows": _merged(groups),
            "chosen": chosen,
            "categories": list(CATEGORIES),
            "kinds": KINDS,
            "materials": materials,
            "version": rules_version(extra),
        }
        return portal_page(unit, "portal_requirements.html", **values)


@bp.get("/requirements.json")
@staff("supplier")
def asked_as_json() -> Response:
    """The same for machines: rows, kinds, registers and the version of the rules."""
    with look() as unit:
        who, chosen, today = directory.supplier(unit, own(unit)), _category() or None, day_of(unit.now)
        extra = rules.extra(unit)  # noqa: S610 (the brand's rows, nothing of Django's)
        rows = as_json(day=today, market=who.market, supplier_kind=who.kind, category=chosen, extra=extra)
    response: Response = jsonify(rows)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _category() -> str:
    """The category of material that was asked about; none for those that the supplier is listed for. Raises Invalid."""
    chosen = request.args.get("category", "")
    if chosen and chosen not in CATEGORIES:
        raise Invalid(errors=[flaw("/category", "choice", "no such category")])
    return chosen


def _month(day: date) -> str:
    return str(format_date(day, "MMMM yyyy" if language() == "en" else "y年M月", rebase=False))


def _merged(groups: list[tuple[Any, tuple[Requirement, ...]]]) -> list[list[tuple[Requirement, list[Any]]]]:
    """The rows that ask for the same papers together, each with the materials that ask it: what is asked for certain first, what each
    lot brings last."""
    found: dict[str, tuple[Requirement, list[Any]]] = {}
    for material, rows in groups:
        for row in rows:
            materials = found.setdefault(row.id, (row, []))[1]
            if material is not None:
                materials.append(material)
    papers: dict[tuple[str, ...], list[tuple[Requirement, list[Any]]]] = {}
    for pair in sorted(found.values(), key=lambda pair: pair[0].optional):
        papers.setdefault(pair[0].kinds, []).append(pair)
    return sorted(papers.values(), key=lambda pairs: (pairs[0][0].optional, pairs[0][0].per == "lot"))
