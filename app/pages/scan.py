"""The scan page: what a consumer sees two seconds after the camera.

The verdict is read afresh for every look. All below it is the lot's story, which changes only
with the lot's revision, so it is kept as ready markup.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup

from app.auth.guards import open_door
from app.auth.members import member_here
from app.auth.tickets import read_scan, sign_scan
from app.doors import begin, look
from app.pages.look import language
from kernel.errors import Invalid
from kernel.orm import Brand
from kernel.unit import VISITOR, Unit
from members import consent, visits
from members.texts import Shown
from traceability import gs1, passport, recalls, scans
from traceability.scans import Reading

bp = Blueprint("scan", __name__)
Kept = TypeVar("Kept")


class Shelf(Generic[Kept]):
    """A few ready things in this process; the one kept longest gives way. Two threads may make
    the same thing at once: both are right."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, Kept] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        found = self._kept.get(key)
        if found is None:
            found = make()
            with self._lock:
                while len(self._kept) >= self._most:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = found
        return found


STORIES: Shelf[Markup] = Shelf(512)
BRANDS: Shelf[tuple[str, list[Shown]]] = Shelf(256)


@bp.get("/01/<gtin>/21/<serial>")
@open_door
def show(gtin: str, serial: str) -> Response:
    """Verdict, product, story, and the way to become a member."""
    if request.method == "HEAD":  # a robot's glance is no look at an item
        return _sealed(Response())
    try:
        link = gs1.Link(gs1.gtin14(gtin), serial=serial.upper())
    except Invalid:
        return _unknown()
    here = member_here()
    reading, brand_id = _again(link) or _read(link, here[0] if here else None)
    if brand_id is None or reading.ref is None:
        return _unknown()
    return _sealed(make_response(_page(reading, brand_id, is_member=here is not None and here[1] == brand_id)))


def _again(link: gs1.Link) -> tuple[Reading, str] | None:
    """The look that this page has just shown, for a reader who changes the language: no new look."""
    seen = read_scan(request.args.get("seen", ""))
    if seen is None:
        return None
    with look(VISITOR) as unit:
        reading = scans.again(unit, gtin=link.gtin, serial=str(link.serial), scan_id=seen[0])
    return (reading, seen[1]) if reading else None


def _read(link: gs1.Link, member_id: str | None) -> tuple[Reading, str | None]:
    with begin(VISITOR) as unit:
        reading, _visit = visits.record(unit, gtin=link.gtin, serial=str(link.serial), member_id=member_id)
        return reading, unit.brand_id if reading.product else None


def _page(reading: Reading, brand_id: str, *, is_member: bool) -> str:
    lot = reading.lot
    with look(VISITOR) as unit:
        unit.enter(brand_id)
        brand, texts = BRANDS.get((brand_id, language(), unit.now.date()), lambda: _brand(unit))
        recall = recalls.of_lot(unit, lot.id) if lot and lot.standing == "recalled" else None
        story = STORIES.get((lot.id, lot.revision, language()), lambda: _story(unit, lot.id)) if lot else Markup("")
    ticket = sign_scan(reading.scan_id, brand_id) if reading.scan_id else None
    return render_template(
        "scan.html",
        reading=reading,
        brand=brand,
        texts=texts,
        recall=recall,
        story=story,
        ticket=ticket,
        keep={"seen": ticket} if ticket else {},
        is_member=is_member,
    )


def _story(unit: Unit, lot_id: str) -> Markup:
    told = passport.of(unit, lot_id)
    materials = {origin.lot_code: origin.material for origin in told.origin}
    return Markup(render_template("story.html", passport=told, materials=materials))  # noqa: S704 - a template's own output


def _brand(unit: Unit) -> tuple[str, list[Shown]]:
    return unit.session.get_one(Brand, unit.brand_id).name, consent.shown(unit, language=language())


def _unknown() -> Response:
    return _sealed(make_response(render_template("unknown.html"), 404))


def _sealed(response: Response) -> Response:
    """The address of this page is the item's serial: nobody else may keep or be told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
