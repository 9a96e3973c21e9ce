"""Sightings: who looked at one item, when and from where, as far as the house may know it.

Devices are told apart within an item and called A, B, C in the order in which they came; nothing here
can follow a device, or a person, to another item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select, union_all

from kernel.given import day_of
from kernel.unit import Unit
from traceability import regions
from traceability.models import Scan

SHOWN: Final = 200
"""Sightings in one answer: the first hundred and the last."""
DAYS: Final = 60
MOST_COUNTED: Final = 20_000


@dataclass(frozen=True)
class Sighting:
    """One look. ``device``: a letter, None when no device was known. ``gap``, ``km``: since the look before it and
    how far from it; None for the first, and where a place is not known."""

    at: datetime
    region: str | None
    device: str | None
    is_new: bool
    verdict: str
    is_inner: bool
    gap: timedelta | None
    km: float | None


@dataclass(frozen=True)
class Days:
    """Looks a day from the first day to the last, both in; at most DAYS days, the last ones."""

    days: list[date]
    looks: list[int]


def of_item(unit: Unit, *, gtin: str, key_version: int, counter: int) -> list[Sighting]:
    """The looks at one item, oldest first; of more than SHOWN those in the middle are left out."""
    of_it = (Scan.gtin == gtin, Scan.key_version == key_version, Scan.counter == counter)
    query = select(Scan.at, Scan.region, Scan.device, Scan.verdict, Scan.is_inner).where(*of_it)
    half = SHOWN // 2
    first = [row._tuple() for row in unit.session.execute(query.order_by(Scan.at, Scan.id).limit(half))]
    count = unit.session.scalar(select(func.count()).where(*of_it)) or 0
    rest = query.order_by(Scan.at.desc(), Scan.id.desc()).limit(min(half, max(0, count - half)))
    return _followed([*first, *reversed([row._tuple() for row in unit.session.execute(rest)])])


def days_of(unit: Unit, *, gtin: str, key_version: int, first: int, last: int) -> Days:
    """How often the items at these counters were looked at, day by day, on all days from the first look on.

    Only the last MOST_COUNTED looks are counted.
    """
    query = select(Scan.at).where(Scan.gtin == gtin, Scan.key_version == key_version, Scan.counter.between(first, last))
    counts = Counter(day_of(at) for at in unit.session.scalars(query.order_by(Scan.at.desc()).limit(MOST_COUNTED)))
    if not counts:
        return Days([], [])
    end = max(counts)
    begin = max(min(counts), end - timedelta(days=DAYS - 1))
    days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
    return Days(days, [counts[day] for day in days])


def by_region(unit: Unit, items: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    """How many looks at these items (gtin, key version, counter) came from each region; of some hundred items at most."""
    one_by_one = [  # each by the key of items: a list of them would have SQLite read all scans of the brand
        select(Scan.region).where(
            *(Scan.brand_id == unit.brand_id, Scan.gtin == gtin, Scan.key_version == key_version),
            *(Scan.counter == counter, Scan.region.is_not(None)),
        )
        for gtin, key_version, counter in items
    ]
    if not one_by_one:
        return {}
    looks = union_all(*one_by_one).subquery()
    query = select(looks.c.region, func.count()).group_by(looks.c.region)
    return dict(Counter({str(region): int(count) for region, count in unit.session.execute(query)}).most_common())


def letter(number: int) -> str:
    """The name of the device with this number, from 0 on: A … Z, AA, AB …"""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _followed(rows: Sequence[tuple[datetime, str | None, int | None, str, bool]]) -> list[Sighting]:
    names: dict[int, str] = {}
    found: list[Sighting] = []
    for at, region, device, verdict, is_inner in rows:
        is_new = device is not None and device not in names
        name = names.setdefault(device, letter(len(names))) if device is not None else None
        before = found[-1] if found else None
        km = regions.distance_km(before.region, region) if before and before.region and region else None
        found.append(Sighting(at, region, name, is_new, verdict, is_inner, at - before.at if before else None, km))
    return found
