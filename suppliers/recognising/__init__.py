"""Read the letters of pictures: photographs and scans, Chinese and English. The extra ``[ocr]``.

Only clean pictures come here: pixels that the reading child decoded and wrote anew. They are
read in a child of its own (``worker``), for the library is large and keeps its models warm.
Knows no table, no kind of paper and no judgement: lines of text and where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from suppliers.recognising.worker import WORKER, Lost


def available() -> bool:
    """Whether the extra is installed; imports nothing heavy."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognise(pictures: Sequence[bytes]) -> list[dict[str, Any]] | None:
    """The lines of text on ``pictures`` (PNG or JPEG, one a page); None when the extra is not installed.

    A line is ``{page, text, box, confidence}``: page from 1, box = [left, top, right, bottom] as
    shares of the picture as it is given. Three more keys, only where they say something:
    ``turn`` (90, 180 or 270 degrees clockwise make the picture upright), ``tilt`` (how far the
    line falls over the upright page's width, in pixels a pixel) and ``channel`` = "seal" for
    what is written round a red seal. A picture that cannot be read gives no lines. Never raises.
    """
    if not available():
        return None
    lines: list[dict[str, Any]] = []
    for page, picture in enumerate(pictures, start=1):
        try:
            lines += [{"page": page} | line for line in WORKER.ask(picture)]
        except Lost:
            continue
    return lines
