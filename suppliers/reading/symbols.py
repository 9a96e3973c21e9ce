"""Symbols on a page: QR, Data Matrix, PDF417, Aztec, Code 128, with their places. Of this room only this file
knows the library that reads symbols. Runs in the limited child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from suppliers.reading.stopwatch import time_left

Picture = NDArray[np.uint8]
LARGE: Final = 3200
"""Pixels of the long side for a second look, when the first one finds nothing."""
LARGEST: Final = 4800
"""The same for photographs, whose pixels are there already."""
MOST_SYMBOLS: Final = 40
MOST_TEXT: Final = 2000
_TURNS: Final = (-1.5, 1.5, -3.0, 3.0)
"""Degrees. Thin bars are lost when a sheet lies askew on the scanner."""
_FORMATS: Final = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.PDF417,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.Code128,
    ]
)
_BARS: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.PDF417])


def found(picture: Picture, *, page: int, larger: Callable[[], Picture]) -> list[dict[str, Any]]:
    """{page, format, text, box} of each symbol in a picture (height, width[, 3]); ``larger`` makes the same page
    in more pixels, and is called only when nothing is found and there is time."""
    if not time_left():
        return []
    seen = _read(_grey(picture), _FORMATS)
    if not seen and time_left(_LATE):
        fine = larger()
        seen = _read(fine, _FORMATS) or _turned(fine)
    return [{"page": page, **each} for each in seen[:MOST_SYMBOLS]]


_LATE: Final = 2.2
"""Seconds after which no second look begins."""


def _grey(picture: Picture) -> Picture:
    return picture if picture.ndim == 2 else np.asarray(Image.fromarray(picture).convert("L"))


def _turned(picture: Picture) -> list[dict[str, Any]]:
    """Bars once more on a sheet turned a little; their box is that of the middle of the turn, which is near enough."""
    for degrees in _TURNS:
        if not time_left(_LATE):
            return []
        turned = np.asarray(Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255))
        seen = _read(turned, _BARS)
        if seen:
            return seen
    return []


def _read(picture: Picture, formats: Any) -> list[dict[str, Any]]:
    height, width = picture.shape
    codes = zxingcpp.read_barcodes(np.ascontiguousarray(picture), formats=formats)
    return [
        {"format": _name(code), "text": code.text[:MOST_TEXT], "box": _box(code.position, width, height)}
        for code in codes
        if code.text.strip()
    ]


def _name(code: Any) -> str:
    return str(code.format).removeprefix("BarcodeFormat.").replace(" ", "")


def _box(position: Any, width: int, height: int) -> list[float]:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x / width for corner in corners], [corner.y / height for corner in corners]
    return [round(min(max(edge, 0.0), 1.0), 5) for edge in (min(across), min(down), max(across), max(down))]
