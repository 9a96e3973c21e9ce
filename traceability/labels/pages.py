"""What PNG and SVG sheets have in common: a ZIP file with a picture of every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from traceability.labels import archive, layout
from traceability.labels.base import Labels, Made, Note, Roll

if TYPE_CHECKING:
    from traceability.labels.layout import Sheet

CODES_A_PART = 10_000
DOTS_A_PART = 3_500_000_000
"""A hundred pages A4 at 600 dpi: some seconds and megabytes, however few labels lie on a page."""


class Pages:
    """A format gives a suffix, a method of packing and ``page``."""

    media_type = "application/zip"
    suffix = "zip"
    draws = True
    picture: str
    method: int

    def part_size(self, roll: Roll) -> int:
        cells = layout.sheet(roll)
        layout.must_fit(roll, cells, archive.MOST_MEMBERS)
        pages = min(CODES_A_PART // cells.a_page, DOTS_A_PART // (cells.width * cells.height))
        return max(pages, 1) * cells.a_page

    def part(self, roll: Roll, number: int, labels: Labels) -> tuple[bytes, Note]:
        return archive.members(self._files(roll, labels), method=self.method)

    def tail(self, roll: Roll, made: Sequence[Made]) -> bytes:
        return archive.directory(made)

    def _files(self, roll: Roll, labels: Labels) -> Iterator[tuple[str, bytes]]:
        cells = layout.sheet(roll)
        for at in range(0, len(labels), cells.a_page):
            shown = labels.page(at, cells.a_page)
            number = (shown.position - 1) // cells.a_page + 1
            yield f"{number:05d}.{self.picture}", self.page(roll, cells, shown)

    def page(self, roll: Roll, cells: Sheet, labels: Labels) -> bytes:
        """One page, a file of its own."""
        raise NotImplementedError
