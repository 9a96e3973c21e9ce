"""The files of an order's codes: asked for, made part by part in the background, kept in the vault.

Rendering is slow, so it is done before the transaction that notes its result: ``render`` only
reads and puts bytes into the vault, ``on_print_asked`` only writes, and tells that the next part is
wanted. Both may be repeated: the same codes and plan always give the same bytes, hence the same name
in the vault. A worker that dies goes on with the part it was at, and nothing is in the file twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Select, func, select

from kernel.errors import Conflict, Invalid, Missing, Trouble, Unavailable, flaw
from kernel.unit import Unit
from traceability import faces, keys, printable, seal, spans
from traceability.facts import PrintAsked
from traceability.given import Given
from traceability.labels import FORMATS, Labels, Made, Roll, planner
from traceability.labels.planner import Plan, Wish
from traceability.models import CodeOrder, PrintJob, PrintPart
from traceability.parts import Parts
from traceability.symbols import standard

AT_ONCE: Final = 100_000
"""Codes of an order up to which files may be asked for in the same breath."""
MOST: Final = 20_000_000
"""Codes in one file. A larger order is printed in portions."""
STALLED: Final = timedelta(minutes=10)
"""After so long without a new part nobody is at a file any more: deliveries are tried for five minutes, and a part takes one at most."""


class PrintNotReady(Conflict):
    """The file is still being made. It is usually ready within a minute; ask again."""

    code = "print-not-ready"
    title = "The file is not ready yet"


def check(formats: object, count: int) -> tuple[str, ...]:
    """The formats, each known and named once, for an order of so many codes. Raises Invalid."""
    names = tuple(formats) if isinstance(formats, (tuple, list)) else None
    if names is None or not all(isinstance(name, str) and name in FORMATS for name in names) or len(set(names)) < len(names):
        raise Invalid(errors=[flaw("/formats", "formats", f"may name each of {', '.join(FORMATS)} once", formats=list(FORMATS))])
    if names and count > AT_ONCE:
        detail = f"with an order, files are made of up to {AT_ONCE} codes; leave formats empty and ask for the files of a larger one later"
        raise Invalid(errors=[flaw("/formats", "formats-most", detail, most=AT_ONCE)])
    return names


def put_in(unit: Unit, order: CodeOrder, format: str) -> PrintJob:
    """Note that a file of the whole order is wanted and tell it; the order is already written."""
    return _put_in(unit, order, _draft(unit, order, format, faces.OUTER, spans.span(order, 0, None), Wish()))


def ask(
    unit: Unit,
    *,
    order_id: str,
    format: str,
    face: str = faces.OUTER,
    start: int = 0,
    count: int | None = None,
    wish: Wish | None = None,
    reprint_id: str | None = None,
) -> PrintJob:
    """Ask for a file of codes ``start`` … ``start + count - 1`` of an order (positions from 0; to its end when ``count`` is None).

    What was asked before is the job that is there already. One that failed is tried again and one that stalled goes
    on, if its labels may still be printed; two workers at the same part keep it once. ``face``: outer, inner, or both
    (CSV). ``reprint_id``: the approved re-print that this is for (``reprints``). Raises Missing, Invalid,
    printable.ReprintNeeded, moves.CodesNotFree, moves.OrderClosed, planner.CannotBeRead, layout.LabelTooLarge or
    layout.TooManyPages.
    """
    if format not in FORMATS:
        raise Invalid(errors=[flaw("/format", "formats", f"must be one of {', '.join(FORMATS)}", formats=list(FORMATS))])
    order = spans.locked(unit, order_id)
    span = spans.span(order, start, count)
    if span.last - span.first + 1 > MOST:
        raise Invalid(errors=[flaw("/count", "print-most", f"a file holds up to {MOST} codes; ask for portions", most=MOST)])
    if face not in (*faces.FACES, *(() if FORMATS[format].draws else (faces.BOTH,))):
        raise Invalid(errors=[flaw("/face", "choice", "must be outer or inner, or both in a CSV")])
    draft = _draft(unit, order, format, face, span, wish or Wish())
    job = unit.session.scalar(_same(draft))
    if job is None or job.state != "ready":
        printable.must_be_labels(unit, order, span)
    if job is None:
        if reprint_id is None:
            printable.must_be_first(unit, order, span, face)
        draft.reprint_id = reprint_id
        job = _put_in(unit, order, draft)
        unit.record("print.asked", "code_order", order.id, format=format, face=face, first=start + 1, count=span.last - span.first + 1)
    elif job.state == "failed":
        job.reprint_id = reprint_id or job.reprint_id
        if job.reprint_id is None:
            printable.must_be_first(unit, order, span, face)
        job.state, job.failure = "waiting", None
        _tell(unit, job, _made(unit, job))
    elif job.state == "waiting" and unit.now - (job.told_at or job.asked_at) >= STALLED:
        _tell(unit, job, _made(unit, job))
    return job


def preview(unit: Unit, *, order_id: str, face: str = faces.OUTER, wish: Wish | None = None) -> Plan:
    """The plan that a file would be printed by. Raises Missing, Invalid or planner.CannotBeRead."""
    order = unit.session.get(CodeOrder, order_id)
    if order is None:
        raise Missing("no such order of codes")
    return _plan(unit, order, face, wish or Wish())


def foresee(unit: Unit, *, scheme: str, host: str | None = None, wish: Wish | None = None) -> Plan:
    """The plan for codes that are not ordered yet: at this host, or the brand's own address.

    Raises Invalid, planner.CannotBeRead or addresses.NoAddress.
    """
    given = Given()
    given.choice("/scheme", scheme, (keys.GS1, keys.COMPACT))
    given.done()
    prefix = faces.ahead(unit, scheme=scheme, host=host)
    return planner.plan(wish or Wish(), text_length=len(prefix) + seal.LETTERS, mode=standard.mode_of(prefix))


def jobs(unit: Unit, order_id: str) -> list[PrintJob]:
    """The files of an order, as they were asked for."""
    return list(unit.session.scalars(select(PrintJob).where(PrintJob.order_id == order_id).order_by(PrintJob.asked_at, PrintJob.id)))


def get(unit: Unit, job_id: str) -> PrintJob:
    """One file that was asked for. Raises Missing."""
    job = unit.session.get(PrintJob, job_id)
    if job is None:
        raise Missing("no such print job")
    return job


def progress(job: PrintJob) -> tuple[int, int]:
    """Codes that are in the file so far, and in all."""
    return job.done, job.last - job.first + 1


def render(unit: Unit, fact: PrintAsked) -> dict[str, Any]:
    """Make one part of the file and put it into the vault. Writes no row.

    Answers what ``on_print_asked`` has to note: the part's key, size, codes and note, or the ``failure``
    of a file that can never be made; nothing when the part is there already.
    """
    job = get(unit, fact.job_id)
    if job.state != "waiting" or fact.part != _made(unit, job):
        return {}
    try:
        content, note, codes = _make(unit, job, fact.part, lambda: _parts(unit, job))
    except Unavailable:
        raise
    except Trouble as trouble:
        return {"failure": f"{trouble.code}: {trouble}"[:300]}
    return {"vault_key": unit.outside.vault.put(content), "size": len(content), "note": note, "codes": codes}


def on_print_asked(unit: Unit, fact: PrintAsked, prepared: dict[str, Any]) -> None:
    """Note the part that ``render`` made and ask for the next; after the last the file can be fetched."""
    job = unit.session.scalar(select(PrintJob).where(PrintJob.id == fact.job_id).with_for_update())
    if not prepared or job is None or job.state != "waiting":
        return
    if "failure" in prepared:
        job.state, job.failure = "failed", prepared["failure"]
        unit.record("print.failed", "code_order", job.order_id, format=job.format, failure=job.failure)
        return
    if fact.part != _made(unit, job):
        return
    made = {name: prepared[name] for name in ("vault_key", "size", "note")}
    unit.session.add(PrintPart(id=unit.new_id(), job_id=job.id, number=fact.part, **made))
    job.done += prepared["codes"]
    done, total = progress(job)
    if done < total:
        _tell(unit, job, fact.part + 1)
        return
    job.state, job.ready_at = "ready", unit.now
    parts = _parts(unit, job)
    job.size = sum(part.size for part in parts)
    job.digest = hashlib.sha256("".join(part.vault_key for part in parts).encode()).hexdigest()
    unit.record("print.ready", "code_order", job.order_id, format=job.format)


def file(unit: Unit, job_id: str) -> tuple[PrintJob, Parts]:
    """The job and its file, to be read or sought in; it may be read after the unit has ended. Raises Missing or PrintNotReady."""
    job = get(unit, job_id)
    if job.state != "ready":
        raise PrintNotReady("the file is not ready", job=job.id)
    return job, Parts(unit.outside.vault, [(part.vault_key, part.size) for part in _parts(unit, job)])


def roll(unit: Unit, job_id: str) -> tuple[PrintJob, Roll]:
    """The job and what its labels share, as they were or will be printed. Raises Missing."""
    job = get(unit, job_id)
    return job, _roll(unit, job, unit.session.get_one(CodeOrder, job.order_id))


def wanted(unit: Unit, job_id: str) -> PrintAsked | None:
    """What was told and is still to be done for this file: the next part, or None. Whoever waits may as well do it."""
    job = get(unit, job_id)
    return PrintAsked(job_id=job.id, part=_made(unit, job)) if job.state == "waiting" else None


def _draft(unit: Unit, order: CodeOrder, format: str, face: str, span: spans.Span, wish: Wish) -> PrintJob:
    """A job as it would be written, with a plan that can be kept; not yet in the session."""
    plan = asdict(_plan(unit, order, face, wish)) if FORMATS[format].draws else {}
    job = PrintJob(order_id=order.id, format=format, face=face, first=span.first, last=span.last, state="waiting", done=0)
    job.plan = plan
    job.plan_key = hashlib.sha256(msgspec.json.encode(plan, order="sorted")).hexdigest() if plan else ""
    FORMATS[format].part_size(_roll(unit, job, order))
    return job


def _put_in(unit: Unit, order: CodeOrder, job: PrintJob) -> PrintJob:
    job.id, job.asked_at = unit.new_id(), unit.now
    unit.session.add(job)
    _tell(unit, job, 0)
    return job


def _tell(unit: Unit, job: PrintJob, part: int) -> None:
    job.told_at = unit.now
    unit.tell(PrintAsked(job_id=job.id, part=part))


def _same(job: PrintJob) -> Select[PrintJob]:
    names = ("order_id", "format", "face", "first", "last", "plan_key")
    return select(PrintJob).where(*(getattr(PrintJob, name) == getattr(job, name) for name in names)).with_for_update()


def _plan(unit: Unit, order: CodeOrder, face: str, wish: Wish) -> Plan:
    prefix = faces.prefix(unit, order, face)
    length, mode = seal.LETTERS, standard.mode_of(prefix)
    if order.longest is not None and face == faces.OUTER:
        length, mode = order.longest, mode if order.alphanumeric else "byte"
    return planner.plan(wish, text_length=len(prefix) + length, mode=mode)


def _roll(unit: Unit, job: PrintJob, order: CodeOrder) -> Roll:
    """What the labels of a job share. A job of before there were plans gets the usual one."""
    face = faces.INNER if job.face == faces.INNER else faces.OUTER
    plan = msgspec.convert(job.plan, Plan) if job.plan else _plan(unit, order, face, Wish()) if FORMATS[job.format].draws else None
    return Roll(
        count=job.last - job.first + 1,
        gtin=order.gtin,
        prefix=faces.prefix(unit, order, face),
        human=faces.human(order, face),
        start=job.first - order.first,
        inner_prefix=faces.prefix(unit, order, faces.INNER) if job.face == faces.BOTH else None,
        plan=plan,
    )


def _make(unit: Unit, job: PrintJob, number: int, earlier: Callable[[], list[PrintPart]]) -> tuple[bytes, dict[str, Any], int]:
    """One part: its bytes, with the tail when it is the last, its note, and how many codes it holds."""
    order = unit.session.get_one(CodeOrder, job.order_id)
    roll, kind = _roll(unit, job, order), FORMATS[job.format]
    start = number * kind.part_size(roll)
    count = min(kind.part_size(roll), roll.count - start)
    face = faces.INNER if job.face == faces.INNER else faces.OUTER
    serials = faces.serials(unit, order, face=face, first=job.first + start, count=count)
    inner = faces.serials(unit, order, face=faces.INNER, first=job.first + start, count=count) if job.face == faces.BOTH else None
    content, note = kind.part(roll, number, Labels(start + 1, serials, inner))
    if start + count == roll.count:
        made = [Made(part.size, part.note) for part in earlier()] + [Made(len(content), note)]
        content += kind.tail(roll, made)
    return content, note, count


def _parts(unit: Unit, job: PrintJob) -> list[PrintPart]:
    return list(unit.session.scalars(select(PrintPart).where(PrintPart.job_id == job.id).order_by(PrintPart.number)))


def _made(unit: Unit, job: PrintJob) -> int:
    """How many parts there are."""
    return unit.session.scalar(select(func.count()).where(PrintPart.job_id == job.id)) or 0
