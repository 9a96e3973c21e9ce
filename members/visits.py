"""A scan with somebody behind it.

The verdict comes first and never needs this half: who is no member, or wants no record, gets
the same answer and leaves no trace here. No audit row is written for a visit: the trail can
never be erased, and a member's visits must be (PIPL 47).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import column, select, table

from kernel.orm import Moment
from kernel.unit import Unit
from members import consent, identity, once
from members.models import Visit
from traceability import scans

ADOPTABLE: Final = timedelta(hours=24)

_scan: Final = table(
    "scan", column("id"), column("brand_id"), column("gtin"), column("key_version"), column("counter"), column("at", Moment)
)
"""What a visit's foreign key points at, read by name. A bare table has no wall: name the brand."""


def record(
    unit: Unit,
    *,
    gtin: str,
    serial: str,
    view: str | None = None,
    region: str | None = None,
    client: bytes | None = None,
    member_id: str | None = None,
) -> tuple[scans.Reading, Visit | None]:
    """Read a code and, for a member of the item's brand who agreed to it, keep that it was read.

    The unit comes from a visitor, also when a member holds the phone: the code says which
    brand is entered, and a member of another brand is nobody there.
    """
    reading = scans.read(unit, gtin=gtin, serial=serial, view=view, region=region, client=client)
    if member_id is None or reading.told or reading.tells_nothing or not _wants(unit, member_id):
        return reading, None
    if reading.ref is None or reading.scan_id is None:
        return reading, None
    visit = Visit(
        id=unit.new_id(),
        member_id=member_id,
        scan_id=reading.scan_id,
        gtin=reading.ref.gtin,
        key_version=reading.ref.key_version,
        counter=reading.ref.counter,
        at=unit.now,
    )
    unit.session.add(visit)
    return reading, visit


def is_kept(unit: Unit, *, member_id: str, scan_id: str) -> bool:
    """Whether this scan stands among what the member has looked at."""
    found = select(Visit.id).where(Visit.scan_id == scan_id, Visit.member_id == member_id)
    return unit.session.scalar(found) is not None


def adopt(unit: Unit, *, member_id: str, scan_id: str) -> bool:
    """Put a member behind a scan that was made before joining; whether that was done.

    Only a scan of an item of this brand, younger than a day, which is nobody's yet.
    """
    found = select(_scan).where(_scan.c.id == scan_id, _scan.c.brand_id == unit.brand_id, _scan.c.counter.is_not(None))
    scan = unit.session.execute(found).one_or_none()
    if scan is None or unit.now - scan.at >= ADOPTABLE or not _wants(unit, member_id):
        return False
    row: dict[str, Any] = {
        "id": unit.new_id(),
        "member_id": member_id,
        "scan_id": scan.id,
        "gtin": scan.gtin,
        "key_version": scan.key_version,
        "counter": scan.counter,
        "at": scan.at,
    }
    return bool(once.insert(unit, Visit, [row], unique=["scan_id"]))


def _wants(unit: Unit, member_id: str) -> bool:
    """A member of this brand, still here, whose membership consent stands."""
    return identity.of_member(unit, member_id) is not None and consent.may(unit, member_id, consent.MEMBERSHIP)
