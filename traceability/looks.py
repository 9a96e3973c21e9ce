"""What the database knows of the items that somebody looks at, and that they were looked at.

The statements beneath ``scans``, by hand and by key, for however many looks come at the same
moment: two of them on PostgreSQL, four in SQLite's own process, whatever the number of looks.
They run on tables and not on mapped classes, so they name the brand themselves.

Who counts first holds the item's row until the commit, so that of two looks at once one is the
first and the other sees it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Date

from kernel.orm import Moment
from kernel.unit import Unit
from traceability.prepared import Prepared, driver_value, own_value

MOMENT: Final = Moment()
DATE: Final = Date()


class Asked(NamedTuple):
    """The item that a look may mean: its place among the looks, its key version and counter, the view, the
    coarse region, and the trail it would leave if it were the item's first."""

    place: int
    version: int
    counter: int
    view: str
    region: str | None
    trail: str


class Found(NamedTuple):
    """An item that was ordered, as it stands after this look. ``told_at``: when this view was counted, if it was
    before, then by ``told_device`` and perhaps of the inner code. ``since``: how many looks at it were counted at
    this very moment."""

    place: int
    version: int
    counter: int
    told_at: datetime | None
    told_device: int | None
    told_inner: bool
    state: str
    reason: str | None
    order_id: str
    has_inner: bool
    lot_id: str | None
    lot_code: str | None
    lot_revision: int
    lot_state: str
    standing: str
    best_before: date | None
    times: int
    since: int
    first_at: datetime
    first_region: str | None
    trail: str | None
    owned_at: datetime | None
    owned_device: int | None


class Kept(NamedTuple):
    """A look as it is written down."""

    id: str
    version: int | None
    counter: int | None
    inner: bool
    lot_id: str | None
    verdict: str
    region: str | None
    device: int | None


class Remembered(NamedTuple):
    """What an item remembers after the last look of a batch."""

    version: int
    counter: int
    trail: str | None
    owned_at: str | None
    owned_device: int | None


_TOLD = "t.id = asked.view AND t.gtin = :gtin AND t.key_version = asked.version AND t.counter = asked.counter"
_RANGE = """SELECT near.* FROM code_range AS near
            WHERE near.gtin = :gtin AND near.key_version = asked.version AND near.first <= asked.counter
            ORDER BY near.first DESC LIMIT 1"""
"""The one range that may hold a counter, since ranges of a key do not overlap."""

_ITEM = """found.place, found.version, found.counter, found.told_at, found.told_device, found.told_inner,
       found.state, found.reason, found.order_id,
       o.inner_first IS NOT NULL, found.lot_id, l.code, l.revision, l.state, l.standing, l.best_before"""

_FIND = Prepared(
    {
        "postgresql": f"""
WITH asked AS (
    SELECT CAST(v ->> 0 AS int) AS place, CAST(v ->> 1 AS int) AS version, CAST(v ->> 2 AS bigint) AS counter,
           v ->> 3 AS view, v ->> 4 AS region, v ->> 5 AS trail, nr
    FROM json_array_elements(CAST(:asked AS json)) WITH ORDINALITY AS a(v, nr)
), found AS (
    SELECT DISTINCT ON (asked.place) asked.*, r.state, r.reason, r.order_id, r.lot_id,
           told.at AS told_at, told.device AS told_device, told.is_inner AS told_inner
    FROM asked CROSS JOIN LATERAL ({_RANGE}) AS r
    LEFT JOIN LATERAL (SELECT * FROM scan AS t WHERE {_TOLD} LIMIT 1) AS told ON true
    WHERE r.brand_id = :brand_id AND r.last >= asked.counter
    ORDER BY asked.place, asked.nr
), counted AS (
    INSERT INTO item_scans AS i (gtin, key_version, counter, brand_id, times, first_at, first_region, last_at, trail, wrong)
    SELECT CAST(:gtin AS varchar), version, counter, CAST(:brand_id AS varchar), count(*), CAST(:now AS timestamptz),
           (array_agg(region ORDER BY place))[1], CAST(:now AS timestamptz), (array_agg(trail ORDER BY place))[1], 0
    FROM found WHERE told_at IS NULL GROUP BY version, counter ORDER BY version, counter
    ON CONFLICT (gtin, key_version, counter) DO UPDATE SET times = i.times + excluded.times, last_at = excluded.last_at
    RETURNING i.key_version, i.counter, i.times, i.first_at, i.first_region, i.trail, i.owned_at, i.owned_device
)
SELECT {_ITEM},
       coalesce(c.times, s.times), coalesce(c.first_at, s.first_at), coalesce(c.first_region, s.first_region),
       coalesce(c.trail, s.trail), coalesce(c.owned_at, s.owned_at), coalesce(c.owned_device, s.owned_device)
FROM found
JOIN code_order AS o ON o.id = found.order_id
LEFT JOIN lot AS l ON l.id = found.lot_id AND l.brand_id = :brand_id
LEFT JOIN counted AS c ON c.key_version = found.version AND c.counter = found.counter
LEFT JOIN LATERAL (
    SELECT * FROM item_scans AS i
    WHERE found.told_at IS NOT NULL AND i.gtin = :gtin AND i.key_version = found.version AND i.counter = found.counter LIMIT 1
) AS s ON true
ORDER BY found.place""",  # noqa: S608 - of constants of this file
        "sqlite": f"""
WITH asked AS (
    SELECT v.value ->> 0 AS place, v.value ->> 1 AS version, v.value ->> 2 AS counter, v.value ->> 3 AS view, v.key AS nr
    FROM json_each(:asked) AS v
), found AS (
    SELECT asked.place, asked.version, asked.counter, asked.nr, r.state, r.reason, r.order_id, r.lot_id,
           t.at AS told_at, t.device AS told_device, t.is_inner AS told_inner
    FROM asked CROSS JOIN code_range AS r
    LEFT JOIN scan AS t ON {_TOLD}
    WHERE r.id = ({_RANGE.replace("near.*", "near.id")}) AND r.brand_id = :brand_id AND r.last >= asked.counter
)
SELECT {_ITEM}
FROM found
JOIN code_order AS o ON o.id = found.order_id
LEFT JOIN lot AS l ON l.id = found.lot_id AND l.brand_id = :brand_id
ORDER BY found.place, found.nr""",  # noqa: S608 - of constants of this file
    }
)
"""For each look the item it means; on PostgreSQL it is counted by the same statement. LIMIT 1 keeps PostgreSQL from reading
a whole table into a hash, when its plan was made while that was small."""

_COUNT = Prepared(
    {
        "sqlite": """
INSERT INTO item_scans (gtin, key_version, counter, brand_id, times, first_at, first_region, last_at, trail, wrong)
SELECT :gtin, v.value ->> 0, v.value ->> 1, :brand_id, v.value ->> 2, :now, v.value ->> 3, :now, v.value ->> 4, 0
FROM json_each(:asked) AS v WHERE true
ON CONFLICT (gtin, key_version, counter) DO UPDATE SET times = item_scans.times + excluded.times,
    last_at = CASE WHEN excluded.times > 0 THEN excluded.last_at ELSE item_scans.last_at END
RETURNING key_version, counter, times, first_at, first_region, trail, owned_at, owned_device"""
    }
)
"""The looks at each item; with none to add it only tells how often it was looked at."""

_KEEP_SCANS = {
    "postgresql": """INSERT INTO scan (id, brand_id, gtin, key_version, counter, is_inner, lot_id, verdict, at, region, device)
SELECT v ->> 0, :brand_id, :gtin, CAST(v ->> 1 AS int), CAST(v ->> 2 AS bigint), CAST(v ->> 3 AS boolean), v ->> 4, v ->> 5,
       CAST(:now AS timestamptz), v ->> 6, CAST(v ->> 7 AS bigint)
FROM json_array_elements(CAST(:kept AS json)) AS v
WHERE v ->> 1 IS NOT NULL OR (SELECT 1 FROM scan WHERE scan.id = v ->> 0 LIMIT 1) IS NULL""",
    "sqlite": """INSERT INTO scan (id, brand_id, gtin, key_version, counter, is_inner, lot_id, verdict, at, region, device)
SELECT v.value ->> 0, :brand_id, :gtin, v.value ->> 1, v.value ->> 2, v.value ->> 3, v.value ->> 4, v.value ->> 5,
       :now, v.value ->> 6, v.value ->> 7
FROM json_each(:kept) AS v
WHERE v.value ->> 1 IS NOT NULL OR NOT EXISTS (SELECT 1 FROM scan WHERE scan.id = v.value ->> 0)""",
}
"""A view of an item that two processes count at once fails here for the second, who then finds it told; one
of no item may simply be there already."""
_REMEMBER = {
    dialect: f"""INSERT INTO item_scans
    (gtin, key_version, counter, brand_id, times, first_at, last_at, wrong, trail, owned_at, owned_device)
SELECT {values}
ON CONFLICT (gtin, key_version, counter)
DO UPDATE SET trail = excluded.trail, owned_at = excluded.owned_at, owned_device = excluded.owned_device"""
    for dialect, values in {
        "postgresql": """:gtin, CAST(v ->> 0 AS int), CAST(v ->> 1 AS bigint), :brand_id, 0,
       CAST(:now AS timestamptz), CAST(:now AS timestamptz), 0, v ->> 2, CAST(v ->> 3 AS timestamptz), CAST(v ->> 4 AS bigint)
FROM json_array_elements(CAST(:remembered AS json)) AS v""",
        "sqlite": """:gtin, v.value ->> 0, v.value ->> 1, :brand_id, 0, :now, :now, 0, v.value ->> 2, v.value ->> 3, v.value ->> 4
FROM json_each(:remembered) AS v WHERE true""",
    }.items()
}
"""The rows are there, for they were just counted. Said as an INSERT, both databases find them by their key, whatever
they know or do not know yet of how large the tables are: a plan that was made while a table was small would read all of it."""
_KEEP = Prepared(_KEEP_SCANS)
_KEEP_AND_REMEMBER = Prepared({"postgresql": f"WITH remembered AS ({_REMEMBER['postgresql']})\n{_KEEP_SCANS['postgresql']}"})
_REMEMBER_ALONE = Prepared({"sqlite": _REMEMBER["sqlite"]})


def find(connection: Connection, unit: Unit, gtin: str, asked: Sequence[Asked]) -> list[Found]:
    """The items meant, each by the first of its meanings, in the order of the looks; each is counted, unless
    its view was before. Nothing for looks that mean no item."""
    if not asked:
        return []
    dialect = connection.dialect
    given = {"gtin": gtin, "brand_id": unit.brand_id, "asked": json.dumps(asked), "now": driver_value(MOMENT, dialect)(unit.now)}
    rows = _FIND.run(connection, given)
    if dialect.name == "sqlite":
        rows = _count(connection, given, asked, rows)
    a_moment, a_date = own_value(MOMENT, dialect), own_value(DATE, dialect)
    since: dict[tuple[int, int], int] = {}
    for row in rows:
        since[row[1], row[2]] = since.get((row[1], row[2]), 0) + (row[3] is None)
    found = []
    for row in rows:
        times, first_at, first_region, trail, owned_at, owned_device = row[16:]
        found.append(
            Found(
                place=row[0],
                version=row[1],
                counter=row[2],
                told_at=a_moment(row[3]),
                told_device=row[4],
                told_inner=bool(row[5]),
                state=row[6],
                reason=row[7],
                order_id=row[8],
                has_inner=bool(row[9]),
                lot_id=row[10],
                lot_code=row[11],
                lot_revision=row[12],
                lot_state=row[13],
                standing=row[14],
                best_before=a_date(row[15]),
                times=times,
                since=since[row[1], row[2]],
                first_at=a_moment(first_at),
                first_region=first_region,
                trail=trail,
                owned_at=a_moment(owned_at),
                owned_device=owned_device,
            )
        )
    return found


def _count(connection: Connection, given: Mapping[str, Any], asked: Sequence[Asked], rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """SQLite cannot write inside a WITH: the same counting as a statement of its own."""
    first_of: dict[int, Sequence[Any]] = {}
    for row in rows:
        first_of.setdefault(row[0], row)
    looks = {(each.place, each.version, each.counter): each for each in asked}
    groups: dict[tuple[int, int], list[Any]] = {}
    for row in first_of.values():
        look = looks[row[0], row[1], row[2]]
        group = groups.setdefault((row[1], row[2]), [row[1], row[2], 0, look.region, look.trail])
        group[2] += row[3] is None
    counted = {
        (row[0], row[1]): row[2:] for row in _COUNT.run(connection, {**given, "asked": json.dumps([groups[key] for key in sorted(groups)])})
    }
    return [(*row, *counted[row[1], row[2]]) for row in first_of.values()]


def keep(connection: Connection, unit: Unit, gtin: str, kept: Sequence[Kept], remembered: Sequence[Remembered]) -> None:
    """Write the looks down, and what their items remember."""
    if not kept:
        return
    given = {
        "gtin": gtin,
        "brand_id": unit.brand_id,
        "now": driver_value(MOMENT, connection.dialect)(unit.now),
        "kept": json.dumps(kept),
        "remembered": json.dumps(remembered),
    }
    if not remembered:
        _KEEP.run(connection, given)
    elif connection.dialect.name == "sqlite":
        _KEEP.run(connection, given)
        _REMEMBER_ALONE.run(connection, given)
    else:
        _KEEP_AND_REMEMBER.run(connection, given)


def as_text(connection: Connection, at: datetime | None) -> str | None:
    """A moment as it travels inside JSON to this database."""
    if at is None:
        return None
    value = driver_value(MOMENT, connection.dialect)(at)
    return value if isinstance(value, str) else str(value.isoformat())
