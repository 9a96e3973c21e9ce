"""The sheets as SVG drawings in a ZIP file, one unit a printer dot: for designers and cutters.

A symbol is one path of horizontal strokes. Eight modules make one of 256 pieces of path, so a symbol is
put together from a table.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from traceability.labels import archive, layout
from traceability.labels.base import Labels, Roll
from traceability.labels.pages import Pages

if TYPE_CHECKING:
    from traceability.labels.layout import Sheet

_LINE_END = 256


class Svg(Pages):
    """Millimetres outside, printer dots inside."""

    picture = "svg"
    method = archive.DEFLATED

    def page(self, roll: Roll, cells: Sheet, labels: Labels) -> bytes:
        plan = cells.plan
        wide, high = (f"{layout.millimetres(side, plan.dpi):.4f}mm" for side in (cells.width, cells.height))
        out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {cells.width} {cells.height}">'
            f'<path stroke="#000" stroke-width="{max(plan.dpi // 300, 1)}" d="{_marks(cells)}"/>'
        ]
        out += _symbols(roll, cells, labels)
        if cells.font:
            out += _texts(roll, cells, labels)
        return "".join([*out, "</svg>\n"]).encode()


def _marks(cells: Sheet) -> str:
    return "".join(f"M{x0} {y0}L{x1} {y1}" for x0, y0, x1, y1 in cells.marks())


def _symbols(roll: Roll, cells: Sheet, labels: Labels) -> list[str]:
    """One path a symbol, in pixels of ``raster.step``; a stroke is drawn along the middle of its line of pixels."""
    import numpy as np

    from traceability.labels import raster

    plan = cells.plan
    times = raster.step(plan)
    bits = raster.lines(raster.words(roll, labels.serials), plan, times)
    pieces = _pieces(bits.shape[2])
    coded = np.full((*bits.shape[:2], bits.shape[2] + 1), _LINE_END, dtype=np.uint16)
    coded[:, :, :-1] = bits
    scale = plan.dots // times
    out = [f'<g stroke="#000" fill="none" shape-rendering="crispEdges" transform="scale({scale})">']
    for place, symbol in enumerate(coded.reshape(len(labels), -1).tolist()):
        x, y = cells.cell(place)
        quiet = plan.quiet * times
        body = "".join([pieces[code] for code in symbol])
        out.append(f'<path d="M{_number(x / scale + quiet)} {_number(y / scale + quiet + 0.5)}{body}"/>')
    return [*out, "</g>"]


def _texts(roll: Roll, cells: Sheet, labels: Labels) -> list[str]:
    out = [f'<g font-family="Courier, monospace" font-size="{cells.font}" text-anchor="middle">']
    for place, serial in enumerate(labels.serials.tolist()):
        x, y = cells.cell(place)
        for line, text in enumerate(roll.lines(serial.decode())):
            middle = x + cells.across * cells.plan.dots / 2
            out.append(f'<text x="{_number(middle)}" y="{y + cells.baseline(line)}">{escape(text)}</text>')
    return [*out, "</g>"]


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=16)
def _pieces(a_line: int) -> list[Any]:
    """What the pen does over each pattern of eight pixels, and at the end of a line of ``a_line`` bytes."""
    return [*map(_piece, range(256)), f"m-{8 * a_line} 1"]


def _piece(pattern: int) -> str:
    out, place = "", 0
    bits = f"{pattern:08b}"
    while place < 8:
        end = place
        while end < 8 and bits[end] == bits[place]:
            end += 1
        out += f"h{end - place}" if bits[place] == "1" else f"m{end - place} 0"
        place = end
    return out
