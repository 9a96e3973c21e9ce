"""The words of the pages as lines with boxes, and what the file says of itself in data.

Letters on one base line that follow each other closely are one line, whether the writer put them
into one text object or a hundred. Boxes are shares of the page, left, top, right, bottom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element

from suppliers.ofd.documents import Page
from suppliers.ofd.drawing import Letter, Pen, Thing, apply, letters
from suppliers.ofd.errors import OfdTrouble

MOST_LETTERS: Final = 100_000
MOST_LINES: Final = 5000
_RISE, _FALL = 0.88, 0.12
"""How far letters reach above and below their base line, as shares of their size."""
_CLOSE: Final = 0.9
"""Letters further apart than this share of their height belong to two lines: two cells of a table."""
_SPACE: Final = 0.22


@dataclass
class Run:
    """Letters in a row, in millimetres of the page; ``id`` of the text object they come from."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    id: str = ""

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Words:
    """``lines`` as in the reading; ``objects``: (page number, object id) to (text, box), for tags that point at them;
    ``hidden``: pages with words that nobody sees."""

    lines: list[dict[str, Any]]
    objects: dict[tuple[int, str], tuple[str, list[float]]]
    hidden: list[int]


def read(pages: Sequence[Page], notes: dict[int, list[Element]]) -> Words:
    """The words of all pages; ``notes``: annotations by number of the page."""
    pen, lines, hidden, objects = Pen(), [], [], {}
    left = MOST_LETTERS
    for page in pages:
        runs: list[Run] = []
        for thing in pen.things(page, notes.get(page.number, ())):
            if thing.kind != "text":
                continue
            found = list(_runs(thing, page))
            left -= sum(len(run.text) for run in found)
            if left < 0:
                raise OfdTrouble("ofd.too_large")
            if thing.hidden:
                if any(run.text.strip() for run in found) and page.number not in hidden:
                    hidden.append(page.number)
                continue
            runs += found
            if found and thing.id:
                objects[page.number, thing.id] = ("".join(run.text for run in found), _share(_around(found), page))
        lines += [{"page": page.number, "text": run.text.strip(), "box": _share(run, page)} for run in _joined(runs) if run.text.strip()]
        if len(lines) > MOST_LINES:
            raise OfdTrouble("ofd.too_large")
    return Words(lines, objects, hidden)


def _runs(thing: Thing, page: Page) -> Iterator[Run]:
    """The letters of a text object, split where the writer jumped; what lies off the page is not there."""
    for code in letters(thing.element):
        run: Run | None = None
        for letter in code:
            here = _place(letter, thing)
            if run is not None and _follows(run, here):
                _extend(run, here)
            else:
                if run is not None and _on(run, page):
                    yield run
                run = here
        if run is not None and _on(run, page):
            yield run


def _place(letter: Letter, thing: Thing) -> Run:
    corners = [
        apply(thing.at, x, y)
        for x in (letter.x, letter.x + letter.advance)
        for y in (letter.y - _RISE * letter.size, letter.y + _FALL * letter.size)
    ]
    across, down = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return Run(letter.sign, min(across), min(down), max(across), max(down), thing.id)


def _follows(run: Run, here: Run) -> bool:
    """Is ``here`` the next on the same line?"""
    overlap = min(run.bottom, here.bottom) - max(run.top, here.top)
    lowest = min(run.height, here.height)
    gap = here.left - run.right
    return overlap > 0.6 * lowest and -0.7 * max(lowest, 0.01) < gap < _CLOSE * max(run.height, here.height)


def _extend(run: Run, here: Run) -> None:
    gap = here.left - run.right
    apart = run.text[-1:].isascii() and here.text[:1].isascii() and gap > _SPACE * run.height
    run.text += (" " if apart and not run.text.endswith(" ") else "") + here.text
    run.top, run.bottom = min(run.top, here.top), max(run.bottom, here.bottom)
    run.left, run.right = min(run.left, here.left), max(run.right, here.right)


def _joined(runs: list[Run]) -> list[Run]:
    """Runs from the top down and from left to right, neighbours made one."""
    lines: list[Run] = []
    for band in _bands(sorted(runs, key=lambda run: (run.top + run.bottom) / 2)):
        line: Run | None = None
        for run in sorted(band, key=lambda run: run.left):
            if line is not None and _follows(line, run):
                _extend(line, run)
            else:
                line = Run(run.text, run.left, run.top, run.right, run.bottom, run.id)
                lines.append(line)
    return lines


def _bands(runs: list[Run]) -> Iterator[list[Run]]:
    """Runs whose middles lie in one row."""
    band: list[Run] = []
    for run in runs:
        middle = (run.top + run.bottom) / 2
        if band and middle - (band[0].top + band[0].bottom) / 2 > 0.4 * min(band[0].height, run.height):
            yield band
            band = []
        band.append(run)
    if band:
        yield band


def _around(runs: Sequence[Run]) -> Run:
    return Run("", min(r.left for r in runs), min(r.top for r in runs), max(r.right for r in runs), max(r.bottom for r in runs))


def _on(run: Run, page: Page) -> bool:
    left, top, width, height = page.area
    return run.right > left and run.left < left + width and run.bottom > top and run.top < top + height


def _share(run: Run, page: Page) -> list[float]:
    left, top, width, height = page.area
    edges = ((run.left - left) / width, (run.top - top) / height, (run.right - left) / width, (run.bottom - top) / height)
    return [round(min(1.0, max(0.0, edge)), 5) for edge in edges]
