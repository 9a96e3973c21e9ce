"""Labels that are printed in pieces: with wide gaps (名    称), or in two lines of a narrow cell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from suppliers.extraction import labels
from suppliers.extraction.layout import Line, around, rows


def together(lines: Sequence[Line]) -> list[Line]:
    """The lines, with the pieces of every known label joined to one."""
    return _stacked([cell for row in rows(lines) for cell in _merged(row)])


def _stacked(lines: list[Line]) -> list[Line]:
    kept = list(lines)
    for first in lines:
        if first not in kept or len(first.text) > 12 or any(c.isdigit() for c in first.text):
            continue
        tower = [first]
        while len(tower) < 3 and (under := next((line for line in kept if _under(tower[-1], line)), None)) is not None:
            tower.append(under)
        for size in range(len(tower), 1, -1):
            text = "".join(line.text for line in tower[:size])
            if labels.known(text):
                level = sum(line.level for line in tower[:size]) / size
                label = replace(first, text=text, right=max(line.right for line in tower[:size]), level=level, box=around(tower[:size]))
                kept[kept.index(first)] = label
                for line in tower[1:size]:
                    kept.remove(line)
                break
    return kept


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
