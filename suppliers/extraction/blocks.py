"""Values of several lines in the cell of a table: which lines are one block, and beside which label. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from suppliers.extraction import labels
from suppliers.extraction.layout import Line

_CLOSE: Final = 0.5
"""Lines of one cell stand closer than this many line heights; rows of a table stand further apart."""
_ALIGNED: Final = 1.6


def beside_one_label(lines: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """(label, its lines) for every block of two or more lines with exactly one known label beside it."""
    known = [line for line in lines if labels.known(line.text, line.confidence)]
    others = [line for line in lines if line.box is not None and line not in known]
    found = []
    for block in _blocks(others):
        beside = [label for label in known if _beside(label, block)]
        # The nearest column of labels counts; one further left belongs to something in between.
        nearest = max((label.right for label in beside), default=0.0)
        beside = [label for label in beside if label.right > nearest - 6 * label.em]
        if len(beside) == 1:
            found.append((beside[0], block))
    return found


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    open_blocks: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.page, line.level)):
        home = next((block for block in reversed(open_blocks) if _next_of(block[-1], line)), None)
        if home is None:
            open_blocks.append([line])
        else:
            home.append(line)
    return [block for block in open_blocks if len(block) > 1]


def _next_of(last: Line, line: Line) -> bool:
    if last.page != line.page or not 0.62 < last.height / line.height < 1.6:
        return False
    close = -0.6 * last.height < line.top - last.bottom < _CLOSE * max(last.height, line.height)
    return close and line.level > last.level + 0.5 * last.height and abs(last.left - line.left) < _ALIGNED * last.em


def _beside(label: Line, block: Sequence[Line]) -> bool:
    first, last = block[0], block[-1]
    high = label.page == first.page and first.top - 0.2 * first.height < label.level < last.bottom + 0.2 * last.height
    return high and label.right < min(line.left for line in block) + label.em
