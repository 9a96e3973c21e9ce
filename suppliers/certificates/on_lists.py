"""What papers say of the lists on which they stand, and the rows of those lists. Parses nothing that a stranger wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.exc import IntegrityError

from kernel.unit import Unit
from suppliers.credentials import Moved
from suppliers.credentials.moments import moment
from suppliers.models import Certificate, StatusList

ONE_BIT: Final = ("revocation", "suspension")
"""Purposes whose entries are one bit each (Bitstring Status List 1.0, section 3.2)."""
NOT_KNOWN: Final = timedelta(minutes=15)
"""A paper of which its list could not tell is looked at again with a new edition, so often at most."""
ROLLED_BACK: Final = "credential.status_rolled_back"


@dataclass(frozen=True)
class Edition:
    """The edition of a list that a reading leaned on, which its child had found to be the issuer's and in force."""

    since: datetime | None
    ttl: float | None


def entries(reading: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What a credential says of its status, for each list that it names."""
    credential = (reading or {}).get("credential") or {}
    said = credential.get("statuses") or [credential.get("status")]
    return [entry for entry in said if isinstance(entry, dict) and isinstance(entry.get("list"), str)]


def edition(said: Sequence[dict[str, Any]]) -> Edition | None:
    """None when no entry could be looked up in the list."""
    for entry in said:
        if "list_valid_from" in entry:
            ttl = entry.get("ttl")
            return Edition(moment(entry["list_valid_from"]), ttl / 1000 if isinstance(ttl, int) and 0 < ttl < 1e12 else None)
    return None


def rolled_back(reading: dict[str, Any], url: str) -> dict[str, Any]:
    """The reading, where what an outdated edition of the list at ``url`` told counts as not known. What it had revoked by then is."""
    credential = reading["credential"]

    def told(entry: Any) -> Any:
        if not isinstance(entry, dict) or entry.get("list") != url or entry.get("result") == "revoked":
            return entry
        return entry | {"result": "unknown", "because": ROLLED_BACK}

    new = {"status": told(credential.get("status")), "statuses": [told(each) for each in credential.get("statuses") or ()]}
    unknown = [each for each in new["statuses"] if isinstance(each, dict) and each.get("because") == ROLLED_BACK]
    if unknown and (new["status"] or {}).get("result") == "active":
        new["status"] = unknown[0]
    return reading | {"credential": credential | new}


def locked(unit: Unit, url: str) -> tuple[StatusList, bool]:
    """The row of a list, locked, and whether it was made now: then it is to be asked at once."""
    query = select(StatusList).where(StatusList.url == url).with_for_update()
    row = unit.session.scalar(query)
    if row is not None:
        return row, False
    try:
        with unit.session.begin_nested():
            row = StatusList(id=unit.new_id(), url=url, failures=0, ask_at=unit.now)
            unit.session.add(row)
            unit.session.flush()
        return row, True
    except IntegrityError:  # another paper on it came at the same moment
        return unit.session.scalars(query).one(), False


def concerned(unit: Unit, url: str, moved: Moved) -> list[str]:
    """The papers on the list at ``url`` of which it says something else now. One that lapsed, was superseded or rejected may be
    revoked as well; only the revoked are left out."""
    statuses = Certificate.reading["credential"]["statuses"]
    on_it = or_(Certificate.status_list == url, cast(statuses, Text).contains(url, autoescape=True))
    query = (
        select(Certificate.id, Certificate.judged_at, statuses.label("statuses"))
        .where(Certificate.status_list.is_not(None), on_it, Certificate.standing != "revoked")
        .order_by(Certificate.id)
    )
    return [id for id, judged_at, said in unit.session.execute(query) if _concerns(unit, url, moved, judged_at, said)]


def _concerns(unit: Unit, url: str, moved: Moved, judged_at: datetime | None, said: Any) -> bool:
    own = [entry for entry in said or () if isinstance(entry, dict) and entry.get("list") == url]
    if moved and (not own or any(entry.get("result") == "unknown" or entry.get("purpose") not in ONE_BIT for entry in own)):
        return True
    if any(moved.at(entry.get("index")) for entry in own):
        return True
    unknown = any(entry.get("result") == "unknown" for entry in own)
    return unknown and (judged_at is None or unit.now - judged_at > NOT_KNOWN)
