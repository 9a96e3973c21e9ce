"""What a question says that the database can look up: the rows that may answer it, never fewer, sometimes more.

What a question names (events, things) is looked up first. When few events speak of it, they are the search; when many
do, each event is asked in its turn instead, so that a question about a whole class of goods begins at once as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from kernel.unit import Unit
from traceability.events import deciding, master_data, names, things
from traceability.events.asking import Match, Narrow
from traceability.models import EpcisEvent, EventError, EventRange, EventThing, Product, Thing

Clause = ColumnElement[bool]

MOST_KEYS: Final = 500
"""Things that are looked up one by one; more are a range of URIs."""
MOST_EVENTS: Final = 2_000
"""Events that are looked up by their ids."""
_LAST: Final = "\U0010ffff"
TELLS_MILLISECONDS: Final = timedelta(milliseconds=1)
"""A time of ours is told to the millisecond, so that it may lie before a moment that its row does not."""
ROLES: Final = {
    "epc": ("object", "child"),
    "epcClass": ("object", "child"),
    "parentID": ("parent",),
    "inputEPC": ("input",),
    "inputEPCClass": ("input",),
    "outputEPC": ("output",),
    "outputEPCClass": ("output",),
}
_FIELDS: Final = {
    "epc": ("epcList", "childEPCs"),
    "outputEPC": ("outputEPCList",),
    "anyEPC": ("epcList", "childEPCs", "outputEPCList"),
}
"""Where the ranges of an event of the house are told, by parameter; the others never mean items in ranges."""


def clauses(unit: Unit, narrow: Narrow) -> list[Clause]:
    """What must be true of a row for it to answer."""
    return [
        *_columns(narrow),
        *_places(unit, EpcisEvent.read_point, narrow.read_points, narrow.read_points_within),
        *_places(unit, EpcisEvent.biz_location, narrow.biz_locations, narrow.biz_locations_within),
        *([_events(unit, narrow.event_ids)] if narrow.event_ids is not None else ()),
        *(_match(unit, match) for match in narrow.matches),
        *(_flags(unit, narrow)),
    ]


def _columns(narrow: Narrow) -> Iterable[Clause]:
    for column, values in (
        (EpcisEvent.type, narrow.event_types),
        (EpcisEvent.action, narrow.actions),
        (EpcisEvent.biz_step, narrow.biz_steps),
        (EpcisEvent.disposition, narrow.dispositions),
    ):
        if values is not None:
            yield column.in_(sorted(values))
    if narrow.event_from is not None:
        yield EpcisEvent.event_time >= narrow.event_from
    if narrow.event_before is not None:
        yield EpcisEvent.event_time < _a_little_after(narrow.event_before)
    if narrow.recorded_from is not None:
        yield EpcisEvent.record_time >= narrow.recorded_from
    if narrow.recorded_before is not None:
        yield EpcisEvent.record_time < narrow.recorded_before
    if narrow.transformation_ids is not None:
        named = EpcisEvent.transformation_id
        yield or_(named.in_(sorted(narrow.transformation_ids)), named.like("urn:epc:%"), named.like("http%"))


def _a_little_after(at: datetime) -> datetime:
    """Up to the end of what can be told."""
    return at + min(TELLS_MILLISECONDS, datetime.max.replace(tzinfo=UTC) - at)


def _flags(unit: Unit, narrow: Narrow) -> Iterable[Clause]:
    if narrow.has_sensor:
        yield EpcisEvent.told.like('%"sensorElementList"%')  # no step of the house tells sensor data in an event
    if narrow.has_error:
        declared = select(EventError.declared_by).union(select(EpcisEvent.id).where(EpcisEvent.declares.is_not(None)))
        ids = set(unit.session.scalars(declared.limit(MOST_EVENTS + 1)))
        yield EpcisEvent.id.in_(ids if len(ids) <= MOST_EVENTS else declared)


def _places(unit: Unit, column: InstrumentedAttribute[str | None], *asked: frozenset[str] | None) -> Iterable[Clause]:
    """Captured rows hold canonical URIs. The house holds names, and URIs in any spelling: those stay, to be decided."""
    here = f"{unit.outside.public_url}/place/"
    for uris, below in zip(asked, (False, True), strict=True):
        if uris is not None:
            found = master_data.descendants(unit, uris) if below else set(uris)
            names_ = {unquote(uri.removeprefix(here)) for uri in found if uri.startswith(here)}
            spelt = or_(*(column.like(f"{start}%") for start in ("http", "urn:", "geo:")))
            yield or_(column.in_(sorted(found | names_)), and_(EpcisEvent.told.is_(None), spelt))


def _events(unit: Unit, event_ids: Collection[str]) -> Clause:
    """Events of these eventIDs, and what declares them in error, which bears the same."""
    ours = [local for uri in event_ids if (local := names.local_id(uri)) is not None]
    captured = select(EpcisEvent.id).where(EpcisEvent.uri.in_(sorted(event_ids)), EpcisEvent.declares.is_(None))
    ids = {*ours, *unit.session.scalars(captured)}
    return or_(EpcisEvent.id.in_(ids), EpcisEvent.declares.in_(ids)) if ids else false()


def _match(unit: Unit, match: Match) -> Clause:
    exact = {things.key(unit.brand_id, pattern.exact) for pattern in match.patterns if pattern.exact is not None}
    starts = {pattern.prefix for pattern in match.patterns if pattern.exact is None}
    keys = _keys(unit, exact, starts)
    spans = _spans(unit, match)
    ids = None if keys is None else _few(unit, match.role, keys, spans)
    if ids is not None:
        return EpcisEvent.id.in_(ids)
    named = exists().where(EventThing.event_id == EpcisEvent.id, *_role(match.role))
    if keys is not None:
        named = named.where(EventThing.thing.in_(keys))
    else:
        named = named.where(Thing.key == EventThing.thing, or_(Thing.key.in_(exact), *(_begins(unit, start) for start in sorted(starts))))
    return or_(named, *(exists().where(EventRange.event_id == EpcisEvent.id, span) for span in spans))


def _keys(unit: Unit, exact: set[bytes], starts: Collection[str]) -> set[bytes] | None:
    """The things that are meant, if they are not too many."""
    found = set(exact)
    for start in starts:
        found.update(unit.session.scalars(select(Thing.key).where(_begins(unit, start)).limit(MOST_KEYS + 1)))
        if len(found) > MOST_KEYS:
            return None
    return found if len(found) <= MOST_KEYS else None


def _few(unit: Unit, role: str, keys: set[bytes], spans: list[Clause]) -> set[str] | None:
    """The ids of the events that name these things, if they are not too many."""
    named = select(EventThing.event_id).where(EventThing.thing.in_(keys), *_role(role)).limit(MOST_EVENTS + 1)
    ids = set(unit.session.scalars(named))
    for span in spans:
        if len(ids) <= MOST_EVENTS:
            ids.update(unit.session.scalars(select(EventRange.event_id).where(span).limit(MOST_EVENTS + 1)))
    return ids if len(ids) <= MOST_EVENTS else None


def _spans(unit: Unit, match: Match) -> list[Clause]:
    """Ranges of codes of the house that hold an item which is meant."""
    if match.role not in _FIELDS:
        return []
    found: list[Clause] = []
    for counters in deciding.meant(unit, match.patterns).values():
        for (gtin, version), numbers in counters.items():
            found += [
                and_(EventRange.gtin == gtin, EventRange.key_version == version, EventRange.first <= number, EventRange.last >= number)
                for number in numbers
            ]
    patterns = [pattern for pattern in match.patterns if pattern.exact is None]
    if patterns:
        gtins = unit.session.scalars(select(Product.gtin).distinct())
        whole = [gtin for gtin in gtins if any(_of_gtin(pattern, gtin) for pattern in patterns)]
        found += [EventRange.gtin.in_(whole)] if whole else []
    return found


def _of_gtin(pattern: Any, gtin: str) -> bool:
    return bool(deciding.cuts_serials(pattern, gtin) or pattern.fits(names.item(gtin, "0")))


def _role(role: str) -> list[Clause]:
    return [EventThing.role.in_(ROLES[role])] if role in ROLES else []


def _begins(unit: Unit, start: str) -> Clause:
    """URIs that begin so, in words that the index over them understands: SQLite's LIKE does not mind the case of letters."""
    if not start:
        return Thing.uri.is_not(None)
    if unit.session.get_bind().dialect.name == "sqlite":
        return and_(Thing.uri >= start, Thing.uri < start + _LAST)
    return Thing.uri.startswith(start, autoescape=True)
