"""A place on a scan that is too clean: something was laid over it after the scan. Plain pixels in, places out.

A scanner and a camera leave grain everywhere. What is painted or pasted afterwards has none, or
another one; so flat tiles in a row with much less grain than the rest of the sheet stand out. It is
a signal for a person, never a proof: scanners that whiten the paper do the same by honest means.
"""

from __future__ import annotations

import itertools
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Picture = NDArray[np.uint8]
TILE: Final = 16
FLAT: Final = 40
"""Levels of grey between the darkest and the lightest of a tile without writing."""
CLEAN: Final = 0.45
"""Of the median grain."""
LONG_RUN: Final = 8
"""Tiles in a row. Honest scans have one or two by chance."""
WHITE: Final = 254
_TOUCHED: Final = 0.02
LEAST_GRAIN: Final = 0.3
"""Median grain in levels; below it the sheet was drawn, or cleaned as a whole, and nothing can stand out."""
MOST_PIXELS: Final = 12_000_000
_MOST_SHARE: Final = 0.1
"""Of the flat tiles: more are no patch but the way in which the picture was made."""


def found(picture: Picture, *, page: int) -> list[dict[str, Any]]:
    """{name: pasted_patch, page, box, strength} of the largest places too clean in a grey picture (height, width);
    ``strength`` is the longest run by LONG_RUN."""
    while picture.size > MOST_PIXELS:
        picture = np.asarray(Image.fromarray(picture).reduce(2))
    clean = clean_tiles(picture)
    height, width = picture.shape
    signals: list[dict[str, Any]] = []
    for patch in _patches(clean):
        run = max(_longest(sorted(column for row, column in patch if row == line)) for line in {row for row, _ in patch})
        if run >= LONG_RUN:
            rows, columns = [row for row, _ in patch], [column for _, column in patch]
            box = [
                min(columns) * TILE / width,
                min(rows) * TILE / height,
                (max(columns) + 1) * TILE / width,
                (max(rows) + 1) * TILE / height,
            ]
            strength = round(run / LONG_RUN, 2)
            signals.append({"name": "pasted_patch", "page": page, "box": [round(edge, 4) for edge in box], "strength": strength})
    return sorted(signals, key=lambda signal: signal["strength"], reverse=True)[:5]


def clean_tiles(picture: Picture) -> NDArray[np.bool_]:
    """(rows, columns): flat tiles with much less grain than the sheet's median."""
    height, width = picture.shape[0] // TILE * TILE, picture.shape[1] // TILE * TILE
    if height == 0 or width == 0:
        return np.zeros((0, 0), np.bool_)
    smooth = np.asarray(Image.fromarray(picture).filter(ImageFilter.MedianFilter(3)))
    grain = np.maximum(picture, smooth) - np.minimum(picture, smooth)
    tiles = (height // TILE, TILE, width // TILE, TILE)
    sheet = picture[:height, :width].reshape(tiles)
    flat = (sheet.max(axis=(1, 3)) - sheet.min(axis=(1, 3))) < FLAT
    residual = grain[:height, :width].reshape(tiles).mean(axis=(1, 3))
    white = (sheet >= WHITE).mean(axis=(1, 3))
    flat &= (white < _TOUCHED) | (white > 1 - _TOUCHED)  # half blown out, a tile has lost its grain by itself
    median = float(np.median(residual[flat])) if flat.any() else 0.0
    clean: NDArray[np.bool_] = flat & (residual < CLEAN * median)
    if median < LEAST_GRAIN or clean.sum() > _MOST_SHARE * flat.sum():
        return np.zeros_like(clean)
    return clean


def _patches(clean: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """Tiles that touch each other. Those that reach the edge of the sheet are what a scanner or a turned picture fills up with."""
    todo = {(int(row), int(column)) for row, column in np.argwhere(clean)}
    patches = []
    while todo:
        patch, edge = [], [todo.pop()]
        while edge:
            row, column = edge.pop()
            patch.append((row, column))
            near = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & todo
            todo -= near
            edge += near
        rows, columns = clean.shape
        if all(1 <= row < rows - 1 and 1 <= column < columns - 1 for row, column in patch):
            patches.append(patch)
    return patches


def _longest(columns: list[int]) -> int:
    best = run = 1
    for before, after in itertools.pairwise(columns):
        run = run + 1 if after == before + 1 else 1
        best = max(best, run)
    return best
