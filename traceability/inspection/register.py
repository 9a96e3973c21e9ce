"""Where the sheet lies in a picture: a homography from the symbols that were read, then the sheet's own shape. Pure.

It works on coordinates alone and knows no pixel's value. Sheet coordinates are modules (``layout``),
picture coordinates pixels whose upper left corner is (0, 0) and whose centre is (0.5, 0.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from traceability.inspection.layout import Layout
from traceability.inspection.reading import Seen

Points = NDArray[np.floating[Any]]
_TRIALS: Final = 200
_NEAR: Final = 0.4
"""Of a symbol's side: read farther from its place, it lies somewhere else."""
_POWERS: Final = [(i, j) for i in range(6) for j in range(6 - i)]
_ENOUGH: Final = 40
"""Symbols that were found well, from which on a curved sheet is believed."""


@dataclass(frozen=True)
class Sheet:
    """The way from sheet to picture: ``flat`` is a homography (3, 3), ``bent`` what is added to it, a
    polynomial of the fifth degree in x and y (21, 2): a lens (Brown's radial terms) and a curved paper are such."""

    layout: Layout
    flat: Points
    bent: Points

    def to_picture(self, points: Points) -> Points:
        """Sheet points (…, 2) in the picture."""
        return project(self.flat, points) + self._terms(points) @ self.bent

    def frames(self, count: int) -> NDArray[np.float64]:
        """Of each of the first ``count`` symbols, in pixels: the outer corner of its first module, the step to the
        next module on the right and to the next below, (count, 3, 2). Within a symbol the way is taken as affine."""
        side = self.layout.modules
        middle = self.layout.corners(count)[:, None] + side / 2
        around = np.array([(-side / 2, 0), (side / 2, 0), (0, -side / 2), (0, side / 2), (0, 0)])
        left, right, above, below, centre = np.moveaxis(self.to_picture(middle + around), 1, 0)
        across, down = (right - left) / side, (below - above) / side
        # Beyond the horizon of a tilted sheet there is no place; what has none is far outside.
        frames: NDArray[np.float64] = np.nan_to_num(
            np.stack([centre - (across + down) * side / 2, across, down], axis=1), nan=-1e6, posinf=1e6, neginf=-1e6
        )
        return frames

    def bend(self, points: Points, missed: Points) -> Sheet:
        """The sheet after these points (n, 2) of it were found ``missed`` (n, 2) pixels from where it put them.

        Least squares, reweighted so that a point far off the others counts little (Huber). A ridge keeps a
        sheet of few points from bending where nothing was found.
        """
        terms = self._terms(points)
        ridge = np.diag([1e-6] + [1.0 if len(points) < _ENOUGH else 1e-3] * (len(_POWERS) - 1))
        kept: Points = np.ones(len(points))
        change: Points = np.zeros((len(_POWERS), 2))
        for _ in range(5 if len(points) else 0):
            weighted = (terms * kept[:, None]).T
            change = np.linalg.solve(weighted @ terms + ridge, weighted @ missed)
            off = np.linalg.norm(missed - terms @ change, axis=1)
            usual = 1.5 * np.median(off) + 1e-6
            kept = np.asarray(usual / np.maximum(off, usual))
        return Sheet(self.layout, self.flat, self.bent + change)

    def _terms(self, points: Points) -> Points:
        """All products of powers of x and y up to the fifth together, of points brought into -1 … 1."""
        size = np.array([self.layout.columns * self.layout.pitch_x, self.layout.rows * self.layout.pitch_y])
        x, y = np.moveaxis((points * 2 - size) / size.max(), -1, 0)
        return np.stack([x**i * y**j for i, j in _POWERS], axis=-1)


def project(matrix: Points, points: Points) -> Points:
    """Points (…, 2) under a homography (3, 3)."""
    x, y, w = np.moveaxis(points @ matrix[:, :2].T + matrix[:, 2], -1, 0)
    return np.stack([x / w, y / w], axis=-1)


def find(layout: Layout, places: Sequence[int], seen: Sequence[Seen]) -> Sheet | None:
    """The sheet on which most of these symbols, each ``seen`` where its place (0, 1, …) should be, lie right.

    None when no two of them agree and the sheet has more than one. Swapped and foreign labels are outvoted
    (RANSAC, Fischler and Bolles 1981): guesses from three symbols each, drawn always alike.
    """
    if not seen:
        return None
    corners = layout.corners(max(places) + 1)[list(places)]
    side = layout.modules
    paper = corners[:, None] + np.array([(0, 0), (side, 0), (side, side), (0, side)])
    picture = np.stack([each.quad for each in seen])
    near = _NEAR * float(np.median(np.linalg.norm(picture - np.roll(picture, 1, axis=1), axis=2)))
    random = np.random.default_rng(0)
    best = np.zeros(len(seen), bool)
    for _ in range(_TRIALS if len(seen) > 3 else 10):
        some = random.choice(len(seen), min(3, len(seen)), replace=False)
        within = _misses(homography(paper[some], picture[some]), paper, picture) < near
        if within.sum() > best.sum():
            best = within
        if best.all():
            break
    if best.sum() < min(2, layout.places):
        return None
    sheet = Sheet(layout, homography(paper[best], picture[best]), np.zeros((len(_POWERS), 2)))
    for _ in range(3):  # a lens may bend the sheet by more than a symbol: the nearer ones show the way to the others
        missed = (picture - sheet.to_picture(paper)).mean(axis=1)
        within = np.linalg.norm(missed, axis=1) < near
        sheet = sheet.bend(paper[within].mean(axis=1), missed[within])
    return sheet


def _misses(matrix: Points, paper: Points, picture: Points) -> NDArray[np.float64]:
    """How far the farthest corner of each symbol (n, 4, 2) lies from where it should."""
    with np.errstate(all="ignore"):
        off: NDArray[np.float64] = np.linalg.norm(project(matrix, paper) - picture, axis=2).max(axis=1)
    return np.nan_to_num(off, nan=np.inf)


def homography(source: Points, target: Points) -> Points:
    """The matrix (3, 3) that brings ``source`` to ``target`` best: direct linear transform on normalised points
    (Hartley and Zisserman, 4.4), at least four points, no three of them in a line."""
    (x, y), before = _normal(source.reshape(-1, 2))
    (u, v), after = _normal(target.reshape(-1, 2))
    zero, one = np.zeros_like(x), np.ones_like(x)
    above = np.stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u], axis=1)
    below = np.stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v], axis=1)
    equations: Any = np.concatenate([above, below])
    matrix = np.linalg.eigh(equations.T @ equations)[1][:, 0].reshape(3, 3)
    full: Points = np.linalg.inv(after) @ matrix @ before
    return full


def _normal(points: Points) -> tuple[Points, NDArray[np.float64]]:
    """The points about zero at a mean distance of √2, (2, n), and the matrix that did it."""
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / max(float(np.linalg.norm(points - middle, axis=1).mean()), 1e-9)
    matrix = np.array([[scale, 0, -middle[0] * scale], [0, scale, -middle[1] * scale], [0, 0, 1]])
    return ((points - middle) * scale).T, matrix
