"""Where labels lie on a sheet: columns, rows, text and cut marks, all in whole printer dots.

A cell is a whole number of modules each way and every edge lies on the dot grid, so that nothing is
resampled between here and the paper. Pure geometry, origin at the top left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.errors import Invalid, flaw
from traceability.labels.base import Roll
from traceability.labels.planner import INCH, Plan, dots_in

LEAST_TEXT, MOST_TEXT = 3.5, 6.0
"""Points. A line that would be smaller than the first is left out: nobody could read it."""
ADVANCE: Final = 0.6
"""Width of a character of Courier, in its own size."""
LEADING: Final = 1.15
MOST_DOTS: Final = 1_200_000_000
"""On a page, which is made whole in memory at one bit a dot: A3 at 2400 dpi, or a metre square at 860."""


class LabelTooLarge(Invalid):
    """Not one label fits on the page. Take a larger page, a smaller label or a narrower margin."""

    code = "label-too-large"
    title = "The label does not fit on the page"


class TooManyPages(Invalid):
    """One file cannot hold so many pages. Ask for the codes in several files; ``codes`` says how many fit one."""

    code = "too-many-pages"
    title = "Too many pages for one file"


@dataclass(frozen=True)
class Sheet:
    """``across`` and ``down`` are a cell in modules; ``left``, ``top``, ``width``, ``height`` and ``font`` are in dots.

    ``font`` is 0 where the cell has no room for text.
    """

    plan: Plan
    columns: int
    rows: int
    across: int
    down: int
    left: int
    top: int
    width: int
    height: int
    font: int

    @property
    def a_page(self) -> int:
        return self.columns * self.rows

    def cell(self, place: int) -> tuple[int, int]:
        """Left and top edge, in dots, of the cell at this place of a page, read like a page."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.across * self.plan.dots, self.top + row * self.down * self.plan.dots

    def baseline(self, line: int) -> int:
        """Dots from the top of a cell to the baseline of a line of text (from 0)."""
        return self.plan.pitch * self.plan.dots + round((line + 0.75) * LEADING * self.font)

    def marks(self) -> list[tuple[int, int, int, int]]:
        """Hairlines in the margins, in line with every cut: (x0, y0, x1, y1) in dots."""
        right, bottom = self.left + self.columns * self.across * self.plan.dots, self.top + self.rows * self.down * self.plan.dots
        far = min(dots_in(4, self.plan.dpi), self.left * 4 // 5, self.top * 4 // 5)
        near = far // 4
        lines = []
        for column in range(self.columns + 1):
            x = self.left + column * self.across * self.plan.dots
            lines += [(x, self.top - far, x, self.top - near), (x, bottom + near, x, bottom + far)]
        for row in range(self.rows + 1):
            y = self.top + row * self.down * self.plan.dots
            lines += [(self.left - far, y, self.left - near, y), (right + near, y, right + far, y)]
        return lines


def sheet(roll: Roll) -> Sheet:
    """The sheet of a roll's plan. Raises LabelTooLarge, or Invalid for a page of too many dots."""
    plan = roll.drawn
    width, height = (dots_in(side, plan.dpi) for side in plan.page_mm)
    if width * height > MOST_DOTS:
        raise Invalid(errors=[flaw("/page_mm", "most", f"at {plan.dpi} dpi such a page has more than {MOST_DOTS} dots", most=MOST_DOTS)])
    margin = dots_in(plan.margin_mm, plan.dpi)
    across, font = plan.pitch, text_size(roll)
    down = plan.pitch + (-(-round((len(roll.human) + 0.3) * LEADING * font) // plan.dots) if font else 0)
    columns, rows = (width - 2 * margin) // (across * plan.dots), (height - 2 * margin) // (down * plan.dots)
    if columns < 1 or rows < 1:
        detail = f"a label is {across * plan.module_mm:.1f} by {down * plan.module_mm:.1f} mm"
        raise LabelTooLarge(errors=[flaw("/page_mm", "page", detail)])
    left, top = (width - columns * across * plan.dots) // 2, (height - rows * down * plan.dots) // 2
    return Sheet(plan, columns, rows, across, down, left, top, width, height, font)


def must_fit(roll: Roll, cells: Sheet, most: int) -> None:
    """Raises TooManyPages when a file of at most so many pages cannot hold the roll."""
    pages = -(-roll.count // cells.a_page)
    if pages > most:
        codes = most * cells.a_page
        detail = f"{pages} pages; a file holds {most}, which is {codes} codes with such labels"
        raise TooManyPages(errors=[flaw("/count", "pages", detail, pages=pages, most=most, codes=codes)])


def text_size(roll: Roll) -> int:
    """Height of the text in dots: the longest line as wide as the cell, 6 points at most; 0 for none."""
    plan = roll.drawn
    letters = max(*map(len, roll.human), len(roll.human[-1]) + roll.longest) if roll.human else 0
    if not plan.text or not letters:
        return 0
    point = plan.dpi / 72
    font = min(plan.pitch * plan.dots / letters / ADVANCE, MOST_TEXT * point)
    return int(font) if font >= LEAST_TEXT * point else 0


def page_label(roll: Roll, position: int, shown: int, page: int, pages: int) -> str:
    """``1552-3102   2 / 13``: positions in the order, and pages, for whoever drops the pile."""
    return f"{roll.start + position}-{roll.start + position + shown - 1}   {page} / {pages}"


def millimetres(dots: int, dpi: int) -> float:
    return dots * INCH / dpi
