"""Questions put to the events of a brand, answered in pages.

The database narrows, ``deciding`` decides, and rows stream by in the order of the answer, so that memory is bounded
however long that is. Without ``orderBy`` events come in the order in which they were recorded. The cursor of a page is
the last event before it and how many were given up to there: nothing is kept of it. A page may be shorter than asked for,
even empty, and still have a next one: when very many rows had to be looked at, or when its items would be more than one
document holds.

An event and the declaration that it is in error are two events of one eventID (EPCIS 2.0 §7.4.1.4): a question finds
whichever of the two fits, and ``EXISTS_errorDeclaration`` the second.

Source: EPCIS 2.0 §8.2.7.1 (orderBy, orderDirection, eventCountLimit, maxEventCount), §12.9 (pages).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import Select, literal, select, tuple_

from kernel.errors import Invalid, Missing, flaw
from kernel.unit import Unit
from traceability.events import names, narrowing
from traceability.events.asking import Question
from traceability.events.deciding import Judge
from traceability.events.export import MOST_EPCS
from traceability.events.resources import KINDS, knows, resources
from traceability.models import EpcisEvent

__all__ = ["KINDS", "Found", "QueryTooComplex", "QueryTooLarge", "every", "find", "knows", "one", "resources"]

USUAL: Final = 30
MOST: Final = 1_000
MOST_LOOKED_AT: Final = 20_000
"""Rows that one page may look at, after the database narrowed."""
MOST_SORTED: Final = 100_000
"""Rows that are looked at to answer as a whole: to count them, or to sort them by a field that has no column."""
_AT_ONCE: Final = 200


class QueryTooLarge(Invalid):
    """More events answer this question than its maxEventCount allows. Ask for less: a shorter time, fewer places."""

    code = "query-too-large"
    title = "Too many events answer this query"


class QueryTooComplex(Invalid):
    """To count these answers, or to sort them by an extension field, too many events would have to be looked at.
    Ask for a shorter time, or for something that the events name."""

    code = "query-too-complex"
    title = "This query would look at too many events"


@dataclass
class Found:
    """One page. ``next_token``: what to ask with for the next one; None when there is none."""

    events: list[EpcisEvent] = field(default_factory=list)
    next_token: str | None = None


def find(unit: Unit, question: Question) -> Found:
    """One page of the events that answer. ``question.page_token``: the ``next_token`` of the page before.

    Raises Invalid for a token that is none, QueryTooLarge (maxEventCount), QueryTooComplex.
    """
    given, after = _cursor(unit, question.page_token)
    judge = Judge(unit, question)
    if question.most is not None and after is None:
        _count(unit, question, judge)
    size = min(question.per_page or USUAL, MOST)
    if question.limit is not None:
        size = min(size, question.limit - given)
    if size <= 0:
        return Found()
    if question.order is not None and not isinstance(question.order.by, str):
        return _sorted(unit, question, judge, size, given, after)
    return _streamed(unit, question, judge, size, given, after)


def every(unit: Unit, question: Question, *, most: int = MOST_SORTED) -> Iterator[EpcisEvent]:
    """Everything that answers, as recorded, one after the other. Raises QueryTooComplex when more than ``most`` rows had to be
    looked at."""
    judge = Judge(unit, question)
    for looked_at, event in enumerate(_rows(unit, _select(unit, question))):
        if looked_at >= most:
            raise QueryTooComplex(f"more than {most} events would have to be looked at")
        if judge.fits(event):
            yield event


def one(unit: Unit, event_uri: str) -> list[EpcisEvent]:
    """The event of this eventID, then what declares it in error, if anything does. Raises Missing."""
    local = names.local_id(event_uri)
    first = unit.session.get(EpcisEvent, local) if local is not None else None
    if first is None or first.told is not None or first.declares is not None:
        first = unit.session.scalar(select(EpcisEvent).where(EpcisEvent.uri == event_uri, EpcisEvent.declares.is_(None)))
    if first is None:
        raise Missing("no such event")
    declared = select(EpcisEvent).where(EpcisEvent.declares == first.id).order_by(EpcisEvent.record_time, EpcisEvent.id)
    return [first, *unit.session.scalars(declared)]


def _streamed(unit: Unit, question: Question, judge: Judge, size: int, given: int, after: EpcisEvent | None) -> Found:
    found, items, last = Found(), 0, after
    for looked_at, event in enumerate(_rows(unit, _beyond(_select(unit, question), question, after))):
        if looked_at >= MOST_LOOKED_AT:
            return _turned(found, last, given)
        if judge.fits(event):
            items += _items(event)
            if len(found.events) == size or (found.events and items > MOST_EPCS):
                return _turned(found, last, given, question.limit)
            found.events.append(event)
        last = event
    return found


def _turned(found: Found, last: EpcisEvent | None, given: int, limit: int | None = None) -> Found:
    count = given + len(found.events)
    if last is not None and (limit is None or count < limit):
        found.next_token = f"{count}.{last.id}"
    return found


def _sorted(unit: Unit, question: Question, judge: Judge, size: int, given: int, after: EpcisEvent | None) -> Found:
    """In the order of an extension field: of all that answer, the first ones behind the cursor are held on to."""
    descending = question.order is not None and question.order.descending
    start = None if after is None else _Standing(judge, after, descending)
    first: list[_Standing] = []
    more = False
    for looked_at, event in enumerate(_rows(unit, _select(unit, question))):
        if looked_at >= MOST_SORTED:
            raise QueryTooComplex(f"more than {MOST_SORTED} events would have to be sorted")
        if not judge.fits(event):
            continue
        here = _Standing(judge, event, descending)
        if start is not None and not start.before(here):
            continue
        if len(first) < size:
            heappush(first, here)
        else:
            more = True
            heappushpop(first, here)
    events = [each.event for each in sorted(first, reverse=True)]
    fitting = _in_one_document(events)
    more = more or fitting < len(events)
    return _turned(Found(events[:fitting]), events[fitting - 1], given, question.limit) if more else Found(events)


def _in_one_document(events: list[EpcisEvent]) -> int:
    """How many from the first on one document holds; one at least."""
    items = list(accumulate(map(_items, events)))
    return next((at for at, count in enumerate(items) if at and count > MOST_EPCS), len(items))


class _Standing:
    """An event in an order. The smallest in a heap is the one that stands last."""

    def __init__(self, judge: Judge, event: EpcisEvent, descending: bool) -> None:
        self.event, self.descending = event, descending
        self.at: tuple[Any, ...] = (*judge.place(event), event.id)

    def before(self, other: _Standing) -> bool:
        return self.at > other.at if self.descending else self.at < other.at

    def __lt__(self, other: _Standing) -> bool:
        return other.before(self)


def _count(unit: Unit, question: Question, judge: Judge) -> None:
    """Refuse when more answer than the question allows (maxEventCount)."""
    answers = 0
    for looked_at, event in enumerate(_rows(unit, _select(unit, question))):
        if looked_at >= MOST_SORTED:
            raise QueryTooComplex(f"more than {MOST_SORTED} events would have to be counted")
        answers += judge.fits(event)
        if question.most is not None and answers > question.most:
            detail = f"more than {question.most} events answer"
            raise QueryTooLarge(errors=[flaw("/maxEventCount", "query-too-large", detail, most=question.most)])


def _select(unit: Unit, question: Question) -> Select[EpcisEvent]:
    query = select(EpcisEvent).where(*narrowing.clauses(unit, question.narrow))
    columns = _order(question)
    return query.order_by(*(column.desc() for column in columns) if _descends(question) else columns)


def _beyond(query: Select[EpcisEvent], question: Question, after: EpcisEvent | None) -> Select[EpcisEvent]:
    if after is None:
        return query
    columns = _order(question)
    here = tuple_(*columns)
    there = tuple_(*(literal(getattr(after, column.key), column.type) for column in columns))
    return query.where(here < there if _descends(question) else here > there)


def _order(question: Question) -> tuple[Any, Any]:
    by_event = question.order is not None and question.order.by == "eventTime"
    return EpcisEvent.event_time if by_event else EpcisEvent.record_time, EpcisEvent.id


def _descends(question: Question) -> bool:
    return question.order is not None and isinstance(question.order.by, str) and question.order.descending


def _rows(unit: Unit, query: Select[EpcisEvent]) -> Iterator[EpcisEvent]:
    return iter(unit.session.scalars(query.execution_options(yield_per=_AT_ONCE)))


def _items(event: EpcisEvent) -> int:
    return sum(span["last"] - span["first"] + 1 for span in event.what.get("codeRanges", ()))


def _cursor(unit: Unit, token: str | None) -> tuple[int, EpcisEvent | None]:
    """How many were given before, and the last of them."""
    if token is None:
        return 0, None
    count, _, event_id = token.partition(".")
    good = count.isascii() and count.isdigit() and len(count) < 12 and event_id.isascii() and event_id.isalnum()
    last = unit.session.get(EpcisEvent, event_id) if good else None
    if last is None:
        raise Invalid(errors=[flaw("/nextPageToken", "page-token", "this token is not one of ours, or has expired")])
    return int(count), last
