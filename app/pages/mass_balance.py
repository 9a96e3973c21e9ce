"""Whether it adds up: what each site and lot took in and gave out in a time, and which events explain what is too much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from app.api.books import account_rows, as_csv
from app.auth.guards import staff
from app.doors import look
from app.pages.forms import NONE, Slips, slips
from app.pages.frame import catalogue, page
from app.pages.look import amount
from kernel.errors import Invalid, Trouble, flaw
from kernel.given import CHINA, YEARS, day_of
from kernel.unit import Unit
from traceability import accounting
from traceability.mass_balance import Account, Explanation

bp = Blueprint("mass_balance", __name__, url_prefix="/desk/mass-balance")
SHOWN: Final = 100
DAYS: Final = (7, 30, 90, 365)
WIDE: Final = 200
"""Of a pair of bars, in units of the drawing."""


@dataclass(frozen=True)
class Asked:
    """Days in China, both in; ``tolerance`` in per cent as it was typed."""

    since: str
    until: str
    site: str
    tolerance: str


@bp.get("")
@staff("quality", "brand_admin")
def show() -> Response:
    """The books of a time: ``?since=``, ``?until=`` (days, both in), ``?site=``, ``?tolerance=`` (per cent)."""
    with look() as unit:
        asked, books, wrong = _asked(unit), None, NONE
        try:
            books = _books(unit, asked)
        except Trouble as trouble:
            wrong = _told(trouble)
        values = {"asked": asked, "books": books, "slips": wrong, "things": catalogue(unit), "most": SHOWN, "presets": _presets(unit)}
        return make_response(page(unit, "mass_balance.html", bars=bars, behind=behind, rounded=rounded, **values), wrong.status)


@bp.get("/sheet.csv")
@staff("quality", "brand_admin")
def sheet() -> Response:
    """The lots of the same books as a sheet."""
    with look() as unit:
        return as_csv(account_rows(_books(unit, _asked(unit))))


def bars(account: Account) -> tuple[float, float, float]:
    """How wide the bar of what came in is, and of what went out: the part that is allowed, and what is too much."""
    most = max(account.inflow, account.outflow)
    if not most:
        return 0.0, 0.0, 0.0
    wide = Decimal(WIDE) / most
    return float(account.inflow * wide), float((account.outflow - account.excess) * wide), float(account.excess * wide)


def behind(account: Account, why: Explanation) -> list[dict[str, Any]]:
    """The events of an explanation, as their movements tell them."""
    found = []
    for event_id in why.events:
        lines = [line for line in account.lines if line.movement.event_id == event_id and line.amount > 0]
        taken = sum((line.amount for line in lines), Decimal(0))
        if lines:
            found.append({"at": lines[0].movement.at, "kind": lines[0].movement.kind, "amount": amount(rounded(taken), account.uom)})
    return found


def rounded(value: Decimal) -> Decimal:
    """Without the zeros of a conversion, to three decimals."""
    return value.quantize(Decimal("0.001")).normalize() + 0


def _asked(unit: Unit) -> Asked:
    today = day_of(unit.now)
    usual = {"since": (today - timedelta(days=29)).isoformat(), "until": today.isoformat(), "site": "", "tolerance": "2"}
    return Asked(**{name: request.args.get(name, "").strip() or text for name, text in usual.items()})


def _presets(unit: Unit) -> list[tuple[int, str, str]]:
    today = day_of(unit.now)
    return [(days, (today - timedelta(days=days - 1)).isoformat(), today.isoformat()) for days in DAYS]


def _books(unit: Unit, asked: Asked) -> accounting.Books:
    since, until = _day("since", asked.since), _day("until", asked.until)
    try:
        tolerance = Decimal(asked.tolerance) / 100
    except ArithmeticError:
        raise Invalid(errors=[flaw("/tolerance", "number", "must be a number")]) from None
    return accounting.of_time(
        unit, since=_start(since), until=_start(until + timedelta(days=1)), site=asked.site or None, tolerance=tolerance
    )


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(errors=[flaw(f"/{name}", "day", "must be a day")]) from None
    if day.year not in YEARS:
        raise Invalid(errors=[flaw(f"/{name}", "years", "lies too far away", first=YEARS.start, last=YEARS.stop - 1)])
    return day


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _told(trouble: Trouble) -> Slips:
    return slips(trouble, ("since", "until", "tolerance"))
