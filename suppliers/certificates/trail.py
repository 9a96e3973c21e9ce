"""How papers stood, row by row, chained so that nothing can be exchanged or put in between later.

Each row says on what it was decided (``basis``) and is sealed: SHA-256 over the seal before it and the row.
The database refuses to change or delete rows; the seals show whoever went past the database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, select

from kernel.unit import Unit
from suppliers import requirements
from suppliers.models import Certificate, StandingChange

WORDS: Final = (
    *("kind", "number", "holder_name", "holder_uscc", "issuer_name", "valid_from", "valid_until", "issued_on"),
    *("lots", "products", "site", "scope", "accreditation"),
)


def write(
    unit: Unit, paper: Certificate, *, decision: str | None = None, note: str | None = None, because: list[str] | None = None
) -> StandingChange:
    """Note how the paper stands now, and why."""
    last = unit.session.scalar(_of(paper.id).order_by(StandingChange.place.desc()).limit(1))
    row = StandingChange(
        id=unit.new_id(),
        certificate_id=paper.id,
        place=last.place + 1 if last else 1,
        standing=paper.standing,
        because=paper.because if because is None else because,
        decision=decision,
        note=note,
        basis=_basis(paper),
        at=unit.now,
        by=unit.actor.id,
    )
    row.seal = seal(last.seal or "" if last else "", row)
    unit.session.add(row)
    unit.session.flush()
    return row


def of(unit: Unit, certificate_id: str) -> list[StandingChange]:
    """How this paper stood, oldest first."""
    return list(unit.session.scalars(_of(certificate_id).order_by(StandingChange.place)))


def seal(before: str, row: StandingChange) -> str:
    """SHA-256 in hex over the seal of the row before (``""`` for the first) and this row in canonical JSON."""
    told: dict[str, Any] = {
        "before": before,
        "certificate": row.certificate_id,
        "place": row.place,
        "standing": row.standing,
        "because": row.because,
        "decision": row.decision,
        "note": row.note,
        "basis": row.basis,
        "at": row.at.isoformat(),
        "by": row.by,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def broken(rows: Sequence[StandingChange], standing: str | None = None) -> StandingChange | None:
    """The first row whose seal does not hold, None when all do. Rows of before there were seals bear none, but after the first
    sealed one all do. ``standing``: how the paper stands, which the last row must say."""
    before = ""
    for place, row in enumerate(rows, 1):
        if row.place != place or (row.seal is None and before) or (row.seal is not None and row.seal != seal(before, row)):
            return row
        before = row.seal or ""
    return rows[-1] if rows and standing is not None and rows[-1].standing != standing else None


def words_digest(paper: Certificate) -> str:
    """What somebody has before their eyes who decides about this paper, in 16 hex digits: its file and its words."""
    told = json.dumps([paper.sha256, _words(paper)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _of(certificate_id: str) -> Select[StandingChange]:
    return select(StandingChange).where(StandingChange.certificate_id == certificate_id)


def _basis(paper: Certificate) -> dict[str, Any]:
    return {"sha256": paper.sha256, "words": _words(paper), "found": paper.found or {}, "rules": requirements.rules_version()}


def _words(paper: Certificate) -> dict[str, Any]:
    words = {name: getattr(paper, name) for name in WORDS}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in words.items()}
