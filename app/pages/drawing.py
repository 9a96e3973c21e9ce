"""Where the boxes of a family of lots stand: what went in on the left, what came of it on the right. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

WIDE, HIGH = 196, 64
GAP_X, GAP_Y = 72, 16
EDGE = 8
TALLEST = 12
"""Boxes in one column; the table below the drawing has them all."""


@dataclass(frozen=True)
class Box:
    """``lot_id`` is None for the box that stands for the ``more`` lots without room."""

    lot_id: str | None
    x: int
    y: int
    more: int = 0


@dataclass(frozen=True)
class Drawing:
    """Boxes of WIDE × HIGH, and the paths that join them, in an SVG of ``width`` × ``height``."""

    width: int
    height: int
    boxes: list[Box]
    paths: list[str]


def draw(lot_ids: Iterable[str], edges: Iterable[tuple[str, str]], start: str) -> Drawing:
    """Lay out a family around ``start``; ``edges`` are (went in, came out). Column 0 is where nothing went in."""
    pairs = list(edges)
    columns = _columns(list(lot_ids), pairs, start)
    tall = max(min(len(column), TALLEST + 1) for column in columns)
    height = 2 * EDGE + tall * HIGH + (tall - 1) * GAP_Y
    places: dict[str, Box] = {}
    boxes: list[Box] = []
    for number, column in enumerate(columns):
        shown = column if len(column) <= TALLEST + 1 else column[:TALLEST]
        rows = len(shown) + (len(shown) < len(column))
        x, top = EDGE + number * (WIDE + GAP_X), (height - rows * HIGH - (rows - 1) * GAP_Y) // 2
        for row in range(rows):
            lot_id = shown[row] if row < len(shown) else None
            box = Box(lot_id, x, top + row * (HIGH + GAP_Y), 0 if lot_id else len(column) - len(shown))
            boxes.append(box)
            places.update(dict.fromkeys([lot_id] if lot_id else column[len(shown) :], box))
    paths = dict.fromkeys(_path(places[one], places[other]) for one, other in pairs if one in places and other in places)
    return Drawing(2 * EDGE + len(columns) * WIDE + (len(columns) - 1) * GAP_X, height, boxes, list(paths))


def clip(text: str, most: float) -> str:
    """``text`` cut to ``most`` ems, counting a Latin letter as a little more than half of one."""
    used = 0.0
    for place, letter in enumerate(text):
        used += 1.0 if east_asian_width(letter) in "WF" else 0.6
        if used > most:
            return text[: max(0, place - 1)] + "…"
    return text


def _columns(ids: list[str], pairs: list[tuple[str, str]], start: str) -> list[list[str]]:
    before = _reach(start, _into(pairs, backwards=True))
    after = _reach(start, _into(pairs, backwards=False))
    side = {each: -before[each] if each in before else after.get(each, 0) for each in ids}
    least = min(side.values(), default=0)
    columns: list[list[str]] = [[] for _ in range(max(side.values(), default=0) - least + 1)]
    for each in ids:
        columns[side[each] - least].append(each)
    return columns


def _into(pairs: list[tuple[str, str]], *, backwards: bool) -> Mapping[str, list[str]]:
    steps: dict[str, list[str]] = {}
    for one, other in pairs:
        here, there = (other, one) if backwards else (one, other)
        steps.setdefault(here, []).append(there)
    return steps


def _reach(start: str, steps: Mapping[str, list[str]]) -> dict[str, int]:
    """How many steps at most lead to each lot. Bounded, so that a circle ends too."""
    far = {start: 0}
    edge, most = {start}, len(steps) + 1
    for distance in range(1, most + 1):
        edge = {there for here in edge for there in steps.get(here, ())} - {start}
        if not edge:
            break
        far.update(dict.fromkeys(edge, distance))
    return far


def _path(one: Box, other: Box) -> str:
    x1, y1, x2, y2 = one.x + WIDE, one.y + HIGH // 2, other.x, other.y + HIGH // 2
    bend = max(24, (x2 - x1) // 2)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
