"""A forward trace over a million events, cold, against an oracle that walks the same plant in memory.

    python benchmarks/trace.py [--quick]

A plant of 10⁵ lots: raw lots come in, are blended (3 to 8 inputs) and are filled. Half of the blends go into one of four
mother tanks that are never emptied, so that a heel of every blend is in the next one for ever; the others into tanks that are
cleaned now and then. Some transformations are told in two events. The other events move, inspect and ship what was made, so that there are
10⁶ (with ``--quick`` a tenth of both). All of them go through the projections of capture, in bulk. Some blends were
declared in error (not in mother tanks, where that would end the chain). Then raw lots of five different days are traced,
each in a process of its own that starts cold (SQLite's file out of the system's memory): open the database, walk, and answer
with the exact set of things. The peer in the
same run: the same walk as most repositories offer it, one question for each thing and each transformation.

Last line: forward_seconds (the slowest trace, SQLite), postgres_forward_seconds, reached (how many things that
was), exact (every set equals the oracle's), peer_seconds (of the smallest set).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

import json

from sqlalchemy import text

from app.config import Settings
from app.database import Database
from app.house import open_database
from benchmarks.epcis import founded
from benchmarks.habit import ROOT, arguments, emit, note
from benchmarks.houses import postgres
from kernel.ids import first_id
from kernel.unit import Actor, system
from traceability.events import annulling, flows, keeping, projecting, things

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 5_000
STARTS = 5
MOTHERS, TANKS, CLEANED = 4, 40, 0.05
BRAND = "0" * 26


@dataclass
class Plant:
    """What happened, in order: (kind, inputs, outputs, transformationID), and the lots that came in raw."""

    steps: list[tuple[str, list[str], list[str], str | None]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)

    def forward(self, start: str) -> set[str]:
        """The oracle: everything that came of a lot, as a patient person would find it."""
        into: dict[str, set[str]] = {}
        out: dict[str, set[str]] = {}
        for number, (kind, inputs, outputs, name) in enumerate(self.steps):
            if kind == "make" and number not in self.wrong:
                here = name or f"#{number}"
                for each in inputs:
                    into.setdefault(each, set()).add(here)
                out.setdefault(here, set()).update(outputs)
        met, todo = set(), {start}
        while todo:
            todo = {made for each in todo for here in into.get(each, ()) for made in out.get(here, ())} - met
            met |= todo
        return met - {start}


def lot(number: int) -> str:
    return f"https://id.gs1.org/01/0614141{number % 50:06d}4/10/L{number:07d}"


def plant(lots: int, events: int) -> Plant:
    """``lots`` lots in about ``events`` events; the same ones each time."""
    chance, made = random.Random(5), Plant()
    heels: dict[int, str] = {}
    recent: list[str] = []
    number = 0
    while number < lots:
        raw = [lot(number + each) for each in range(20)]
        number += 20
        made.raw += raw
        made.steps += [("move", [], [each], None) for each in raw]
        recent = (recent + raw)[-200:]
        for _ in range(10):
            place = chance.randrange(MOTHERS) if chance.random() < 0.5 else chance.randrange(MOTHERS, TANKS)
            heel = heels.get(place) if place < MOTHERS or chance.random() > CLEANED else None
            inputs = chance.sample(recent, chance.randint(3, 8)) + ([heel] if heel else [])
            tank, number = lot(number), number + 1
            heels[place] = tank
            name = f"urn:x:blend:{number}" if chance.random() < 0.2 else None
            made.steps += [("make", inputs, [], name), ("make", [], [tank], name)] if name else [("make", inputs, [tank], None)]
            if place >= MOTHERS and chance.random() < 0.04:
                made.wrong.add(len(made.steps) - 1)
            filled = [lot(number + each) for each in range(3)]
            number += 3
            made.steps.append(("make", [tank], filled, None))
    everything = [each for _, _, outputs, _ in made.steps for each in outputs]
    while len(made.steps) < events:
        made.steps.append(("move", [], chance.sample(everything, chance.randint(1, 3)), None))
    return made


def told(step: tuple[str, list[str], list[str], str | None]) -> dict[str, object]:
    kind, inputs, outputs, name = step
    classes = [[{"epcClass": uri, "quantity": 10, "uom": "KGM"} for uri in side] for side in (inputs, outputs)]
    if kind == "move":
        return {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "storing", "quantityList": classes[1]}
    sides = {"inputQuantityList": classes[0], "outputQuantityList": classes[1]}
    more = {"transformationID": name} if name else {}
    return {"type": "TransformationEvent", "bizStep": "commissioning", **{key: side for key, side in sides.items() if side}, **more}


def kept(database: Database, actor: Actor, happened: Plant) -> None:
    """All of it, through the projections; then the errors."""
    for at in range(0, len(happened.steps), BATCH):
        with database.begin(actor) as unit:
            rows, seen = [], []
            for number, step in enumerate(happened.steps[at : at + BATCH], at):
                event, when = told(step), BEGAN + timedelta(seconds=number)
                event_id = first_id(when)
                kind, action = str(event["type"]), event.get("action") and "OBSERVE"
                rows.append(
                    keeping.Row(
                        event_id, kind, action, str(event["bizStep"]), None, when, "+00:00", None, None, step[3], None,
                        f"urn:x:{number}", "0" * 64, json.dumps(event),
                    )
                )  # fmt: skip
                named = projecting.named(event)
                seen.append(
                    keeping.Projected(event_id, when, when, None, None, named, list(projecting.edges(BRAND, event_id, event, named)))
                )
            keeping.write(unit, rows, capture_id=None)
            keeping.project(unit, seen)
    wrong = {first_id(BEGAN + timedelta(seconds=number)): annulling.Declared(first_id(BEGAN), None) for number in sorted(happened.wrong)}
    ids = list(wrong)
    for at in range(0, len(ids), 500):
        with database.begin(actor) as unit:
            annulling.annul(unit, {event_id: wrong[event_id] for event_id in ids[at : at + 500]})
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))


def trace(url: str, start: str) -> None:
    """In a process of its own: one trace, cold. Prints seconds, how many, and a digest of the set."""
    with tempfile.TemporaryDirectory() as home:
        database = open_database(Settings(home=home, database_url=url).filled())
        actor = system(BRAND)
        began = time.perf_counter()
        with database.look(actor) as unit:
            found = flows.reached(unit, [things.key(BRAND, start)], "forward")
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "found": sorted(each.hex() for each in found)}))


def forgotten(url: str) -> None:
    """The file is not in the memory of the system any more, as far as it can be told so."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        os.sync()
        for each in (path, f"{path}-wal"):
            if os.path.exists(each):
                with open(each, "rb") as file:
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def traced(url: str, start: str) -> tuple[float, set[str]]:
    forgotten(url)
    command = [sys.executable, "-m", "benchmarks.trace", "--trace", url, start]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["seconds"], set(answer["found"])


def thing_by_thing(database: Database, actor: Actor, start: str) -> tuple[float, set[str]]:
    """The peer: which events used it, what came out of them, one question each."""
    began = time.perf_counter()
    uses = "SELECT dst FROM flow WHERE src = :node AND annulled_at IS NULL"
    met: set[bytes] = set()
    with database.look(actor) as unit:
        todo = [things.key(BRAND, start)]
        while todo:
            here = [row[0] for row in unit.session.execute(text(uses), {"node": todo.pop()})]
            for made in (row[0] for each in here for row in unit.session.execute(text(uses), {"node": each})):
                if made not in met:
                    met.add(bytes(made))
                    todo.append(bytes(made))
    return time.perf_counter() - began, {each.hex() for each in met}


def measured(url: str, folder: str, happened: Plant) -> Iterator[tuple[float, int, bool, float]]:
    database, actor = founded(Settings(home=folder, database_url=url).filled())
    began = time.perf_counter()
    kept(database, actor, happened)
    note(f"{len(happened.steps)} events kept in {time.perf_counter() - began:.0f} s")
    peer = None
    for turn in range(STARTS):
        start = happened.raw[turn * len(happened.raw) // STARTS + 7]
        wanted = {things.key(BRAND, uri).hex() for uri in happened.forward(start)}
        seconds, found = traced(url, start)
        peer = thing_by_thing(database, actor, start) if turn == STARTS - 1 else None
        note(f"{len(wanted)} things in {seconds:.3f} s, {'exact' if found == wanted else 'WRONG'}")
        yield seconds, len(wanted), found == wanted and (peer is None or peer[1] == wanted), peer[0] if peer else 0.0
    database.engine.dispose()


if __name__ == "__main__":
    if "--trace" in sys.argv:
        trace(*sys.argv[sys.argv.index("--trace") + 1 :])
        sys.exit()
    given = arguments("a forward trace over a million events")
    happened = plant(*((10_000, 100_000) if given.quick else (100_000, 1_000_000)))
    with tempfile.TemporaryDirectory() as folder:
        embedded = list(measured(f"sqlite:///{folder}/trace.db", folder, happened))
    with tempfile.TemporaryDirectory() as folder, postgres() as url:
        served = list(measured(url, folder, happened))
    slowest, reached = max((seconds, count) for seconds, count, _, _ in embedded)
    emit(
        forward_seconds=round(slowest, 4),
        postgres_forward_seconds=round(max(seconds for seconds, *_ in served), 4),
        reached=reached,
        exact=all(exact for _, _, exact, _ in (*embedded, *served)),
        peer_seconds=round(embedded[-1][3], 4),
        events=len(happened.steps),
    )
