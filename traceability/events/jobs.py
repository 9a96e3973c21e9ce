"""Documents sent to be captured: taken in at the door, captured in the background, and what became of them.

Reading and checking are slow and need no transaction: ``look_over`` does it at the door, so that a document that
cannot be captured is refused at once; ``read`` does it again beside the writers when the job is at hand, from the
bytes as they lie in the vault. ``on_capture_asked`` only writes. A worker that dies in the middle leaves nothing
behind, and the delivery of the fact is done again: once, because a job that is finished is left alone.

Source: EPCIS 2.0 §12.6.1 (POST /capture, capture jobs, GS1-Capture-Error-Behaviour).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Conflict, Invalid, Missing, Refused, flaw
from kernel.unit import Unit
from traceability.events import capturing, documents
from traceability.events.documents import Document
from traceability.facts import CaptureAsked
from traceability.models import CaptureJob

BEHAVIOURS: Final = (capturing.ROLLBACK, capturing.PROCEED)
MOST_ERRORS: Final = 200
"""Errors of one document that are told; of what is wrong a thousand times nobody reads the last."""


def look_over(content: bytes, media_type: str, *, behaviour: str = capturing.ROLLBACK) -> Document:
    """Read a document before anything is promised. Raises Invalid when it cannot be read as a whole, or, under
    rollback, when anything is wrong with any of its events: then none of them would be captured."""
    if behaviour not in BEHAVIOURS:
        raise Invalid(errors=[flaw("/behaviour", "one-of", f"one of {', '.join(BEHAVIOURS)}")])
    document = documents.read(content, media_type)
    if behaviour == capturing.ROLLBACK and not document.good:
        raise Invalid(errors=_some(chain.from_iterable(document.flaws)))
    return document


def ask(
    unit: Unit,
    *,
    content: bytes,
    media_type: str,
    behaviour: str = capturing.ROLLBACK,
    extensions: Mapping[str, str] | None = None,
    events: int | None = None,
) -> CaptureJob:
    """Keep a document that was looked over, and tell that it is to be captured. ``events``: how many are in it."""
    job = CaptureJob(
        id=unit.new_id(),
        created_at=unit.now,
        created_by=unit.actor.id,
        behaviour=behaviour,
        media_type=media_type[:80],
        extensions=dict(extensions or {}),
        vault_key=unit.outside.vault.put(content),
        events=events,
        errors=[],
    )
    unit.session.add(job)
    unit.session.flush()
    unit.record("capture.asked", "capture_job", job.id, behaviour=behaviour, bytes=len(content))
    unit.tell(CaptureAsked(job_id=job.id))
    return job


def get(unit: Unit, job_id: str) -> CaptureJob:
    """One job. Raises Missing."""
    job = unit.session.get(CaptureJob, job_id)
    if job is None:
        raise Missing("no such capture job")
    return job


def every(unit: Unit, *, most: int, before: str | None = None) -> list[CaptureJob]:
    """Jobs, newest first, at most so many; those before the one of this id."""
    query = select(CaptureJob).order_by(CaptureJob.id.desc()).limit(most)
    return list(unit.session.scalars(query if before is None else query.where(CaptureJob.id < before)))


def read(unit: Unit, fact: CaptureAsked) -> Document | list[dict[str, Any]] | None:
    """The document of a job, or what is wrong with it as a whole; None when the job is finished. Writes no row."""
    job = get(unit, fact.job_id)
    unit.rest()
    if job.finished_at is not None:
        return None
    try:
        return documents.read(unit.outside.vault.get(job.vault_key), job.media_type)
    except Invalid as trouble:
        return trouble.errors
    except Missing:
        return [flaw("", "vault", "the document is not in the vault any more")]


def on_capture_asked(unit: Unit, fact: CaptureAsked, found: Document | list[dict[str, Any]] | None) -> None:
    """Capture what was read and note what became of it, in one transaction."""
    job = unit.session.scalar(select(CaptureJob).where(CaptureJob.id == fact.job_id).with_for_update())
    if job is None or job.finished_at is not None or found is None:
        return
    outcome = _captured(unit, job, found) if isinstance(found, Document) else capturing.Captured(0, errors=found)
    job.events = outcome.events
    job.captured = len(outcome.ids) + outcome.repeated
    job.errors = _some(outcome.errors)
    job.success = not outcome.errors
    job.finished_at = unit.now


def _captured(unit: Unit, job: CaptureJob, document: Document) -> capturing.Captured:
    """What became of the document. A trouble takes back what was written up to it, and is told as the job's error."""
    try:
        with unit.session.begin_nested():
            return capturing.capture(unit, document, behaviour=job.behaviour, capture_id=job.id)
    except Invalid as trouble:
        return capturing.Captured(len(document.events), errors=trouble.errors or [flaw("", trouble.code, trouble.detail)])
    except (Conflict, Refused, Missing) as trouble:
        return capturing.Captured(len(document.events), errors=[flaw("", trouble.code, trouble.detail or trouble.title)])


def _some(flaws: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(flaws, MOST_ERRORS))
