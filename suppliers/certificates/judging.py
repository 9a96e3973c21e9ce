"""Look at the bytes, ask every check, hear a person, follow the calendar: how a paper comes to stand.

Whatever moves a standing goes through ``_settle``, so the history, the audit trail and the
fact told to the rooms above can never disagree.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import or_, select

from kernel.errors import Conflict, Refused
from kernel.given import Given, day_of
from kernel.unit import Unit
from suppliers import directory, reading
from suppliers.certificates import papers
from suppliers.checks import CHECKS, Paper, required_checks
from suppliers.facts import CertificateSubmitted, StandingChanged
from suppliers.models import Certificate, CheckOutcome, StandingChange
from suppliers.standing import GOOD, SOON, Outcome, judge

DECIDERS: Final = ("quality", "brand_admin")


class FourEyes(Refused):
    """Whoever handed a paper in may not be the one who accepts it. Ask a colleague."""

    code = "four-eyes"
    title = "Somebody else must accept this"


class NotDecidable(Conflict):
    """This paper cannot be decided on now: its checks are still running, one of them failed (a
    failed check is mended by another document, not by a decision), or the paper was revoked."""

    code = "certificate-not-decidable"
    title = "This paper cannot be decided on"


def inspect(unit: Unit, fact: CertificateSubmitted) -> dict[str, Any]:
    """What the limited child process sees in the bytes. Slow; writes nothing. Bytes that the vault has
    lost are our trouble and not the paper's, so that is not caught here."""
    content = papers.content(unit, fact.certificate_id)
    return reading.look(content, anchors=[(anchor.pem, anchor.crl) for anchor in directory.anchors(unit)], at=unit.now)


def on_certificate_submitted(unit: Unit, fact: CertificateSubmitted, seen: dict[str, Any]) -> None:
    """Ask every check and let the paper stand accordingly. Doing it twice changes nothing more."""
    paper = _locked(unit, fact.certificate_id)
    today = day_of(unit.now)
    facts = _paper(unit, paper, seen)
    known = {row.name: row for row in papers.outcomes(unit, paper.id)}
    for name, check in CHECKS.items():
        finding = check.ask(facts, today)
        row = known.get(name) or CheckOutcome(id=unit.new_id(), certificate_id=paper.id, name=name)
        row.result, row.because, row.evidence, row.at = finding.result, finding.because, finding.evidence, unit.now
        unit.session.add(row)
    paper.reading, paper.judged_at = seen, unit.now
    unit.session.flush()
    _judge_again(unit, paper, today)


def decide(unit: Unit, *, certificate_id: str, accept: bool, reason: str) -> Certificate:
    """A person answers for what the checks could not settle.

    Accepting needs another person than the one who handed the paper in, and cannot override a
    failed check. Saying no to a paper that has stood revokes it, for good; to another, rejects it.
    """
    if unit.actor.kind not in DECIDERS:
        raise Refused("only quality staff decide on papers")
    given = Given()
    reason = given.text("/reason", reason, 500)
    given.done()
    paper = _locked(unit, certificate_id)
    if paper.standing == "revoked":
        raise NotDecidable("a revoked paper stays revoked", standing="revoked")
    if accept:
        _may_accept(unit, paper)
    decision = "accept" if accept else "revoke" if paper.standing in (*GOOD, "lapsed") else "reject"
    _judge_again(unit, paper, day_of(unit.now), decision=decision, note=reason)
    return paper


def lapse_due(unit: Unit) -> int:
    """Let the calendar speak: papers that lapse, begin to lapse or begin to be valid today. How many changed."""
    today = day_of(unit.now)
    due = (
        select(Certificate.id)
        .where(
            or_(
                Certificate.standing.in_(GOOD) & (Certificate.valid_until <= today + SOON),
                (Certificate.standing == "unverified") & Certificate.judged_at.is_not(None) & (Certificate.valid_from <= today),
            )
        )
        .order_by(Certificate.id)
    )
    return sum(_judge_again(unit, _locked(unit, id), today) for id in unit.session.scalars(due).all())


def _may_accept(unit: Unit, paper: Certificate) -> None:
    if paper.submitted_by == unit.actor.id:
        raise FourEyes("whoever handed the paper in may not accept it")
    if paper.judged_at is None:
        raise NotDecidable("its checks are still running", standing=paper.standing)
    failed = [row.because for row in papers.outcomes(unit, paper.id) if row.result == "failed"]
    if failed:
        raise NotDecidable("a failed check cannot be overridden", failed=failed)


def _judge_again(unit: Unit, paper: Certificate, today: date, *, decision: str | None = None, note: str | None = None) -> bool:
    outcomes = {row.name: Outcome(row.result, row.because) for row in papers.outcomes(unit, paper.id)}
    judgement = judge(
        outcomes,
        required=required_checks(paper.kind),
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        decision=decision or _last_decision(unit, paper),
        day=today,
    )
    return _settle(unit, paper, judgement.standing, judgement.because, decision=decision, note=note)


def _settle(unit: Unit, paper: Certificate, standing: str, because: list[str], *, decision: str | None, note: str | None) -> bool:
    """Write history when the standing moved or somebody decided; tell the rooms above only when it moved."""
    before, moved = paper.standing, standing != paper.standing
    paper.standing, paper.because = standing, because
    if not moved and decision is None:
        return False
    change = StandingChange(
        id=unit.new_id(),
        certificate_id=paper.id,
        standing=standing,
        because=because,
        decision=decision,
        note=note,
        at=unit.now,
        by=unit.actor.id,
    )
    unit.session.add(change)
    unit.session.flush()
    unit.record(f"certificate.{decision or standing}", "certificate", paper.id, before=before, standing=standing, because=because)
    if moved:
        unit.tell(StandingChanged(certificate_id=paper.id, supplier_id=paper.supplier_id, standing=standing, before=before))
    return moved


def _last_decision(unit: Unit, paper: Certificate) -> str | None:
    """What a person said last about the paper as it is now."""
    spoken = [change.decision for change in papers.history(unit, paper.id) if change.decision]
    return spoken[-1] if spoken and spoken[-1] != "reset" else None


def _locked(unit: Unit, id: str) -> Certificate:
    paper = papers.get(unit, id)
    unit.session.refresh(paper, with_for_update=True)
    return paper


def _paper(unit: Unit, paper: Certificate, seen: dict[str, Any]) -> Paper:
    who = directory.supplier(unit, paper.supplier_id)
    return Paper(
        kind=paper.kind,
        number=paper.number,
        holder_name=paper.holder_name,
        holder_uscc=paper.holder_uscc,
        issuer_name=paper.issuer_name,
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        supplier_name=who.name,
        supplier_uscc=who.uscc,
        media_type=paper.media_type,
        reading=seen,
        duplicate_of_other_supplier=_shown_by_another(unit, paper),
    )


def _shown_by_another(unit: Unit, paper: Certificate) -> bool:
    """The same bytes, handed in before by another supplier whose paper was not turned away."""
    query = select(Certificate.id).where(
        Certificate.sha256 == paper.sha256,
        Certificate.supplier_id != paper.supplier_id,
        Certificate.id < paper.id,
        Certificate.standing.not_in(("rejected", "revoked")),
    )
    return unit.session.scalar(query.limit(1)) is not None
