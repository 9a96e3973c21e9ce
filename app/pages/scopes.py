"""Which goods a page is about: what its address says, as a recall, a drill, or something to begin from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from flask import request
from flask_babel import get_timezone

from kernel.errors import Invalid, flaw
from kernel.given import YEARS
from kernel.unit import Unit
from traceability import drills, recalls, scoping
from traceability.scoping import Scope

FIELDS = ("kind", "value", "since", "until", "supplier_id")


@dataclass(frozen=True)
class Asked:
    """The lots from which a trace goes on; ``keep``: the arguments of an address that mean the same; what it is of, if anything."""

    scope: Scope
    keep: dict[str, str]
    recall: Any = None
    drill: Any = None


def asked(unit: Unit) -> Asked:
    """What the address asks for. Raises Invalid, Missing."""
    recall_id, drill_id = request.args.get("recall", ""), request.args.get("drill", "")
    if recall_id:
        recall, back = recalls.get(unit, recall_id)
        start = recall.scope["lot_ids"] if recall.state != "open" else [lot.id for lot in back]
        return Asked(_kept(recall.scope, start), {"recall": recall_id}, recall=recall)
    if drill_id:
        drill = drills.get(unit, drill_id)
        return Asked(_kept(drill.scope, drill.scope["lot_ids"]), {"drill": drill_id}, drill=drill)
    said = typed()
    found = scoping.find(
        unit,
        said["kind"],
        said["value"],
        supplier_id=said["supplier_id"] or None,
        since=moment("since", said["since"]),
        until=moment("until", said["until"]),
    )
    return Asked(found, {name: text for name, text in said.items() if text})


def typed() -> dict[str, str]:
    """What stands in the fields of the form."""
    return {name: request.args.get(name, "").strip() for name in FIELDS}


def moment(name: str, text: str, zone: tzinfo | None = None) -> datetime | None:
    """A moment as a browser writes it, in ``zone`` or else the house's, or with an offset of its own. Raises Invalid."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(errors=[flaw(f"/{name}", "date-time", "must be a date and a time")]) from None
    if at.year not in YEARS:
        raise Invalid(errors=[flaw(f"/{name}", "years", "lies too far away", first=YEARS.start, last=YEARS.stop - 1)])
    return at if at.tzinfo else at.replace(tzinfo=zone or get_timezone())


def _kept(record: dict[str, Any], lot_ids: list[str]) -> Scope:
    return Scope(record.get("kind", "lots"), record.get("said", {}), tuple(sorted(lot_ids)))
