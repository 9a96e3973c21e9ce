"""The near family of a lot as a still drawing, for readers without a script: boxes and the paths that join them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from app.pages import layering

WIDE, HIGH = 196, 64
GAP_X, GAP_Y = 72, 16
EDGE = 8
TALLEST = 12
"""Boxes in one column; the table below the drawing has them all."""
NEAR = 2
"""Steps each way; a small family is drawn whole."""
SMALL = 60


@dataclass(frozen=True)
class Box:
    """``lot_id`` is None for the box that stands for the ``more`` lots without room."""

    lot_id: str | None
    x: int
    y: int
    more: int = 0


@dataclass(frozen=True)
class Drawing:
    """Boxes of WIDE × HIGH, and the paths that join them, in an SVG of ``width`` × ``height``; ``beyond``: lots further away."""

    width: int
    height: int
    boxes: list[Box]
    paths: list[str]
    beyond: int = 0


def draw(lot_ids: Iterable[str], edges: Iterable[tuple[str, str]], start: str) -> Drawing:
    """Lay out a family around ``start``; ``edges`` are (went in, came out). Column 0 is where nothing went in."""
    ids, pairs = list(lot_ids), list(edges)
    shown = ids if len(ids) <= SMALL else near(ids, pairs, start, NEAR)
    stands, more = _gathered(shown, pairs, start)
    ours = dict.fromkeys((stands[one], stands[other]) for one, other in pairs if one in stands and other in stands)
    nodes = list(dict.fromkeys(stands.values()))
    layout = layering.lay(nodes, [pair for pair in ours if pair[0] != pair[1]], start, high=HIGH, gap=GAP_Y)
    least = min(spot.layer for spot in layout.spots.values())
    boxes = {node: _box(None if node in more else node, spot, least, more.get(node, 0)) for node, spot in layout.spots.items()}
    paths = [_path(boxes[track.source], boxes[track.target], track.bends, least) for track in layout.tracks]
    width = max(box.x for box in boxes.values()) + WIDE + EDGE
    height = max(box.y for box in boxes.values()) + HIGH + EDGE
    return Drawing(width, height, list(boxes.values()), paths, len(ids) - len(shown))


def near(ids: list[str], pairs: list[tuple[str, str]], start: str, steps: int) -> list[str]:
    """Those of ``ids``, in their order, that are at most ``steps`` ahead of ``start`` or behind it; ``start`` with them."""
    found = {start}
    for turned in (False, True):
        onward: dict[str, list[str]] = {}
        for one, other in pairs:
            here, there = (other, one) if turned else (one, other)
            onward.setdefault(here, []).append(there)
        edge = {start}
        for _ in range(steps):
            edge = {there for here in edge for there in onward.get(here, ())} - {start}
            found |= edge
    return [each for each in ids if each in found]


def clip(text: str, most: float) -> str:
    """``text`` cut to ``most`` ems, counting a Latin letter as a little more than half of one."""
    used = 0.0
    for place, letter in enumerate(text):
        used += 1.0 if east_asian_width(letter) in "WF" else 0.6
        if used > most:
            return text[: max(0, place - 1)] + "…"
    return text


def _gathered(ids: list[str], pairs: list[tuple[str, str]], start: str) -> tuple[dict[str, str], dict[str, int]]:
    """Which box each lot stands in: its own, or, in a column that is too tall, the one for the rest; and how many stand in those."""
    columns: dict[int, list[str]] = {}
    for each, spot in layering.lay(ids, pairs, start).spots.items():
        columns.setdefault(spot.layer, []).append(each)
    stands: dict[str, str] = {}
    more: dict[str, int] = {}
    for layer, column in columns.items():
        shown = column if len(column) <= TALLEST + 1 else sorted(column, key=lambda each: each != start)[:TALLEST]
        rest = f" {layer}"
        for each in column:
            stands[each] = each if each in shown else rest
            more.update({rest: more.get(rest, 0) + 1} if each not in shown else {})
    return stands, more


def _box(lot_id: str | None, spot: layering.Spot, least: int, more: int) -> Box:
    return Box(lot_id, EDGE + (spot.layer - least) * (WIDE + GAP_X), EDGE + spot.y - HIGH // 2, more)


def _path(one: Box, other: Box, bends: tuple[layering.Spot, ...], least: int) -> str:
    """From the right side of a box to the left side of another, level through the bends."""
    stops = [(one.x + WIDE, one.y + HIGH // 2)]
    for bend in bends:
        left = EDGE + (bend.layer - least) * (WIDE + GAP_X)
        stops += [(left, EDGE + bend.y), (left + WIDE, EDGE + bend.y)]
    stops.append((other.x, other.y + HIGH // 2))
    path = f"M{stops[0][0]} {stops[0][1]}"
    for (x1, y1), (x2, y2) in pairwise(stops):
        bend_by = max(24, abs(x2 - x1) // 2)
        path += f"H{x2}" if y1 == y2 and x2 > x1 else f"C{x1 + bend_by} {y1} {x2 - bend_by} {y2} {x2} {y2}"
    return path
