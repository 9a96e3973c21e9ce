"""Which value belongs to which label, by what is printed and by where it stands. Pure.

In this order: label and value in one line; the value right of its label; what is left over in a
column goes on with the value above it; a label with nothing right of it takes what stands below.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from suppliers.extraction import blocks, dates, issuers, labels, pieces
from suppliers.extraction.labels import Label
from suppliers.extraction.layout import Box, Line, around, joined, rows, straight

_GAP: Final = 0.95
"""Lines of one value stand closer than this many line heights."""
_BELOW: Final = 2.6
_ALIGNED: Final = 1.6
"""Left edges within so many characters are one edge."""
_MOST_LINES: Final = 2000
_TIMES: Final = frozenset({"valid_until", "valid_from", "issued_on", "period"})
_WHOLE: Final = frozenset({"valid_until", "valid_from", "issued_on", "holder_uscc", "number", "lots", "quantity"})
"""Fields whose value is not written over several lines."""


@dataclass
class Pair:
    """A label and the lines of its value."""

    label: Label
    at: Line
    value: list[Line] = field(default_factory=list)
    below: bool = False

    @property
    def text(self) -> str:
        text = joined(self.value).strip(" :：")
        # The last stroke of a label that ran into a date is no part of it.
        return (
            re.sub(r"^[^\d\W自从至到由起第长永无〇一二三四五六七八九]{1,2}(?=\d{4}\s*[年\-./])", "", text)
            if self.label.field in _TIMES
            else text
        )

    @property
    def box(self) -> Box | None:
        return around(self.value)

    @property
    def confidence(self) -> float:
        return round(min([line.confidence for line in self.value], default=0.0) * self.label.sure * (0.9 if self.below else 1.0), 3)


@dataclass
class Page:
    """What was made of the lines: pairs in reading order, and the lines that belong to none."""

    pairs: list[Pair]
    loose: list[Line]


def pair(lines: Iterable[Mapping[str, Any]]) -> Page:
    """The pairs of label and value among ``lines`` (page, text, box …), in reading order."""
    upright = pieces.together(straight(lines)[:_MOST_LINES])
    edges = _Edges(line for line in upright if labels.known(line.text, line.confidence) or labels.led(line.text))
    found = blocks.beside_one_label(upright)
    taken = {id(line) for _, block in found for line in block}
    pairs: list[Pair] = []
    loose: list[Line] = []
    for row in rows([line for line in upright if id(line) not in taken]):
        _read_row(row, edges, pairs, loose)
    _give(found, pairs, loose)
    _take_beside(pairs, loose)
    _go_on(pairs, loose)
    _take_below(pairs, loose)
    return Page([one for one in pairs if one.value], loose)


def _give(found: list[tuple[Line, list[Line]]], pairs: list[Pair], loose: list[Line]) -> None:
    """Blocks of several lines to the label that stands beside them."""
    for label, block in found:
        owner = next((one for one in pairs if not one.value and one.at.page == label.page and one.at.box == label.box), None)
        if owner is None:
            loose.extend(block)
        else:
            owner.value.extend(block)


class _Edges:
    """Where labels begin: the left edges on each page."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._places = sorted((line.page, line.left) for line in lines)

    def hold(self, cell: Line) -> bool:
        """Whether ``cell`` begins where two or more of them do."""
        begin = bisect_right(self._places, (cell.page, cell.left - _ALIGNED * cell.em))
        return bisect_left(self._places, (cell.page, cell.left + _ALIGNED * cell.em)) - begin >= 2


def _read_row(row: list[Line], edges: _Edges, pairs: list[Pair], loose: list[Line]) -> None:
    current: Pair | None = None
    for place, cell in enumerate(row):
        last = place == len(row) - 1
        label = labels.known(cell.text, cell.confidence)
        if label is None and not last and (current is None or current.value) and _looks_like_label(cell, row[place + 1], edges, pairs):
            label = Label(cell.text.rstrip(" :："), None, 0.8)
        if label is not None and not _is_value(label, current, last):
            current = Pair(label, cell)
            pairs.append(current)
            continue
        waits = current is not None and not current.value
        found = [] if waits or (place == 0 and _indented(cell, pairs)) else _inline(cell, aligned=edges.hold(cell))
        if found:
            pairs.extend(found)
            current = found[-1]
        elif current is not None and (not current.value or not _apart(current.value[-1], cell)):
            current.value.append(cell)
        else:
            loose.append(cell)


def _indented(cell: Line, pairs: list[Pair]) -> bool:
    """Whether the line goes on with the value before it, though it begins as a label would (一般项目： in a scope)."""
    last = pairs[-1] if pairs and pairs[-1].value else None
    if last is None or not _continues(last, cell):
        return False
    return last.at.right < cell.left or (last.label.field == "scope" and re.match(r"[^:：]{0,4}项目[:：]", cell.text) is not None)


def _is_value(label: Label, current: Pair | None, last: bool) -> bool:
    """A Chinese cell that would be a label is the value of the label before it where it closes the row and fills no field itself."""
    if not last or label.field is not None or label.word.isascii():
        return False
    return current is not None and not current.value and current.label.field is not None


def _looks_like_label(cell: Line, right: Line, edges: _Edges, pairs: list[Pair]) -> bool:
    if not labels.structural(cell.text) or labels.known(right.text) is not None or not edges.hold(cell):
        return False
    # Two labels side by side with their values underneath: the left value is no label of the right one.
    return not any(not one.value and _under(one.at, cell) for one in pairs[-4:])


def _apart(before: Line, cell: Line) -> bool:
    """Whether the gap between two cells is too wide for one value."""
    return cell.left - before.right > 8 * max(before.em, cell.em)


def _inline(cell: Line, *, aligned: bool) -> list[Pair]:
    """The pairs inside one line; [] when it begins with no label."""
    found: list[Pair] = []
    rest = cell
    while (led := labels.led(rest.text, rest.confidence, aligned=aligned)) is not None and len(found) < 12:
        label, start = led
        end = labels.further(rest.text, start) if label.field != "scope" else None
        one = Pair(label, rest.part(0, start))
        if rest.text[start:end].strip():
            one.value.append(rest.part(start, len(rest.text) if end is None else end))
        found.append(one)
        if end is None:
            break
        rest = rest.part(end, len(rest.text))
    return found


def _go_on(pairs: list[Pair], loose: list[Line]) -> None:
    """Loose lines that continue the value above them, or begin the value whose label stands beside its middle."""
    for line in sorted(loose, key=lambda line: (line.page, line.level)):
        above = min((one for one in pairs if _continues(one, line)), key=lambda one: line.top - one.value[-1].bottom, default=None)
        under = min((one for one in pairs if _begins(line, one)), key=lambda one: one.value[0].top - line.bottom, default=None)
        if above and under and under.value[0].top - line.bottom < 0.6 * (line.top - above.value[-1].bottom):
            above = None
        if above is not None:
            above.value.append(line)
            loose.remove(line)
    for line in sorted(loose, key=lambda line: (line.page, -line.level)):
        under = min((one for one in pairs if _begins(line, one)), key=lambda one: one.value[0].top - line.bottom, default=None)
        if under is not None:
            under.value.insert(0, line)
            loose.remove(line)


def _continues(one: Pair, line: Line) -> bool:
    if not one.value or one.value[-1].page != line.page:
        return False
    last = one.value[-1]
    if one.label.field == "issuer_name" and issuers.is_office(one.text):
        return False
    if one.label.field in _WHOLE or (one.label.field == "period" and not one.text.endswith(("至", "-", "—", "~", "to", "until", "到"))):
        return False
    close = -0.5 * last.height < line.top - last.bottom < _GAP * min(last.height, line.height)
    # A value that goes on has filled its line: what stands below one that ends far to the left is something else.
    return close and _same_edge(one.value[0], one.at, line) and _alike(last, line) and dates.first(line.text) is None


def _begins(line: Line, one: Pair) -> bool:
    """Whether ``line`` is the first of a value in several lines whose label stands beside a later one."""
    if not one.value or one.below or one.label.field in _WHOLE or one.value[0].page != line.page:
        return False
    first = one.value[0]
    close = -0.5 * first.height < first.top - line.bottom < 0.6 * min(first.height, line.height)
    lower = first.level - one.at.level > 0.25 * first.height  # the label stands higher than what is beside it
    return close and (lower or len(one.value) > 1) and abs(line.left - first.left) < _ALIGNED * line.em and _alike(first, line)


def _same_edge(first: Line, label: Line, line: Line) -> bool:
    """Continued lines begin under the value, or under its label where label and value share a line."""
    if abs(line.left - first.left) < _ALIGNED * line.em:
        return True
    return (
        abs(label.level - first.level) < 0.5 * first.height
        and label.right >= first.left - 1.5 * first.em
        and label.left <= line.left + line.em <= first.right
    )


def _alike(one: Line, other: Line) -> bool:
    return 0.62 < one.height / other.height < 1.6


def _take_beside(pairs: list[Pair], loose: list[Line]) -> None:
    """A label in the middle of a cell whose lines stand a little higher and lower than it."""
    for one in pairs:
        right = [line for line in loose if not one.value and line.page == one.at.page and line.left > one.at.right]
        level = [line for line in right if abs(line.level - one.at.level) < 0.95 * max(line.height, one.at.height)]
        nearest = min(level, key=lambda line: (round(line.left - one.at.right, 2), line.level), default=None)
        if nearest is not None and not _apart(one.at, nearest) and _could_hold(one.label, nearest):
            one.value.append(nearest)
            loose.remove(nearest)


def _take_below(pairs: list[Pair], loose: list[Line]) -> None:
    """A label with nothing beside it: the nearest loose line under it, and what continues that."""
    for one in pairs:
        if one.value:
            continue
        under = [line for line in loose if _under(one.at, line) and _could_hold(one.label, line)]
        nearest = min(under, key=lambda line: line.level, default=None)
        if nearest is None:
            continue
        one.value.append(nearest)
        one.below = True
        loose.remove(nearest)
        for line in sorted(loose, key=lambda line: line.level):
            if _continues(one, line):
                one.value.append(line)
                loose.remove(line)


def _under(label: Line, line: Line) -> bool:
    if line.page != label.page or not 0 < line.level - label.level < _BELOW * max(label.height, line.height):
        return False
    overlap = min(label.right, line.right) - max(label.left, line.left)
    return overlap > 0.5 * min(label.right - label.left, line.right - line.left)


def _could_hold(label: Label, line: Line) -> bool:
    dated = dates.first(line.text) is not None or re.search(r"\d{4}\s*年|年\s*\d{1,2}\s*月", line.text) is not None
    if label.field in _TIMES:
        return dated or dates.endless(line.text)
    if label.field in ("number", "holder_uscc", "accreditation"):
        return any(character.isdigit() for character in line.text) and not dated
    return not (dated and len(line.text) <= 24 and label.field is not None)
