"""A compact code: an address and a serial, nothing else. It leads to the item's own page.

``/<serial>`` on a host that a brand brought along, ``/<short name>/<serial>`` on any; in either case of
letters. What is nobody's, and a label that never was on an item, gets the same page as an unknown GS1
code, and counts as a guess. Being led on is no look at the item: the page it leads to counts that.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.routing import BaseConverter

from app.auth.guards import open_door
from app.doors import look
from app.pages.resolve import resolver
from app.pages.scan import guessed, knock, sealed
from kernel.unit import VISITOR
from traceability import addresses, codes, gs1, verdict

bp = Blueprint("compact", __name__)
_LETTERS = "0-9A-HJKMNP-TV-Za-hjkmnp-tv-z"


class Serial(BaseConverter):
    """Twelve letters of the seal's alphabet, so that no other path is taken for one."""

    regex = f"[{_LETTERS}]{{12}}"


class Short(BaseConverter):
    """A short name: one of two digits would be a GS1 key."""

    regex = f"(?=[0-9]*[A-Za-z])[{_LETTERS}]{{2,8}}"


@bp.record_once
def _know_converters(state) -> None:  # type: ignore[no-untyped-def]
    state.app.url_map.converters |= {"sealed": Serial, "short": Short}


@bp.get("/<sealed:serial>")
@open_door
def on_own_host(serial: str) -> Response:
    return _lead("", serial)


@bp.get("/<short:short>/<sealed:serial>")
@open_door
def by_short_name(short: str, serial: str) -> Response:
    return _lead(f"/{short}", serial)


def _lead(path: str, serial: str) -> Response:
    knock()
    with look(VISITOR) as unit:
        brand_id = addresses.owner(unit, host=request.host, path=path)
        if brand_id is None:
            return guessed()
        unit.enter(brand_id)
        found = codes.resolve(unit, serial=serial)
        if found is None or found.state in verdict.WASTE:
            return guessed()
        canonical = gs1.write(gs1.Link(found.gtin, serial.upper()), unit.outside.public_url)
    is_page = resolver().leads_to_page(found.gtin)
    return sealed(redirect(resolver().to_item(found.gtin, serial.upper()) if is_page else canonical))
