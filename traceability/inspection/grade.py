"""Print quality of symbols of which is known what they should be. Pure; it knows no picture, only levels at module centres.

Grades are numbers 4 … 0, said A B C D F. After ISO/IEC 15415:2011, as far as a picture tells:

- *unused error correction*: exactly, with one difference. A verifier counts what its decoder mended; here the
  true symbol is known, so every wrong codeword counts, also where no decoder could mend any more. The
  capacity is that of the code, without the codewords that versions 1 to 3 keep back against misreading.
- *threshold*: not the standard's middle between the extremes but between the usual dark and the usual light
  module. In a coarse picture light modules between dark ones are greyer than paper, more so where the ink
  spread; readers adapt to that as well.
- *symbol contrast*: an approximation. A picture has no calibrated white, so the symbol's own light modules
  stand for it; extremes are taken at the 2nd and 98th percentile, because pixels are noisy.
- *fixed pattern damage*: finder, timing and alignment patterns as in ISO/IEC 18004 annex on print quality,
  on modules already made dark or light, without the overlay of modulation grades.
- *modulation* (with reflectance margin: a wrong module counts as none): the standard's own steps, but at one
  point a module in place of an aperture. It falls with the sharpness of the picture as much as with that of the
  print, so it is told and does not count for the overall grade.
- axial and grid non-uniformity: not told. The grid is fitted to the picture that would have to measure it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from traceability.symbols import layout
from traceability.symbols.standard import ALIGNMENT, Level, blocks, size

LETTERS: Final = "FDCBA"
"""By grade 0 … 4."""
UNUSED: Final = np.array([0.25, 0.37, 0.50, 0.62])
CONTRAST: Final = np.array([0.20, 0.40, 0.55, 0.70])
_MODULATION: Final = (0.20, 0.30, 0.40, 0.50)
"""From which value on a grade is D, C, B, A."""
_TIMING: Final = np.array([0.86, 0.89, 0.93, 1.0])
"""The same for the share of right modules in a timing pattern."""
_BATCH: Final = 512
_RIM: Final = 0.3
"""Of the way from dark to light, at both ends: no threshold lies there."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Structure:
    """Which module belongs to what. ``bits`` (8 × codewords): the module, counted row by row, of each bit of the
    message; ``member`` (codewords, blocks) is 1 where a codeword is of a block; ``correction`` (blocks): its
    codewords of error correction; ``corners`` and ``timing``: the modules of each fixed pattern."""

    version: int
    level: Level
    bits: NDArray[np.intp]
    member: NDArray[np.float32]
    correction: NDArray[np.int64]
    corners: tuple[NDArray[np.intp], ...]
    timing: tuple[NDArray[np.intp], ...]


@dataclass(frozen=True)
class Marks:
    """Of n symbols, (n) each: ``errors`` wrong codewords, ``unused`` error correction 1 … 0 of the worst block,
    ``readable``: no block has more errors than it can mend; ``contrast`` 0 … 1; grades 0 … 4 of ``fixed``
    patterns and ``modulation``; ``overall``, the lowest of unused, contrast and fixed."""

    errors: NDArray[np.int64]
    unused: Floats
    readable: NDArray[np.bool_]
    contrast: Floats
    fixed: NDArray[np.int64]
    modulation: NDArray[np.int64]
    overall: NDArray[np.int64]


@lru_cache
def structure(version: int, level: Level) -> Structure:
    places = layout(version).ravel()
    plan = blocks(version, level)
    member = np.zeros((sum(data + ec for data, ec in plan), len(plan)), np.float32)
    member[np.arange(len(member)), _interleaved(plan)] = 1
    bits = np.argsort(places, kind="stable")[np.count_nonzero(places < 0) :][: 8 * len(member)]
    index = np.arange(len(places)).reshape(size(version), -1)
    finders = (index[:8, :8], index[:8, -8:], index[-8:, :8])
    timing = index[6, 8:-8], index[8:-8, 6]
    alignment = tuple(index[row - 2 : row + 3, column - 2 : column + 3] for row, column in _alignments(version))
    return Structure(
        version,
        level,
        bits,
        member,
        np.array([ec for _, ec in plan]),
        tuple(part.ravel() for part in finders + alignment),
        timing,
    )


def errors(plan: Structure, wrong: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Wrong codewords per block (n, blocks) where these modules (n, size, size) are wrong."""
    found = np.empty((len(wrong), len(plan.correction)), np.int64)
    for start in range(0, len(wrong), _BATCH):
        part = wrong[start : start + _BATCH].reshape(-1, wrong.shape[1] * wrong.shape[2])
        codewords = np.packbits(part.take(plan.bits, axis=1), axis=1) != 0
        found[start : start + _BATCH] = codewords.astype(np.float32) @ plan.member
    return found


def unused(plan: Structure, errors: NDArray[np.int64]) -> Floats:
    """Unused error correction (n): 1 - 2e/(n-k) of the worst block, 0 when there is none left."""
    left: Floats = (1 - 2 * errors / plan.correction).min(axis=1)
    return left.clip(0, 1)


def judge(plan: Structure, light: NDArray[np.float32], expected: NDArray[np.bool_]) -> Marks:
    """Marks of symbols seen as ``light``, grey levels (n, size, size) at module centres with 0 = black, where
    ``expected`` (n, size, size), dark = true, was to be printed."""
    low, high = extremes(light)
    middle = _middle(light, expected, low, high).astype(np.float32)[:, None, None]
    wrong = (light < middle) != expected
    by_block = errors(plan, wrong)
    left = unused(plan, by_block)
    contrast = np.where(high > 0, (high - low) / np.maximum(high, 1), 0.0)
    fixed = _fixed(plan, wrong.reshape(len(wrong), -1))
    overall = np.minimum(np.minimum(_grade(left, UNUSED), _grade(contrast, CONTRAST)), fixed)
    margin = np.abs(light - middle)
    margin *= (2 / np.maximum(high - low, 1)).astype(np.float32)[:, None, None]
    margin[wrong] = 0
    return Marks(
        by_block.sum(axis=1),
        left,
        np.asarray((2 * by_block <= plan.correction).all(axis=1)),
        contrast,
        fixed,
        _modulation(plan, margin),
        overall,
    )


def extremes(light: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """The darkest and the lightest level (n) of each symbol, at the 2nd and 98th percentile."""
    # Sorted whole: on vector units that is five times as quick as to part it at two places.
    ordered = np.sort(light.reshape(len(light), -1), axis=1)
    few = ordered.shape[1] // 50
    return ordered[:, few].astype(np.float64), ordered[:, -1 - few].astype(np.float64)


def _middle(light: NDArray[np.float32], expected: NDArray[np.bool_], low: Floats, high: Floats) -> Floats:
    """The level (n) between dark and light: half-way between the usual dark and the usual light module, but well
    inside the extremes, so that damage cannot carry it off."""
    flat, dark = light.reshape(len(light), -1), expected.reshape(len(light), -1)
    usual = np.zeros(len(light))
    for chosen in (dark, ~dark):
        half = chosen.sum(axis=1, keepdims=True) // 2
        usual += np.take_along_axis(np.sort(np.where(chosen, flat, np.float32(np.inf)), axis=1), half, axis=1)[:, 0] / 2
    return np.clip(usual, low + _RIM * (high - low), high - _RIM * (high - low))


def _grade(values: Floats, limits: Floats) -> NDArray[np.int64]:
    # A value computed to lie on a limit has reached it.
    return np.searchsorted(limits - 1e-9, values, side="right")


def _fixed(plan: Structure, wrong: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The lowest grade (n) of all fixed patterns: finder and alignment lose one grade a wrong module."""
    grades = [4 - np.minimum(wrong[:, part].sum(axis=1), 4) for part in plan.corners]
    grades += [_grade(1 - wrong[:, part].mean(axis=1), _TIMING) for part in plan.timing]
    return np.asarray(np.min(grades, axis=0), np.int64)


def _modulation(plan: Structure, margin: NDArray[np.float32]) -> NDArray[np.int64]:
    """ISO/IEC 15415:2011, 7.8.4: for each grade, what error correction would be left if every codeword below it
    were an error; the best of the lower of the two."""
    codewords = margin.reshape(len(margin), -1).take(plan.bits, axis=1).reshape(len(margin), -1, 8).min(axis=2)
    best = np.zeros(len(margin), np.int64)
    for grade, limit in enumerate(_MODULATION, start=1):
        low = np.round((codewords < limit).astype(np.float32) @ plan.member).astype(np.int64)
        best = np.maximum(best, np.minimum(grade, _grade(unused(plan, low), UNUSED)))
    return best


def _interleaved(plan: tuple[tuple[int, int], ...]) -> list[int]:
    """The block of each codeword of the final message (ISO/IEC 18004, 7.6)."""
    order = [block for i in range(max(data for data, _ in plan)) for block, (data, _) in enumerate(plan) if i < data]
    return order + [block for i in range(max(ec for _, ec in plan)) for block, (_, ec) in enumerate(plan) if i < ec]


def _alignments(version: int) -> list[tuple[int, int]]:
    """Centres of the alignment patterns, none where a finder stands."""
    centres = ALIGNMENT[version - 1]
    far = size(version) - 7
    return [(row, column) for row in centres for column in centres if (row, column) not in ((6, 6), (6, far), (far, 6))]
