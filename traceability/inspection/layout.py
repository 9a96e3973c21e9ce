"""Where the symbols of a sheet lie on paper, in modules. Pure; it knows no picture and no order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Layout:
    """A grid of symbols, read left to right, then top to bottom.

    Lengths in modules: a symbol has ``modules`` on a side and the next one begins ``pitch_x`` further right
    or ``pitch_y`` further down. Margins are not asked: where the paper lies in a picture has to be found anyway.
    """

    columns: int
    rows: int
    modules: int
    pitch_x: float
    pitch_y: float

    @property
    def places(self) -> int:
        """Symbols on a full sheet."""
        return self.columns * self.rows

    def corners(self, count: int) -> NDArray[np.float64]:
        """The outer corner (x, y) of the first module of the first ``count`` symbols, (count, 2); the first is (0, 0)."""
        place = np.arange(count)
        return np.stack([place % self.columns * self.pitch_x, place // self.columns * self.pitch_y], axis=1)


def unpacked(words: NDArray[Any], size: int) -> NDArray[np.bool_]:
    """Rows of modules as words (n, size), column 0 in the highest bit, as modules (n, size, size), dark = true."""
    big = words.astype(words.dtype.newbyteorder(">")).view(np.uint8).reshape(len(words), size, -1)
    return np.unpackbits(big, axis=2)[:, :, :size].astype(bool)
