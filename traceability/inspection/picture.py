"""A stranger's bytes become grey levels, or a flaw that says why not. Pure; it knows no symbol."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kernel.errors import flaw
from traceability.inspection import NotAPicture

MOST_BYTES: Final = 60_000_000
MOST_PIXELS: Final = 50_000_000
"""A sheet of A4 at 600 dpi has 35 million."""
_SQUARE: Final = 1024
_KINDS: Final = ("PNG", "JPEG", "TIFF")


def grey(content: bytes) -> NDArray[np.uint8]:
    """Grey levels (height, width), 255 = white; of several frames the first. Raises NotAPicture.

    The size is asked of the header before anything is unpacked.
    """
    if len(content) > MOST_BYTES:
        raise _not("picture-bytes", f"at most {MOST_BYTES // 10**6} MB", most=MOST_BYTES // 10**6)
    try:
        with Image.open(io.BytesIO(content), formats=_KINDS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _not("picture-pixels", f"at most {MOST_PIXELS // 10**6} million pixels", most=MOST_PIXELS // 10**6)
            return _levels(image)
    except NotAPicture:
        raise
    except Exception as error:  # Pillow lets through whatever its decoders meet: a damaged TIFF is a TypeError
        raise _not("picture", "must be a whole PNG, JPEG or TIFF") from error


def _levels(image: Image.Image) -> NDArray[np.uint8]:
    """Square by square: what lies between, four bytes a pixel and more, is never there for the whole picture."""
    levels = np.empty((image.height, image.width), np.uint8)
    for top in range(0, image.height, _SQUARE):
        for left in range(0, image.width, _SQUARE):
            right, bottom = min(left + _SQUARE, image.width), min(top + _SQUARE, image.height)
            levels[top:bottom, left:right] = _square(image.crop((left, top, right, bottom)))
    return levels


def _square(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode.startswith("I;16"):
        return (np.asarray(image) >> 8).astype(np.uint8)
    if "A" in image.mode or "transparency" in image.info:  # what is not painted is paper
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    return np.asarray(image.convert("L"))


def _not(rule: str, detail: str, **more: int) -> NotAPicture:
    return NotAPicture(errors=[flaw("/picture", rule, detail, **more)])
