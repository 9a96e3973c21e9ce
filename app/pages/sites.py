"""Where the places are that lots name: the way of a lot is drawn from it on the scan page."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, line, refused, slips
from app.pages.frame import page
from app.pages.look import language
from kernel.errors import Trouble
from traceability import regions, sites

bp = Blueprint("sites", __name__, url_prefix="/desk/sites")
FIELDS: Final = ("name", "region")


@bp.get("")
@staff("quality", "brand_admin")
def every() -> Response:
    """Those that are placed, those that are not, and the form; ``?name=`` fills it in."""
    return _page(NONE)


@bp.post("")
@staff("quality", "brand_admin")
def put() -> Response:
    """Say where a place is."""
    try:
        with begin() as unit:
            site = sites.put(unit, name=line("name"), region=line("region"))
            name, where = site.name, regions.name(site.region, language()[:2])
    except Trouble as trouble:
        return _page(slips(trouble, FIELDS))
    flash(_("已保存：%(name)s 在%(where)s。", name=name, where=where))
    return redirect(url_for("sites.every"), 303)


@bp.post("/remove")
@staff("quality", "brand_admin")
def remove() -> Response:
    """Forget where a place is."""
    try:
        with begin() as unit:
            sites.remove(unit, name=line("name"))
    except Trouble as trouble:
        return refused(trouble, url_for("sites.every"))
    flash(_("已移除。"))
    return redirect(url_for("sites.every"), 303)


def _page(wrong: Slips) -> Response:
    with look() as unit:
        known, unplaced = sites.every(unit), sites.nowhere(unit)
    tongue = language()[:2]
    first = unplaced[0] if unplaced else ""
    asked = request.args.get("name", first)[: sites.LONGEST]
    written = {site.name: regions.name(site.region, tongue) for site in known}.get(asked, "")
    values = {
        "sites": [(site, regions.name(site.region, tongue), _above(site.region, tongue)) for site in known],
        "unplaced": unplaced,
        "points": _counted([site.region for site in known]),
        "regions": [(regions.name(region.code, tongue), _above(region.code, tongue)) for region in sorted(regions.every(), key=_abroad)],
        "form": {name: request.form.get(name, {"name": asked, "region": written}[name]) for name in FIELDS},
    }
    with look() as unit:
        return make_response(page(unit, "sites.html", slips=wrong, **values), wrong.status)


def _above(code: str, tongue: str) -> str:
    """The province of a city; nothing for what lies in a country straight."""
    parent = regions.parent(code)
    return regions.name(parent, tongue) if parent and regions.parent(parent) else ""


def _abroad(region: regions.Region) -> bool:
    return region.parent is None


def _counted(codes: list[str]) -> list[tuple[str, int]]:
    return [(code, codes.count(code)) for code in dict.fromkeys(codes)]
