"""Feed a CSV of sensors into the store, as the SKAB files are laid out: a time, then one column a sensor."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.config import Settings
from app.house import inside, open_database
from kernel.errors import Invalid, flaw
from monitoring import streams, telemetry

BATCH = 500


def read_csv(path: Path, *, delimiter: str, ignore: tuple[str, ...]) -> tuple[list[str], list[tuple[datetime, list[float]]]]:
    """The sensors' names and the rows. Invalid names the row and column that cannot be read."""
    with path.open(newline="", encoding="utf-8-sig") as source:
        rows = csv.reader(source, delimiter=delimiter)
        head = next(rows, [])
        keep = [i for i, name in enumerate(head) if i and name not in ignore]
        if not keep:
            raise Invalid(errors=[flaw("/0", "columns", "a time column and at least one sensor are needed; is the delimiter right?")])
        read: list[tuple[datetime, list[float]]] = []
        for number, row in enumerate(rows, start=1):
            try:
                at = datetime.fromisoformat(row[0])
                values = [float(row[i]) if row[i].strip() else math.nan for i in keep]
            except (ValueError, IndexError):
                raise Invalid(errors=[flaw(f"/{number}", "row", "not a time followed by numbers")]) from None
            read.append((at if at.tzinfo else at.replace(tzinfo=UTC), values))
    return [head[i] for i in keep], read


def replay_csv(
    settings: Settings, path: Path, *, brand: str, line: str, delimiter: str = ";", ignore: tuple[str, ...] = ()
) -> Iterator[tuple[int, int, dict[str, int]]]:
    """Yields (rows done, rows in all, readings by verdict) after each batch."""
    names, rows = read_csv(path, delimiter=delimiter, ignore=ignore)
    database = open_database(settings)
    actor = inside(database, brand)
    with database.begin(actor) as unit:
        found = next((each for each in streams.lines(unit) if each.code == line), None)
        found = found or streams.add_line(unit, code=line, name_zh=line, name_en=line)
        known = {stream.tag for stream in streams.streams(unit, found.id)}
        for name in names:
            if name not in known:
                streams.add_stream(
                    unit,
                    line_id=found.id,
                    tag=name,
                    name_zh=name,
                    name_en=name,
                    unit_code="1",
                    physical_low=None,
                    physical_high=None,
                    limits={},
                )
    counts: dict[str, int] = {}
    per_batch = max(1, BATCH * 8 // len(names))
    for start in range(0, len(rows), per_batch):
        part = rows[start : start + per_batch]
        samples = [
            telemetry.Sample(tag=name, at=at, value=value, unit=None)
            for at, values in part
            for name, value in zip(names, values, strict=True)
        ]
        with database.begin(actor) as unit:
            for verdict in telemetry.ingest(unit, readings=samples, line_code=line):
                counts[verdict.status] = counts.get(verdict.status, 0) + 1
        yield start + len(part), len(rows), counts
