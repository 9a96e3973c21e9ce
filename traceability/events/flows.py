"""What went into what, read from ``flow``: whole walks, one step, and how much.

A walk goes from things into transformations and out of them, as often as it takes. It is one recursive
statement that both databases know; UNION forgets what was met before, so that a circle, which no
honest event can make, ends the walk. As known on a day: what was recorded by then and not yet declared in error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from sqlalchemy import and_, exists, or_, select, true

from kernel.unit import Unit
from traceability.batches import batched
from traceability.events import units
from traceability.models import EventThing, Flow, Lot

Direction = Literal["forward", "back"]
_STARTS: Final = 10_000
"""Keys from which one walk begins: many, since walks that begin apart go over the same ground again."""
PIECES: Final = "H87"
_flow: Any = Flow.__table__
"""Walked as a bare table, past the wall: a key holds its brand (``things.key``), so that no walk leaves it."""


@dataclass(frozen=True)
class Window:
    """Which steps count: those that happened from ``since`` until ``until``, as far as was known at ``known_at`` (now when None)."""

    since: datetime | None = None
    until: datetime | None = None
    known_at: datetime | None = None

    def holds(self, table: Any) -> Any:
        """The condition on a row of ``flow``."""
        conditions = []
        if self.known_at is None:
            conditions.append(table.c.annulled_at.is_(None))
        else:
            conditions += [table.c.recorded_at <= self.known_at, or_(table.c.annulled_at.is_(None), table.c.annulled_at > self.known_at)]
        if self.since is not None:
            conditions.append(table.c.event_time >= self.since)
        if self.until is not None:
            conditions.append(table.c.event_time <= self.until)
        return and_(*conditions)


ALWAYS: Final = Window()


@dataclass(frozen=True)
class Step:
    """So much of ``thing`` went into a transformation (``side`` in) or came out of it (out)."""

    transformation: bytes
    thing: bytes
    side: str
    event_id: str
    at: datetime
    quantity: Decimal | None
    uom: str | None


def reached(unit: Unit, keys: Collection[bytes], direction: Direction, window: Window = ALWAYS, *, depth: int | None = None) -> set[bytes]:
    """Every thing that any of these became (forward) or came from (back), however many steps away or ``depth`` of
    them at most; not the start itself, unless a circle leads back to it."""
    if depth is not None:
        return _near(unit, keys, direction, window, depth)
    ordered, found = sorted(keys), set()
    for at in range(0, len(ordered), _STARTS):
        found |= _walked(unit, ordered[at : at + _STARTS], direction, window)
    return found


def _walked(unit: Unit, keys: Collection[bytes], direction: Direction, window: Window) -> set[bytes]:
    here, there, end = _ends(_flow, direction)
    start = select(there.label("node"), _flow.c.side.label("side")).where(here.in_(list(keys)), window.holds(_flow))
    walk = start.cte("walk", recursive=True)
    if unit.session.get_bind().dialect.name == "postgresql":
        # OFFSET 0 is a fence: by its guesses of recursive queries PostgreSQL would rather read the whole table at every step.
        next_ = select(there.label("node"), _flow.c.side.label("side")).where(here == walk.c.node, window.holds(_flow)).offset(0).lateral()
        walk = walk.union(select(next_.c.node, next_.c.side).select_from(walk.join(next_, true())))
    else:
        walk = walk.union(select(there, _flow.c.side).join(walk, here == walk.c.node).where(window.holds(_flow)))
    return set(unit.session.scalars(select(walk.c.node).where(walk.c.side == end)))


def steps(unit: Unit, keys: Collection[bytes], window: Window = ALWAYS) -> list[Step]:
    """Every step among these things: what of them went into a transformation, and what of them came out of one."""
    found: list[Step] = []
    for some in batched(keys):
        for side, thing, transformation in (("in", Flow.src, Flow.dst), ("out", Flow.dst, Flow.src)):
            role = "input" if side == "in" else "output"
            query = (
                select(transformation, thing, Flow.side, Flow.event_id, Flow.event_time, EventThing.quantity, EventThing.uom)
                .outerjoin(EventThing, and_(EventThing.thing == thing, EventThing.event_id == Flow.event_id, EventThing.role == role))
                .where(thing.in_(some), Flow.side == side, window.holds(_flow))
            )
            found += [Step(*row) for row in unit.session.execute(query.order_by(Flow.event_time, Flow.event_id))]
    return found


def used(unit: Unit, lots: Iterable[Lot]) -> dict[str, Decimal]:
    """Lot id → how much of it went into others, in its own unit. What was told in a unit that is unlike is in no sum."""
    by_thing = {lot.thing: lot for lot in lots}
    found: dict[str, Decimal] = {}
    for some in batched(by_thing):
        went_in = exists().where(
            _flow.c.src == EventThing.thing, _flow.c.event_id == EventThing.event_id, _flow.c.side == "in", _flow.c.annulled_at.is_(None)
        )
        told = select(EventThing.thing, EventThing.quantity, EventThing.uom).where(EventThing.role == "input", went_in)
        for thing, quantity, uom in unit.session.execute(told.where(EventThing.thing.in_(some))):
            lot = by_thing[thing]
            amount = told_in(quantity, uom, lot.uom) if quantity is not None else None
            if amount is not None:
                found[lot.id] = found.get(lot.id, Decimal(0)) + amount
    return found


def told_in(quantity: Decimal, uom: str | None, wanted: str) -> Decimal | None:
    """A quantity in another unit, to millionths; no unit means pieces. None when the units are unlike."""
    given = uom or PIECES
    if given == wanted:
        return quantity
    return round(units.convert(quantity, given, wanted), 6) if units.alike(given, wanted) else None


def _near(unit: Unit, keys: Collection[bytes], direction: Direction, window: Window, depth: int) -> set[bytes]:
    """Ring by ring: every second one holds things, those between them transformations."""
    here, there, _ = _ends(_flow, direction)
    met: set[bytes] = set()
    things: set[bytes] = set()
    ring = set(keys)
    for hop in range(2 * depth):
        further: set[bytes] = set()
        for some in batched(ring):
            query = select(there).where(here.in_(some), window.holds(_flow))
            further |= set(unit.session.scalars(query))
        ring = further - met
        met |= ring
        if hop % 2:
            things |= ring
    return things


def _ends(table: Any, direction: Direction) -> tuple[Any, Any, str]:
    """From which column the walk goes to which, and the side on which it meets things."""
    return (table.c.src, table.c.dst, "out") if direction == "forward" else (table.c.dst, table.c.src, "in")
