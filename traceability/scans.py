"""One look at one code: what is known, what that means, and a line that it happened.

The busiest room of the house: three or four statements, all by key. A visitor comes without a brand
and steps inside the walls of the one whose GTIN it is, so the statements here, which run on
tables and not on mapped classes, name the brand themselves. Who looked is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable, Row, Table, and_, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.unit import Unit
from traceability import codes, keys, seal, verdict
from traceability.given import day_of
from traceability.models import CodeRange, GtinOwner, ItemScans, Lot, Product, Scan, SerialKey

_owner, _product, _key = (cast(Table, each.__table__) for each in (GtinOwner, Product, SerialKey))
_range, _lot, _scan, _item = (cast(Table, each.__table__) for each in (CodeRange, Lot, Scan, ItemScans))

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
class Reading:
    """What a scan page needs. ``times`` counts looks at this item, this one included; 0 when the code
    is not one of ours. ``scan_id`` is None when nothing was written, because the GTIN is nobody's here."""

    verdict: verdict.Verdict
    scan_id: str | None = None
    product: ProductSeen | None = None
    lot: LotSeen | None = None
    times: int = 0
    first_at: datetime | None = None
    first_place: str | None = None
    ref: codes.CodeRef | None = None


def read(unit: Unit, *, gtin: str, serial: str, place: str | None = None) -> Reading:
    """Say what this code is worth and keep that it was looked at.

    A GTIN of nobody here is unknown and leaves no trace. A serial that was never issued of a GTIN
    that is somebody's is unknown too, and is counted as a scan without an item. ``place`` is coarse:
    a city at most.
    """
    found = _owner_of(unit, gtin)
    if not found:
        return Reading(verdict.decide(verdict.Known(today=day_of(unit.now))))
    unit.enter(found[0].brand_id)
    product = ProductSeen(found[0].id, gtin, found[0].name_zh, found[0].name_en, found[0].net_content)
    place = (place or "").strip()[:60] or None
    connection = unit.session.connection()  # below the session, whose bookkeeping would cost more than the statements
    ref, lot = _look_up(connection, unit, gtin, serial, found)
    looks = _count(connection, unit, ref, place) if ref else None
    said = _judge(unit, ref, lot, looks)
    scan_id = _keep(connection, unit, gtin, ref, said.kind, place)
    times, first_at, first_place = (looks.times, looks.first_at, looks.first_place) if looks else (0, None, None)
    return Reading(said, scan_id, product, lot, times, first_at, first_place, ref)


def again(unit: Unit, *, gtin: str, serial: str, scan_id: str) -> Reading | None:
    """A look of a moment ago, told once more as things stand now: nothing is counted, nothing written.

    For who only asked for the other language. None when that look is not of this item or is older than AGAIN.
    """
    found = _owner_of(unit, gtin)
    if not found:
        return None
    unit.enter(found[0].brand_id)
    connection = unit.session.connection()
    ref, lot = _look_up(connection, unit, gtin, serial, found)
    if ref is None:
        return None
    item = {"brand_id": unit.brand_id, "gtin": gtin, "version": ref.key_version, "counter": ref.counter}
    looks = connection.execute(_LOOKS, item | {"scan_id": scan_id, "since": unit.now - AGAIN}).first()
    if looks is None:
        return None
    product = ProductSeen(found[0].id, gtin, found[0].name_zh, found[0].name_en, found[0].net_content)
    return Reading(_judge(unit, ref, lot, looks), scan_id, product, lot, looks.times, looks.first_at, looks.first_place, ref)


def _judge(unit: Unit, ref: codes.CodeRef | None, lot: LotSeen | None, looks: Any) -> verdict.Verdict:
    return verdict.decide(
        verdict.Known(
            today=day_of(unit.now),
            state=ref.state if ref else None,
            lot_state=lot.state if lot else None,
            standing=lot.standing if lot else None,
            best_before=lot.best_before if lot else None,
            times_before=looks.times - 1 if looks else 0,
            first_at=looks.first_at if looks else None,
            first_place=looks.first_place if looks else None,
        )
    )


_OWNED = (
    select(_owner.c.brand_id, _product.c.id, _product.c.name_zh, _product.c.name_en, _product.c.net_content, _key.c.version, _key.c.locked)
    .join(_product, _product.c.id == _owner.c.product_id)
    .outerjoin(_key, and_(_key.c.gtin == _owner.c.gtin, _key.c.brand_id == _owner.c.brand_id))
    .where(_owner.c.gtin == bindparam("gtin"))
    .order_by(_key.c.version.desc())
)
"""Whose GTIN it is, of what, and the keys of its serials: one row a key, newest first."""

_RANGE = (
    select(_range.c.last, _range.c.state, _range.c.order_id, _range.c.lot_id)
    .add_columns(_lot.c.code, _lot.c.revision, _lot.c.state.label("lot_state"), _lot.c.standing, _lot.c.best_before)
    .outerjoin(_lot, and_(_lot.c.id == _range.c.lot_id, _lot.c.brand_id == _range.c.brand_id))
    .where(_range.c.brand_id == bindparam("brand_id"), _range.c.gtin == bindparam("gtin"))
    .where(_range.c.key_version == bindparam("version"), _range.c.first <= bindparam("counter"))
    .order_by(_range.c.first.desc())
    .limit(1)
)
"""The one range that may hold a counter, since ranges of a key do not overlap; and its lot."""

_LOOKS = (
    select(_item.c.times, _item.c.first_at, _item.c.first_place)
    .join(_scan, and_(_scan.c.gtin == _item.c.gtin, _scan.c.key_version == _item.c.key_version, _scan.c.counter == _item.c.counter))
    .where(_item.c.brand_id == bindparam("brand_id"), _item.c.gtin == bindparam("gtin"))
    .where(_item.c.key_version == bindparam("version"), _item.c.counter == bindparam("counter"))
    .where(_scan.c.id == bindparam("scan_id"), _scan.c.at > bindparam("since", type_=_scan.c.at.type))
)
"""How often an item was looked at, asked by somebody who did so lately."""


def _owner_of(unit: Unit, gtin: str) -> Sequence[Row[Any]]:
    """The rows of _OWNED, at most a second old: GTINs do not move and keys are seldom new, but a
    page must not say for longer than that what is no longer so."""
    kept = _owners.setdefault(unit.session.get_bind(), {})
    at, rows = kept.get(gtin, (None, ()))
    if at is None or not rows or abs(unit.now - at) > FRESH:
        rows = unit.session.execute(_OWNED, {"gtin": gtin}).all()
        if len(kept) >= MOST_OWNERS:
            kept.clear()
        kept[gtin] = (unit.now, rows)
    return rows


def _look_up(connection: Connection, unit: Unit, gtin: str, serial: str, found: Sequence[Row[Any]]) -> tuple[codes.CodeRef | None, LotSeen | None]:
    for key in found:
        counter = seal.unseal(keys.unlocked(unit, key.locked), serial) if key.version is not None else None
        if counter is None:
            continue
        at = {"brand_id": unit.brand_id, "gtin": gtin, "version": key.version, "counter": counter}
        row = connection.execute(_RANGE, at).first()
        if row is None or row.last < counter:
            continue
        lot = LotSeen(row.lot_id, row.code, row.revision, row.lot_state, row.standing, row.best_before) if row.code else None
        return codes.CodeRef(gtin, key.version, counter, row.state, row.lot_id, row.order_id), lot
    return None, None


def _upsert(dialect: Any) -> Executable:
    """One more look at an item; the first stays the first, also when two come at once."""
    first = dialect.insert(_item).values({column.name: bindparam(column.name) for column in _item.c})
    again = first.on_conflict_do_update(
        index_elements=[_item.c.gtin, _item.c.key_version, _item.c.counter],
        set_={"times": _item.c.times + 1, "last_at": first.excluded.last_at},
    )
    return cast(Executable, again.returning(_item.c.times, _item.c.first_at, _item.c.first_place))


_COUNT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
_KEEP = insert(_scan).values({column.name: bindparam(column.name) for column in _scan.c})


def _count(connection: Connection, unit: Unit, ref: codes.CodeRef, place: str | None) -> Row[Any]:
    return connection.execute(
        _COUNT[connection.dialect.name],
        {
            "gtin": ref.gtin,
            "key_version": ref.key_version,
            "counter": ref.counter,
            "brand_id": unit.brand_id,
            "times": 1,
            "first_at": unit.now,
            "first_place": place,
            "last_at": unit.now,
        },
    ).one()


def _keep(connection: Connection, unit: Unit, gtin: str, ref: codes.CodeRef | None, kind: str, place: str | None) -> str:
    scan_id = unit.new_id()
    connection.execute(
        _KEEP,
        {
            "id": scan_id,
            "brand_id": unit.brand_id,
            "gtin": gtin,
            "key_version": ref.key_version if ref else None,
            "counter": ref.counter if ref else None,
            "lot_id": ref.lot_id if ref else None,
            "verdict": kind,
            "at": unit.now,
            "place": place,
        },
    )
    return scan_id
