"""Look at the bytes, ask every check, follow the calendar: how a paper comes to stand.

Whatever moves a standing goes through ``settle``, so the history, the audit trail and the
fact told to the rooms above can never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import trust
from suppliers.certificates import knowing, papers, status_lists, trail
from suppliers.certificates.inspecting import Inspection, look_at
from suppliers.checks import CHECKS, required_checks
from suppliers.facts import CertificateSubmitted, StandingChanged, SupplierChanged, TrustChanged
from suppliers.models import Certificate, CheckOutcome, PaperOverride, PaperUpload, StandingChange
from suppliers.requirements import KINDS, MARKETS, soon
from suppliers.standing import GOOD, Judgement, Outcome, judge

FRESH = timedelta(hours=1)
"""So long a reading made before somebody confirmed the words is as good as a new one, unless trust has changed since."""
SETTLED = ("lapsed", "superseded")


def inspect(unit: Unit, fact: CertificateSubmitted) -> Inspection:
    """What the limited child process sees in the bytes. Slow; writes no row."""
    row = papers.get(unit, fact.certificate_id)
    before = _read_before(unit, row)
    if before is not None:
        return before
    sha256, fields, pictures, reading = row.sha256, row.fields, row.pictures, row.reading
    inspection = look_at(unit, sha256, words=not fields)
    if not fields:
        return inspection
    # The words on the pages do not change with trust and time: they were read once.
    words = {name: (reading or {}).get(name) for name in ("lines", "lines_from")} if not inspection.reading.get("lines") else {}
    return Inspection(inspection.reading | words, fields, pictures or inspection.pictures, inspection.documents, inspection.lists)


def on_certificate_submitted(unit: Unit, fact: CertificateSubmitted, inspection: Inspection) -> None:
    """Ask every check and let the paper stand accordingly. Doing it twice changes nothing more."""
    row = locked(unit, fact.certificate_id)
    first = row.judged_at is None
    row.reading, row.fields, row.pictures = inspection.reading, inspection.fields, inspection.pictures
    status_lists.keep(unit, row, inspection)
    ask_checks(unit, row)
    for twin in knowing.twins(unit, row) if first else ():
        if not twin.own:  # it has a rival from now on
            unit.tell(CertificateSubmitted(certificate_id=twin.certificate_id))


def on_supplier_changed(unit: Unit, fact: SupplierChanged) -> None:
    """Ask the checks about the supplier's papers again: what they must cover has changed."""
    judged = select(Certificate.id).where(Certificate.supplier_id == fact.supplier_id, Certificate.judged_at.is_not(None))
    for id in unit.session.scalars(judged.order_by(Certificate.id)).all():
        ask_checks(unit, locked(unit, id))


def on_trust_changed(unit: Unit, fact: TrustChanged) -> None:
    """Have papers looked at again that may stand otherwise now: those that wait, or those that stand."""
    touched = ("needs_person", "rejected") if fact.trusted else GOOD
    judged = select(Certificate.id).where(Certificate.standing.in_(touched), Certificate.judged_at.is_not(None))
    for id in unit.session.scalars(judged.order_by(Certificate.id)).all():
        unit.tell(CertificateSubmitted(certificate_id=id))


def ask_checks(unit: Unit, row: Certificate) -> bool:
    """Ask every check about what is known of the paper now, and let it stand accordingly. Whether its standing moved."""
    today = day_of(unit.now)
    facts = knowing.paper_of(unit, row)
    known = {outcome.name: outcome for outcome in papers.outcomes(unit, row.id)}
    row.found = {}
    for name, check in CHECKS.items():
        finding = check.ask(facts, today)
        outcome = known.pop(name, None) or CheckOutcome(id=unit.new_id(), certificate_id=row.id, name=name)
        outcome.result, outcome.because, outcome.final = finding.result, finding.because, finding.final
        outcome.evidence, outcome.at = finding.evidence, unit.now
        unit.session.add(outcome)
        row.found = row.found | {name: [finding.result, finding.because, finding.final]}
    for gone in known.values():
        unit.session.delete(gone)
    row.judged_at = unit.now
    unit.session.flush()
    return judge_again(unit, row, today)


def recheck(unit: Unit, *, certificate_id: str) -> Certificate:
    """Have a paper looked at and judged anew: trust, lists or rules have changed."""
    row = papers.get(unit, certificate_id)
    unit.tell(CertificateSubmitted(certificate_id=row.id))
    return row


def lapse_due(unit: Unit) -> int:
    """Let the calendar speak: papers that lapse, begin to lapse or begin to be valid today. How many changed."""
    return _rejudged(unit, Certificate.due_on <= day_of(unit.now))


def rejudge(unit: Unit) -> int:
    """Judge every paper anew from what was found: a rule has changed. How many changed."""
    return _rejudged(unit, Certificate.judged_at.is_not(None))


def judge_again(unit: Unit, row: Certificate, today: date, *, decision: str | None = None, note: str | None = None) -> bool:
    """How the paper stands ``today`` after what the checks and people said. Whether its standing moved."""
    spoken = _last_decision([*_decisions(unit, [row.id])[row.id], *([decision] if decision else [])])
    judgement, soon_on = _judged(row, spoken, overridden(unit, row), today)
    moved = settle(unit, row, judgement.standing, judgement.because, decision=decision, note=note)
    row.due_on = _due_on(row, soon_on, today)
    if moved:
        _successions(unit, row, today)
    return moved


def _rejudged(unit: Unit, which: ColumnElement[bool]) -> int:
    """Judge many at once from a few statements; only those that move, or whose next day changes, are then taken one by one."""
    today = day_of(unit.now)
    columns = (Certificate.id, Certificate.kind, Certificate.valid_from, Certificate.valid_until, Certificate.found)
    rows = unit.session.execute(select(*columns, Certificate.standing, Certificate.superseded_by, Certificate.due_on).where(which)).all()
    spoken = _decisions(unit, None)
    let_pass = _let_pass(unit)
    moving = []
    for row in rows:
        if not row.found:  # judged before the checks were what they are
            _ask_anew(unit, row.id)
            continue
        said = _last_decision(spoken.get(row.id, []))
        judgement, soon_on = _judged(row, said, _still(let_pass.get(row.id, ()), row.found), today)
        if judgement.standing != row.standing or _due_on(row, soon_on, today) != row.due_on:
            moving.append(row.id)
    return sum(judge_again(unit, locked(unit, id), today) for id in moving)


def _ask_anew(unit: Unit, id: str) -> None:
    locked(unit, id).due_on = None
    unit.tell(CertificateSubmitted(certificate_id=id))


def _judged(row: Any, decision: str | None, overrides: frozenset[str], today: date) -> tuple[Judgement, date | None]:
    """Pure, over a paper or a row of its columns; and from which day on it is expiring."""
    soon_on = soon(row.kind, row.valid_until, _market(row.kind)) if row.valid_until else None
    judgement = judge(
        {name: Outcome(*said) for name, said in (row.found or {}).items()},
        required=required_checks(row.kind),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        decision=decision,
        day=today,
        soon=soon_on,
        superseded=row.superseded_by is not None,
        overrides=overrides,
    )
    return judgement, soon_on


def settle(unit: Unit, row: Certificate, standing: str, because: list[str], *, decision: str | None, note: str | None) -> bool:
    """Write history when the standing moved or somebody decided; tell the rooms above only when it moved."""
    before, moved = row.standing, standing != row.standing
    row.standing, row.because = standing, because
    if not moved and decision is None:
        return False
    trail.write(unit, row, decision=decision, note=note)
    unit.record(f"certificate.{decision or standing}", "certificate", row.id, before=before, standing=standing, because=because)
    if moved:
        unit.tell(StandingChanged(certificate_id=row.id, supplier_id=row.supplier_id, standing=standing, before=before))
    return moved


def last_decision(unit: Unit, row: Certificate) -> str | None:
    """What a person said last about the paper as it is now; a suspension that was lifted is as if it had not been."""
    return _last_decision(_decisions(unit, [row.id])[row.id])


def overridden(unit: Unit, row: Certificate) -> frozenset[str]:
    """The checks that two persons let pass, as long as they say what they said then."""
    return _still(_let_pass(unit, row.id).get(row.id, ()), row.found)


def _decisions(unit: Unit, ids: list[str] | None) -> dict[str, list[str]]:
    """What people said about each paper, oldest first; of all papers when None."""
    query = select(StandingChange.certificate_id, StandingChange.decision).where(StandingChange.decision.is_not(None))
    query = query if ids is None else query.where(StandingChange.certificate_id.in_(ids))
    said: dict[str, list[str]] = {id: [] for id in ids or ()}
    for id, decision in unit.session.execute(query.order_by(StandingChange.certificate_id, StandingChange.place)):
        said.setdefault(id, []).append(str(decision))
    return said


def _last_decision(said: list[str]) -> str | None:
    spoken: list[str] = []
    for each in said:
        if each == "reset":
            spoken = []
        elif each == "resume":
            spoken = [one for one in spoken if one != "suspend"]
        elif each != "override":
            spoken.append(each)
    return spoken[-1] if spoken else None


def _let_pass(unit: Unit, id: str | None = None) -> dict[str, list[tuple[str, str]]]:
    query = select(PaperOverride.certificate_id, PaperOverride.name, PaperOverride.because).where(PaperOverride.state == "approved")
    found: dict[str, list[tuple[str, str]]] = {}
    for certificate_id, name, because in unit.session.execute(query.where(PaperOverride.certificate_id == id) if id else query):
        found.setdefault(certificate_id, []).append((name, because))
    return found


def _still(let_pass: Iterable[tuple[str, str]], found: dict[str, Any] | None) -> frozenset[str]:
    """An override answers for what the check said when it was asked, and for nothing else."""
    return frozenset(name for name, because in let_pass if (found or {}).get(name, [None, None])[1] == because)


def locked(unit: Unit, id: str) -> Certificate:
    row = papers.get(unit, id)
    unit.session.refresh(row, with_for_update=True)
    return row


def _market(kind: str) -> str:
    """Whose working days count for its renewal: the market of the kind of paper."""
    market = KINDS[kind].market
    return market if market in MARKETS else "CN"


def _read_before(unit: Unit, row: Certificate) -> Inspection | None:
    """The reading made when the file came in, when it is fresh and nobody's trust has changed since."""
    upload = unit.session.get(PaperUpload, row.upload_id) if row.upload_id else None
    if upload is None or row.judged_at is not None or upload.read_at is None or upload.reading is None:
        return None
    changed = [anchor.ended_at or anchor.added_at for anchor in trust.anchors(unit, ended=True)]
    changed += [issuer.ended_at or issuer.added_at for issuer in trust.issuers(unit, ended=True)]
    if unit.now - upload.read_at > FRESH or any(at >= upload.read_at for at in changed):
        return None
    return Inspection(upload.reading, upload.fields, upload.pictures)


def _due_on(row: Any, soon_on: date | None, today: date) -> date | None:
    """The next day on which time alone may change how the paper stands."""
    if row.standing not in (*GOOD, "submitted", "needs_person"):
        return None
    ends = row.valid_until + timedelta(days=1) if row.valid_until else None
    return min((day for day in (row.valid_from, soon_on, ends) if day is not None and day > today), default=None)


def _successions(unit: Unit, row: Certificate, today: date) -> None:
    """A paper that came to stand takes the place of those of its kind that end sooner; one that fell gives it back."""
    if row.standing in GOOD and KINDS[row.kind].scope == "supplier":
        for old in unit.session.scalars(_replaced(row)).all():
            if old.number != row.number and not set(old.products or ()) <= set(row.products or ()):
                continue  # it speaks of goods that the new one does not
            old = locked(unit, old.id)  # before it is changed: locking reads it anew
            old.superseded_by = row.id
            judge_again(unit, old, today)
    elif row.standing not in (*GOOD, *SETTLED):
        left = select(Certificate.id).where(Certificate.superseded_by == row.id).order_by(Certificate.id)
        for id in unit.session.scalars(left).all():
            old = locked(unit, id)
            old.superseded_by = None
            judge_again(unit, old, today)


def _replaced(row: Certificate) -> Any:
    """Papers which a renewal takes the place of: the same kind for the same site, standing or lapsed, that end sooner.

    A paper that speaks of lots is never replaced: another report is about other goods."""
    ends_sooner: ColumnElement[bool] = Certificate.valid_until.is_not(None)
    if row.valid_until is not None:
        ends_sooner = Certificate.valid_until < row.valid_until
    return select(Certificate).where(
        Certificate.supplier_id == row.supplier_id,
        Certificate.kind == row.kind,
        Certificate.id != row.id,
        Certificate.site == row.site if row.site is not None else Certificate.site.is_(None),
        Certificate.standing.in_((*GOOD, "lapsed")),
        ends_sooner,
    )
