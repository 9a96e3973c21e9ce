"""One symbol: a batch of one whose text does not vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from traceability.symbols import standard
from traceability.symbols.batch import Batch
from traceability.symbols.message import DoesNotFit
from traceability.symbols.standard import Level, Padding


@dataclass(frozen=True)
class Symbol:
    """``matrix``: rows from the top, one byte a module, 1 is dark; without quiet zone."""

    version: int
    level: Level
    mask: int
    matrix: tuple[bytes, ...]


def make(text: str, *, version: int | None = None, level: Level = "M", mask: int | None = 3, padding: Padding = "iso") -> Symbol:
    """The symbol of a text; without ``version`` the smallest that holds it. ``mask`` None chooses by penalty.

    The mask is fixed unless asked: choosing it is most of the work and decides nothing about reading. Raises DoesNotFit.
    """
    mode = standard.mode_of(text)
    length = len(text.encode())
    chosen = version or standard.smallest(length, mode, level)
    if chosen is None:
        raise DoesNotFit(f"{length} characters do not fit version {standard.LARGEST} at level {level}")
    batch = Batch(text, 0, version=chosen, level=level, mask=mask, padding=padding)
    rows, masks = batch.rows_and_masks(np.empty((1, 0), dtype=np.uint8))
    bits = np.unpackbits(rows[0].astype(batch.word.newbyteorder(">")).view(np.uint8).reshape(batch.size, -1), axis=1)
    return Symbol(chosen, level, int(masks[0]), tuple(row[: batch.size].tobytes() for row in bits))
