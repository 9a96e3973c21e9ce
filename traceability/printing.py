"""The files of an order's codes: asked for, made in the background, kept in the vault.

Rendering is slow, so it is done before the transaction that notes its result: ``render`` only
reads and puts bytes into the vault, ``on_print_asked`` only writes. Both may be repeated: the
same order always gives the same bytes, hence the same name in the vault.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from kernel.errors import Conflict, Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import gs1, keys
from traceability.facts import PrintAsked
from traceability.labels import FORMATS, Label
from traceability.models import CodeOrder, PrintJob

MOST: Final = 100_000
"""Codes in one file. A larger order is fetched in parts over the API."""


class PrintNotReady(Conflict):
    """The file is still being made. It is usually ready within a minute; ask again."""

    code = "print-not-ready"
    title = "The file is not ready yet"


def check(formats: object, count: int) -> tuple[str, ...]:
    """The formats, each known and named once, for an order of so many codes. Raises Invalid."""
    names = tuple(formats) if isinstance(formats, (tuple, list)) else None
    if names is None or not all(isinstance(name, str) and name in FORMATS for name in names) or len(set(names)) < len(names):
        raise Invalid(errors=[flaw("/formats", "formats", f"may name each of {', '.join(FORMATS)} once", formats=list(FORMATS))])
    if names and count > MOST:
        detail = f"files are made for orders of up to {MOST} codes; leave formats empty for a larger one"
        raise Invalid(errors=[flaw("/formats", "formats-most", detail, most=MOST)])
    return names


def put_in(unit: Unit, order: CodeOrder, format: str) -> PrintJob:
    """Note that a file is wanted and tell it; the order is already written."""
    job = PrintJob(id=unit.new_id(), order_id=order.id, format=format, state="waiting", asked_at=unit.now)
    unit.session.add(job)
    unit.tell(PrintAsked(job_id=job.id))
    return job


def ask(unit: Unit, *, order_id: str, format: str) -> PrintJob:
    """Ask for one more file of an order; the one that is there already when it was asked before.

    Raises Missing or Invalid.
    """
    order = unit.session.scalar(select(CodeOrder).where(CodeOrder.id == order_id).with_for_update())
    if order is None:
        raise Missing("no such order of codes")
    check((format,), order.count)
    job = unit.session.scalar(select(PrintJob).where(PrintJob.order_id == order.id, PrintJob.format == format))
    if job is None:
        job = put_in(unit, order, format)
        unit.record("print.asked", "code_order", order.id, format=format)
    return job


def jobs(unit: Unit, order_id: str) -> list[PrintJob]:
    """The files of an order, as they were asked for."""
    return list(unit.session.scalars(select(PrintJob).where(PrintJob.order_id == order_id).order_by(PrintJob.asked_at, PrintJob.format)))


def render(unit: Unit, fact: PrintAsked) -> dict[str, Any]:
    """Make the file and put it into the vault: {"vault_key", "size" in bytes}. Writes no row."""
    job = _job(unit, fact.job_id)
    order = unit.session.get_one(CodeOrder, job.order_id)
    links = keys.links(unit, gtin=order.gtin, key_version=order.key_version, first=order.first, count=order.count)
    base_url = unit.outside.public_url
    content = FORMATS[job.format].render([Label(gs1.write(link, base_url), link.human) for link in links])
    return {"vault_key": unit.outside.vault.put(content), "size": len(content)}


def on_print_asked(unit: Unit, fact: PrintAsked, prepared: dict[str, Any]) -> None:
    """The file that ``render`` made is there to be fetched."""
    job = _job(unit, fact.job_id)
    if job.state == "ready":
        return
    job.state, job.ready_at = "ready", unit.now
    job.vault_key, job.size = prepared["vault_key"], prepared["size"]
    unit.record("print.ready", "code_order", job.order_id, format=job.format)


def file(unit: Unit, job_id: str) -> tuple[PrintJob, bytes]:
    """The job and its bytes. Raises Missing or PrintNotReady."""
    job = _job(unit, job_id)
    if job.vault_key is None:
        raise PrintNotReady("the file is not ready", job=job.id)
    return job, unit.outside.vault.get(job.vault_key)


def _job(unit: Unit, job_id: str) -> PrintJob:
    job = unit.session.get(PrintJob, job_id)
    if job is None:
        raise Missing("no such print job")
    return job
