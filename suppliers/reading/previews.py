"""Pixels become a picture that is safe to show: made anew, with nothing of the sender's file in it."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY: Final = 88
_FEW: Final = 4096


def packed(pixels: NDArray[np.uint8]) -> bytes:
    """PNG of a drawing of few colours, else JPEG with full colour: red letters under a red seal must stay apart."""
    image = Image.fromarray(np.ascontiguousarray(pixels))
    out = io.BytesIO()
    if image.getcolors(_FEW) is not None:
        image.save(out, "PNG", compress_level=6)
    else:
        image.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()
