"""A picture of a sheet against the symbols it should carry: one finding each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kernel.errors import flaw
from traceability.inspection import SheetNotFound, grade, reading, register, sample
from traceability.inspection.layout import Layout
from traceability.symbols.standard import Level

COARSE: Final = 1.8
"""Pixels a module; somewhat below, undamaged symbols begin to look damaged (benchmarks/inspection.py)."""
_LOOKS: Final = ((1.0, 1), (4.0, 1), (0.25, 1), (1.0, 3))
"""How far apart the symbols may lie, against a sheet that fills the picture, and how much to enlarge it."""
_FEW: Final = 10
"""At least one of so many symbols in the picture must be read, for the others to be sought between them."""
_AROUND: Final = 4
"""Modules around a symbol that are read with it."""
_BLANK: Final = 0.2
"""Contrast under which nothing was printed."""


@dataclass(frozen=True)
class Finding:
    """One symbol of the sheet, ``place`` counted from 0. What lies outside the picture is not ``seen`` and has no grade.

    ``grade`` A … D, F; ``unused`` error correction and ``contrast`` 1 … 0 and ``modulation`` A … F as in ``grade``;
    ``errors``: wrong codewords. ``missing``: nothing is printed there; ``wrong``: another code is.
    """

    place: int
    grade: str
    unused: float
    contrast: float
    modulation: str
    errors: int
    seen: bool
    missing: bool
    wrong: bool


@dataclass(frozen=True)
class Examined:
    """``findings`` in the order of the sheet; ``pixels`` to a module. Not ``sharp``: half of all
    symbols have modulation F, so the picture is soft or the ink has spread everywhere; a finer picture tells which."""

    findings: tuple[Finding, ...]
    pixels: float
    sharp: bool


def examine(picture: NDArray[np.uint8], layout: Layout, texts: Sequence[str], expected: NDArray[np.bool_], *, level: Level) -> Examined:
    """Compare a picture (height, width) with what the sheet should carry: ``texts`` and their symbols (n, size, size), dark = true.

    Raises SheetNotFound.
    """
    frames = sample.settle(picture, locate(picture, layout, texts), expected)
    inside = sample.inside(frames, layout.modules, picture.shape)
    marks = grade.judge(grade.structure((layout.modules - 17) // 4, level), sample.levels(picture, frames, layout.modules), expected)
    missing = inside & ~marks.readable & (marks.contrast < _BLANK)
    wrong = np.zeros(len(texts), bool)
    for place in np.flatnonzero(inside & ~marks.readable & ~missing).tolist():
        wrong[place] = any(text != texts[place] for text in _read(picture, frames[place], layout.modules))
    sharp = bool(np.median(marks.modulation[inside]) > 0)
    return Examined(_findings(marks, inside, missing, wrong), _pixels(frames[inside]), sharp)


def locate(picture: NDArray[np.uint8], layout: Layout, texts: Sequence[str]) -> register.Sheet:
    """Where the sheet lies. Raises SheetNotFound."""
    places = {text: place for place, text in enumerate(texts)}
    spread = float(np.sqrt(picture.size / layout.places))
    for factor, zoom in _LOOKS:
        sheet, known = _look(picture, layout, places, spread * factor, zoom)
        if sheet is None:
            continue
        frames = sheet.frames(len(texts))
        inside = frames[sample.inside(frames, layout.modules, picture.shape)]
        if known * 2 < len(inside):  # the symbols lie otherwise than was guessed, and now it is known how
            again = _look(picture, layout, places, _pixels(inside) * max(layout.pitch_x, layout.pitch_y), zoom)
            sheet, known = again if again[0] is not None and again[1] > known else (sheet, known)
        if sheet is not None and known * _FEW >= len(inside) > 0:
            if _pixels(inside) < COARSE:
                raise SheetNotFound(errors=[flaw("/picture", "picture-coarse", f"each module needs {COARSE} pixels", least=COARSE)])
            return sheet
    raise SheetNotFound(errors=[flaw("/picture", "picture-sheet", "too few of these codes can be read on it")])


def _look(picture: NDArray[np.uint8], layout: Layout, places: dict[str, int], pitch: float, zoom: int) -> tuple[register.Sheet | None, int]:
    """The sheet, if it is found, and how many of its symbols were read."""
    seen = [each for each in reading.symbols(picture, pitch=pitch, zoom=zoom) if each.text in places]
    return register.find(layout, [places[each.text] for each in seen], seen), len(seen)


def _read(picture: NDArray[np.uint8], frame: NDArray[np.float64], size: int) -> list[str]:
    """What a reader finds where a symbol should lie: another label, perhaps of another size."""
    ends = np.array([-_AROUND, size + _AROUND])
    corners = frame[0] + ends[:, None, None] * frame[1] + ends[:, None] * frame[2]
    left, top = corners.min(axis=(0, 1)).clip(0).astype(int)
    right, bottom = np.ceil(corners.max(axis=(0, 1))).astype(int)
    part = picture[top:bottom, left:right]
    return [each.text for each in reading.symbols(part, pitch=float(max(part.shape)), zoom=2)]


def _findings(marks: grade.Marks, inside: NDArray[np.bool_], missing: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            place,
            grade.LETTERS[marks.overall[place]],
            round(float(marks.unused[place]), 3),
            round(float(marks.contrast[place]), 3),
            grade.LETTERS[marks.modulation[place]],
            int(marks.errors[place]),
            True,
            bool(missing[place]),
            bool(wrong[place]),
        )
        if inside[place]
        else Finding(place, "", 0.0, 0.0, "", 0, False, False, False)
        for place in range(len(inside))
    )


def _pixels(frames: NDArray[np.float64]) -> float:
    """Pixels to a module, the smaller way of the two, of the symbol in the middle; 0 when there is none."""
    return float(np.median(np.linalg.norm(frames[:, 1:], axis=2).min(axis=1))) if len(frames) else 0.0
