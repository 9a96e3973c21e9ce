"""Hand a paper in and find it again. Knows no check: whether a paper is good is judged elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from kernel.audit import AuditEntry
from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from suppliers import directory
from suppliers.certificates import files, lots_named, trail, uploads, wording
from suppliers.facts import CertificateSubmitted
from suppliers.models import Certificate, CheckOutcome, PaperOverride, PaperUpload, StandingChange
from suppliers.reading import media_type_of
from suppliers.standing import GOOD

MOST_LISTED: Final = 500
MENDABLE: Final = ("submitted", "needs_person", "rejected")


class PaperSettled(Conflict):
    """These very bytes were handed in before with other words, and have been decided on since. A
    decided paper is not rewritten; hand in the new document instead."""

    code = "paper-settled"
    title = "This document has already been decided on"


def submit(
    unit: Unit,
    *,
    supplier_id: str,
    kind: str,
    number: str,
    holder_name: str,
    holder_uscc: str | None = None,
    issuer_name: str | None = None,
    valid_from: date,
    valid_until: date | None,
    issued_on: date | None = None,
    lots: Iterable[str] = (),
    products: Iterable[str] = (),
    site: str | None = None,
    scope: str | None = None,
    accreditation: str | None = None,
    upload_id: str | None = None,
    content: bytes | None = None,
    filename: str = "",
    media_type: str = "",
) -> Certificate:
    """Put the paper before the checks: a file that was read before (``upload_id``) or the bytes themselves,
    with the words on it as somebody confirmed them.

    The same bytes by the same supplier are the same certificate: handed in again unchanged
    nothing happens; with mended words, while it is not decided on, it starts anew. The bytes say
    what they are; ``media_type`` is only what the sender believed.
    """
    who = directory.supplier(unit, supplier_id)
    given: dict[str, Any] = {
        "kind": kind,
        "number": number,
        "holder_name": holder_name,
        "holder_uscc": holder_uscc,
        "issuer_name": issuer_name,
    }
    given |= {"valid_from": valid_from, "valid_until": valid_until, "issued_on": issued_on, "lots": lots, "products": products}
    given |= {"site": site, "scope": scope, "accreditation": accreditation}
    words = wording.tidied(given, [] if upload_id else files.flaws(content))
    if upload_id:
        return _confirmed(unit, who.id, uploads.take(unit, upload_id, who.id), words)
    assert content is not None
    seen = _by_bytes(unit, who.id, hashlib.sha256(content).hexdigest())
    if seen is not None:
        return _again(unit, seen, words)
    kept = {"sha256": unit.outside.vault.put(content), "filename": files.shown_name(filename)}
    return _kept(unit, who.id, kept | {"media_type": media_type_of(content), "size": len(content)}, words)


def _confirmed(unit: Unit, supplier_id: str, row: PaperUpload, words: dict[str, Any]) -> Certificate:
    seen = _by_bytes(unit, supplier_id, row.sha256)
    row.state = "confirmed"
    if seen is not None:
        return _again(unit, seen, words)
    file = {name: getattr(row, name) for name in ("sha256", "filename", "media_type", "size", "reading", "fields", "pictures")}
    return _kept(unit, supplier_id, file | {"upload_id": row.id}, words)


def _kept(unit: Unit, supplier_id: str, file: dict[str, Any], words: dict[str, Any]) -> Certificate:
    paper = Certificate(
        id=unit.new_id(),
        supplier_id=supplier_id,
        standing="submitted",
        because=["standing.not_checked"],
        submitted_at=unit.now,
        submitted_by=unit.actor.id,
        **file,
        **words,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(paper)
            unit.session.flush()
    except IntegrityError:  # the same bytes came in at the same moment
        return _again(unit, _by_bytes(unit, supplier_id, file["sha256"]) or paper, words)
    lots_named.keep(unit, paper)
    unit.record("certificate.submitted", "certificate", paper.id, kind=paper.kind, media_type=paper.media_type)
    unit.tell(CertificateSubmitted(certificate_id=paper.id))
    return paper


def get(unit: Unit, id: str) -> Certificate:
    """This paper, or Missing: also for the people of another supplier."""
    paper = unit.session.get(Certificate, id) if isinstance(id, str) else None
    if paper is None or (unit.actor.kind == "supplier" and unit.actor.supplier_id != paper.supplier_id):
        raise Missing("no such certificate")
    return paper


def numbered(unit: Unit, text: str) -> list[str]:
    """The ids of the papers that bear this number, or of the one whose id it is."""
    query = select(Certificate.id).where(or_(Certificate.number == text, Certificate.id == text))
    return list(unit.session.scalars(query.order_by(Certificate.id)))


def content(unit: Unit, id: str) -> bytes:
    """The bytes as they were handed in. They are a stranger's: never serve them for display inline."""
    return unit.outside.vault.get(get(unit, id).sha256)


def of_supplier(unit: Unit, supplier_id: str) -> list[Certificate]:
    """All papers of a supplier, newest first."""
    who = directory.supplier(unit, supplier_id)
    return list(unit.session.scalars(select(Certificate).where(Certificate.supplier_id == who.id).order_by(Certificate.id.desc())))


def picture(unit: Unit, id: str, page: int) -> bytes:
    """One page of a paper as it was drawn anew from decoded pixels (PNG or JPEG): fit to be shown."""
    pictures = get(unit, id).pictures or []
    if not 0 <= page < len(pictures):
        raise Missing("no such page")
    return unit.outside.vault.get(pictures[page])


def listed(
    unit: Unit,
    *,
    supplier_id: str | None = None,
    standing: str | None = None,
    kind: str | None = None,
    after: str | None = None,
    most: int = 100,
) -> list[Certificate]:
    """Papers, newest first, narrowed by what is named; ``after``: the id of the last one of the page before."""
    query = select(Certificate).order_by(Certificate.id.desc()).limit(max(1, min(most, MOST_LISTED)))
    mine = unit.actor.supplier_id if unit.actor.kind == "supplier" else supplier_id
    for column, value in ((Certificate.supplier_id, mine), (Certificate.standing, standing), (Certificate.kind, kind)):
        query = query.where(column == value) if value is not None else query
    return list(unit.session.scalars(query.where(Certificate.id < after) if after else query))


def queue(unit: Unit) -> list[Certificate]:
    """Papers that the checks could not settle and a person must, oldest first."""
    query = select(Certificate).where(Certificate.standing == "needs_person")
    if unit.actor.kind == "supplier":
        query = query.where(Certificate.supplier_id == unit.actor.supplier_id)
    return list(unit.session.scalars(query.order_by(Certificate.id)))


def outcomes(unit: Unit, id: str) -> list[CheckOutcome]:
    """What each check said of this paper, by name."""
    query = select(CheckOutcome).where(CheckOutcome.certificate_id == get(unit, id).id)
    return list(unit.session.scalars(query.order_by(CheckOutcome.name)))


def history(unit: Unit, id: str) -> list[StandingChange]:
    """How this paper stood, oldest first."""
    return trail.of(unit, get(unit, id).id)


def _by_bytes(unit: Unit, supplier_id: str, sha256: str) -> Certificate | None:
    query = select(Certificate).where(Certificate.supplier_id == supplier_id, Certificate.sha256 == sha256)
    return unit.session.scalar(query.with_for_update())


def _again(unit: Unit, paper: Certificate, words: dict[str, Any]) -> Certificate:
    """The same bytes once more: unchanged words do nothing, mended words start the paper anew.

    What people let pass or looked up answered for the words as they were, and counts no more."""
    directory.lock(unit, paper.supplier_id)
    unit.session.refresh(paper, with_for_update=True)
    if all(getattr(paper, name) == value for name, value in words.items()):
        return paper
    if paper.standing not in MENDABLE or any(change.standing in GOOD for change in trail.of(unit, paper.id)):
        raise PaperSettled("a decided paper is not rewritten", standing=paper.standing)
    for name, value in words.items():
        setattr(paper, name, value)
    paper.standing, paper.because, paper.judged_at = "submitted", ["standing.not_checked"], None
    paper.found, paper.due_on, paper.superseded_by, paper.again = {}, None, None, None
    paper.submitted_at, paper.submitted_by = unit.now, unit.actor.id
    unit.session.execute(delete(CheckOutcome).where(CheckOutcome.certificate_id == paper.id))
    unit.session.execute(update(PaperOverride).where(PaperOverride.certificate_id == paper.id).values(state="lapsed"))
    lots_named.keep(unit, paper)
    trail.write(unit, paper, decision="reset", because=["standing.mended"])
    unit.record("certificate.mended", "certificate", paper.id)
    unit.tell(CertificateSubmitted(certificate_id=paper.id))
    return paper


def hands(unit: Unit, paper: Certificate) -> frozenset[str]:
    """Everybody through whose hands this paper came in: they decide nothing about it."""
    upload = unit.session.get(PaperUpload, paper.upload_id) if paper.upload_id else None
    query = select(AuditEntry.actor_id).where(AuditEntry.subject_kind == "certificate", AuditEntry.subject_id == paper.id)
    typed = unit.session.scalars(query.where(AuditEntry.verb.in_(("certificate.submitted", "certificate.mended"))))
    return frozenset({paper.submitted_by, *typed, *([upload.uploaded_by] if upload else [])})
