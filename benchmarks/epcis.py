"""Capture of EPCIS documents: how fast against bare rows, and how right.

    python benchmarks/epcis.py [--quick] [--examples DIR] [--hash-vectors DIR]

Documents of 500 ObjectEvents with 10 new EPCs each are read, checked, hashed, projected and committed, by the same
code that the worker runs. The peer, in the same run and taking turns: the very rows that this made, written
into the same tables (indexes, keys and triggers included) of another database, unread and unchecked, by
executemany (SQLite) or COPY of ready bytes (PostgreSQL), one commit a document. One thread, by the clock.

``--examples``: a folder of documents, searched through; what lies under a folder ``Invalid`` must be refused, every other
must be taken in. ``--hash-vectors``: a folder of NAME.jsonld or NAME.xml with NAME.hashes beside it.

Last line: capture_ratio, postgres_capture_ratio (rate against the peer's), events_per_second,
postgres_events_per_second; accepted, refused, wrong; equal, total.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from sqlalchemy import text

from app.config import Settings
from app.database import Database
from app.house import open_database
from benchmarks.habit import arguments, emit, median, note
from benchmarks.houses import postgres
from kernel.errors import Trouble
from kernel.ids import new_id
from kernel.orm import Brand
from kernel.unit import PLATFORM, Actor, system
from migrations.upgrade import upgrade
from traceability.events import capturing, documents
from traceability.events.hashing import event_hash

EVENTS, EPCS = 500, 10
CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
TABLES = {"epcis_event": "id", "event_thing": "event_id", "thing": "key"}
MEDIA = {".json": "application/json", ".jsonld": "application/ld+json", ".xml": "application/xml"}
CAPTURED = "EPCISDocument", "EPCISQueryDocument"


def document(number: int) -> bytes:
    """A document like a morning's shipments; no EPC is in two of them."""
    events = [
        {
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": "shipping",
            "disposition": "in_transit",
            "eventTime": f"2026-01-{1 + number % 28:02d}T10:{place // 60 % 60:02d}:{place % 60:02d}.000+08:00",
            "eventTimeZoneOffset": "+08:00",
            "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"},
            "bizLocation": {"id": "urn:epc:id:sgln:0614141.07346.0"},
            "bizTransactionList": [{"type": "po", "bizTransaction": f"http://transaction.example.com/po/{place}"}],
            "epcList": [f"urn:epc:id:sgtin:0614141.107346.{(number * EVENTS + place) * EPCS + each}" for each in range(EPCS)],
        }
        for place in range(EVENTS)
    ]
    head = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-31T00:00:00Z"}
    return json.dumps({**head, "epcisBody": {"eventList": events}}).encode()


def founded(settings: Settings) -> tuple[Database, Actor]:
    """A house with one brand."""
    database = open_database(settings)
    upgrade(database.engine)
    with database.begin(PLATFORM) as unit:
        brand = Brand(id="0" * 26, slug="bench", name="Bench", created_at=unit.now)
        unit.session.add(brand)
    return database, system(brand.id)


def captured(database: Database, actor: Actor, body: bytes) -> tuple[float, list[str]]:
    """Seconds from the bytes until they are durable, and the ids of the events."""
    began = time.perf_counter()
    read = documents.read(body, "application/json")
    with database.begin(actor) as unit:
        outcome = capturing.capture(unit, read, capture_id=new_id(unit.now))
    seconds = time.perf_counter() - began
    if len(outcome.ids) != EVENTS or outcome.errors:
        raise SystemExit("not everything was captured")
    return seconds, outcome.ids


def _where(table: str) -> str:
    """The rows of ``table`` that belong to the newest document."""
    since = "SELECT id FROM epcis_event WHERE capture_id = (SELECT max(capture_id) FROM epcis_event)"
    if table == "thing":
        return f"key IN (SELECT thing FROM event_thing WHERE event_id IN ({since}))"
    return f"{TABLES[table]} IN ({since})"


def bare_sqlite(source: Database, target: Database) -> float:
    with source.engine.connect() as connection:
        rows = {name: connection.exec_driver_sql(f"SELECT * FROM {name} WHERE {_where(name)}").all() for name in TABLES}
    rows = {name: [tuple(row) for row in found] for name, found in rows.items()}
    began = time.perf_counter()
    with target.engine.execution_options(writes=True).begin() as connection:
        cursor = connection.connection.cursor()
        for name, found in rows.items():
            cursor.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(found[0]))})", found)
    return time.perf_counter() - began


def bare_postgres(source: Database, target: Database) -> float:
    ready = {}
    with source.engine.connect() as connection:
        for name in TABLES:
            with connection.connection.cursor().copy(f"COPY (SELECT * FROM {name} WHERE {_where(name)}) TO STDOUT") as copy:
                ready[name] = b"".join(bytes(block) for block in copy)
    began = time.perf_counter()
    with target.engine.begin() as connection:
        for name, block in ready.items():
            with connection.connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                copy.write(block)
    return time.perf_counter() - began


@contextmanager
def houses(kind: str) -> Iterator[tuple[Database, Database, Actor]]:
    """Two houses alike: one captures, the other gets bare rows."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            urls = [f"sqlite:///{folder}/{name}.db" for name in "ab"]
            made = [founded(Settings(home=folder, database_url=url).filled()) for url in urls]
            yield made[0][0], made[1][0], made[0][1]
        else:
            with postgres() as one, postgres() as other:
                made = [founded(Settings(home=folder, database_url=url).filled()) for url in (one, other)]
                yield made[0][0], made[1][0], made[0][1]
                for database, _ in made:
                    database.engine.dispose()


def measured(kind: str, rounds: int) -> tuple[float, float]:
    """Median ratio and events a second."""
    bare = bare_sqlite if kind == "sqlite" else bare_postgres
    ratios, rates = [], []
    with houses(kind) as (ours, theirs, actor):
        for number in range(rounds + 2):
            seconds, _ = captured(ours, actor, document(number))
            peer = bare(ours, theirs)
            if number >= 2:
                ratios.append(peer / seconds)
                rates.append(EVENTS / seconds)
        with theirs.engine.connect() as connection:
            if connection.scalar(text("SELECT count(*) FROM event_thing")) != (rounds + 2) * EVENTS * EPCS:
                raise SystemExit("the peer did not write the same rows")
    note(f"{kind}: {median(rates):.0f} events/s, ratio {median(ratios)} ({min(ratios):.2f} to {max(ratios):.2f})")
    return median(ratios), median(rates)


def is_captured(path: Path) -> bool:
    """Whether it is a document for capture, or one event; queries and their like are none."""
    body = path.read_text("utf-8-sig")
    if path.suffix == ".xml":
        return any(kind in body[:2000] for kind in (*CAPTURED, "Event>", "Event "))
    try:
        told = json.loads(body)
    except ValueError:
        return True
    return isinstance(told, dict) and (told.get("type") in CAPTURED or str(told.get("type")).endswith("Event"))


def taken(database: Database, actor: Actor, path: Path) -> bool:
    """Whether the house takes the document in, all of it; nothing is kept."""
    media = MEDIA[path.suffix]
    try:
        body = path.read_bytes()
        if not any(kind.encode() in body for kind in CAPTURED):
            told, flaws = documents.event(body, media)
            read = documents.Document(events=[told], places=[""], flaws=[flaws])
        else:
            read = documents.read(body, media)
        with database.begin(actor) as unit:
            outcome = capturing.capture(unit, read)
            unit.session.rollback()
        return not outcome.errors
    except Trouble:
        return False


def examples(folder: Path) -> dict[str, Any]:
    wrong, counts = [], {True: 0, False: 0}
    with tempfile.TemporaryDirectory() as home:
        database, actor = founded(Settings(home=home).filled())
        for path in sorted(each for each in folder.rglob("*") if each.suffix in MEDIA and is_captured(each)):
            good = taken(database, actor, path)
            counts[good] += 1
            if good == ("Invalid" in path.parts):
                wrong.append(str(path.relative_to(folder)))
    return {"accepted": counts[True], "refused": counts[False], "wrong": wrong}


def vectors(folder: Path) -> dict[str, int]:
    equal = total = 0
    for path in sorted(folder.rglob("*.hashes")):
        for beside in (path.with_suffix(suffix) for suffix in (".jsonld", ".xml")):
            if beside.exists():
                read = documents.read(beside.read_bytes(), MEDIA[beside.suffix])
                total += 1
                equal += [event_hash(told, read.ignored) for told in read.events if told] == path.read_text().split()
    return {"equal": equal, "total": total}


if __name__ == "__main__":
    given = arguments(
        "capture of EPCIS documents",
        examples=lambda parser: parser.add_argument("--examples", type=Path),
        vectors=lambda parser: parser.add_argument("--hash-vectors", type=Path),
    )
    rounds = given.rounds or (5 if given.quick else 20)
    ratio, rate = measured("sqlite", rounds)
    postgres_ratio, postgres_rate = measured("postgres", rounds)
    figures: dict[str, Any] = {
        "capture_ratio": ratio,
        "postgres_capture_ratio": postgres_ratio,
        "events_per_second": rate,
        "postgres_events_per_second": postgres_rate,
    }
    if given.examples:
        figures |= examples(given.examples)
    if given.hash_vectors:
        figures |= vectors(given.hash_vectors)
    emit(**figures)
