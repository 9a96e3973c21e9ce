"""The sheets as PNG pictures in a ZIP file: one bit a printer dot, resolution named. Symbols and cut marks only.

For tools that place pictures. Lines are not filtered (PNG 9.2, type 0): those of one module are alike, which
zlib sees by itself.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from traceability.labels import archive
from traceability.labels.base import Labels, Roll
from traceability.labels.pages import Pages

if TYPE_CHECKING:
    from traceability.labels.layout import Sheet


class Png(Pages):
    """Black is 0: the picture is the page as it is seen."""

    picture = "png"
    method = archive.STORED

    def page(self, roll: Roll, cells: Sheet, labels: Labels) -> bytes:
        import numpy as np

        from traceability.labels import raster

        dark = raster.whole_page(raster.words(roll, labels.serials), cells)
        lines = np.zeros((len(dark), dark.shape[1] + 1), dtype=np.uint8)
        lines[:, 1:] = ~dark
        metre = round(cells.plan.dpi / 0.0254)
        chunks = (
            (b"IHDR", struct.pack(">LLBBBBB", cells.width, cells.height, 1, 0, 0, 0, 0)),
            (b"pHYs", struct.pack(">LLB", metre, metre, 1)),
            (b"IDAT", zlib.compress(lines.tobytes(), 1)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
