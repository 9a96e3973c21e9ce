"""Channels of a picture: what is black, what is grey, what is red. Runs in the child."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Height × width × red, green, blue."""


def black(pixels: Pixels) -> Pixels:
    """What is black, three times over: the red channel, where a red seal is nearly as light as paper, and the rest of it lifted.

    Only pixels that are fairly light are lifted: under a seal, black letters are dark in red as well.
    """
    red, strongest = pixels[:, :, 0].astype(np.float32), np.maximum(pixels[:, :, 1], pixels[:, :, 2]).astype(np.float32)
    paper = cv2.GaussianBlur(cv2.dilate(cv2.resize(red, (64, 64), interpolation=cv2.INTER_AREA), np.ones((5, 5))), (0, 0), 3)
    paper = cv2.resize(paper, (red.shape[1], red.shape[0]))
    lift = np.where(red > 0.55 * paper, np.clip(red - strongest - 20, 0, None), 0)
    return np.repeat(np.minimum(red + lift, np.maximum(paper, red)).astype(np.uint8)[:, :, None], 3, axis=2)


def red(pixels: Pixels) -> Pixels:
    """The red channel as it is, three times over."""
    return np.repeat(pixels[:, :, :1], 3, axis=2)


def grey(pixels: Pixels) -> Pixels:
    return np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)


def turned(pixels: Pixels, clockwise: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, -clockwise // 90))


def redness(pixels: Pixels) -> NDArray[np.float32]:
    """0 (no red) to 1: how much more red there is than green and blue, in the light that falls there."""
    light = pixels.astype(np.float32)
    strongest = np.maximum(light[:, :, 1], light[:, :, 2])
    share: NDArray[np.float32] = np.clip((light[:, :, 0] - strongest) / np.maximum(light[:, :, 0], 48), 0, 1)
    return share
