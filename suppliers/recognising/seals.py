"""Round red seals: find them, unroll the words round their rim, read those. Runs in the child.

Many Chinese papers name their issuer nowhere but on the seal: letters stand on a circle, their
heads outward, and read clockwise from the lower left. Seen from a corner the circle is an ellipse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from suppliers.recognising import channels, engine
from suppliers.recognising.channels import Pixels

MOST: Final = 6
RED_SHARE: Final = 0.0004
"""Red ink outside the seals is words when it covers more of the page than this (a word of four letters: 0.001)."""
_INNER: Final = 0.56
_OUTER: Final = 0.95
"""The band of letters, as shares of the radius (GB/T 33190's seals and those of police offices alike)."""
LEAST_SURE: Final = 0.6
_STRIP: Final = 64
"""The height of the unrolled strip in pixels."""


@dataclass(frozen=True)
class Ring:
    """An ellipse in pixels: its middle, its half axes, and the angle of the first in degrees."""

    middle: tuple[float, float]
    axes: tuple[float, float]
    angle: float

    def holds(self, x: float, y: float) -> bool:
        return float(np.hypot((x - self.middle[0]), (y - self.middle[1]))) < 1.05 * max(self.axes)

    def touches(self, quad: NDArray[np.float32]) -> bool:
        """Whether the box of a line reaches into the ellipse's own box."""
        low, high, reach = quad.min(axis=0), quad.max(axis=0), max(self.axes)
        (x, y) = self.middle
        return bool(low[0] < x + reach and high[0] > x - reach and low[1] < y + reach and high[1] > y - reach)

    def share_at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far out each point (x, y) lies: 1 is on the rim."""
        lean = np.deg2rad(self.angle)
        x, y = points[:, 0] - self.middle[0], points[:, 1] - self.middle[1]
        along, across = x * np.cos(lean) + y * np.sin(lean), -x * np.sin(lean) + y * np.cos(lean)
        return np.asarray(np.hypot(along / self.axes[0], across / self.axes[1]), np.float64)

    def corners(self) -> NDArray[np.float32]:
        (x, y), reach = self.middle, max(self.axes)
        return np.array([[x - reach, y - reach], [x + reach, y - reach], [x + reach, y + reach], [x - reach, y + reach]], np.float32)

    def at(self, share: NDArray[np.float32], turn: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The points at ``share`` of the radius in the direction ``turn`` (radians from the right, clockwise)."""
        lean = np.deg2rad(self.angle)
        x, y = share * np.cos(turn), share * np.sin(turn)
        along, across = x * np.cos(lean) + y * np.sin(lean), -x * np.sin(lean) + y * np.cos(lean)
        along, across = along * self.axes[0], across * self.axes[1]
        back_x = self.middle[0] + along * np.cos(lean) - across * np.sin(lean)
        back_y = self.middle[1] + along * np.sin(lean) + across * np.cos(lean)
        return back_x.astype(np.float32), back_y.astype(np.float32)


def find(pixels: Pixels) -> list[Ring]:
    """The round red things with a rim, largest first."""
    short = min(pixels.shape[:2])
    mask = (channels.redness(pixels) > 0.22).astype(np.uint8)
    reach = max(3, short // 160) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    rings = [ring for outline in outlines if (ring := _ring(outline, short)) is not None]
    return sorted(rings, key=lambda ring: -ring.axes[0] * ring.axes[1])[:MOST]


def _ring(outline: Any, short: int) -> Ring | None:
    _, _, width, height = cv2.boundingRect(outline)
    if not (0.05 * short < min(width, height) and max(width, height) < 0.5 * short and max(width, height) < 2.5 * min(width, height)):
        return None
    hull = cv2.convexHull(outline)
    if len(hull) < 12:
        return None
    middle, (first, second), angle = cv2.fitEllipse(hull)
    ring = Ring((float(middle[0]), float(middle[1])), (first / 2, second / 2), float(angle))
    if not 0 < max(first, second) < 1.7 * min(first, second) or max(first, second) > 0.55 * short:
        return None
    # A seal may run over the edge of the sheet: most of what there is must lie on the ellipse.
    on_rim = np.abs(ring.share_at(hull.reshape(-1, 2).astype(np.float64)) - 1) < 0.07
    whole = cv2.contourArea(hull) / (np.pi * first * second / 4)
    return ring if on_rim.mean() > 0.75 and 0.35 < whole < 1.07 else None


def red_outside(pixels: Pixels, rings: list[Ring]) -> bool:
    """Whether there is red ink outside the seals, as much as words would take."""
    mask = (channels.redness(pixels) > 0.3).astype(np.uint8)
    for ring in rings:
        cv2.ellipse(mask, (ring.middle, (ring.axes[0] * 2.3, ring.axes[1] * 2.3), ring.angle), 0, -1)
    return bool(mask.mean() > RED_SHARE)


def unrolled(pixels: Pixels, ring: Ring) -> Pixels:
    """The band of letters as a strip of the picture: from six o'clock clockwise round to six o'clock."""
    round_about = 2 * np.pi * (_INNER + _OUTER) / 2 / (_OUTER - _INNER)
    width = int(_STRIP * round_about)
    share = np.linspace(_OUTER, _INNER, _STRIP, dtype=np.float32)[:, None]
    turn = np.linspace(np.pi / 2, np.pi * 5 / 2, width, dtype=np.float32)[None, :]
    x, y = ring.at(np.repeat(share, width, axis=1), np.repeat(turn, _STRIP, axis=0))
    return np.asarray(cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def read(pixels: Pixels, ring: Ring) -> tuple[str, float]:
    """What stands round the rim, and how sure that is; ("", 0.0) when nothing does.

    Colour is coarse in a small JPEG and light is fine, so two looks are taken, at how red and at
    how dark in green (without what is black in red), and the surer one counts.
    """
    strip = unrolled(pixels, ring)
    looks = [part for ink in (channels.redness(strip), _dark_in_green(strip)) if (part := _part(ink)) is not None]
    text, sure = max(engine.say(looks), key=lambda said: said[1], default=("", 0.0))
    text = re.sub(r"[\s、，。,.·;；:：'\"`_]", "", text)  # specks of the rim are read as points
    return (text, sure) if len(text) >= 4 and sure >= LEAST_SURE else ("", 0.0)


def _dark_in_green(strip: Pixels) -> NDArray[np.float32]:
    light = strip.astype(np.float32)
    paper = np.maximum(np.percentile(light, 85, axis=(0, 1)), 1)
    dark = np.clip(1 - light / paper, 0, 1)
    ink: NDArray[np.float32] = np.clip(dark[:, :, 1] - 1.5 * np.clip(dark[:, :, 0] - 0.3, 0, 1), 0, 1)
    return ink


def _part(ink: NDArray[np.float32]) -> Pixels | None:
    """The part of the strip that letters stand on, dark on white and without the rim."""
    strong = max(float(np.percentile(ink, 97)), 0.2)
    share = np.clip(ink / strong, 0, 1)
    rim = (share[: _STRIP // 3].mean(axis=1) > 0.5).nonzero()[0]
    share = share[rim[-1] + 2 :] if len(rim) else share
    spots = ((share > 0.5).mean(axis=0) > 0.05).nonzero()[0]
    if len(spots) < _STRIP:
        return None
    margin = _STRIP // 4
    part = (255 * (1 - share[:, max(0, spots[0] - margin) : spots[-1] + margin])).astype(np.uint8)
    wide = np.pad(part, ((8, 8), (margin, margin)), constant_values=255)
    return np.repeat(wide[:, :, None], 3, axis=2)
