"""Text that a machine reads and nobody sees: without ink on the page as it is drawn, invisible by its mode, tiny, or beside the page.

Runs in the limited child. Letters and pixels in, signals out. Scans with a recognised layer are honest: their
invisible letters lie on a picture with ink. A layer that says something else than the ink beneath it is not found
here; that takes reading the pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from suppliers.reading.lines import Box, Letter

Picture = NDArray[np.uint8]
CONTRAST: Final = 10
"""Levels between two pixels side by side, in any colour: from there on a person sees an edge."""
TINY: Final = 2.0
"""Points. Nobody reads letters that are smaller either way; small print has five."""
LONG_RUN: Final = 4
"""Letters and digits in a row without ink: a year has four."""
MOST_SIGNALS: Final = 5


def found(
    letters: Sequence[Letter], picture: Picture, images: Sequence[Box], *, page: int, points: tuple[float, float]
) -> list[dict[str, Any]]:
    """{name: hidden_text, page, box, strength} of the longest runs; ``strength`` counts their letters.

    ``letters`` of the page in writing order, ``picture`` (height, width, 3) as it is drawn, ``images``: where pictures
    lie on it; ``points``: its width and height.
    """
    told = [letter for letter in letters if letter.text == "\n" or (letter.box and letter.text.isalnum())]
    places = np.array([letter.box or (0.0, 0.0, 0.0, 0.0) for letter in told], np.float64).reshape(-1, 4)
    if not len(told):
        return []
    ink = _ink(picture, places)
    away = (places[:, 2] <= 0) | (places[:, 0] >= 1) | (places[:, 3] <= 0) | (places[:, 1] >= 1)
    sides = np.maximum((places[:, 2] - places[:, 0]) * points[0], (places[:, 3] - places[:, 1]) * points[1])
    hidden = away | (sides < TINY)
    for at, letter in enumerate(told):
        if letter.ghost and not _on(places[at], images):
            hidden[at] = True
        elif not letter.ghost and not letter.excused:
            hidden[at] |= not ink[at]
    for begin, end in _rows(told):  # places of recognised letters are only about right: a row without any ink counts
        ghosts = [at for at in range(begin, end) if told[at].ghost]
        if ghosts and not ink[ghosts].any():
            hidden[ghosts] = True
    runs = sorted(_runs(told, hidden), key=len, reverse=True)
    return [{"name": "hidden_text", "page": page, "box": _around(places[run]), "strength": len(run)} for run in runs[:MOST_SIGNALS]]


def _ink(picture: Picture, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether there is an upright edge in each place. A ruled line that goes through is none."""
    height, width = picture.shape[:2]
    left, right = picture[:, :-1], picture[:, 1:]
    edges = (np.maximum(left, right) - np.minimum(left, right)).max(axis=2) > CONTRAST
    sums = np.zeros((height + 1, width), np.int32)
    np.cumsum(edges, axis=0, out=sums[1:, 1:])
    np.cumsum(sums, axis=1, out=sums)
    scaled = places * (width, height, width, height)
    x1, y1 = (np.clip(np.floor(scaled[:, at]), 0, most).astype(int) for at, most in ((0, width - 1), (1, height)))
    x2, y2 = (np.clip(np.ceil(scaled[:, at]), 0, most).astype(int) for at, most in ((2, width - 1), (3, height)))
    x2, y2 = np.maximum(x1, x2), np.maximum(y1, y2)
    answer: NDArray[np.bool_] = sums[y2, x2] - sums[y1, x2] - sums[y2, x1] + sums[y1, x1] > 0
    return answer


def _on(place: NDArray[np.float64], images: Sequence[Box]) -> bool:
    across, down = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
    return any(left <= across <= right and top <= down <= bottom for left, top, right, bottom in images)


def _rows(told: Sequence[Letter]) -> Iterator[tuple[int, int]]:
    begin = 0
    for at, letter in enumerate(told):
        if letter.text == "\n":
            yield begin, at
            begin = at + 1
    yield begin, len(told)


def _runs(told: Sequence[Letter], hidden: NDArray[np.bool_]) -> Iterator[list[int]]:
    run: list[int] = []
    for at, letter in enumerate(told):
        if letter.text != "\n" and hidden[at]:
            run.append(at)
            continue
        if len(run) >= LONG_RUN:
            yield run
        run = []
    if len(run) >= LONG_RUN:
        yield run


def _around(places: NDArray[np.float64]) -> list[float]:
    edges = (places[:, 0].min(), places[:, 1].min(), places[:, 2].max(), places[:, 3].max())
    return [round(float(min(max(edge, 0.0), 1.0)), 5) for edge in edges]
