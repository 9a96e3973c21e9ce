"""How surely a phone reads a printed symbol: rates of simulated pictures, interpolated.

The rates are those of zxing-cpp on the picture enlarged twice, as the page's own reader does it, for
symbols of 5 mm with 0.02 mm dot gain, 0.04 mm blur, tilt up to 30 degrees and JPEG 85: forty
pictures a point, mean of four cameras (10, 12, 15 and 20 pixels a millimetre). They know no
curved bottle, no gloss and no motion: a prediction to compare plans by, not a promise. Real prints decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

BY_MODULE: Final = ((0.10, 0.0), (0.127, 0.19), (0.148, 0.46), (0.169, 0.76), (0.212, 0.99), (0.25, 1.0))
"""Millimetres a module, rate: v4-M at .127 and .148, v2 and v3 at .169; at .212, where only version 1
was drawn, its level M less one point. From .25 on any standard scanner reads (Denso Wave, "point for determining module size")."""

BY_GAIN: Final = ((0.0, 1.0), (0.118, 0.97), (0.237, 0.13), (0.355, 0.0))
"""Dot gain a side as a share of the module, factor: v2-M of .169 mm at 0, .02, .04 and .06 mm."""

BY_MODULE_V1: Final = ((0.148, 0.0), (0.169, 0.30), (0.212, 0.98), (0.25, 1.0))
"""Version 1 has no alignment pattern: of equal modules it reads worse (.169 mm at 12 pixels a millimetre: 30 % against 97 %)."""
LEVEL_L: Final = 0.95
"""v3-L against v3-M at .169 mm: 71 % and 75 %."""


def predict(*, module_mm: float, version: int, level: str, quiet: int, left_gain_mm: float) -> tuple[float, tuple[str, ...]]:
    """The predicted rate, 0 … 1, and what lowers it: small-module, no-alignment, weak-level, dot-gain, narrow-quiet.

    ``left_gain_mm`` is the gain a side that thinning does not take back. A quiet zone of 1 or 2 modules is named
    but lowered no rate in the simulation; ISO/IEC 18004, 6.3.8 asks for 4.
    """
    aligned = between(BY_MODULE, module_mm)
    factors = {
        "small-module": aligned,
        "no-alignment": min(between(BY_MODULE_V1, module_mm) / aligned, 1.0) if version == 1 and aligned else 1.0,
        "weak-level": LEVEL_L if level == "L" else 1.0,
        "dot-gain": between(BY_GAIN, left_gain_mm / module_mm),
    }
    rate = 1.0
    for factor in factors.values():
        rate *= factor
    reasons = [name for name, factor in factors.items() if factor < 0.99]
    return round(rate, 2), tuple(reasons + (["narrow-quiet"] if quiet < 4 else []))


def between(points: Sequence[tuple[float, float]], x: float) -> float:
    """Linear interpolation over ascending points, flat beyond both ends."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]
