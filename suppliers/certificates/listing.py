"""Papers as the desk goes through them: narrowed, counted, the oldest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from kernel.errors import Missing
from kernel.unit import Unit
from suppliers.models import Certificate, CheckOutcome, PaperOverride, PaperUpload, Supplier

AT_ONCE: Final = 500
RECENT: Final = timedelta(days=30)
"""So long a file that was turned away stays on the desk."""


@dataclass(frozen=True)
class Narrow:
    """What is asked for; empty texts ask for all. ``words``: of number, holder, issuer, file or supplier."""

    standing: str = ""
    kind: str = ""
    supplier_id: str = ""
    words: str = ""


def found(unit: Unit, narrow: Narrow, *, after: str = "", limit: int = 100) -> list[Certificate]:
    """Papers, oldest first; ``after``: the id of the last one of the page before."""
    _by_the_desk(unit)
    query = select(Certificate).where(*_conditions(narrow)).order_by(Certificate.id).limit(limit)
    return list(unit.session.scalars(query.where(Certificate.id > after) if after else query))


def count(unit: Unit, narrow: Narrow) -> int:
    """How many they are in all."""
    _by_the_desk(unit)
    return unit.session.scalar(select(func.count()).select_from(Certificate).where(*_conditions(narrow))) or 0


def each(unit: Unit, narrow: Narrow) -> Iterator[tuple[Certificate, str, list[CheckOutcome]]]:
    """All of them with the name of their supplier and what did not pass, some at a time: for files that leave the house."""
    _by_the_desk(unit)
    names = dict(unit.session.execute(select(Supplier.id, Supplier.name)).tuples().all())
    after = ""
    while True:
        some = found(unit, narrow, after=after, limit=AT_ONCE)
        left_open = doubts(unit, [paper.id for paper in some])
        yield from ((paper, names[paper.supplier_id], left_open[paper.id]) for paper in some)
        if len(some) < AT_ONCE:
            return
        after = some[-1].id
        unit.session.expunge_all()


def counts(unit: Unit) -> dict[str, int]:
    """Papers by their standing; ``override``: that wait for a second person; ``refused``: files turned away lately."""
    _by_the_desk(unit)
    by_standing = select(Certificate.standing, func.count()).group_by(Certificate.standing)
    told = dict(unit.session.execute(by_standing).tuples().all())
    waiting = select(func.count(func.distinct(PaperOverride.certificate_id))).where(PaperOverride.state == "proposed")
    refused = select(func.count()).select_from(PaperUpload).where(*_refused(unit))
    return {**told, "override": unit.session.scalar(waiting) or 0, "refused": unit.session.scalar(refused) or 0}


def refused(unit: Unit, *, supplier_id: str = "", limit: int = 100) -> list[PaperUpload]:
    """Files that were turned away in the last thirty days, newest first."""
    _by_the_desk(unit)
    query = select(PaperUpload).where(*_refused(unit)).order_by(PaperUpload.id.desc()).limit(limit)
    return list(unit.session.scalars(query.where(PaperUpload.supplier_id == supplier_id) if supplier_id else query))


def doubts(unit: Unit, ids: list[str]) -> dict[str, list[CheckOutcome]]:
    """What did not pass on these papers, by paper."""
    _by_the_desk(unit)
    found: dict[str, list[CheckOutcome]] = {id: [] for id in ids}
    query = select(CheckOutcome).where(CheckOutcome.certificate_id.in_(ids), CheckOutcome.result != "passed")
    for each in unit.session.scalars(query):
        found[each.certificate_id].append(each)
    return found


def several(unit: Unit, ids: list[str]) -> dict[str, Certificate]:
    """These papers by their id; those that are not there are left out."""
    _by_the_desk(unit)
    return {paper.id: paper for paper in unit.session.scalars(select(Certificate).where(Certificate.id.in_(ids)))}


def _conditions(narrow: Narrow) -> list[ColumnElement[bool]]:
    exact: tuple[tuple[Any, str], ...] = (
        (Certificate.standing, narrow.standing),
        (Certificate.kind, narrow.kind),
        (Certificate.supplier_id, narrow.supplier_id),
    )
    conditions: list[ColumnElement[bool]] = [column == value for column, value in exact if value]
    for word in narrow.words.split()[:8]:
        word = word.replace("\0", "\ufffd")  # no text in a database holds it, and PostgreSQL fails when asked
        columns = (Certificate.number, Certificate.holder_name, Certificate.issuer_name, Certificate.filename)
        of_supplier = select(Supplier.id).where(Supplier.name.icontains(word, autoescape=True))
        conditions.append(or_(*(each.icontains(word, autoescape=True) for each in columns), Certificate.supplier_id.in_(of_supplier)))
    return conditions


def _refused(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    return (PaperUpload.state == "refused", PaperUpload.uploaded_at >= unit.now - RECENT)


def _by_the_desk(unit: Unit) -> None:
    if unit.actor.kind == "supplier":
        raise Missing("this list is the desk's")
