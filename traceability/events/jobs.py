"""Documents sent to be captured: taken in at the door, captured in the background, and what became of them.

Reading and checking are slow and need no transaction: ``look_over`` does it at the door, so that a document that
cannot be captured is refused at once; ``read`` does it again beside the writers when the job is at hand, from the
bytes as they lie in the vault. ``on_capture_asked`` only writes: a document that may proceed part by part, each in a
transaction of its own, so that whoever else writes need not wait for all of it. A worker that dies in the middle leaves
nothing of that part behind, and the delivery of the fact is done again: once, because a job that is finished is left alone.

Source: EPCIS 2.0 §12.6.1 (POST /capture, capture jobs, GS1-Capture-Error-Behaviour).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Conflict, Invalid, Missing, Refused, flaw
from kernel.outbox import Delivery, ToldFact
from kernel.unit import Unit
from traceability.events import capturing, documents
from traceability.events.documents import Document
from traceability.events.projecting import EPCS, QUANTITIES
from traceability.facts import CaptureAsked
from traceability.models import CaptureJob

AT_ONCE: Final = 500
"""Events in one transaction, where a document may be taken in part by part."""
MOST_THINGS: Final = 50_000
"""Items, lots and packs that one document may name, each as often as it names them: what one transaction writes in a second or two."""
BEHAVIOURS: Final = (capturing.ROLLBACK, capturing.PROCEED)
MOST_ERRORS: Final = 200
"""Errors of one document that are told; of what is wrong a thousand times nobody reads the last."""


def look_over(
    content: bytes, media_type: str, *, behaviour: str = capturing.ROLLBACK, extensions: Mapping[str, str] | None = None
) -> Document:
    """Read a document before anything is promised. Raises Invalid when it cannot be read as a whole, when it names more than
    MOST_THINGS, or, under rollback, when anything is wrong with any of its events: then none of them would be captured."""
    if behaviour not in BEHAVIOURS:
        raise Invalid(errors=[flaw("/behaviour", "one-of", f"one of {', '.join(BEHAVIOURS)}")])
    document = documents.read(content, media_type, extensions)
    if behaviour == capturing.ROLLBACK and not document.good:
        raise Invalid(errors=_some(chain.from_iterable(document.flaws)))
    if things(document) > MOST_THINGS:
        raise Invalid(errors=[flaw("", "things-most", f"a document names at most {MOST_THINGS} items, lots and packs", most=MOST_THINGS)])
    return document


def parts(document: Document) -> Iterator[Document]:
    """The document in parts of AT_ONCE events, at least one; its master data come with the first."""
    for at in range(0, len(document.events) or 1, AT_ONCE):
        some = slice(at, at + AT_ONCE)
        part = replace(document, events=document.events[some], places=document.places[some], flaws=document.flaws[some])
        yield replace(part, master_data=None if at else document.master_data)


def ask(
    unit: Unit,
    *,
    vault_key: str,
    media_type: str,
    behaviour: str = capturing.ROLLBACK,
    extensions: Mapping[str, str] | None = None,
    events: int | None = None,
    size: int | None = None,
) -> CaptureJob:
    """Tell that a document is to be captured, which was looked over and lies in the vault: put there before this unit began, as
    writing ``size`` bytes takes its time. ``events``: how many are in it."""
    job = CaptureJob(
        id=unit.new_id(),
        created_at=unit.now,
        created_by=unit.actor.id,
        behaviour=behaviour,
        media_type=media_type[:80],
        extensions=dict(extensions or {}),
        vault_key=vault_key,
        events=events,
        errors=[],
    )
    unit.session.add(job)
    unit.session.flush()
    unit.record("capture.asked", "capture_job", job.id, behaviour=behaviour, bytes=size)
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


def given_up(unit: Unit, jobs: Iterable[CaptureJob]) -> dict[str, datetime]:
    """Of jobs that seem to run, those whose capture was tried in vain until nobody tries any more: their ids, and since when.

    They are no row's business: somebody who mends the cause may have it tried again (``outbox.revive``), and then they run."""
    running = {job.id for job in jobs if job.finished_at is None}
    if not running:
        return {}
    dead = select(ToldFact.body, Delivery.due_at).join(Delivery, Delivery.fact_id == ToldFact.id)
    dead = dead.where(Delivery.state == "dead", ToldFact.name == CaptureAsked.name(), ToldFact.brand_id == unit.brand_id)
    return {body["job_id"]: at for body, at in unit.session.execute(dead).tuples() if body["job_id"] in running}


def read(unit: Unit, fact: CaptureAsked) -> Document | list[dict[str, Any]] | None:
    """The document of a job, or what is wrong with it as a whole; None when the job is finished. Writes no row."""
    job = get(unit, fact.job_id)
    unit.rest()
    if job.finished_at is not None:
        return None
    try:
        return documents.read(unit.outside.vault.get(job.vault_key), job.media_type, job.extensions)
    except Invalid as trouble:
        return trouble.errors
    except Missing:
        return [flaw("", "vault", "the document is not in the vault any more")]


def on_capture_asked(unit: Unit, fact: CaptureAsked, found: Document | list[dict[str, Any]] | None) -> None:
    """Capture what was read, or its next part, and note what became of it, in one transaction."""
    job = unit.session.scalar(select(CaptureJob).where(CaptureJob.id == fact.job_id).with_for_update())
    if job is None or job.finished_at is not None or found is None:
        return
    going_on = False
    if isinstance(found, Document):
        cut = list(parts(found)) if job.behaviour == capturing.PROCEED else [found]
        outcome = _captured(unit, job, cut[fact.part])
        going_on = fact.part + 1 < len(cut)
        job.events = len(found.events)
    else:
        outcome = capturing.Captured(0, errors=found)
        job.events = 0
    job.captured = (job.captured or 0) + len(outcome.ids) + outcome.repeated
    job.errors = _some(chain(job.errors, outcome.errors))
    if going_on:
        unit.tell(CaptureAsked(job_id=job.id, part=fact.part + 1))
        return
    job.success = not job.errors
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


def things(document: Document) -> int:
    """How many items, lots and packs the events of a document name, each as often as it is named."""
    fields = [name for name, _ in (*EPCS, *QUANTITIES)]
    return sum(len(told[name]) for told in document.events if told is not None for name in fields if name in told)


def _some(flaws: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(flaws, MOST_ERRORS))
