"""One look at one code: what is known, what that means, and a line that it happened.

The busiest room of the house: three or four statements, all by key, for however many looks come
at the same moment. A visitor comes without a brand
and steps inside the walls of the one whose GTIN it is, so the statements here, which run on
tables and not on mapped classes, name the brand themselves. Who looked is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Date, Row, Table, and_, bindparam, select, union_all

from kernel.given import day_of
from kernel.orm import Moment
from kernel.unit import Unit
from traceability import codes, keys, seal, verdict
from traceability.models import GtinOwner, ItemScans, Product, Scan, SerialKey
from traceability.prepared import Prepared, driver_value, own_value

_owner, _product, _key = (cast(Table, each.__table__) for each in (GtinOwner, Product, SerialKey))
_scan, _item = (cast(Table, each.__table__) for each in (Scan, ItemScans))

AGAIN: Final = timedelta(minutes=10)
"""So long a look can be told again without being another one."""

FRESH: Final = timedelta(seconds=1)
MOST_OWNERS: Final = 10_000
_owners: WeakKeyDictionary[Any, dict[str, tuple[datetime, Sequence[Row[Any]]]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class ProductSeen:
    id: str
    gtin: str
    name_zh: str
    name_en: str
    net_content: str


@dataclass(frozen=True)
class LotSeen:
    id: str
    code: str
    revision: int
    state: str
    standing: str
    best_before: date | None


@dataclass(frozen=True)
class Look:
    """A serial as it was read from a code, and coarsely where."""

    serial: str
    region: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a scan page needs. ``times`` counts looks at this item, this one included; 0 when the code
    is not one of ours. ``scan_id`` is None when nothing was written, because the GTIN is nobody's here."""

    verdict: verdict.Verdict
    scan_id: str | None = None
    product: ProductSeen | None = None
    lot: LotSeen | None = None
    times: int = 0
    first_at: datetime | None = None
    first_region: str | None = None
    ref: codes.CodeRef | None = None

    @property
    def inner(self) -> bool:
        """Whether the code under the cap or scratch layer was read: its item is counted all the same."""
        return self.ref is not None and self.ref.inner


def read(unit: Unit, *, gtin: str, serial: str, region: str | None = None) -> Reading:
    """Say what this code is worth and keep that it was looked at.

    A GTIN of nobody here is unknown and leaves no trace. A serial that was never issued of a GTIN
    that is somebody's is unknown too, and is counted as a scan without an item. ``region`` is coarse:
    a code of ``regions``.
    """
    (reading,) = read_all(unit, gtin=gtin, looks=[Look(serial, region)])
    return reading


def read_all(unit: Unit, *, gtin: str, looks: Sequence[Look]) -> list[Reading]:
    """Looks at items of one GTIN that came at the same moment, each as if it had come alone, in order."""
    found = _owner_of(unit, gtin)
    if not found:
        return [Reading(verdict.decide(verdict.Known(today=day_of(unit.now))))] * len(looks)
    unit.enter(found[0].brand_id)
    product = ProductSeen(found[0].id, gtin, found[0].name_zh, found[0].name_en, found[0].net_content)
    connection = unit.session.connection()  # below the session, whose bookkeeping would cost more than the statements
    items = _look_up(connection, unit, gtin, [look.serial for look in looks], found)
    places = [look.region for look in looks]
    counts = _count(connection, unit, gtin, [(ref, place) for (ref, _), place in zip(items, places, strict=True)])
    today = day_of(unit.now)
    readings, rows = [], []
    for (ref, lot), place, count in zip(items, places, counts, strict=True):
        said = _judge(today, ref, lot, count)
        scan_id = unit.new_id()
        rows.append(_row(connection, unit, scan_id, gtin, ref, said.kind, place))
        times, first_at, first_region = (count.times, count.first_at, count.first_region) if count else (0, None, None)
        readings.append(Reading(said, scan_id, product, lot, times, first_at, first_region, ref))
    _KEEP.run_many(connection, rows)
    return readings


def again(unit: Unit, *, gtin: str, serial: str, scan_id: str) -> Reading | None:
    """A look of a moment ago, told once more as things stand now: nothing is counted, nothing written.

    For who only asked for the other language. None when that look is not of this item or is older than AGAIN.
    """
    found = _owner_of(unit, gtin)
    if not found:
        return None
    unit.enter(found[0].brand_id)
    connection = unit.session.connection()
    ((ref, lot),) = _look_up(connection, unit, gtin, [serial], found)
    if ref is None:
        return None
    item = {"brand_id": unit.brand_id, "gtin": gtin, "version": ref.key_version, "counter": ref.counter}
    found_looks = connection.execute(_LOOKS, item | {"scan_id": scan_id, "since": unit.now - AGAIN}).first()
    if found_looks is None:
        return None
    looks = Looks(*found_looks)
    product = ProductSeen(found[0].id, gtin, found[0].name_zh, found[0].name_en, found[0].net_content)
    return Reading(_judge(day_of(unit.now), ref, lot, looks), scan_id, product, lot, looks.times, looks.first_at, looks.first_region, ref)


def _judge(today: date, ref: codes.CodeRef | None, lot: LotSeen | None, looks: Looks | None) -> verdict.Verdict:
    return verdict.decide(
        verdict.Known(
            today=today,
            state=ref.state if ref else None,
            state_reason=ref.reason if ref else None,
            lot_state=lot.state if lot else None,
            standing=lot.standing if lot else None,
            best_before=lot.best_before if lot else None,
            times_before=looks.times - 1 if looks else 0,
            first_at=looks.first_at if looks else None,
            first_region=looks.first_region if looks else None,
        )
    )


_any_key = _key.alias("any_key")
_its_key = select(_any_key.c.id).where(_any_key.c.gtin == _owner.c.gtin).correlate(_owner)
_brands_key = select(_any_key.c.id).where(_any_key.c.brand_id == _owner.c.brand_id).correlate(_owner)
_OWNED = (
    select(
        *(_owner.c.brand_id, _product.c.id, _product.c.name_zh, _product.c.name_en, _product.c.net_content),
        *(_key.c.kind, _key.c.version, _key.c.locked),
    )
    .join(_product, _product.c.id == _owner.c.product_id)
    .outerjoin(_key, _key.c.id.in_(union_all(_its_key, _brands_key.where(_any_key.c.kind.in_((keys.COMPACT, keys.INNER))))))
    .where(_owner.c.gtin == bindparam("gtin"))
    .order_by(_key.c.version.desc())
)
"""Whose GTIN it is, of what, and the keys that a serial of it may lie under, the brand's too: one row a key, newest first."""

_RANGES = {
    "sqlite": """
        SELECT asked.key AS place, r.last, r.state, r.reason, r.order_id, r.lot_id,
               l.code, l.revision, l.state AS lot_state, l.standing, l.best_before
        FROM json_each(:asked) AS asked
        JOIN code_range AS r ON r.id = (
            SELECT near.id FROM code_range AS near
            WHERE near.gtin = :gtin AND near.key_version = asked.value ->> 0 AND near.first <= asked.value ->> 1
            ORDER BY near.first DESC LIMIT 1)
        LEFT JOIN lot AS l ON l.id = r.lot_id AND l.brand_id = r.brand_id
        WHERE r.brand_id = :brand_id""",
    "postgresql": """
        SELECT asked.nr - 1 AS place, r.last, r.state, r.reason, r.order_id, r.lot_id,
               l.code, l.revision, l.state AS lot_state, l.standing, l.best_before
        FROM json_array_elements(CAST(:asked AS json)) WITH ORDINALITY AS asked(value, nr)
        CROSS JOIN LATERAL (
            SELECT * FROM code_range AS near
            WHERE near.gtin = :gtin AND near.key_version = CAST(asked.value ->> 0 AS int)
              AND near.first <= CAST(asked.value ->> 1 AS bigint)
            ORDER BY near.first DESC LIMIT 1) AS r
        LEFT JOIN lot AS l ON l.id = r.lot_id AND l.brand_id = r.brand_id
        WHERE r.brand_id = :brand_id""",
}
"""For each [version, counter] the one range that may hold it, since ranges of a key do not overlap; and its lot."""

_COUNTS = {
    "sqlite": """asked.value ->> 0, asked.value ->> 1, :brand_id, 1, :now, asked.value ->> 2, :now, 0
        FROM json_each(:asked) AS asked WHERE true""",
    "postgresql": """CAST(asked.value ->> 0 AS int), CAST(asked.value ->> 1 AS bigint), :brand_id, 1, :now, asked.value ->> 2, :now, 0
        FROM json_array_elements(CAST(:asked AS json)) AS asked(value)""",
}
"""One more look at each item; the first stays the first, also when two come at once."""


_RANGE_OF = Prepared(_RANGES)
_COUNT_OF = Prepared(
    {
        dialect: f"""INSERT INTO item_scans (gtin, key_version, counter, brand_id, times, first_at, first_region, last_at, wrong)
        SELECT CAST(:gtin AS varchar), {given}
        ON CONFLICT (gtin, key_version, counter) DO UPDATE SET times = item_scans.times + 1, last_at = excluded.last_at
        RETURNING key_version, counter, times, first_at, first_region"""
        for dialect, given in _COUNTS.items()
    }
)
_KEEP = Prepared(
    dict.fromkeys(
        _RANGES,
        """INSERT INTO scan (id, brand_id, gtin, key_version, counter, lot_id, verdict, at, region, is_inner)
        VALUES (:id, :brand_id, :gtin, :key_version, :counter, :lot_id, :verdict, :at, :region, :is_inner)""",
    )
)
_MOMENT, _DATE = Moment(), Date()

_LOOKS = (
    select(_item.c.times, _item.c.first_at, _item.c.first_region)
    .join(_scan, and_(_scan.c.gtin == _item.c.gtin, _scan.c.key_version == _item.c.key_version, _scan.c.counter == _item.c.counter))
    .where(_item.c.brand_id == bindparam("brand_id"), _item.c.gtin == bindparam("gtin"))
    .where(_item.c.key_version == bindparam("version"), _item.c.counter == bindparam("counter"))
    .where(_scan.c.id == bindparam("scan_id"), _scan.c.at > bindparam("since", type_=_scan.c.at.type))
)
"""How often an item was looked at, asked by somebody who did so lately."""


class Looks(NamedTuple):
    """How often an item was looked at so far, and first when and where."""

    times: int
    first_at: datetime
    first_region: str | None


def _owner_of(unit: Unit, gtin: str) -> Sequence[Row[Any]]:
    """The rows of _OWNED, at most a second old: GTINs do not move and keys are seldom new, but a
    page must not say for longer than that what is no longer so."""
    kept = _owners.setdefault(unit.session.get_bind(), {})
    at, rows = kept.get(gtin, (None, ()))
    if at is None or not rows or abs(unit.now - at) > FRESH:
        rows = cast(Sequence[Row[Any]], unit.session.execute(_OWNED, {"gtin": gtin}).all())
        if len(kept) >= MOST_OWNERS:
            kept.clear()
        kept[gtin] = (unit.now, rows)
    return rows


def _look_up(
    connection: Connection, unit: Unit, gtin: str, serials: Sequence[str], found: Sequence[Row[Any]]
) -> list[tuple[codes.CodeRef | None, LotSeen | None]]:
    """For each serial what is known of its item. Every key is tried, newest first: a serial is a
    possible counter under each of them, and only one of these was ever ordered. Only what is no outer
    code costs more statements, and only where there are inner codes or imported serials."""
    items: list[tuple[codes.CodeRef | None, LotSeen | None]] = [(None, None)] * len(serials)
    outer = [key for key in found if key.locked is not None and key.kind != keys.INNER]
    _ask(connection, unit, gtin, [_Asked(*meant, False) for meant in _meant(unit, enumerate(serials), outer)], items)
    missed = [(place, serial) for place, serial in enumerate(serials) if items[place][0] is None]
    if missed:
        _ask(connection, unit, gtin, _elsewhere(unit, gtin, missed, found), items)
    return items


class _Asked(NamedTuple):
    """The item that the serial at a place of the batch may mean."""

    place: int
    version: int
    counter: int
    inner: bool


def _meant(unit: Unit, serials: Iterable[tuple[int, str]], found: Iterable[Row[Any]]) -> list[tuple[int, int, int]]:
    """(place, key version, counter) under each of the keys."""
    return [
        (place, key.version, counter)
        for place, serial in serials
        for key in found
        if (counter := seal.unseal(keys.unlocked(unit, key.locked), serial)) is not None
    ]


def _elsewhere(unit: Unit, gtin: str, missed: Sequence[tuple[int, str]], found: Sequence[Row[Any]]) -> list[_Asked]:
    """What serials mean that are no outer code: the items above inner ones, then those with serials made elsewhere."""
    asked = []
    for place, version, counter in _meant(unit, missed, [key for key in found if key.kind == keys.INNER]):
        above = codes.partner(unit, key_version=version, counter=counter)
        if above is not None and above[0] == gtin:
            asked.append(_Asked(place, above[1], above[2], True))
    if any(key.kind == keys.IMPORTED for key in found):
        made = keys.imported(unit, gtin=gtin, serials=[serial for _, serial in missed])
        asked += [_Asked(place, made[serial].version, made[serial].counter, False) for place, serial in missed if serial in made]
    return asked


def _ask(
    connection: Connection,
    unit: Unit,
    gtin: str,
    asked: Sequence[_Asked],
    items: list[tuple[codes.CodeRef | None, LotSeen | None]],
) -> None:
    """Fill in the items that were ordered, each by the first of its meanings."""
    if not asked:
        return
    given = {"gtin": gtin, "brand_id": unit.brand_id, "asked": json.dumps([[each.version, each.counter] for each in asked])}
    a_date = own_value(_DATE, connection.dialect)
    rows = sorted(_RANGE_OF.run(connection, given), key=itemgetter(0))
    for nr, last, state, reason, order_id, lot_id, code, revision, lot_state, standing, best_before in rows:
        place, version, counter, inner = asked[nr]
        if last < counter or items[place][0] is not None:
            continue
        lot = LotSeen(lot_id, code, revision, lot_state, standing, a_date(best_before)) if code else None
        items[place] = (codes.CodeRef(gtin, version, counter, state, lot_id, order_id, inner, reason), lot)


def _count(connection: Connection, unit: Unit, gtin: str, looks: Sequence[tuple[codes.CodeRef | None, str | None]]) -> list[Looks | None]:
    """The counts after each look. An item looked at twice in one batch is counted in two turns, and
    each turn goes in the order of the counters, so that two batches never wait for each other."""
    counts: list[Looks | None] = [None] * len(looks)
    a_moment = own_value(_MOMENT, connection.dialect)
    given = {"gtin": gtin, "brand_id": unit.brand_id, "now": driver_value(_MOMENT, connection.dialect)(unit.now)}
    waiting = [(ref.key_version, ref.counter, place, index) for index, (ref, place) in enumerate(looks) if ref is not None]
    while waiting:
        turn = {(version, counter): (place, index) for version, counter, place, index in reversed(waiting)}
        asked = [[version, counter, place] for (version, counter), (place, _) in sorted(turn.items())]
        for version, counter, times, first_at, first_region in _COUNT_OF.run(connection, given | {"asked": json.dumps(asked)}):
            counts[turn[version, counter][1]] = Looks(times, a_moment(first_at), first_region)
        done = {index for _, index in turn.values()}
        waiting = [each for each in waiting if each[3] not in done]
    return counts


def _row(
    connection: Connection, unit: Unit, scan_id: str, gtin: str, ref: codes.CodeRef | None, kind: str, place: str | None
) -> dict[str, Any]:
    return {
        "id": scan_id,
        "brand_id": unit.brand_id,
        "gtin": gtin,
        "key_version": ref.key_version if ref else None,
        "counter": ref.counter if ref else None,
        "lot_id": ref.lot_id if ref else None,
        "verdict": kind,
        "at": driver_value(_MOMENT, connection.dialect)(unit.now),
        "region": place,
        "is_inner": ref.inner if ref else False,
    }
