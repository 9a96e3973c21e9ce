"""The scan page: what a consumer sees two seconds after the camera.

A code leads through the resolver, which mints a view, to this page, which keeps the look under that view:
asked for again within minutes it is the same look, and later, or from elsewhere, a new one. The verdict is
read afresh every time. What the page says of a lot changes only with the lot's revision, so pages
are kept as frames with holes for what differs from look to look.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request

from app.auth.guards import open_door, ticket_door
from app.auth.members import member_here
from app.auth.tickets import read_outcome, read_scan, read_view, secret_of, sign_outcome, sign_scan, sign_view
from app.clients import client_of, is_glance
from app.database import Database
from app.doors import begin, database, look, together
from app.limits import Guessers, KnockedTooOften
from app.pages import story
from app.pages.holes import Frame, Shelf, hole
from app.pages.look import language, spoken_moment
from app.pages.vouching import questions
from app.together import Together
from kernel.errors import Invalid, Missing
from kernel.orm import Brand
from kernel.unit import VISITOR
from members import visits
from traceability import gs1, ownership, recalls, regions, resolving, scans
from traceability.resolver import levels
from traceability.scans import Reading

bp = Blueprint("scan", __name__)
FRAMES: Shelf[Frame] = Shelf(1024)
KEPT_FOR: Final = 600
"""Seconds after which a page is drawn anew whatever the lot's revision: late readings and lapsing papers change none."""
Draw = Callable[[Reading, str | None], bytes | None]
"""Draws the page of a look, if what it needs is ready."""
HOLES: Final = ("times", "first_at", "first_iso", "first_region", "opened_at")


class Seen(NamedTuple):
    """A look that was kept, whose item it is of, and its page where it was drawn already."""

    reading: Reading
    brand_id: str | None
    page: bytes | None = None


@bp.get("/see/<gtin>/<path:serial>")
@open_door
def show(gtin: str, serial: str) -> Response:
    """Verdict, product, story, and the way to become a member."""
    if request.method == "HEAD":  # a robot's glance is no look at an item
        return sealed(Response())
    if is_glance(request.environ):  # nor is what a browser or a preview fetches for itself
        return sealed(Response(status=204))
    knock()
    try:
        link = gs1.Link(gs1.gtin14(gtin), serial=serial)
    except Invalid:
        return guessed()
    view = read_view(request.args.get("v", ""), link.gtin, serial, at=datetime.now(UTC), secret=_secret())
    if view is None:
        return _back(link)
    here = member_here()
    reading, brand_id, _ = _read(_look(link, view), link.gtin, here[0] if here else None)
    return answer(reading, brand_id, is_kept=here is not None and here[1] == brand_id and _is_kept(reading, *here), tried=_tried(view))


@bp.post("/see/<gtin>/<path:serial>/inner")
@ticket_door
def try_inner(gtin: str, serial: str) -> Response:
    """The code under the cap, typed. A right one is looked at like any other, and told on the page of the outer one,
    so that no address holds it; a wrong one leads back."""
    knock()
    seen = read_scan(request.form.get("ticket", ""))
    if seen is None:
        return guessed()
    with begin(VISITOR) as unit:
        unit.enter(seen[1])
        try:
            tried = ownership.try_inner(unit, gtin=gtin, serial=serial, scan_id=seen[0], code=request.form.get("code", "")[:300])
        except Missing:
            return guessed()
    page = resolving.page_of(gtin, serial)
    if tried.serial is not None:
        reading = stranger(database(), together(), gtin, _look(gs1.Link(gtin, tried.serial), None)).reading
        return sealed(redirect(f"{page}?v={sign_view(str(reading.scan_id), gtin, serial, secret=_secret())}", 303))
    guessers().guessed(request.remote_addr or "")
    outcome = sign_outcome(seen[0], "wrong" if tried.left else "locked", _secret())
    said = {"v": sign_view(seen[0], gtin, serial, secret=_secret()), "inner": outcome}
    return sealed(redirect(f"{page}?{urlencode(said)}#inner", 303))


def answer(reading: Reading, brand_id: str | None, *, is_kept: bool, tried: str = "") -> Response:
    """The page of a look that was counted. ``is_kept``: it stands on the member's own page too."""
    if brand_id is None or reading.tells_nothing:
        return guessed()
    return sealed(make_response(_page(reading, brand_id, is_kept=is_kept, tried=tried)))


def passed_on(gtin: str, serial: str) -> str | None:
    """Keep a look at an item that a brand leads elsewhere. The address of its own page, which tells this very look,
    when whoever holds the item must hear of it first; else None."""
    reading = stranger(database(), together(), gtin, _look(gs1.Link(gtin, serial), None)).reading
    if reading.scan_id is None or (reading.verdict.tone != "stop" and reading.verdict.kind != "not_released"):
        return None
    return f"{resolving.page_of(gtin, serial)}?v={sign_view(reading.scan_id, gtin, serial, secret=_secret())}"


def stranger(database: Database, together: Together, gtin: str, asked: scans.Look, draw: Draw | None = None) -> Seen:
    """A look of nobody known; those that come at once share a transaction, and who leads them draws the pages too."""

    def serve(asks: list[tuple[scans.Look, Draw | None]]) -> list[Seen]:
        with database.begin(VISITOR) as unit:
            readings = scans.read_all(unit, gtin=gtin, looks=[look for look, _ in asks])
            brand_id = unit.brand_id if readings[0].product else None
        return [Seen(each, brand_id, draw(each, brand_id) if draw else None) for each, (_, draw) in zip(readings, asks, strict=True)]

    try:
        return together.ask(gtin, (asked, draw), serve)
    except scans.ViewTold:  # another process counted this very view a moment ago: now it is there to be told
        return together.ask(gtin, (asked, draw), serve)


def _look(link: gs1.Link, view: str | None) -> scans.Look:
    where = cast(Callable[[Mapping[str, Any]], str | None], current_app.extensions["suyuan.whereabouts"])
    return scans.Look(str(link.serial), view, where(request.environ), client_of(request.environ, _secret()))


def _read(asked: scans.Look, gtin: str, member_id: str | None) -> Seen:
    """A look, and whose item it is of."""
    if member_id is None:
        return stranger(database(), together(), gtin, asked)
    try:
        return _read_of(asked, gtin, member_id)
    except scans.ViewTold:
        return _read_of(asked, gtin, member_id)


def _read_of(asked: scans.Look, gtin: str, member_id: str) -> Seen:
    with begin(VISITOR) as unit:
        reading, _visit = visits.record(
            unit, gtin=gtin, serial=asked.serial, view=asked.view, region=asked.region, client=asked.client, member_id=member_id
        )
        return Seen(reading, unit.brand_id if reading.product else None)


def _back(link: gs1.Link) -> Response:
    """A page without a good view is led through the resolver: a new look, with whatever else was asked."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "v"]
    path = levels.anchor((("01", link.gtin), ("21", str(link.serial))))
    return sealed(redirect(f"/{path}" + (f"?{urlencode(kept)}" if kept else ""), 307))


def _tried(view: str) -> str:
    return read_outcome(request.args.get("inner", ""), view, _secret())


def _is_kept(reading: Reading, member_id: str, brand_id: str) -> bool:
    with look(VISITOR) as unit:
        unit.enter(brand_id)
        return reading.scan_id is not None and visits.is_kept(unit, member_id=member_id, scan_id=reading.scan_id)


def zone_of(app: Flask) -> ZoneInfo:
    return ZoneInfo(app.extensions["suyuan.settings"].timezone)


def frame_key(reading: Reading, brand_id: str, *, is_kept: bool, language: str, tried: str = "") -> Hashable:
    """All that shapes a page but its holes."""
    lot = reading.lot
    return (
        (lot.id, lot.revision, lot.standing, lot.state, lot.best_before) if lot else None,
        reading.product,
        tuple([(reason.code, _told(reason.params)) for reason in reading.verdict.reasons]),
        (reading.times > 1, reading.first_region is None, reading.opened_at is None, reading.has_inner, reading.inner),
        (brand_id, is_kept, language, tried, _stretch(lot.id if lot else "")),
    )


def _stretch(lot_id: str) -> int:
    """The stretch of ``KEPT_FOR`` seconds that it is; those of each lot begin at another second, so that not all pages
    are drawn anew at once."""
    return (int(time.time()) + zlib.crc32(lot_id.encode()) % KEPT_FOR) // KEPT_FOR


def _told(params: Mapping[str, Any]) -> Hashable:
    """What a sentence says besides its holes: the counts of a suspicion, a date."""
    return tuple([(name, value) for name, value in params.items() if name not in HOLES]) if params else ()


def fill(frame: Frame, reading: Reading, brand_id: str, *, language: str, secret: bytes, zone: ZoneInfo) -> bytes:
    """The page of this look."""
    first, opened, scan_id = reading.first_at, reading.opened_at, str(reading.scan_id)
    region, gtin = reading.first_region, reading.product.gtin if reading.product else ""
    return frame.fill(
        {
            "times": str(reading.times),
            "first_at": spoken_moment(first, language=language, zone=zone) if first else "",
            "first_iso": first.isoformat() if first else "",
            "first_region": regions.name(region, language[:2]) if region else "",
            "opened_at": spoken_moment(opened, language=language, zone=zone) if opened else "",
            "ticket": sign_scan(scan_id, brand_id, secret=secret),
            "scan_id": scan_id,
            "view": sign_view(scan_id, gtin, reading.serial, secret=secret),
            "page": resolving.page_of(gtin, reading.serial),
        }
    )


def _page(reading: Reading, brand_id: str, *, is_kept: bool, tried: str) -> bytes:
    """The frame that all share for whom everything but the holes is the same, filled for this one."""
    key = frame_key(reading, brand_id, is_kept=is_kept, language=language(), tried=tried)
    frame = FRAMES.get(key, lambda: _frame(reading, brand_id, is_kept=is_kept, tried=tried))
    return fill(frame, reading, brand_id, language=language(), secret=_secret(), zone=zone_of(current_app))


def _frame(reading: Reading, brand_id: str, *, is_kept: bool, tried: str) -> Frame:
    lot = reading.lot
    with look(VISITOR) as unit:
        unit.enter(brand_id)
        brand = unit.session.get_one(Brand, brand_id).name
        recall = recalls.of_lot(unit, lot.id) if lot and lot.standing == "recalled" else None
        told = story.told(unit, lot.id) if lot else None
    holes = {name: hole(name) for name in HOLES}
    page = render_template(
        "scan.html",
        reading=reading,
        reasons=[(reason.code, _with_holes(reason.params, holes)) for reason in reading.verdict.reasons],
        brand=brand,
        recall=recall,
        story=told,
        questions=questions,
        again=reading.times > 1,
        ticket=hole("ticket"),
        scan_id=hole("scan_id"),
        keep={"v": hole("view")},
        inner_action=f"{hole('page')}/inner",
        tried=tried,
        is_kept=is_kept,
        **holes,
    )
    return Frame(page)


def _with_holes(params: Mapping[str, Any], holes: Mapping[str, str]) -> dict[str, Any]:
    return {name: holes.get(name, value) if value is not None else None for name, value in params.items()}


def knock() -> None:
    """Raise KnockedTooOften for a network that was shown too many unknown codes, whatever it asks for now."""
    if wait := guessers().blocked(request.remote_addr or ""):
        raise KnockedTooOften(retry_after=wait)


def guessers() -> Guessers:
    return cast(Guessers, current_app.extensions["suyuan.guessers"])


def _secret() -> bytes:
    return secret_of(str(current_app.secret_key))


def guessed() -> Response:
    """Whoever is shown too many of these has to wait, so that nobody finds codes by trying."""
    guessers().guessed(request.remote_addr or "")
    return unknown()


def unknown() -> Response:
    """The one page for whatever is not ours."""
    return sealed(make_response(render_template("unknown.html", keep={"v": ""}), 404))


def sealed(response: Response) -> Response:
    """The address of this page is the item's serial: nobody else may keep or be told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
