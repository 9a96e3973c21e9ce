"""Grey levels at the centres of all modules, and where the modules really are. Pure.

Nothing is decoded here: what a symbol should look like is given, and the picture is compared with it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from traceability.inspection.register import Sheet

_STEPS: Final = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
"""Modules by which the first fit may be wrong, in both directions."""
_FINE: Final = 0.3
_ALIKE: Final = 0.6
"""Correlation of picture and expectation from which on a symbol is the one expected, in its place."""
_SOME: Final = 250
_BATCH: Final = 128


def levels(picture: NDArray[np.uint8], frames: NDArray[np.float64], size: int, *, every: int = 1) -> NDArray[np.float32]:
    """Grey levels (n, size, size) at the module centres of symbols with these frames (n, 3, 2), bilinear.

    Outside the picture its edge goes on. ``every`` 2 takes each second module of each second row only.
    """
    place = np.arange(0, size, every, dtype=np.float32) + np.float32(0.5)
    height, width = picture.shape
    flat = picture.ravel()
    found = np.empty((len(frames), len(place), len(place)), np.float32)
    for start in range(0, len(frames), _BATCH):
        corner, across, down = np.moveaxis(frames[start : start + _BATCH].astype(np.float32), 1, 0)[:, :, :, None, None]
        x, y = (corner[:, i] - np.float32(0.5) + across[:, i] * place + down[:, i] * place[:, None] for i in (0, 1))
        np.clip(x, 0, width - 1.001, out=x)
        np.clip(y, 0, height - 1.001, out=y)
        left, at = x.astype(np.intp), y.astype(np.intp)
        x -= left
        y -= at
        at *= width
        at += left
        a, b, c, d = (flat.take(at + step, mode="clip").astype(np.float32) for step in (0, 1, width, width + 1))
        a += (b - a) * x
        c += (d - c) * x
        found[start : start + _BATCH] = a + (c - a) * y
    return found


def inside(frames: NDArray[np.float64], size: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which symbols (n) lie wholly in a picture of this shape (height, width)."""
    corner, across, down = frames[:, 0], frames[:, 1] * size, frames[:, 2] * size
    quad = np.stack([corner, corner + across, corner + down, corner + across + down])
    return np.asarray(((quad >= 0) & (quad <= (shape[1], shape[0]))).all(axis=(0, 2)))


def settle(picture: NDArray[np.uint8], sheet: Sheet, expected: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The frames (n, 3, 2) of a sheet's symbols after a closer look, each moved to where it was found.

    ``expected`` (n, size, size), dark = true. Some symbols are sought up to a module away, then all of them
    nearby; what is like the expected one says how the sheet is bent, and so also where the others must lie.
    """
    count, middles = len(expected), sheet.layout.corners(len(expected)) + sheet.layout.modules / 2
    some = np.unique(np.linspace(0, count - 1, min(_SOME, count)).astype(int))
    across, down = (each.ravel() for each in np.meshgrid(_STEPS, _STEPS))
    around = np.stack([across, down], axis=1)
    missed, found = _missed(picture, sheet.frames(count)[some], expected[some], around)
    sheet = sheet.bend(middles[some][found], missed[found])
    cross = np.array([(0, 0), (-_FINE, 0), (_FINE, 0), (0, -_FINE), (0, _FINE)])
    missed, found = _missed(picture, sheet.frames(count), expected, cross)
    sheet = sheet.bend(middles[found], missed[found])
    frames = sheet.frames(count)
    missed, found = _missed(picture, frames, expected, cross)
    frames[found, 0] += missed[found]
    return frames


def _missed(
    picture: NDArray[np.uint8], frames: NDArray[np.float64], expected: NDArray[np.bool_], shifts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """By how many pixels (n, 2) each symbol lies off its frame, and whether (n) it was recognised there.

    The correlation with what is expected is taken at each of ``shifts`` (s, 2), in modules; a parabola
    through the best one and its neighbours on each axis says what lies between.
    """
    alike = np.stack([_alike(picture, _moved(frames, shift), expected) for shift in shifts])
    best = alike.argmax(axis=0)
    everyone = np.arange(len(frames))
    move = shifts[best].copy()
    step = float(np.abs(shifts[shifts != 0]).min())
    # At the rim of what was tried there is no neighbour; there the grid point itself must do.
    index = {tuple(np.round(shift, 3)): i for i, shift in enumerate(shifts)}
    for axis in (0, 1):
        side = np.eye(2)[axis] * step
        before = np.array([index.get(tuple(np.round(shift - side, 3)), -1) for shift in shifts])[best]
        after = np.array([index.get(tuple(np.round(shift + side, 3)), -1) for shift in shifts])[best]
        has = (before >= 0) & (after >= 0)
        a, b, c = alike[before, everyone], alike[best, everyone], alike[after, everyone]
        curve = np.where(has, 2 * b - a - c, 1)
        move[:, axis] += np.where(has, (c - a) / (2 * np.maximum(curve, 1e-6)), 0).clip(-1, 1) * step
    off: NDArray[np.float64] = move[:, :1] * frames[:, 1] + move[:, 1:] * frames[:, 2]
    return off, alike.max(axis=0) >= _ALIKE


def _moved(frames: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = frames.copy()
    moved[:, 0] += shift[0] * frames[:, 1] + shift[1] * frames[:, 2]
    return moved


def _alike(picture: NDArray[np.uint8], frames: NDArray[np.float64], expected: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Correlation (n), -1 … 1, of picture and expectation, over a quarter of the modules."""
    count, size = expected.shape[:2]
    seen = levels(picture, frames, size, every=2).reshape(count, -1)
    wanted = np.where(expected[:, ::2, ::2], np.float32(-1), np.float32(1)).reshape(count, -1)
    seen -= seen.mean(axis=1, keepdims=True)
    wanted -= wanted.mean(axis=1, keepdims=True)
    power = np.einsum("ij,ij->i", seen, seen) * np.einsum("ij,ij->i", wanted, wanted)
    return np.asarray(np.einsum("ij,ij->i", seen, wanted) / np.sqrt(np.maximum(power, 1e-6)), np.float64)
