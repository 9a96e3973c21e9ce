"""Food traceability records and Digital Product Passports as answers, for pages and machines alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from flask import Response, json, request

from kernel.errors import Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import critical_events, genealogy, lots, workbook

MOST_LOTS: Final = 5_000
WALKS: Final = {"back": genealogy.back, "forward": genealogy.forward, "both": genealogy.both}
_CSV: Final = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """``reach``: back, forward, both or nothing; the time from ``since`` (inclusive) until ``until`` (exclusive)."""

    reach: str = ""
    since: datetime | None = None
    until: datetime | None = None


def asked() -> Asked:
    """What the address of a page asks for. Raises Invalid."""
    reach = request.args.get("reach", "")
    if reach not in ("", *WALKS):
        raise Invalid(errors=[flaw("/reach", "choice", "back, forward or both")])
    return Asked(reach, _moment("since"), _moment("until"))


def of_lot(unit: Unit, lot_id: str, suffix: str, asked: Asked) -> Response:
    """The records of a lot, and of what it came from, what became of it or both. Raises Missing."""
    lot = lots.get(unit, lot_id)
    start = {lot.id}
    return response(unit, start | WALKS[asked.reach](unit, start) if asked.reach else start, suffix, lot.code, asked)


def response(unit: Unit, lot_ids: Collection[str], suffix: str, name: str, asked: Asked) -> Response:
    """The records of these lots as a file, csv or xlsx. Raises Invalid, Missing."""
    if not lot_ids:
        raise Missing("no lots were named")
    if len(lot_ids) > MOST_LOTS:
        raise Invalid(errors=[flaw("/lots", "most", f"at most {MOST_LOTS} lots", most=MOST_LOTS)])
    told = critical_events.of_lots(unit, sorted(lot_ids), since=asked.since, until=asked.until)
    made = Response(told.csv(), content_type=_CSV) if suffix == "csv" else Response(told.xlsx(), content_type=workbook.MEDIA_TYPE)
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    made.headers["Content-Disposition"] = f'attachment; filename="fsma204-{safe}.{suffix}"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


def credential(told: Mapping[str, Any], name: str = "") -> Response:
    """An unsigned credential (W3C VC 2.0); to keep under a name, or to read."""
    made = Response(json.dumps(told, ensure_ascii=False, indent=2, sort_keys=False), mimetype="application/vc")
    made.headers["Cache-Control"] = "private, no-store"
    if name:
        made.headers["Content-Disposition"] = f'attachment; filename="dpp-{name}.json"'
    return made


def _moment(name: str) -> datetime | None:
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return zoned(datetime.fromisoformat(text.replace(" ", "+")))
    except ValueError:
        raise Invalid(errors=[flaw(f"/{name}", "date-time", "must be a date or a moment (ISO 8601)")]) from None


def zoned(at: datetime) -> datetime:
    """A moment without an offset, or a day, is meant in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
