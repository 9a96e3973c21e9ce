"""How papers stood at a moment, and what has become of them since: what an item's page says about the day its lot was made.

Two times are kept apart: when a paper was valid, and when we knew. A revocation that was heard later does not
change what was known then; both are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from kernel.given import day_of
from kernel.unit import Unit
from suppliers.certificates import papers
from suppliers.models import Certificate, StandingChange
from suppliers.standing import FALLEN, GOOD


@dataclass(frozen=True)
class Stood:
    """``then``: how the paper stood at the moment as it was known then (``submitted`` before anything was known);
    ``in_force``: its own dates covered that day; ``now`` how it stands now, ``since`` when it has
    stood so; ``fell_at``: when it fell, if it stood well then and does not now."""

    certificate_id: str
    then: str
    in_force: bool
    now: str
    since: datetime | None
    fell_at: datetime | None

    @property
    def good_then(self) -> bool:
        return self.then in (*GOOD, "superseded") and self.in_force


def standing_at(unit: Unit, certificate_id: str, moment: datetime) -> Stood:
    """How this paper stood at ``moment``, as it was known then, and what has become of it."""
    row = papers.get(unit, certificate_id)
    return _stood(row, papers.history(unit, row.id), moment)


def stood(unit: Unit, moments: Mapping[str, datetime]) -> dict[str, Stood]:
    """The same for many papers, each at its own moment, by the id of the paper. Papers that are not there are left out."""
    rows = list(unit.session.scalars(select(Certificate).where(Certificate.id.in_(moments))))
    changes: dict[str, list[StandingChange]] = {row.id: [] for row in rows}
    query = select(StandingChange).where(StandingChange.certificate_id.in_(changes))
    for change in unit.session.scalars(query.order_by(StandingChange.certificate_id, StandingChange.place)):
        changes[change.certificate_id].append(change)
    return {row.id: _stood(row, changes[row.id], moments[row.id]) for row in rows}


def _stood(row: Certificate, changes: Iterable[StandingChange], moment: datetime) -> Stood:
    then, now, since = "submitted", "submitted", None
    valid_from, valid_until = row.valid_from, row.valid_until
    fell: datetime | None = None
    for change in changes:
        if change.at <= moment:
            then = change.standing
            valid_from, valid_until = _dates_of(change, row)
        if change.standing != now:
            now, since = change.standing, change.at
        if change.standing not in FALLEN:
            fell = None
        elif fell is None and change.at > moment:
            fell = change.at
    day = day_of(moment)
    in_force = valid_from <= day and (valid_until is None or day <= valid_until)
    return Stood(row.id, then, in_force, row.standing, since, fell if then in (*GOOD, "superseded") else None)


def _dates_of(change: StandingChange, row: Certificate) -> tuple[date, date | None]:
    """The dates on the paper as they were confirmed then: words may have been mended since."""
    words = (change.basis or {}).get("words") or {}
    if "valid_from" not in words:
        return row.valid_from, row.valid_until
    until = words.get("valid_until")
    return date.fromisoformat(words["valid_from"]), date.fromisoformat(until) if until else None
