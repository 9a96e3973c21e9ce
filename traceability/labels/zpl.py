"""The codes in ZPL II, for label printers: one label after the other, each exactly the planned bitmap.

Symbols go as ^GFA bitmaps, because ^BQ leaves version and mask to the printer and symbols would
jump in size. Text goes through ^FH with every character as hexadecimal digits: nothing in a serial
can end a field or begin a command.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceability.labels import layout
from traceability.labels.base import Labels, Made, Note, Roll

if TYPE_CHECKING:
    from numpy.typing import NDArray

BYTES_A_PART = 16_000_000


class Zpl:
    """The label is one cell of a sheet; the printer's own resolution must be the plan's."""

    media_type = "application/zpl"
    suffix = "zpl"
    draws = True

    def part_size(self, roll: Roll) -> int:
        plan = roll.drawn
        a_line = 2 * -(-plan.modules * plan.dots // 8) + plan.dots
        return max(BYTES_A_PART // (3 * plan.modules * a_line), 100)

    def part(self, roll: Roll, number: int, labels: Labels) -> tuple[bytes, Note]:
        import numpy as np

        from traceability.labels import raster

        cells: list[Any] = []
        for piece in (_head(roll), _bitmap(roll, labels), *_text(roll, labels), "^XZ\n"):
            cells.append(np.frombuffer(piece.encode(), dtype=np.uint8) if isinstance(piece, str) else piece)
        return raster.joined(cells, len(labels)).tobytes(), {}

    def tail(self, roll: Roll, made: Sequence[Made]) -> bytes:
        return b""


def _head(roll: Roll) -> str:
    """Width and length of the label, then the field of the bitmap (^GF: ASCII hex, bytes, bytes, bytes a row)."""
    plan = roll.drawn
    side, quiet = plan.modules * plan.dots, plan.quiet * plan.dots
    a_row = -(-side // 8)
    height = plan.pitch * plan.dots + _text_height(roll)
    return f"^XA^PW{plan.pitch * plan.dots}^LL{height}^FO{quiet},{quiet}^GFA,{a_row * side},{a_row * side},{a_row},"


def _bitmap(roll: Roll, labels: Labels) -> NDArray[Any]:
    """(n, characters): each kind of line once, and a colon for each time it follows itself."""
    import numpy as np

    from traceability.labels import raster

    plan = roll.drawn
    drawn, repeats = raster.pixels(raster.words(roll, labels.serials), plan, plan.dots)
    digits = raster.hexadecimal(drawn)
    pieces = []
    for kind, repeat in enumerate(repeats):
        again = np.full((*digits.shape[:2], repeat - 1), ord(":"), dtype=np.uint8)
        pieces += [digits[:, :, kind], again]
    return np.concatenate(pieces, axis=2).reshape(len(labels), -1)


def _text(roll: Roll, labels: Labels) -> list[Any]:
    """A centred block for each line; the last line ends with the serial."""
    import numpy as np

    from traceability.labels import raster

    plan, font = roll.drawn, layout.text_size(roll)
    if not font:
        return ["^FS"]
    out: list[Any] = ["^FS"]
    for line, text in enumerate(roll.human):
        top = plan.pitch * plan.dots + round(line * layout.LEADING * font)
        fixed = text.encode().hex("_", 1).upper()
        out.append(f"^FO0,{top}^A0N,{font},0^FB{plan.pitch * plan.dots},1,0,C^FH_^FD" + (f"_{fixed}" if fixed else ""))
        if line == len(roll.human) - 1:
            digits = raster.hexadecimal(raster.columns(roll, labels)).reshape(len(labels), -1, 2)
            escapes = np.full((*digits.shape[:2], 3), ord("_"), dtype=np.uint8)
            escapes[:, :, 1:] = digits
            out.append(escapes.reshape(len(labels), -1))
        out.append("^FS")
    return out


def _text_height(roll: Roll) -> int:
    font = layout.text_size(roll)
    return round((len(roll.human) + 0.3) * layout.LEADING * font) if font else 0
