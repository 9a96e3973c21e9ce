"""Where lines stand on a page that is upright and straight. Pure.

Lines come from a PDF's text layer or from recognised pixels. The latter may tell that their page
must be turned, or how much they lean; everything here is measured after both are undone, while
``box`` stays what it was, so that a person sees the right piece of the picture.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

Box = tuple[float, float, float, float]
_MOST_BESIDE: Final = 60
"""Cells of a row by which its height is known."""


@dataclass(frozen=True)
class Line:
    """A piece of text: shares of the upright page, ``level`` the height of its middle once straightened."""

    page: int
    text: str
    left: float
    right: float
    level: float
    height: float
    box: Box | None
    confidence: float

    @property
    def em(self) -> float:
        """The width of one Chinese character (two Latin letters) of this line, as a share of the page."""
        return (self.right - self.left) / max(1.0, ems(self.text))

    @property
    def top(self) -> float:
        return self.level - self.height / 2

    @property
    def bottom(self) -> float:
        return self.level + self.height / 2

    def part(self, start: int, end: int) -> Line:
        """The characters from ``start`` to ``end``, with the place where they must stand."""
        text = self.text[start:end]
        lead = len(text) - len(text.lstrip())
        start, end = start + lead, start + lead + len(text.strip())
        whole = max(ems(self.text), 0.5)
        first, last = ems(self.text[:start]) / whole, ems(self.text[:end]) / whole
        left, right = (self.left + (self.right - self.left) * share for share in (first, last))
        return replace(self, text=self.text[start:end], left=left, right=right, box=self._box_of(first, last))

    def _box_of(self, first: float, last: float) -> Box | None:
        if self.box is None:
            return None
        left, top, right, bottom = self.box
        if bottom - top > 2 * (right - left):  # stands on its side in the picture; a part of it is not worth guessing
            return self.box
        return (left + (right - left) * first, top, left + (right - left) * last, bottom)


def ems(text: str) -> float:
    """How wide ``text`` is, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WF" else 0.5 for character in text)


def straight(lines: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines as they stand on upright pages; what is written round a seal, or has no text, is left out."""
    return [line for told in lines if told.get("channel") != "seal" and (line := _line(told)) is not None]


def _line(told: Mapping[str, Any]) -> Line | None:
    text = str(told.get("text") or "").strip()
    if not text:
        return None
    box, page, sure = told.get("box"), int(told.get("page") or 1), float(told.get("confidence") or 1.0)
    if box is None or len(box) != 4:
        return Line(page, text, 0.0, 1.0, 0.0, 0.01, None, sure)
    given: Box = (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
    left, top, right, bottom = _turned(given, int(told.get("turn") or 0))
    tilt = float(told.get("tilt") or 0.0)
    height = max(bottom - top - abs(tilt) * (right - left), 0.4 * (bottom - top), 1e-4)
    level = (top + bottom) / 2 - tilt * (left + right) / 2
    return Line(page, text, left, right, level, height, given, sure)


def _turned(box: Box, clockwise: int) -> Box:
    left, top, right, bottom = box
    if clockwise == 90:
        return (1 - bottom, left, 1 - top, right)
    if clockwise == 180:
        return (1 - right, 1 - bottom, 1 - left, 1 - top)
    if clockwise == 270:
        return (top, 1 - right, bottom, 1 - left)
    return box


def rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines side by side together, from the top of the first page; each row from left to right."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.page, line.level, line.left)):
        if found and found[-1][0].page == line.page and _beside(found[-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda line: line.left) for row in found]


def _beside(row: Sequence[Line], line: Line) -> bool:
    row = row[-_MOST_BESIDE:]
    level = sum(other.level for other in row) / len(row)
    height = min(min(other.height for other in row), line.height)
    return abs(line.level - level) < 0.55 * height


def joined(lines: Sequence[Line]) -> str:
    """Lines of one value as one text: Chinese without a gap, Latin words with one."""
    text = ""
    for line in lines:
        gap = " " if text and ems(text[-1]) < 1 and ems(line.text[0]) < 1 and text[-1] not in "-/" else ""
        text += gap + line.text
    return text


def around(lines: Sequence[Line]) -> Box | None:
    """The box round ``lines`` in the picture."""
    boxes = [line.box for line in lines if line.box is not None]
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))
