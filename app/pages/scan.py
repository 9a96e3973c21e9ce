"""The scan page: what a consumer sees two seconds after the camera.

The verdict is read afresh for every look. What the page says of a lot changes only with the
lot's revision, so pages are kept as frames with holes for what differs from look to look.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request

from app.auth.guards import open_door
from app.auth.members import member_here
from app.auth.tickets import read_scan, sign_scan
from app.database import Database
from app.doors import begin, database, look, together
from app.pages.holes import Frame, Shelf, hole
from app.pages.look import language, spoken_moment
from app.together import Together
from kernel.errors import Invalid
from kernel.orm import Brand
from kernel.unit import VISITOR
from members import visits
from traceability import gs1, passport, recalls, scans
from traceability.scans import Reading

bp = Blueprint("scan", __name__)
FRAMES: Shelf[Frame] = Shelf(1024)


@bp.get("/01/<gtin>/21/<path:serial>")
@open_door
def show(gtin: str, serial: str) -> Response:
    """Verdict, product, story, and the way to become a member."""
    if request.method == "HEAD":  # a robot's glance is no look at an item
        return sealed(Response())
    try:
        link = gs1.Link(gs1.gtin14(gtin), serial=serial)
    except Invalid:
        return unknown()
    here = member_here()
    reading, brand_id = _again(link) or _read(link, here[0] if here else None)
    return answer(reading, brand_id, is_member=here is not None and here[1] == brand_id)


def answer(reading: Reading, brand_id: str | None, *, is_member: bool) -> Response:
    """The page of a look that was kept."""
    if brand_id is None or reading.ref is None:
        return unknown()
    return sealed(make_response(_page(reading, brand_id, is_member=is_member)))


def _again(link: gs1.Link) -> tuple[Reading, str] | None:
    """The look that this page has just shown, for a reader who changes the language: no new look."""
    if "seen" not in request.args:
        return None
    seen = read_scan(request.args.get("seen", ""))
    if seen is None:
        return None
    with look(VISITOR) as unit:
        reading = scans.again(unit, gtin=link.gtin, serial=str(link.serial), scan_id=seen[0])
    return (reading, seen[1]) if reading else None


def _read(link: gs1.Link, member_id: str | None) -> tuple[Reading, str | None]:
    """A look, and whose item it is of."""
    if member_id is None:
        return stranger(database(), together(), link.gtin, str(link.serial))
    with begin(VISITOR) as unit:
        reading, _visit = visits.record(unit, gtin=link.gtin, serial=str(link.serial), member_id=member_id)
        return reading, unit.brand_id if reading.product else None


def stranger(database: Database, together: Together, gtin: str, serial: str) -> tuple[Reading, str | None]:
    """A look of nobody known; those that come at once share a transaction."""

    def serve(looks: list[scans.Look]) -> list[tuple[Reading, str | None]]:
        with database.begin(VISITOR) as unit:
            readings = scans.read_all(unit, gtin=gtin, looks=looks)
            return [(reading, unit.brand_id if reading.product else None) for reading in readings]

    return together.ask(gtin, scans.Look(serial), serve)


def zone_of(app: Flask) -> ZoneInfo:
    return ZoneInfo(app.extensions["suyuan.settings"].timezone)


def frame_key(reading: Reading, brand_id: str, *, is_member: bool, language: str) -> Hashable:
    """All that shapes a page but its holes."""
    lot = reading.lot
    return (
        (lot.id, lot.revision, lot.standing, lot.state, lot.best_before) if lot else None,
        reading.product,
        tuple(reason.code for reason in reading.verdict.reasons),
        (reading.times > 1, reading.first_region is None, reading.scan_id is None),
        (brand_id, is_member, language),
    )


def fill(frame: Frame, reading: Reading, brand_id: str, *, language: str, secret: str, zone: ZoneInfo) -> str:
    """The page of this look."""
    first = reading.first_at
    return frame.fill(
        {
            "times": str(reading.times),
            "first_at": spoken_moment(first, language=language, zone=zone) if first else "",
            "first_iso": first.isoformat() if first else "",
            "first_region": reading.first_region or "",
            "ticket": sign_scan(reading.scan_id, brand_id, secret=secret) if reading.scan_id else "",
            "scan_id": reading.scan_id or "",
        }
    )


def _page(reading: Reading, brand_id: str, *, is_member: bool) -> str:
    """The frame that all share for whom everything but the holes is the same, filled for this one."""
    key = frame_key(reading, brand_id, is_member=is_member, language=language())
    frame = FRAMES.get(key, lambda: _frame(reading, brand_id, is_member=is_member))
    return fill(frame, reading, brand_id, language=language(), secret=str(current_app.secret_key), zone=zone_of(current_app))


def _frame(reading: Reading, brand_id: str, *, is_member: bool) -> Frame:
    lot = reading.lot
    with look(VISITOR) as unit:
        unit.enter(brand_id)
        brand = unit.session.get_one(Brand, brand_id).name
        recall = recalls.of_lot(unit, lot.id) if lot and lot.standing == "recalled" else None
        told = passport.of(unit, lot.id) if lot else None
    holes = {name: hole(name) for name in ("times", "first_at", "first_iso", "first_region")}
    page = render_template(
        "scan.html",
        reading=reading,
        reasons=[(reason.code, _with_holes(reason.params, holes)) for reason in reading.verdict.reasons],
        brand=brand,
        recall=recall,
        passport=told,
        materials={origin.lot_code: origin.material for origin in told.origin} if told else {},
        again=reading.times > 1,
        ticket=hole("ticket") if reading.scan_id else None,
        scan_id=hole("scan_id") if reading.scan_id else None,
        keep={"seen": hole("ticket")} if reading.scan_id else {"seen": ""},
        is_member=is_member,
        **holes,
    )
    return Frame(page)


def _with_holes(params: Mapping[str, Any], holes: Mapping[str, str]) -> dict[str, Any]:
    return {name: holes.get(name, value) if value is not None else None for name, value in params.items()}


def unknown() -> Response:
    """The one page for whatever is not ours."""
    return sealed(make_response(render_template("unknown.html"), 404))


def sealed(response: Response) -> Response:
    """The address of this page is the item's serial: nobody else may keep or be told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
