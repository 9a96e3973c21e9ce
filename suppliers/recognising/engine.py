"""The three networks (PP-OCRv6 small, in the wheel of rapidocr): find lines, which way up, what they say.

Runs in the child. Models come from the wheel by path, so nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr.ch_ppocr_rec import TextRecInput
from rapidocr.utils.process_img import get_rotate_crop_image

from suppliers.recognising.channels import Pixels

Quads = NDArray[np.float32]
"""n × 4 corners × (x, y), from the top left clockwise."""

LONGEST_SIDE: Final = 1280
"""Lines are found on a picture of at most this side; what they say is read from the whole picture."""
_THREADS: Final = 2
_MODELS: Final = Path(rapidocr.__file__).parent / "models"


@cache
def _networks() -> tuple[Any, Any, Any]:
    whole: Any = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
            "Cls.model_path": str(_MODELS / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "Rec.model_path": str(_MODELS / "PP-OCRv6_rec_small.onnx"),
        }
    )
    # Its one public call finds, crops and reads in one go from the shrunken picture; the three
    # parts behind it let the page be turned between finding and reading. The version is pinned.
    return whole._load_det_model(), whole._load_cls_model(), whole._load_rec_model()


def find(pixels: Pixels) -> Quads:
    """The corners of every line of text, in pixels of ``pixels``."""
    height, width = pixels.shape[:2]
    share = min(1.0, LONGEST_SIDE / max(height, width))
    small = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) if share < 1 else pixels
    found = _networks()[0](np.ascontiguousarray(small))
    if found.boxes is None or len(found.boxes) == 0:
        return np.zeros((0, 4, 2), np.float32)
    scale = np.array([width / small.shape[1], height / small.shape[0]], np.float32)
    return np.asarray(found.boxes, np.float32) * scale


def crop(pixels: Pixels, quads: Quads) -> list[Pixels]:
    return [get_rotate_crop_image(pixels, quad.copy()) for quad in quads]


def upside_down(crops: Sequence[Pixels]) -> float:
    """The share of ``crops`` that stand on their head, by the network that was taught to tell."""
    if not crops:
        return 0.0
    answers = _networks()[1](list(crops)).cls_res
    return float(sum(score if "180" in label else 1 - score for label, score in answers)) / len(crops)


def say(crops: Sequence[Pixels]) -> list[tuple[str, float]]:
    """What each crop says, and how sure that is (0 to 1)."""
    if not crops:
        return []
    said = _networks()[2](TextRecInput(img=list(crops)))
    return [(text, float(score)) for text, score in zip(said.txts, said.scores, strict=True)]
