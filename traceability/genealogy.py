"""What became of a lot, and what it came from: the lot's side of ``events.flows``, both ways.

A walk goes through everything that events tell of, also through what never was a lot of this house (a
supplier's own lots, items that were packed anew); what comes out here are lots.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from urllib.parse import unquote

from sqlalchemy import select

from kernel.unit import Unit
from traceability import lots
from traceability.batches import batched
from traceability.events import flows
from traceability.events.epcs import canonical
from traceability.events.flows import ALWAYS, Window
from traceability.models import Lot, Thing


@dataclass(frozen=True)
class Edge:
    """So much of ``input`` (a lot's id) went into what ``output`` came out of."""

    input: str
    output: str
    quantity: Decimal
    uom: str


@dataclass(frozen=True)
class Other:
    """Something that others tell of and that is no lot of this house: a supplier's own lot, a gift box packed elsewhere."""

    id: str
    uri: str
    kind: str
    code: str
    gtin: str | None
    at: datetime
    """When something was made of it, or it was made, first."""


@dataclass(frozen=True)
class Graph:
    """All lots that have to do with one lot, oldest first, and what went into what. ``others`` and ``beyond``: what
    others tell of before and after, and what went into what there; single items are left out."""

    lots: list[Lot]
    edges: list[Edge]
    others: list[Other] = field(default_factory=list)
    beyond: list[Edge] = field(default_factory=list)


def forward(unit: Unit, lot_ids: Iterable[str], window: Window = ALWAYS, *, depth: int | None = None) -> set[str]:
    """The ids of every lot that any of these went into, however many steps away; not the start itself."""
    return _walk(unit, lot_ids, "forward", window, depth)


def back(unit: Unit, lot_ids: Iterable[str], window: Window = ALWAYS, *, depth: int | None = None) -> set[str]:
    """The ids of every lot that went into any of these, however many steps away; not the start itself."""
    return _walk(unit, lot_ids, "back", window, depth)


def both(unit: Unit, lot_ids: Iterable[str], window: Window = ALWAYS, *, depth: int | None = None) -> set[str]:
    """What these lots came from and what became of them; not the start itself."""
    start = set(lot_ids)
    return forward(unit, start, window, depth=depth) | back(unit, start, window, depth=depth)


def affected(unit: Unit, lot_ids: Iterable[str]) -> list[Lot]:
    """These lots and all that was made of them, locked, in the order of their ids.

    A lot can be used by another transaction while we walk. Once a lot is locked nothing more can
    be made of it until this unit ends, so the walk is repeated until it finds nothing new.
    """
    found = set(lot_ids)
    while True:
        seized = lots.locked(unit, found)
        more = forward(unit, seized) - found
        if not more:
            return list(seized.values())
        found |= more


def graph(
    unit: Unit,
    lot_id: str,
    window: Window = ALWAYS,
    *,
    depth: int | None = None,
    directions: Iterable[flows.Direction] = ("forward", "back"),
) -> Graph:
    """The whole family of one lot: what it came from and what became of it, or one of the two. Raises Missing."""
    start = lots.get(unit, lot_id)
    keys = {start.thing}
    for direction in directions:
        keys |= flows.reached(unit, [start.thing], direction, window, depth=depth)
    found = lots_of(unit, keys)
    family = sorted(lots.several(unit, {start.id, *found.values()}).values(), key=lambda lot: (lot.started_at, lot.id))
    steps = flows.steps(unit, keys, window)
    others = _others(unit, keys - found.keys() - {start.thing}, steps)
    ids = {lot.thing: lot.id for lot in family}
    edges = _edges(steps, ids | {key: each.id for key, each in others.items()}, {lot.thing: lot.uom for lot in family})
    ours = set(ids.values())
    inside = [edge for edge in edges if edge.input in ours and edge.output in ours]
    beyond = [edge for edge in edges if not (edge.input in ours and edge.output in ours)]
    return Graph(family, inside, sorted(others.values(), key=lambda each: (each.at, each.uri)), beyond)


def _others(unit: Unit, keys: set[bytes], steps: Iterable[flows.Step]) -> dict[bytes, Other]:
    first: dict[bytes, datetime] = {}
    for step in steps:
        first[step.thing] = min(first.get(step.thing, step.at), step.at)
    found: dict[bytes, Other] = {}
    for some in batched(keys):
        rows = select(Thing.key, Thing.uri, Thing.kind).where(Thing.key.in_(some), Thing.kind != "item")
        for key, uri, kind in unit.session.execute(rows):
            if key in first:
                told = canonical(uri)
                found[key] = Other(key.hex(), uri, kind, told.lot or unquote(uri.rpartition("/")[2]), told.gtin, first[key])
    return found


def _edges(steps: Iterable[flows.Step], ids: Mapping[bytes, str], units: Mapping[bytes, str]) -> list[Edge]:
    inputs: dict[bytes, dict[bytes, tuple[Decimal, str]]] = {}
    outputs: dict[bytes, list[bytes]] = {}
    for step in steps:
        if step.thing not in ids:
            continue
        if step.side == "out":
            outputs.setdefault(step.transformation, []).append(step.thing)
        else:
            into = inputs.setdefault(step.transformation, {})
            before, uom = into.get(step.thing, (Decimal(0), units.get(step.thing) or step.uom or flows.PIECES))
            into[step.thing] = (before + (flows.told_in(step.quantity, step.uom, uom) or Decimal(0) if step.quantity else Decimal(0)), uom)
    return [
        Edge(ids[source], ids[made], quantity, uom)
        for transformation, into in inputs.items()
        for source, (quantity, uom) in into.items()
        for made in dict.fromkeys(outputs.get(transformation, ()))
    ]


def _walk(unit: Unit, lot_ids: Iterable[str], direction: flows.Direction, window: Window, depth: int | None) -> set[str]:
    start = lots.several(unit, lot_ids)
    keys = flows.reached(unit, [lot.thing for lot in start.values()], direction, window, depth=depth)
    return {lot_id for lot_id in lots_of(unit, keys).values() if lot_id not in start}


def lots_of(unit: Unit, keys: Iterable[bytes]) -> dict[bytes, str]:
    """Key → lot id, of those of these things that are lots of this house."""
    found: dict[bytes, str] = {}
    for some in batched(keys):
        rows = select(Thing.key, Thing.lot_id).where(Thing.key.in_(some), Thing.lot_id.is_not(None))
        found |= {key: str(lot_id) for key, lot_id in unit.session.execute(rows)}
    return found
