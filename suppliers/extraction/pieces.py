"""Labels that are printed in pieces: with wide gaps (名    称), or in two lines of a narrow cell. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from suppliers.extraction import labels
from suppliers.extraction.layout import Line, around, rows

_MOST_NEAR: Final = 60
"""Cells in two rows of a table are fewer; where more stand, they stand on each other and nobody could read them."""


def together(lines: Sequence[Line]) -> list[Line]:
    """The lines, with the pieces of every known label joined to one."""
    return _stacked([cell for row in rows(lines) for cell in _merged(row)])


def _stacked(lines: list[Line]) -> list[Line]:
    kept: dict[int, Line] = dict(enumerate(lines))
    near = _Near(lines)
    for at, first in enumerate(lines):
        if at not in kept or len(first.text) > 12 or any(c.isdigit() for c in first.text):
            continue
        tower = [at]
        while len(tower) < 3 and (under := next((n for n in near.below(lines[tower[-1]]) if n in kept), None)) is not None:
            tower.append(under)
        cells = [lines[n] for n in tower]
        for size in range(len(tower), 1, -1):
            text = "".join(line.text for line in cells[:size])
            if labels.known(text):
                level = sum(line.level for line in cells[:size]) / size
                kept[at] = replace(first, text=text, right=max(line.right for line in cells[:size]), level=level, box=around(cells[:size]))
                for n in tower[1:size]:
                    del kept[n]
                break
    return list(kept.values())


class _Near:
    """The lines of each page by their tops: what stands under a line is found without looking at the whole paper."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._order = sorted((line.page, line.top, at) for at, line in enumerate(lines))

    def below(self, line: Line) -> Iterator[int]:
        """The places of lines that may go on a label in ``line``, in reading order."""
        begin = bisect_left(self._order, (line.page, line.bottom - 0.6 * line.height))
        end = bisect_left(self._order, (line.page, line.bottom + 0.5 * line.height))
        places = (at for _, _, at in self._order[begin : min(end, begin + _MOST_NEAR)])
        return (at for at in sorted(places) if _under(line, self._lines[at]))


def _under(line: Line, other: Line) -> bool:
    close = (
        other.page == line.page
        and -0.6 * line.height < other.top - line.bottom < 0.5 * line.height
        and other.level > line.level + 0.5 * line.height
    )
    return (
        close and min(line.right, other.right) > max(line.left, other.left) and labels.known(other.text) is None and len(other.text) <= 12
    )


def _merged(row: list[Line]) -> list[Line]:
    cells: list[Line] = []
    at = 0
    while at < len(row):
        end, made = _label_in_pieces(row, at)
        cells.extend(made)
        at = end
    return cells


def _label_in_pieces(row: list[Line], at: int) -> tuple[int, list[Line]]:
    first = row[at]
    for end in range(min(len(row), at + 6), at + 1, -1) if len(first.text) <= 2 else ():
        pieces = row[at:end]
        text = "".join(piece.text for piece in pieces)
        if all(len(piece.text) <= 2 for piece in pieces) and labels.known(text):
            last = pieces[-1]
            return end, [replace(first, text=text, right=last.right, box=around(pieces))]
    if len(first.text) == 1 and at + 1 < len(row):  # 住 | 所山东省…
        rest = row[at + 1]
        for length in (1, 2):
            text = first.text + rest.text[:length]
            if len(rest.text) > length and labels.known(text):
                head = rest.part(0, length)
                label = replace(first, text=text, right=head.right, box=around([first, head]))
                return at + 2, [label, rest.part(length, len(rest.text))]
    return at + 1, [first]
