"""Hand a paper in and find it again. Knows no check: whether a paper is good is judged elsewhere."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing, flaw
from kernel.given import UNSEEN, Given
from kernel.unit import Unit
from suppliers import directory
from suppliers.facts import CertificateSubmitted
from suppliers.identifiers import tidy
from suppliers.models import Certificate, CheckOutcome, StandingChange
from suppliers.reading import media_type_of
from suppliers.requirements import KINDS

MOST_BYTES = 20 * 1024 * 1024


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
    content: bytes,
    filename: str,
    media_type: str,
) -> Certificate:
    """Put the bytes into the vault and the paper before the checks.

    The same bytes by the same supplier are the same certificate: handed in again unchanged
    nothing happens; with mended words, while it is not decided on, it starts anew. The bytes say
    what they are; ``media_type`` is only what the sender believed.
    """
    who = directory.supplier(unit, supplier_id)
    words = _words(kind, number, holder_name, holder_uscc, issuer_name, valid_from, valid_until, content)
    seen = _by_bytes(unit, who.id, hashlib.sha256(content).hexdigest())
    if seen is not None:
        return _again(unit, seen, words)
    paper = Certificate(
        id=unit.new_id(),
        supplier_id=who.id,
        sha256=unit.outside.vault.put(content),
        filename=_shown_name(filename),
        media_type=media_type_of(content),
        size=len(content),
        standing="unverified",
        because=["standing.not_checked"],
        submitted_at=unit.now,
        submitted_by=unit.actor.id,
        **words,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(paper)
            unit.session.flush()
    except IntegrityError:  # the same bytes came in at the same moment
        return _again(unit, _by_bytes(unit, who.id, hashlib.sha256(content).hexdigest()) or paper, words)
    unit.record("certificate.submitted", "certificate", paper.id, kind=kind, media_type=paper.media_type)
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


def waiting(unit: Unit) -> list[Certificate]:
    """Papers that the checks could not settle and a person must, oldest first."""
    query = select(Certificate).where(Certificate.standing == "unverified", Certificate.judged_at.is_not(None))
    if unit.actor.kind == "supplier":
        query = query.where(Certificate.supplier_id == unit.actor.supplier_id)
    return [paper for paper in unit.session.scalars(query.order_by(Certificate.id)) if paper.because != ["standing.not_yet_valid"]]


def outcomes(unit: Unit, id: str) -> list[CheckOutcome]:
    """What each check said of this paper, by name."""
    query = select(CheckOutcome).where(CheckOutcome.certificate_id == get(unit, id).id)
    return list(unit.session.scalars(query.order_by(CheckOutcome.name)))


def history(unit: Unit, id: str) -> list[StandingChange]:
    """How this paper stood, oldest first."""
    query = select(StandingChange).where(StandingChange.certificate_id == get(unit, id).id)
    return list(unit.session.scalars(query.order_by(StandingChange.at, StandingChange.id)))


def _words(
    kind: object,
    number: object,
    holder_name: object,
    holder_uscc: object,
    issuer_name: object,
    valid_from: object,
    valid_until: object,
    content: object,
) -> dict[str, Any]:
    """What the sender says of the paper, tidied; Invalid names every flaw at once."""
    given = Given()
    words: dict[str, Any] = {
        "kind": given.choice("/kind", kind, KINDS),
        "number": given.text("/number", number, 60),
        "holder_name": given.text("/holder_name", holder_name, 120),
        "holder_uscc": given.optional("/holder_uscc", holder_uscc, 40),
        "issuer_name": given.optional("/issuer_name", issuer_name, 120),
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    if words["holder_uscc"]:
        words["holder_uscc"] = tidy(words["holder_uscc"])
        if len(words["holder_uscc"]) != 18:
            given.wrong("/holder_uscc", "length", "must have 18 characters")
    if type(valid_from) is not date:
        given.wrong("/valid_from", "date", "must be a date")
    if valid_until is not None and type(valid_until) is not date:
        given.wrong("/valid_until", "date", "must be a date")
    given.flaws += _file_flaws(content)
    given.done()
    return words


def _file_flaws(content: object) -> list[dict[str, Any]]:
    if not isinstance(content, bytes) or not content:
        return [flaw("/file", "blank", "must not be empty")]
    if len(content) > MOST_BYTES:
        return [flaw("/file", "size", "must have at most 20 MiB", most=MOST_BYTES)]
    if not media_type_of(content):
        return [flaw("/file", "media_type", "must be a PDF, a JPEG or a PNG")]
    return []


def _by_bytes(unit: Unit, supplier_id: str, sha256: str) -> Certificate | None:
    query = select(Certificate).where(Certificate.supplier_id == supplier_id, Certificate.sha256 == sha256)
    return unit.session.scalar(query.with_for_update())


def _again(unit: Unit, paper: Certificate, words: dict[str, Any]) -> Certificate:
    """The same bytes once more: unchanged words do nothing, mended words start the paper anew."""
    if all(getattr(paper, name) == value for name, value in words.items()):
        return paper
    if paper.standing not in ("unverified", "rejected"):
        raise PaperSettled("a decided paper is not rewritten", standing=paper.standing)
    for name, value in words.items():
        setattr(paper, name, value)
    paper.standing, paper.because, paper.judged_at = "unverified", ["standing.not_checked"], None
    paper.submitted_at, paper.submitted_by = unit.now, unit.actor.id
    unit.session.execute(delete(CheckOutcome).where(CheckOutcome.certificate_id == paper.id))
    unit.session.add(
        StandingChange(
            id=unit.new_id(),
            certificate_id=paper.id,
            standing="unverified",
            because=["standing.mended"],
            decision="reset",
            at=unit.now,
            by=unit.actor.id,
        )
    )
    unit.record("certificate.mended", "certificate", paper.id)
    unit.tell(CertificateSubmitted(certificate_id=paper.id))
    return paper


def _shown_name(value: object) -> str:
    """A name to show, never a path: the last part, without control characters, at most 200 long.

    A bad name is no reason to turn a paper away, so it is mended rather than refused.
    """
    text = str(value or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in (*UNSEEN, "Zl", "Zp")).strip()
    if len(text) > 200:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else text[:200]
    return text or "paper"
