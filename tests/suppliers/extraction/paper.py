"""Made-up papers for tests: lines at places, straight, turned or leaning."""

from __future__ import annotations

from typing import Any

WIDE = 0.02
"""The width of one Chinese character, as a share of the page."""


def line(text: str, left: float, top: float, *, high: float = 0.03, page: int = 1, **more: Any) -> dict[str, Any]:
    width = sum(WIDE if ord(c) > 255 else WIDE / 2 for c in text)
    return {"page": page, "text": text, "box": [left, top, left + width, top + high], "confidence": 0.99} | more


def rows(*pairs: tuple[str, str], left: float = 0.07, value: float = 0.3, start: float = 0.2, step: float = 0.06) -> list[dict[str, Any]]:
    """A label at the left and its value right of it, row under row."""
    placed = []
    for number, (label, text) in enumerate(pairs):
        placed += [line(label, left, start + step * number), line(text, value, start + step * number)]
    return placed


def turned(lines: list[dict[str, Any]], clockwise: int) -> list[dict[str, Any]]:
    """The same paper photographed so that it must be turned ``clockwise`` to be upright."""
    told = []
    for one in lines:
        left, top, right, bottom = one["box"]
        box = {
            90: [top, 1 - right, bottom, 1 - left],
            180: [1 - right, 1 - bottom, 1 - left, 1 - top],
            270: [1 - bottom, left, 1 - top, right],
        }[clockwise]
        told.append(one | {"box": box, "turn": clockwise})
    return told


def leaning(lines: list[dict[str, Any]], tilt: float) -> list[dict[str, Any]]:
    """The same paper laid askew: every line falls by ``tilt`` over the width of the page."""
    told = []
    for one in lines:
        left, top, right, bottom = one["box"]
        fall = sorted((tilt * left, tilt * right))
        told.append(one | {"box": [left, top + fall[0], right, bottom + fall[1]], "tilt": tilt})
    return told
