"""Print sheets to inspect: symbols drawn on a grid, then photographed as badly as a test wants."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from traceability.inspection.layout import Layout, unpacked
from traceability.symbols import Batch, Level

FINE: Final = 5
"""Pixels of the drawing to a module, before the camera."""
EDGE: Final = 8
"""Modules of white paper around the symbols."""
INK, PAPER = 30.0, 235.0
PREFIX: Final = "HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/"


@dataclass(frozen=True)
class Camera:
    """``pixels`` to a module, ``turn`` in degrees, ``tilt`` as the share by which the far side shrinks against the near one,
    ``bulge`` of the lens at the corner of the picture, ``blur`` (standard deviation) in modules, ``noise``
    (standard deviation) in grey levels, ``shade`` as the share of light lost from one corner to the other."""

    pixels: float = 4.0
    turn: float = 0.0
    tilt: float = 0.0
    bulge: float = 0.0
    blur: float = 0.2
    noise: float = 4.0
    shade: float = 0.0
    seed: int = 1

    def photograph(self, paper: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture of a drawing with ``FINE`` pixels to a module, on a dark table."""
        soft = np.asarray(Image.fromarray(paper).filter(ImageFilter.GaussianBlur(self.blur * FINE)))
        tall, wide = (side / FINE for side in paper.shape)
        angle = np.radians(self.turn)
        reach = abs(np.cos(angle)), abs(np.sin(angle))
        width = int((wide * reach[0] + tall * reach[1] + 4) * self.pixels * (1 + self.bulge))
        height = int((wide * reach[1] + tall * reach[0] + 4) * self.pixels * (1 + self.bulge))
        random = np.random.default_rng(self.seed)
        picture = np.empty((height, width), np.uint8)
        for top in range(0, height, 256):  # in strips: a whole sheet at once takes gigabytes
            y, x = np.mgrid[top : min(top + 256, height), 0:width].astype(np.float32)
            x, y = (x + 0.5 - width / 2) / self.pixels, (y + 0.5 - height / 2) / self.pixels
            light = 1 - self.shade * (x / width + y / height + 1 / self.pixels) * self.pixels / 2
            far = 1 + self.bulge * (x**2 + y**2) * 4 / (wide**2 + tall**2)
            far /= 1 - self.tilt * (x / wide + 0.6 * y / tall)
            x, y = x * far, y * far
            x, y = x * np.cos(angle) + y * np.sin(angle) + wide / 2, y * np.cos(angle) - x * np.sin(angle) + tall / 2
            seen = _at(soft, x * FINE - 0.5, y * FINE - 0.5) * light + random.normal(0, self.noise, x.shape)
            picture[top : top + 256] = np.clip(seen, 0, 255)
        return picture


def _at(image: NDArray[np.uint8], x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    """Bilinear; outside lies the table."""
    left, above = np.floor(x).astype(int), np.floor(y).astype(int)
    inside = (left >= 0) & (above >= 0) & (left < image.shape[1] - 1) & (above < image.shape[0] - 1)
    left, above = np.where(inside, left, 0), np.where(inside, above, 0)
    x, y = x - left, y - above
    flat, at = image.ravel().astype(np.float32), above * image.shape[1] + left
    rows = flat[at] * (1 - x) + flat[at + 1] * x, flat[at + image.shape[1]] * (1 - x) + flat[at + image.shape[1] + 1] * x
    return np.where(inside, rows[0] * (1 - y) + rows[1] * y, 60.0)


def draw(layout: Layout, modules: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The printed sheet with ``FINE`` pixels to a module; ``modules`` (n, size, size), dark = true."""
    corner = np.round((layout.corners(len(modules)) + EDGE) * FINE).astype(int)
    far = corner.max(axis=0) + (layout.modules + EDGE) * FINE
    paper = np.full((far[1], far[0]), PAPER, np.uint8)
    side = layout.modules * FINE
    for (x, y), dark in zip(corner, modules, strict=True):
        paper[y : y + side, x : x + side] = np.where(np.kron(dark, np.ones((FINE, FINE), bool)), INK, PAPER)
    return paper


def png(picture: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", compress_level=1)
    return out.getvalue()


def symbols(
    count: int, *, version: int = 3, level: Level = "M", prefix: str = PREFIX, seed: int = 1
) -> tuple[list[str], NDArray[np.bool_]]:
    """Texts of random serials, and their modules (count, size, size)."""
    letters = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", np.uint8)
    fields = letters[np.random.default_rng(seed).integers(0, 32, (count, 12))]
    rows = Batch(prefix, 12, version=version, level=level).rows(fields)
    return [prefix + bytes(field).decode() for field in fields], unpacked(rows, rows.shape[1])
