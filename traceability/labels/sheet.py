"""The codes as A4 sheets (PDF) for an office or label printer of 600 dpi, with cut marks.

Every edge lies on the printer's dot grid and every module is a whole number of dots, so nothing
is resampled between here and the paper: at 12 mm a link of 39 to 61 characters in upper case has
29 x 29 modules of 9 dots (0.38 mm).

Each symbol is a 1-bit mask at one pixel a module, inline in the page: the bitmap is the symbol,
and a page of 117 codes takes about 18 kB. The same labels give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from traceability.labels import symbol
from traceability.labels.base import Label

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

DPI = 600
DOT = 72 / DPI
"""A printer's dot in points."""


def dots(millimetres: float) -> int:
    """Whole dots in a length."""
    return int(millimetres * DPI / 25.4)


WIDTH, HEIGHT = dots(210), dots(297)
SYMBOL = dots(12)
"""No symbol is wider, quiet zone not counted."""
CELL = dots(21)
COLUMNS, ROWS = 9, 13
LEFT = (WIDTH - COLUMNS * CELL) // 2
TOP = HEIGHT - (HEIGHT - ROWS * CELL) // 2
MARK = dots(4)
TEXT = 4.2
"""Points: 18 characters of Courier are 16 mm wide."""


class Sheet:
    """Rows of nine, read like a page: left to right, top to bottom."""

    media_type = "application/pdf"
    suffix = "pdf"

    def render(self, labels: Sequence[Label]) -> bytes:
        from reportlab.pdfgen.canvas import Canvas  # only where sheets are made: it is slow to load

        # The links of a batch differ in their serials only, so what holds the longest holds all.
        version = symbol.version(max((label.link for label in labels), key=len))
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(WIDTH * DOT, HEIGHT * DOT), invariant=1, pageCompression=1)
        canvas.setTitle(f"{len(labels)} codes")
        a_page = COLUMNS * ROWS
        pages = range(0, len(labels), a_page)
        for number, start in enumerate(pages, start=1):
            here = labels[start : start + a_page]
            _cut_marks(canvas)
            canvas.setFont("Courier", TEXT)
            for place, label in enumerate(here):
                _label(canvas, label, version, place)
            canvas.setFont("Courier", 6)
            canvas.drawString(LEFT * DOT, 4 * MARK * DOT / 5, f"{start + 1}-{start + len(here)} / {len(labels)}   {number} / {len(pages)}")
            canvas.showPage()
        canvas.save()
        return out.getvalue()


def _label(canvas: Canvas, label: Label, version: int, place: int) -> None:
    left = LEFT + place % COLUMNS * CELL
    top = TOP - place // COLUMNS * CELL
    rows = symbol.modules(label.link, version)
    module = max(SYMBOL // len(rows), 1)
    side = module * len(rows)
    above = module * symbol.QUIET
    canvas.addLiteral(_image(rows, left + (CELL - side) // 2, top - above - side, side))
    for line, text in enumerate(label.human.split(" "), start=1):
        baseline = (top - above - side - above) * DOT - (line - 0.3) * TEXT * 1.15
        canvas.drawCentredString((left + CELL / 2) * DOT, baseline, text)


def _image(rows: Sequence[bytes], left: int, bottom: int, side: int) -> str:
    """An inline image mask (PDF 32000-1:2008, 8.9.7) that paints the dark modules; places in dots."""
    width = len(rows)
    padding = -width % 8
    packed = "".join(f"{int(''.join(map(str, row)) + '0' * padding, 2):0{(width + padding) // 4}X}" for row in rows)
    scale, x, y = f"{side * DOT:.2f}", f"{left * DOT:.2f}", f"{bottom * DOT:.2f}"
    return f"q {scale} 0 0 {scale} {x} {y} cm BI /W {width} /H {width} /IM true /D [1 0] /F /AHx ID\n{packed}>\nEI Q"


def _cut_marks(canvas: Canvas) -> None:
    """Hairlines in the margins, in line with every cut."""
    canvas.setLineWidth(0.25)
    right, bottom = LEFT + COLUMNS * CELL, TOP - ROWS * CELL
    lines = []
    for column in range(COLUMNS + 1):
        x = LEFT + column * CELL
        lines += [(x, TOP + MARK // 4, x, TOP + MARK), (x, bottom - MARK // 4, x, bottom - MARK)]
    for row in range(ROWS + 1):
        y = TOP - row * CELL
        lines += [(LEFT - MARK // 4, y, LEFT - MARK, y), (right + MARK // 4, y, right + MARK, y)]
    canvas.lines([tuple(value * DOT for value in line) for line in lines])
