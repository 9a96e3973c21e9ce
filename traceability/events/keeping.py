"""Events and what is projected from them, written many at a time.

A document of 500 events names thousands of things, so this room speaks to the driver itself: rows go in
by executemany on SQLite, by COPY and one upsert on PostgreSQL. What an event means is decided elsewhere
(``projecting``); here it only becomes rows, in the caller's transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection

from kernel.errors import Unavailable
from kernel.unit import Unit
from traceability.events import things
from traceability.events.projecting import Edge, Named

_EVENT: Final = (
    "id", "brand_id", "type", "action", "biz_step", "disposition", "event_time", "event_offset", "record_time", "read_point",
    "biz_location", "what", "why", "ilmd", "transformation_id", "by", "declares", "uri", "hash", "capture_id", "told",
)  # fmt: skip
_NAMES: Final = ("thing", "event_id", "role", "brand_id", "quantity", "uom")
_FLOW: Final = ("src", "dst", "event_id", "side", "brand_id", "event_time", "recorded_at", "annulled_at")
_THING: Final = ("key", "brand_id", "uri", "kind", "lot_id", "location", "located_at", "disposition", "disposed_at")
BYTEWISE: Final = ' COLLATE "C"'
"""As Python compares."""
_OF_JSON: Final = (
    "SELECT decode(key, 'hex'), brand_id, uri, kind, lot_id, location, located_at, disposition, disposed_at FROM json_to_recordset(%s)"
    " AS t(key text, brand_id text, uri text, kind text, lot_id text, location text, located_at timestamptz, disposition text,"
    " disposed_at timestamptz)"
)
"""One document of thousands of things is parsed by the database in a fraction of the time that a driver writes arrays in."""


class Unwritten(Unavailable):
    """The database did not take what was to be written; nothing of it is kept. Try once more: it may have been a lock."""

    code = "unwritten"
    title = "The database did not take this"


class Row(NamedTuple):
    """A captured event, ready to be written."""

    id: str
    type: str
    action: str | None
    biz_step: str | None
    disposition: str | None
    event_time: datetime
    event_offset: str
    read_point: str | None
    biz_location: str | None
    transformation_id: str | None
    declares: str | None
    uri: str
    hash: str
    told: str


@dataclass(frozen=True)
class Projected:
    """One event and what it says of things. ``states``: whether it tells where they are and how."""

    id: str
    event_time: datetime
    recorded_at: datetime
    location: str | None
    disposition: str | None
    named: Sequence[Named]
    edges: Sequence[Edge] = ()
    states: bool = True


def write(unit: Unit, rows: Sequence[Row], *, capture_id: str | None) -> None:
    """Write captured events, without what is projected from them."""
    connection = unit.session.connection()
    moment, brand, by = _moments(connection), unit.brand_id, unit.actor.id
    now = moment(unit.now)
    _many(
        connection,
        "epcis_event",
        _EVENT,
        [
            (
                row.id, brand, row.type, row.action, row.biz_step, row.disposition, moment(row.event_time), row.event_offset, now,
                row.read_point, row.biz_location, "{}", "{}", "{}", row.transformation_id, by, row.declares, row.uri, row.hash,
                capture_id, row.told,
            )
            for row in rows
        ],
    )  # fmt: skip


def project(unit: Unit, events: Sequence[Projected]) -> None:
    """Write what events say of things: the things, that they are named, where they are and how, and what flows where."""
    connection = unit.session.connection()
    moment, brand = _moments(connection), unit.brand_id
    latest: dict[str, list[Any]] = {}
    keys: dict[str, bytes] = {}
    names, flows = [], []
    for event in events:
        at, known = moment(event.event_time), moment(event.recorded_at)
        for each in event.named:
            key = keys.get(each.uri)
            if key is None:
                key = keys[each.uri] = things.key(brand, each.uri)
                latest[each.uri] = [key, brand, each.uri, each.kind, None, None, None, None, None]
            names.append((key, event.id, each.role, brand, each.quantity, each.uom))
            if event.states and each.role != "input":
                _tell(latest[each.uri], event.location, event.disposition, at)
        flows += [(edge.src, edge.dst, event.id, edge.side, brand, at, known, None) for edge in event.edges]
    _upsert(connection, sorted(latest.values(), key=_by_key))
    _many(connection, "event_thing", _NAMES, names)
    _many(connection, "flow", _FLOW, list(dict.fromkeys(flows)))


def be_known(unit: Unit, *, uri: str, kind: str, lot_id: str | None = None) -> bytes:
    """The key of a thing, which there is from now on."""
    key = things.key(unit.brand_id, uri)
    _upsert(unit.session.connection(), [[key, unit.brand_id, uri, kind, lot_id, None, None, None, None]])
    return key


def _by_key(row: Sequence[Any]) -> bytes:
    """Things are written in one order, so that two who write the same ones do not wait for each other in a circle."""
    key: bytes = row[0]
    return key


def _tell(row: list[Any], location: str | None, disposition: str | None, at: Any) -> None:
    if location is not None and (row[6] is None or (row[6], row[5]) < (at, location)):
        row[5], row[6] = location, at
    if disposition is not None and (row[8] is None or (row[8], row[7]) < (at, disposition)):
        row[7], row[8] = disposition, at


def _moments(connection: Connection) -> Any:
    """How the driver wants a moment."""
    if connection.dialect.name == "sqlite":
        return lambda at: at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return lambda at: at.astimezone(UTC)


_IS_NEWER: Final = (
    "excluded.{at} IS NOT NULL AND (thing.{at} IS NULL OR excluded.{at} > thing.{at}"
    " OR (excluded.{at} = thing.{at} AND excluded.{word} > thing.{word}{bytewise}))"
)


@cache
def _conflict(bytewise: str) -> str:
    """What an upsert does where the thing is known: the later word of each pair counts, a lot stays a lot."""
    pairs = [("location", "located_at"), ("disposition", "disposed_at")]
    newer = [_IS_NEWER.format(word=word, at=at, bytewise=bytewise) for word, at in pairs]
    sets = [
        f"{column} = CASE WHEN {is_newer} THEN excluded.{column} ELSE thing.{column} END"
        for pair, is_newer in zip(pairs, newer, strict=True)
        for column in pair
    ]
    sets.append("lot_id = coalesce(thing.lot_id, excluded.lot_id)")
    sets.append("kind = CASE WHEN excluded.lot_id IS NULL THEN thing.kind ELSE excluded.kind END")
    some = [*newer, "excluded.lot_id IS NOT NULL AND thing.lot_id IS NULL"]
    return f" ON CONFLICT (key) DO UPDATE SET {', '.join(sets)} WHERE {' OR '.join(f'({each})' for each in some)}"


def _upsert(connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    into = f"INSERT INTO thing ({', '.join(_THING)}) "
    with _driver(connection, "thing") as cursor:
        if connection.dialect.name == "sqlite":
            cursor.executemany(f"{into} VALUES ({', '.join('?' * len(_THING))}){_conflict('')}", rows)
        else:
            told = [dict(zip(_THING, (row[0].hex(), *row[1:]), strict=True)) for row in rows]
            cursor.execute(f"{into}{_OF_JSON}{_conflict(BYTEWISE)}", (msgspec.json.encode(told).decode(),))


def _many(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with _driver(connection, table) as cursor:
        if connection.dialect.name == "sqlite":
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608 - only names of ours
        else:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("".join("\t".join(map(_copied, row)) + "\n" for row in rows))


@contextmanager
def _driver(connection: Connection, table: str) -> Iterator[Any]:
    """The driver's cursor. What it says of a failure quotes what was written, and serials belong into no log: only its kind goes on."""
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise Unwritten(f"{table}: {type(error).__name__}") from None
    finally:
        cursor.close()


_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_special: Final = re.compile(r"[\\\t\n\r]").search


def _copied(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES) if _special(value) else value
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)
