"""Look at the bytes, ask every check, let the paper stand accordingly.

Whatever moves a standing goes through ``settle``, so the history, the audit trail and the
fact told to the rooms above can never disagree. Whoever judges takes the supplier's lock first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory, trust
from suppliers.certificates import knowing, papers, spoken, status_lists, succession, trail
from suppliers.certificates.inspecting import Inspection, look_at
from suppliers.checks import CHECKS, required_checks
from suppliers.facts import CertificateSubmitted, StandingChanged
from suppliers.models import Certificate, CheckOutcome, PaperUpload
from suppliers.requirements import market_of, soon
from suppliers.standing import GOOD, Judgement, Outcome, judge

FRESH: Final = timedelta(hours=1)
"""So long a reading made before somebody confirmed the words is as good as a new one, unless trust has changed since."""
CARRIED: Final = ("layer_differs",)
"""Signals that come from the words on the pages, which are read once."""
BY_REGISTER: Final = "check.authenticity.register"


def inspect(unit: Unit, fact: CertificateSubmitted) -> Inspection:
    """What the limited child process sees in the bytes. Slow; writes no row."""
    row = papers.get(unit, fact.certificate_id)
    before = _read_before(unit, row)
    if before is not None:
        return before
    sha256, fields, pictures, known = row.sha256, row.fields, row.pictures, row.reading or {}
    seen = look_at(unit, sha256, words=not fields)
    if not fields:
        return seen
    # The words on the pages do not change with trust and time: they were read once, with what they showed.
    reading = seen.reading | {"signals": [*seen.reading.get("signals", ()), *(s for s in known.get("signals", ()) if s["name"] in CARRIED)]}
    if known.get("lines"):
        reading |= {"lines": known["lines"], "lines_from": known.get("lines_from")}
    return Inspection(reading, fields, pictures or seen.pictures, seen.documents, seen.lists, seen.at)


def on_certificate_submitted(unit: Unit, fact: CertificateSubmitted, inspection: Inspection) -> None:
    """Ask every check and let the paper stand accordingly. Doing it twice changes nothing more."""
    row = locked(unit, fact.certificate_id)
    first = row.judged_at is None
    row.reading, row.fields, row.pictures, row.again = inspection.reading, inspection.fields, inspection.pictures, None
    if inspection.documents:
        trust.keep_documents(unit, inspection.documents)
    status_lists.keep(unit, row, inspection)
    ask_checks(unit, row)
    for twin in knowing.twins(unit, row) if first else ():
        if not twin.own:  # it has a rival from now on
            unit.tell(CertificateSubmitted(certificate_id=twin.certificate_id))
    if inspection.at is not None and _trust_changed(unit, inspection):
        unit.tell(CertificateSubmitted(certificate_id=row.id))


def ask_checks(unit: Unit, row: Certificate) -> bool:
    """Ask every check about what is known of the paper now, and let it stand accordingly. Whether its standing moved."""
    today = day_of(unit.now)
    facts = knowing.paper_of(unit, row)
    known = {outcome.name: outcome for outcome in papers.outcomes(unit, row.id)}
    found: dict[str, list[Any]] = {}
    for name, check in CHECKS.items():
        finding = check.ask(facts, today)
        outcome = known.pop(name, None) or CheckOutcome(id=unit.new_id(), certificate_id=row.id, name=name)
        outcome.result, outcome.because, outcome.final = finding.result, finding.because, finding.final
        outcome.evidence, outcome.at = finding.evidence, unit.now
        unit.session.add(outcome)
        found[name] = [finding.result, finding.because, finding.final, digest(finding.evidence)]
    for gone in known.values():
        unit.session.delete(gone)
    row.found, row.judged_at = found, unit.now
    if row.again == "ask":
        row.again = None
    unit.session.flush()
    return judge_again(unit, row, today)


def digest(evidence: Mapping[str, Any]) -> str:
    """What a check showed, in 16 hex digits: an override answers for just this."""
    told = json.dumps(evidence, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def recheck(unit: Unit, *, certificate_id: str) -> Certificate:
    """Have a paper looked at and judged anew."""
    row = papers.get(unit, certificate_id)
    unit.tell(CertificateSubmitted(certificate_id=row.id))
    return row


def judge_again(unit: Unit, row: Certificate, today: date, *, decision: str | None = None, note: str | None = None) -> bool:
    """How the paper stands ``today`` after what the checks and people said, and the papers whose place it takes or gives back.
    Whether its standing moved. The caller holds the supplier's lock."""
    moved = _judge_one(unit, row, today, decision=decision, note=note)
    if moved:
        for sibling in succession.siblings(unit, row):
            _judge_one(unit, sibling, today)
    return moved


def _judge_one(unit: Unit, row: Certificate, today: date, *, decision: str | None = None, note: str | None = None) -> bool:
    row.superseded_by = succession.successor(unit, row)
    said = spoken.said(unit, [row.id]).get(row.id, spoken.NOTHING)
    if decision == "resume":
        said = spoken.without_suspension(unit, row)
    elif decision not in (None, "override"):
        said = spoken.Said(decision, spoken.open_points(row.found))
    judgement, soon_on = judged(row, spoken.outcomes(row.found), said, spoken.overridden(unit, row), today)
    moved = settle(unit, row, judgement.standing, judgement.because, decision=decision, note=note)
    row.due_on = due_on(row, soon_on, today, _stale_on(unit, row))
    return moved


def judged(
    row: Any, outcomes: Mapping[str, Outcome], said: spoken.Said, overrides: frozenset[str], today: date
) -> tuple[Judgement, date | None]:
    """Pure, over a paper or a row of its columns; and from which day on it is expiring."""
    soon_on = soon(row.kind, row.valid_until, market_of(row.kind)) if row.valid_until else None
    judgement = judge(
        outcomes,
        required=required_checks(row.kind),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        decision=said.decision,
        accepted=said.accepted,
        day=today,
        soon=soon_on,
        superseded=row.superseded_by is not None,
        overrides=overrides,
    )
    return judgement, soon_on


def due_on(row: Any, soon_on: date | None, today: date, stale_on: date | None) -> date | None:
    """The next day on which time alone may change how the paper stands."""
    if row.standing not in (*GOOD, "submitted", "needs_person", "superseded", "suspended"):
        return None
    ends = row.valid_until + timedelta(days=1) if row.valid_until else None
    return min((day for day in (row.valid_from, soon_on, ends, stale_on) if day is not None and day > today), default=None)


def settle(unit: Unit, row: Certificate, standing: str, because: list[str], *, decision: str | None, note: str | None) -> bool:
    """Write history when the standing moved or somebody decided; tell the rooms above only when it moved."""
    before, moved = row.standing, standing != row.standing
    row.standing, row.because = standing, because
    if not moved and decision is None:
        return False
    change = trail.write(unit, row, decision=decision, note=note)
    unit.record(f"certificate.{decision or standing}", "certificate", row.id, before=before, standing=standing, because=because)
    if moved:
        unit.tell(StandingChanged(certificate_id=row.id, supplier_id=row.supplier_id, standing=standing, before=before, place=change.place))
    return moved


def locked(unit: Unit, id: str) -> Certificate:
    """This paper as it is now, and nobody else judges its supplier's papers until the unit ends."""
    row = papers.get(unit, id)
    directory.lock(unit, row.supplier_id)
    unit.session.refresh(row, with_for_update=True)
    return row


def _stale_on(unit: Unit, row: Certificate) -> date | None:
    """The day on which the look into a register that vouches for this paper is too old, when nothing else does."""
    if (row.found or {}).get("authenticity", [None, None])[1] != BY_REGISTER:
        return None
    fresh = [each.asked_on + timedelta(days=each.fresh_days + 1) for each in knowing.lookups(unit, row) if each.result == "valid"]
    return max(fresh, default=None)


def _read_before(unit: Unit, row: Certificate) -> Inspection | None:
    """The reading made when the file came in, when it is fresh and nobody's trust has changed since."""
    upload = unit.session.get(PaperUpload, row.upload_id) if row.upload_id else None
    if upload is None or row.judged_at is not None or upload.read_at is None or upload.reading is None:
        return None
    inspection = Inspection(upload.reading, upload.fields, upload.pictures, at=upload.read_at)
    return None if unit.now - upload.read_at > FRESH or _trust_changed(unit, inspection) else inspection


def _trust_changed(unit: Unit, inspection: Inspection) -> bool:
    moments = [moment for anchor in trust.anchors(unit, ended=True) for moment in (anchor.added_at, anchor.ended_at)]
    moments += [moment for issuer in trust.issuers(unit, ended=True) for moment in (issuer.added_at, issuer.ended_at)]
    return inspection.at is None or any(moment >= inspection.at for moment in moments if moment)
