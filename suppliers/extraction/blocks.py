"""Values of several lines in the cell of a table: which lines are one block, and beside which label. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from suppliers.extraction import labels
from suppliers.extraction.layout import Line

_CLOSE: Final = 0.5
"""Lines of one cell stand closer than this many line heights; rows of a table stand further apart."""
_ALIGNED: Final = 1.6
_MOST_OPEN: Final = 80
"""Blocks side by side on one height; more of them stand on each other."""


def beside_one_label(lines: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """(label, its lines) for every block of two or more lines with exactly one known label beside it."""
    known = [line for line in lines if labels.known(line.text, line.confidence)]
    labelled = {id(line) for line in known}
    others = [line for line in lines if line.box is not None and id(line) not in labelled]
    order = sorted(known, key=lambda line: (line.page, line.level))
    places = [(line.page, line.level) for line in order]
    found = []
    for block in _blocks(others):
        first, last = block[0], block[-1]
        begin = bisect_right(places, (first.page, first.top - 0.2 * first.height))
        end = bisect_left(places, (first.page, last.bottom + 0.2 * last.height))
        left = min(line.left for line in block)
        beside = [label for label in order[begin:end] if label.right < left + label.em]
        # The nearest column of labels counts; one further left belongs to something in between.
        nearest = max((label.right for label in beside), default=0.0)
        beside = [label for label in beside if label.right > nearest - 6 * label.em]
        if len(beside) == 1:
            found.append((beside[0], block))
    return found


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    still_open: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.page, line.level)):
        still_open = [block for block in still_open if not _over(block[-1], line)][-_MOST_OPEN:]
        home = next((block for block in reversed(still_open) if _next_of(block[-1], line)), None)
        if home is None:
            blocks.append([line])
            still_open.append(blocks[-1])
        else:
            home.append(line)
    return [block for block in blocks if len(block) > 1]


def _over(last: Line, line: Line) -> bool:
    """Whether nothing from ``line`` on can go on with ``last``: even the highest letters that would fit begin too far below it."""
    return line.page != last.page or line.level > last.bottom + 1.6 * (0.5 + _CLOSE) * last.height


def _next_of(last: Line, line: Line) -> bool:
    if last.page != line.page or not 0.62 < last.height / line.height < 1.6:
        return False
    close = -0.6 * last.height < line.top - last.bottom < _CLOSE * max(last.height, line.height)
    return close and line.level > last.level + 0.5 * last.height and abs(last.left - line.left) < _ALIGNED * last.em
