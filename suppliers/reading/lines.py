"""Letters with places become lines with places. Plain values in and out.

What stands in one row but far apart are two lines: a label and its value in a table have a place each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in fractions of the page, from its upper left."""
_FAR: Final = 1.5
"""Gap that parts two lines, in heights of a letter."""
_WORD: Final = 0.25
"""Gap between two words, likewise."""
MOST_TEXT: Final = 500


class Letter(NamedTuple):
    """``box`` is None for a space, or "\\n" for an end of line, that the reader made up. ``ghost``: it is written so
    that it leaves no ink; ``excused``: it may leave none though it is honest, since its font is missing."""

    text: str
    box: Box | None
    ghost: bool = False
    excused: bool = False


MOST_LETTERS: Final = 60_000
MOST_LINES: Final = 4_000


def capped(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many lines as a person would ever read, none longer than MOST_TEXT: whoever writes more wants us busy."""
    kept: list[dict[str, Any]] = []
    left = MOST_LETTERS
    for line in lines:
        text = str(line.get("text") or "")[:MOST_TEXT]
        left -= len(text)
        if left < 0 or len(kept) >= MOST_LINES:
            break
        kept.append(line | {"text": text})
    return kept


def grouped(letters: Iterable[Letter], *, aspect: float) -> list[tuple[str, list[float]]]:
    """(text, box) of each line, in the order in which they were written; ``aspect``: the page's width by its height."""
    lines = []
    for run in _runs(letters, aspect):
        text = "".join(letter.text for letter in run).strip()[:MOST_TEXT]
        boxes = [letter.box for letter in run if letter.box and letter.text.strip()]
        if text and boxes:
            lines.append((text, _around(boxes)))
    return lines


def _runs(letters: Iterable[Letter], aspect: float) -> Iterator[list[Letter]]:
    run: list[Letter] = []
    last: Box | None = None
    for letter in letters:
        if letter.text == "\n":
            if run:
                yield run
            run, last = [], None
            continue
        if letter.box is None:
            run.append(letter)
            continue
        if last is not None:
            gap = _gap(last, letter.box, aspect)
            if gap is None or gap > _FAR:
                yield run
                run = []
            elif gap > _WORD and run and run[-1].text.strip() and _spaced(run[-1].text, letter.text):
                run.append(Letter(" ", None))
        run.append(letter)
        last = letter.box
    if run:
        yield run


def _gap(before: Box, after: Box, aspect: float) -> float | None:
    """From one letter to the next in heights of a letter, or None when they do not stand in one row."""
    height = max(before[3] - before[1], after[3] - after[1], 1e-6)
    overlap = min(before[3], after[3]) - max(before[1], after[1])
    if overlap < 0.4 * min(before[3] - before[1], after[3] - after[1]) or (before[0] - after[2]) * aspect > height:
        return None
    return (after[0] - before[2]) * aspect / height


def _spaced(before: str, after: str) -> bool:
    """Chinese has no spaces between its words."""
    return max(ord(before[-1]), ord(after[0])) < 0x2E80


def _around(boxes: list[Box]) -> list[float]:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return [round(min(max(edge, 0.0), 1.0), 5) for edge in (left, top, right, bottom)]
