"""The fraud desk: what scans made the house suspect, the evidence of each case, and a person's decision."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages import case_words
from app.pages.columns import columns
from app.pages.forms import line, refused
from app.pages.frame import page
from kernel.errors import Missing, Trouble
from kernel.unit import Unit
from traceability import cases, codes, lots, products, reports, sightings

bp = Blueprint("fraud", __name__, url_prefix="/desk/fraud")
FILTERS: Final = {"state": cases.STATES, "kind": cases.KINDS}
SHOWN: Final = 100
ON_MAP: Final = 50
AT_ONCE: Final = 1_000
TONES: Final = {"copied": "stop", "roll": "stop", "diverted": "look"}


@dataclass(frozen=True)
class About:
    """What a case is about, as far as it is still known: a product, and of one item its place in the books too."""

    product: Any = None
    lot: Any = None
    order: Any = None
    position: int | None = None
    state: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class Row:
    case: Any
    about: About
    why: list[str]


@bp.get("")
@staff("quality", "brand_admin")
def every() -> str:
    """All cases, open ones first and the likeliest on top, narrowed by what the address says; and where they were seen."""
    asked = _asked()
    with look() as unit:
        counts = cases.counts(unit)
        found = cases.every(unit, **_narrow(asked), limit=SHOWN, likeliest=True)
        return page(
            unit,
            "fraud.html",
            rows=_rows(unit, found),
            count=sum(number for key, number in counts.items() if _fits(key, asked)),
            open=sum(number for (_kind, state), number in counts.items() if state == "open"),
            total=sum(counts.values()),
            points=_points(unit, [case for case in found if case.state == "open"]),
            clusters=_clusters(unit),
            asked=asked,
            filters=FILTERS,
            words=case_words,
        )


@bp.get("/cases.csv")
@staff("quality", "brand_admin")
def export() -> FlaskResponse:
    """The same list, whole and the newest first, as a table of CSV."""
    asked, file = _asked(), StringIO()
    with look() as unit:
        rows = csv.writer(file)
        rows.writerow(["id", "kind", "state", "probability", "opened_at", "updated_at", "gtin", "lot", "why", "note"])
        for row in _all_rows(unit, asked):
            case = row.case
            moments = [at.isoformat(timespec="seconds") for at in (case.opened_at, case.updated_at)]
            chance = "" if case.probability is None else f"{case.probability:.6f}"
            lot = row.about.lot.code if row.about.lot else ""
            texts = [case.gtin or "", lot, _("；").join(row.why), case.note or ""]
            rows.writerow([case.id, case.kind, case.state, chance, *moments, *(plain(text) for text in texts)])
    headers = {"Content-Disposition": "attachment; filename=cases.csv"}
    return FlaskResponse("\ufeff" + file.getvalue(), mimetype="text/csv", headers=headers)  # the mark tells spreadsheets that it is UTF-8


@bp.get("/<case_id>")
@staff("quality", "brand_admin")
def show(case_id: str) -> str:
    """One case with its evidence, and what can be done about it."""
    with look() as unit:
        case = cases.get(unit, case_id)
        values: dict[str, Any] = {"case": case, "about": _about(unit, case), "why": case_words.why(case.kind, case.evidence)}
        if case.kind == "copied":
            values |= _of_item(unit, case)
        elif case.kind == "roll" and case.gtin:
            values |= _days(sightings.days_of(unit, gtin=case.gtin, key_version=case.key_version, first=case.first, last=case.last))
        elif case.kind == "diverted":
            values["outside"] = _counted(case.evidence.get("outside"))
        elif case.kind == "guessing":
            values |= _stretches(case.evidence)
        return page(unit, "case.html", words=case_words, **values)


@bp.post("/<case_id>/confirm")
@staff("quality", "brand_admin")
def confirm(case_id: str) -> Response:
    """It is what it looks like."""
    return _decided(
        case_id, lambda unit: cases.confirm(unit, case_id=case_id, note=line("note")), _("已确认。接下来能做什么，写在这一页。")
    )


@bp.post("/<case_id>/dismiss")
@staff("quality", "brand_admin")
def dismiss(case_id: str) -> Response:
    """It is nothing, with the reason why."""
    return _decided(
        case_id, lambda unit: cases.dismiss(unit, case_id=case_id, note=line("note")), _("已记下：没有问题。明显变严重时会再提醒。")
    )


@bp.post("/<case_id>/reopen")
@staff("quality", "brand_admin")
def reopen(case_id: str) -> Response:
    """Take the decision back."""
    return _decided(case_id, lambda unit: cases.reopen(unit, case_id=case_id), _("已撤回决定，重新待处理。"))


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula (CWE-1236)."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _decided(case_id: str, decide: Callable[[Unit], Any], told: str) -> Response:
    here = url_for("fraud.show", case_id=case_id)
    try:
        with begin() as unit:
            decide(unit)
    except Trouble as trouble:
        return refused(trouble, here)
    flash(told)
    return redirect(here, 303)


def _asked() -> dict[str, str]:
    given = {name: request.args.get(name, "") for name in FILTERS}
    return {name: value if value in FILTERS[name] else "" for name, value in given.items()}


def _narrow(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value or None for name, value in asked.items()}


def _fits(key: tuple[str, str], asked: dict[str, str]) -> bool:
    return asked["kind"] in ("", key[0]) and asked["state"] in ("", key[1])


def _rows(unit: Unit, found: Iterable[Any]) -> list[Row]:
    shown = list(found)
    places = _places(unit, shown)
    return [Row(case, places[case.id], case_words.why(case.kind, case.evidence)) for case in shown]


def _all_rows(unit: Unit, asked: dict[str, str]) -> Iterator[Row]:
    """Page by page, so that however many there are they never lie in memory at once."""
    last = None
    while found := cases.every(unit, **_narrow(asked), limit=AT_ONCE, before=last):
        last = found[-1].id
        yield from _rows(unit, found)
        unit.session.expunge_all()


def _about(unit: Unit, case: Any) -> About:
    about = _places(unit, [case])[case.id]
    return replace(about, link=_link(unit, case)) if about.order and case.first == case.last else about


def _places(unit: Unit, found: Sequence[Any]) -> dict[str, About]:
    """What these cases are about, by case: a statement a table, however many there are."""
    things = {product.gtin: product for product in products.every(unit)}
    ranges = cases.ranges(unit, [case.id for case in found])
    of_orders = codes.several(unit, {row.order_id for row in ranges.values()})
    of_lots = lots.several(unit, {row.lot_id for row in ranges.values() if row.lot_id})
    places = {}
    for case in found:
        product, row = things.get(case.gtin), ranges.get(case.id)
        if row is None:
            places[case.id] = About(product)
        else:
            order = of_orders[row.order_id]
            places[case.id] = About(product, of_lots.get(row.lot_id), order, case.first - order.first + 1, row.state)
    return places


def _link(unit: Unit, case: Any) -> str | None:
    try:
        return codes.link_of(unit, gtin=case.gtin, key_version=case.key_version, counter=case.first)
    except Missing:
        return None


def _points(unit: Unit, found: Sequence[Any]) -> list[tuple[str, int, str]]:
    """Where the items of open cases were looked at, and where diverted goods were; the worse tone first."""
    items = [(case.gtin, case.key_version, case.first) for case in found if case.kind == "copied" and case.gtin][:ON_MAP]
    points = [(region, count, TONES["copied"]) for region, count in sightings.by_region(unit, items).items()]
    for case in found:
        if case.kind == "diverted":
            points += [(region, count, TONES["diverted"]) for region, count in _counted(case.evidence.get("outside"))]
    return points


def _clusters(unit: Unit) -> list[tuple[Any, Any]]:
    found = reports.clusters(unit)
    known = lots.several(unit, {each.lot_id for each in found})
    return [(each, known[each.lot_id]) for each in found if each.lot_id in known]


def _of_item(unit: Unit, case: Any) -> dict[str, Any]:
    item = {"gtin": case.gtin, "key_version": case.key_version, "counter": case.first}
    if case.gtin is None:
        return {}
    seen = sightings.of_item(unit, **item)
    told = reports.of_item(unit, **item)
    where = list(sightings.by_region(unit, [(case.gtin, case.key_version, case.first)]).items())
    days = sightings.days_of(unit, gtin=case.gtin, key_version=case.key_version, first=case.first, last=case.first)
    return {"seen": seen, "told": told, "number": reports.number, "where": where, "devices": _devices(seen), **_days(days)}


def _devices(seen: Iterable[Any]) -> int:
    return len({each.device for each in seen if each.device})


def _days(told: sightings.Days) -> dict[str, Any]:
    rows = list(zip(told.days, told.looks, strict=True))
    return {"days": rows, "bars": columns(told.looks), "peak": max(rows, key=lambda row: row[1], default=None)}


def _stretches(evidence: dict[str, Any]) -> dict[str, Any]:
    rows = [(datetime.fromisoformat(at).astimezone(UTC), looks, unknown) for at, looks, unknown in evidence.get("stretches") or ()]
    since = datetime.fromisoformat(evidence["since"]) if rows else None
    return {"stretches": rows, "since": since, "bars": columns([row[1] for row in rows], [row[2] for row in rows])}


def _counted(given: Any) -> list[tuple[str, int]]:
    """Regions with their numbers, the most first."""
    return sorted(((str(code), int(count)) for code, count in (given or {}).items()), key=lambda each: (-each[1], each[0]))
