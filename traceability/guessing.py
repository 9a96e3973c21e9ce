"""Guessing: somebody tries codes, and too many of them are nobody's.

A chore looks each minute at the stretches that have ended. What was counted is remembered in this process
alone and can be counted again from the scans, so nothing is lost with it. A GTIN of nobody here leaves no
scan; such looks are only counted by the limits of the doors.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, case, cast, extract, func, select

from kernel.given import CHINA, day_of
from kernel.unit import Unit
from traceability.cases import Finding
from traceability.guessing_rule import STRETCH, Stretch, Usual, find, usual
from traceability.models import Scan, Suspicion

REACH: Final = 24
"""Stretches that are looked at: two hours. A case that is open goes on longer than that, day by day."""
SETTLED: Final = timedelta(seconds=20)
"""So long after its end a stretch may still gain scans whose transaction began in it."""
HISTORY: Final = timedelta(days=7)


class _Memory:
    """What a brand's scans were counted to."""

    def __init__(self) -> None:
        self.stretches: dict[int, Stretch] = {}
        self.usual: tuple[str, Usual] | None = None


_memories: WeakKeyDictionary[Any, dict[str, _Memory]] = WeakKeyDictionary()


def watch(unit: Unit) -> list[Finding]:
    """Today's guessing, when the share of unknown codes has grown beyond chance. Reads only."""
    memory = _memories.setdefault(unit.session.get_bind(), {}).setdefault(unit.brand_id, _Memory())
    last = int((unit.now - SETTLED).timestamp()) // STRETCH
    wanted = range(last - REACH, last)
    memory.stretches = {number: memory.stretches.get(number) or _count(unit, number) for number in wanted}
    stretches = [memory.stretches[number] for number in wanted]
    if sum(each.unknown for each in stretches) == 0:
        return []
    found = find(stretches, ordinary := _usual(unit, memory))
    if found is None:
        return []
    evidence = {
        "since": _start(wanted[found.since]).isoformat(),
        "looks": found.looks,
        "unknown": found.unknown,
        "usual": round(ordinary.share, 5),
        "stretches": [[_start(number).isoformat(), *memory.stretches[number]] for number in wanted],
    }
    return [{"kind": "guessing", "subject": day_of(unit.now).isoformat(), "probability": found.probability, "evidence": evidence}]


def _start(number: int) -> datetime:
    return datetime.fromtimestamp(number * STRETCH, UTC)


def _count(unit: Unit, number: int) -> Stretch:
    query = select(func.count(), func.sum(_is_unknown())).where(Scan.at >= _start(number), Scan.at < _start(number + 1))
    looks, unknown = unit.session.execute(query).one()
    return Stretch(int(looks), int(unknown or 0))


def _usual(unit: Unit, memory: _Memory) -> Usual:
    """What was usual on the seven days before today, without those on which somebody guessed; counted once a day."""
    today = day_of(unit.now)
    if memory.usual is None or memory.usual[0] != today.isoformat():
        memory.usual = (today.isoformat(), usual(_history(unit)))
    return memory.usual[1]


def _history(unit: Unit) -> list[Stretch]:
    guessed = set(unit.session.scalars(select(Suspicion.subject).where(Suspicion.kind == "guessing", Suspicion.state != "dismissed")))
    today = day_of(unit.now)
    end = datetime(today.year, today.month, today.day, tzinfo=CHINA)
    number = cast(extract("epoch", Scan.at) / STRETCH, BigInteger).label("number")
    query = select(number, func.count(), func.sum(_is_unknown())).where(Scan.at >= end - HISTORY, Scan.at < end).group_by(number)
    rows = unit.session.execute(query)
    return [Stretch(int(looks), int(unknown)) for number, looks, unknown in rows if day_of(_start(int(number))).isoformat() not in guessed]


def _is_unknown() -> Any:
    return case((Scan.verdict == "unknown", 1), else_=0)
