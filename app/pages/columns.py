"""Columns of a small chart: how high each stands, and where the words beneath go. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDE: Final = 600
HIGH: Final = 120
WIDEST: Final = 40.0
"""A column is never wider than this, so that two days do not look like two walls."""


@dataclass(frozen=True)
class Column:
    """A rectangle; ``part``, at its foot, is how much of it is of the kind that matters (None: nothing to tell apart)."""

    x: float
    width: float
    y: float
    height: float
    part_y: float | None = None
    part_height: float | None = None


def columns(values: Sequence[int], parts: Sequence[int] | None = None) -> list[Column]:
    """One column a value on a drawing of WIDE × HIGH, from the left; the highest fills it."""
    if not values:
        return []
    step = min(WIDE / len(values), WIDEST)
    scale = HIGH / max(1, *values)
    drawn = []
    for index, value in enumerate(values):
        tall = round(value * scale, 1)
        part = round(parts[index] * scale, 1) if parts is not None else None
        gap = min(step * 0.2, 4)
        drawn.append(
            Column(
                round(index * step + gap / 2, 1),
                round(step - gap, 1),
                round(HIGH - tall, 1),
                tall,
                None if part is None else round(HIGH - part, 1),
                part,
            )
        )
    return drawn
