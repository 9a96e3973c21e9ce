"""Symbols that a reader finds by itself, with their places. Pure; it knows no sheet and what should stand on it.

The only room that knows the library that reads symbols.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import zxingcpp
from numpy.typing import NDArray

TILE: Final = 6
"""Symbols along a tile: on much larger pictures the library gives up, on smaller ones too many symbols are cut."""
MOST_ENLARGED: Final = 36_000_000
"""Pixels of a tile after it is enlarged. A tile that would have more is read as it is: its few symbols are large enough."""
_KIND: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


@dataclass(frozen=True)
class Seen:
    """A text, and in pixels the outer corners (x, y) of its symbol from its own upper left on, clockwise: (4, 2)."""

    text: str
    quad: NDArray[np.float64]


def symbols(picture: NDArray[np.uint8], *, pitch: float, zoom: int = 1) -> list[Seen]:
    """The QR symbols that are read in a picture (height, width) in which they lie about ``pitch`` pixels apart.

    Tile by tile, so that those on a seam are missed: two thirds of a sheet are enough to find it.
    """
    step = max(int(pitch * TILE), 64)
    return [
        Seen(text, quad + np.array([left, top]))
        for top in range(0, picture.shape[0], step)
        for left in range(0, picture.shape[1], step)
        for text, quad in _read(picture[top : top + step, left : left + step], zoom)
    ]


def _read(tile: NDArray[np.uint8], zoom: int) -> list[tuple[str, NDArray[np.float64]]]:
    if tile.size * zoom**2 > MOST_ENLARGED:
        zoom = 1
    if zoom > 1:
        tile = tile.repeat(zoom, axis=0).repeat(zoom, axis=1)
    found = zxingcpp.read_barcodes(np.ascontiguousarray(tile), formats=_KIND, try_invert=False, try_downscale=False)
    return [(code.text, _quad(code.position) / zoom) for code in found]


def _quad(position: Any) -> NDArray[np.float64]:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], np.float64)
