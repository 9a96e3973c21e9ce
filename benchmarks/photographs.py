"""Simulated photographs of small printed symbols, for benchmarks/camera.py. A seed makes the same ones again.

The model is that of ../shared/reference/codes.md section 6: a symbol on a light label (4 modules quiet) with a dark
surround, ink that spreads (dot gain), a lens (Gaussian blur in millimetres), a tilted plane at 60 mm, uneven light,
noise of the sensor and JPEG 85. Not in it: motion, curved bottles, gloss.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import segno
from PIL import Image, ImageDraw

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FINE = 8
"""Dots a module of the drawn label."""
OVER = 3
"""Light samples a pixel, each way."""
QUIET, SURROUND = 4, 5
"""Modules on each side."""
DISTANCE = 60.0
"""Millimetres from the lens to the label."""


@dataclass(frozen=True)
class Kind:
    """A form of code: version and level of its symbol, millimetres a module at 600 and 1200 dpi, and its text."""

    version: int
    level: str
    modules: tuple[float, float]
    text: Callable[[str], str]


KINDS = (
    Kind(1, "L", (0.212, 0.233), lambda serial: f"HTTPS://S.CN/{serial[:12]}"),
    Kind(2, "M", (0.169, 0.191), lambda serial: f"HTTPS://ID.EXAMPLE.CN/{serial[:16]}"),
    Kind(2, "Q", (0.169, 0.191), lambda serial: f"P.URL.CN/{serial[:19]}"),
    Kind(3, "M", (0.169, 0.169), lambda serial: f"HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/{serial[:10]}"),
    Kind(3, "L", (0.169, 0.169), lambda serial: f"https://id.example.cn/01/06901234567892/21/{serial[:10]}"),
    Kind(4, "M", (0.127, 0.148), lambda serial: f"https://id.example.cn/01/06901234567892/21/{serial[:10]}"),
    Kind(4, "Q", (0.127, 0.148), lambda serial: f"HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/{serial[:10]}"),
)
SHARPNESS = (9, 12, 15, 20)
"""Pixels a millimetre."""


def take(seed: int, each: int) -> Iterator[tuple[str, bytes]]:
    """``each`` pictures of every kind at every sharpness: (payload, JPEG)."""
    dice = random.Random(seed)
    for kind in KINDS:
        for sharpness in SHARPNESS:
            for _ in range(each):
                payload = kind.text("".join(dice.choice(LETTERS) for _ in range(19)))
                symbol = segno.make(payload, version=kind.version, error=kind.level, boost_error=False, micro=False)
                module = dice.choice(kind.modules)
                label = _label(np.array([list(row) for row in symbol.matrix]) > 0, module, gain=dice.choice((0.02, 0.02, 0.03)))
                yield payload, _photograph(dice, label, module, sharpness, tilt=dice.choice((0, 10, 20, 30)))


def _label(dark: Any, module: float, *, gain: float) -> Any:
    """The label as printed, in FINE dots a module: (side, side) of grey; ``gain`` is millimetres of ink on each side."""
    edge = (SURROUND + QUIET) * FINE
    whole = dark.shape[0] * FINE + 2 * edge
    label = np.full((whole, whole), 75, np.float32)
    label[SURROUND * FINE : -SURROUND * FINE, SURROUND * FINE : -SURROUND * FINE] = 205.0
    side = (dark.shape[0] + 2) * FINE
    ink = Image.new("L", (side * 4, side * 4))
    pen, dot, more = ImageDraw.Draw(ink), FINE * 4, round(gain / module * FINE * 4)
    for row, column in zip(*np.nonzero(dark), strict=True):
        x, y = (int(column) + 1) * dot, (int(row) + 1) * dot
        pen.rectangle((x - more, y - more, x + dot + more - 1, y + dot + more - 1), fill=255)
    cover = np.asarray(ink.resize((side, side), Image.Resampling.BOX), np.float32) / 255
    inner = slice(edge - FINE, edge - FINE + side)
    label[inner, inner] += cover * (35 - label[inner, inner])
    return label


def _photograph(dice: random.Random, label: Any, module: float, sharpness: float, *, tilt: float) -> bytes:
    """A grey JPEG of it, 18–20 mm across."""
    side = round(dice.uniform(18, 20) * sharpness)
    onto = _view(dice, side, sharpness, math.radians(tilt))
    place = np.array([[FINE / module, 0, label.shape[0] / 2], [0, FINE / module, label.shape[0] / 2], [0, 0, 1]])
    back = place @ np.linalg.inv(np.diag([OVER, OVER, 1]) @ onto)
    seen = Image.fromarray(label).transform(
        (side * OVER, side * OVER),
        Image.Transform.PERSPECTIVE,
        tuple((back / back[2, 2]).flatten()[:8]),
        Image.Resampling.BILINEAR,
        fillcolor=130,
    )
    light = _blur(np.asarray(seen), 0.04 * sharpness * OVER).reshape(side, OVER, side, OVER).mean((1, 3))
    turn = dice.uniform(0, 2 * math.pi)
    down, across = np.mgrid[0:side, 0:side] / side - 0.5
    light *= (1 + dice.uniform(0.1, 0.4) * (across * math.cos(turn) + down * math.sin(turn))) * dice.uniform(0.75, 1)
    light += np.random.default_rng(dice.getrandbits(32)).normal(0, 7, light.shape)
    kept = io.BytesIO()
    Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)).save(kept, "JPEG", quality=85)
    return kept.getvalue()


def _view(dice: random.Random, side: int, sharpness: float, tilt: float) -> Any:
    """Millimetres on the label to pixels: a homography, turned at random, tilted about a random axis."""

    def turned(angle: float) -> Any:
        return np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])

    lean = np.array([[1, 0, 0], [0, math.cos(tilt), -math.sin(tilt)], [0, math.sin(tilt), math.cos(tilt)]])
    axis = dice.uniform(0, 2 * math.pi)
    pose = turned(axis) @ lean @ turned(-axis) @ turned(dice.uniform(0, 2 * math.pi))
    focal = sharpness * DISTANCE
    x, y = (side / 2 + dice.uniform(-1.5, 1.5) * sharpness for _ in range(2))
    camera = np.array([[focal, 0, x], [0, focal, y], [0, 0, 1]])
    return camera @ np.column_stack([pose[:, 0], pose[:, 1], [0, 0, DISTANCE]])


def _blur(image: Any, sigma: float) -> Any:
    reach = math.ceil(4 * sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).astype(np.float32)
    weights /= weights.sum()
    for _ in range(2):
        padded = np.pad(image, ((reach, reach), (0, 0)), mode="edge")
        image = sum(weight * padded[at : at + image.shape[0]] for at, weight in enumerate(weights)).T
    return image
