"""The codes as sheets (PDF), with cut marks and, where there is room, the code in letters.

A page is one 1-bit mask at one pixel a module (more only where thinning needs it), laid on
the printer's dot grid: nothing is resampled between here and the paper. What all pages share, the cut marks
and the lines of text that never change, is drawn once as a form. The text is Courier, so a page of text is a
template in which only the serials change.

Written by hand (PDF 32000-1:2008) because every object's number is known before the first is
made: the parts can be made one by one, and the tail needs their offsets alone.

    1 catalogue · 2 all pages · 3 font · 4 and 5 forms of a full and of the last page
    then for each part: its pages' node, and for each page: page, content, image
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from traceability.labels import layout
from traceability.labels.base import Labels, Made, Note, Roll
from traceability.labels.layout import Sheet as Cells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CODES_A_PART = 20_000
MOST_PAGES = 200_000
"""In one file. The tail needs three offsets a page, all in memory at once."""
_HEAD = 5
"""Objects before the first part's."""
_A_PAGE = 3
_HAIR = 0.001
"""Points. A page a hair under whole dots is not rounded up to one more by those who draw it."""
_SLACK = 0.02
"""Dots by which the mask is drawn smaller on each side, for the same reason: its edges round to the dots they are meant for."""


class Sheet:
    """Labels read like a page: left to right, top to bottom."""

    media_type = "application/pdf"
    suffix = "pdf"
    draws = True

    def part_size(self, roll: Roll) -> int:
        cells = layout.sheet(roll)
        layout.must_fit(roll, cells, MOST_PAGES)
        return max(CODES_A_PART // cells.a_page, 1) * cells.a_page

    def part(self, roll: Roll, number: int, labels: Labels) -> tuple[bytes, Note]:
        cells, pages_a_part = layout.sheet(roll), self._pages_a_part(roll)
        pages, numbers = _count(len(labels), cells.a_page), _Numbers(pages_a_part)
        out = _Objects()
        if number == 0:
            self._begin(out, roll, cells, numbers)
        kids = " ".join(f"{numbers.page(number, page)} 0 R" for page in range(pages))
        out.add(numbers.node(number), f"<</Type/Pages/Parent 2 0 R/Count {pages}/Kids[{kids}]>>".encode())
        images, texts = _images(roll, cells, labels), _texts(roll, cells, labels)
        all_pages = _count(roll.count, cells.a_page)
        for page, (image, text) in enumerate(zip(images, texts, strict=True)):
            at = labels.position + page * cells.a_page
            shown = min(cells.a_page, roll.count - at + 1)
            whole = number * pages_a_part + page + 1
            self._page(out, numbers.page(number, page), numbers.node(number), cells, shown)
            label = layout.page_label(roll, at, shown, whole, all_pages)
            out.stream(numbers.page(number, page) + 1, "", _content(cells, text, label))
            out.stream(numbers.page(number, page) + 2, _image_head(cells), image)
        return bytes(out.content), {"offsets": out.offsets}

    def tail(self, roll: Roll, made: Sequence[Made]) -> bytes:
        """Cross-reference table and trailer (7.5.4, 7.5.5)."""
        offsets, start = [], 0
        for part in made:
            offsets += [start + offset for offset in part.note["offsets"]]
            start += part.size
        table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        size = len(offsets) + 1
        head = f"xref\n0 {size}\n0000000000 65535 f \n".encode()
        return head + table + f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()

    def _pages_a_part(self, roll: Roll) -> int:
        return self.part_size(roll) // layout.sheet(roll).a_page

    def _begin(self, out: _Objects, roll: Roll, cells: Cells, numbers: _Numbers) -> None:
        """The header and the objects that all parts share."""
        parts = _count(roll.count, self.part_size(roll))
        kids = " ".join(f"{numbers.node(part)} 0 R" for part in range(parts))
        out.content += b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
        out.add(1, b"<</Type/Catalog/Pages 2 0 R>>")
        out.add(2, f"<</Type/Pages/Count {_count(roll.count, cells.a_page)}/Kids[{kids}]>>".encode())
        out.add(3, b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>")
        box = f"/Type/XObject/Subtype/Form/BBox[0 0 {cells.width} {cells.height}]/Resources<</Font<</F 3 0 R>>>>"
        for place, shown in ((4, cells.a_page), (5, roll.count % cells.a_page or cells.a_page)):
            out.stream(place, box, _form(roll, cells, shown))

    def _page(self, out: _Objects, at: int, parent: int, cells: Cells, shown: int) -> None:
        scale = 72 / cells.plan.dpi
        form = 4 if shown == cells.a_page else 5
        resources = f"/Resources<</XObject<</I {at + 2} 0 R/S {form} 0 R>>/Font<</F 3 0 R>>>>"
        width, height = (side * scale - _HAIR for side in (cells.width, cells.height))
        box = f"/MediaBox[0 0 {width:.4f} {height:.4f}]"
        out.add(at, f"<</Type/Page/Parent {parent} 0 R{box}{resources}/Contents {at + 1} 0 R>>".encode())


class _Numbers:
    """The object numbers of parts and pages."""

    def __init__(self, pages_a_part: int) -> None:
        self._a_part = 1 + _A_PAGE * pages_a_part

    def node(self, part: int) -> int:
        return _HEAD + 1 + part * self._a_part

    def page(self, part: int, page: int) -> int:
        return self.node(part) + 1 + _A_PAGE * page


class _Objects:
    """Objects one after the other, and where each begins."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.offsets: list[int] = []

    def add(self, number: int, body: bytes) -> None:
        self.offsets.append(len(self.content))
        self.content += b"%d 0 obj\n%b\nendobj\n" % (number, body)

    def stream(self, number: int, entries: str, plain: bytes) -> None:
        packed = zlib.compress(plain, 1)  # 93 bytes a symbol of version 3; Z_RLE takes half the time and 125, level 6 twice the time and 94
        self.add(number, b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (entries.encode(), len(packed), packed))


def _count(things: int, a_group: int) -> int:
    return -(-things // a_group)


def _images(roll: Roll, cells: Cells, labels: Labels) -> list[bytes]:
    """The symbols of each page as rows of bits."""
    from traceability.labels import raster

    plan = cells.plan
    times = raster.step(plan)
    return [
        raster.page(raster.words(roll, labels.serials[at : at + cells.a_page]), cells, times).tobytes() for at in _starts(labels, cells)
    ]


def _image_head(cells: Cells) -> str:
    from traceability.labels import raster

    times = raster.step(cells.plan)
    width, height = cells.columns * cells.across * times, cells.rows * cells.down * times
    return f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ImageMask true/BitsPerComponent 1/Decode[1 0]"


def _starts(labels: Labels, cells: Cells) -> range:
    return range(0, len(labels), cells.a_page)


def _content(cells: Cells, text: bytes, label: str) -> bytes:
    """A page in units of dots: the mask, what all pages share, the serials, the page's label."""
    plan = cells.plan
    width, height = cells.columns * cells.across * plan.dots, cells.rows * cells.down * plan.dots
    bottom = cells.height - cells.top - height
    image = f"q {width - 2 * _SLACK} 0 0 {height - 2 * _SLACK} {cells.left + _SLACK} {bottom + _SLACK} cm/I Do Q"
    small = min(layout.MOST_TEXT * plan.dpi / 72, cells.top * 0.6)
    head = f"{72 / plan.dpi:.10f} 0 0 {72 / plan.dpi:.10f} 0 0 cm\n0 g\n{image}\n/S Do\n"
    foot = f"BT/F {small:.1f} Tf {cells.left} {bottom / 5:.0f} Td({label})Tj ET\n"
    return head.encode() + text + foot.encode()


def _texts(roll: Roll, cells: Cells, labels: Labels) -> list[bytes]:
    """The serials of each page, every one at its place: hexadecimal, so that no character can end the string."""
    import numpy as np

    from traceability.labels import raster

    if not cells.font:
        return [b""] * len(_starts(labels, cells))
    digits = raster.hexadecimal(raster.columns(roll, labels))
    texts = []
    for at in _starts(labels, cells):
        here = digits[at : at + cells.a_page]
        template, columns = _template(roll, cells, len(here))
        template[columns[:, None] + np.arange(here.shape[1])] = here
        texts.append(template.tobytes())
    return texts


def _template(roll: Roll, cells: Cells, shown: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """A page's text with room for the serials, and where each begins."""
    import numpy as np

    head = f"BT/F {cells.font} Tf\n".encode()
    pieces, starts, size = [head], [], len(head)
    last, x0, y0 = len(roll.human) - 1, 0, 0
    for place in range(shown):
        x, y = _text_at(roll, cells, place, last)
        piece = f"{x - x0} {y - y0} Td<{roll.human[last].encode().hex()}".encode()
        starts.append(size + len(piece))
        piece += b"2" * (2 * roll.longest) + b">Tj\n"
        pieces.append(piece)
        size, x0, y0 = size + len(piece), x, y
    return np.frombuffer(bytearray(b"".join(pieces) + b"ET\n"), dtype=np.uint8), np.array(starts, dtype=np.intp)


def _text_at(roll: Roll, cells: Cells, place: int, line: int) -> tuple[int, int]:
    """Where a line of a label's text begins, in dots from the bottom left: centred under its symbol."""
    letters = len(roll.human[line]) + (roll.longest if line == len(roll.human) - 1 else 0)
    x, top = cells.cell(place)
    free = cells.across * cells.plan.dots - letters * layout.ADVANCE * cells.font
    return x + round(free / 2), cells.height - top - cells.baseline(line)


def _form(roll: Roll, cells: Cells, shown: int) -> bytes:
    """What pages share: cut marks, and the lines of text that are the same on every label."""
    lines = [f"{max(cells.plan.dpi // 300, 1)} w"]
    lines += [f"{x0} {cells.height - y0} m {x1} {cells.height - y1} l S" for x0, y0, x1, y1 in cells.marks()]
    if cells.font and len(roll.human) > 1:
        lines.append(f"BT/F {cells.font} Tf")
        for place in range(shown):
            for line, text in enumerate(roll.human[:-1]):
                x, y = _text_at(roll, cells, place, line)
                lines.append(f"1 0 0 1 {x} {y} Tm<{text.encode().hex()}>Tj")
        lines.append("ET")
    return "\n".join(lines).encode()
