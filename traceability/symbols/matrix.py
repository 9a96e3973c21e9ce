"""Where the bits of a message lie in a symbol, and what lies around them.

Arrays of one version's shape, made once and kept. It must not know texts.

Source: ISO/IEC 18004:2015, 6.3 (function patterns), 7.7.3 (placement), 7.8.2 (masks), 7.9 and 7.10
(format and version information).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from traceability.symbols.standard import ALIGNMENT, Level, format_bits, size, version_bits

Modules = NDArray[np.uint8]
"""(size, size), 1 is dark; rows from the top, columns from the left."""

MASKS = 8


@lru_cache
def layout(version: int) -> NDArray[np.int32]:
    """(size, size): which bit of the final message a module carries, bit 0 the most significant of
    codeword 0; -1 for function, format and version modules. Remainder bits are numbered on (7.6)."""
    edge = size(version)
    free = ~_reserved(version)
    places = np.full((edge, edge), -1, dtype=np.int32)
    bit = 0
    for pair, right in enumerate([*range(edge - 1, 6, -2), *range(5, 0, -2)]):
        upwards = pair % 2 == 0
        for row in range(edge - 1, -1, -1) if upwards else range(edge):
            for column in (right, right - 1):
                if free[row, column]:
                    places[row, column] = bit
                    bit += 1
    places.setflags(write=False)
    return places


@lru_cache
def patterns(version: int) -> Modules:
    """Finder, timing and alignment patterns; everything else light, the dark module too (6.3)."""
    edge = size(version)
    modules = np.zeros((edge, edge), dtype=np.uint8)
    modules[6, ::2] = modules[::2, 6] = 1
    for row, column in ((0, 0), (0, edge - 7), (edge - 7, 0)):
        modules[max(row - 1, 0) : row + 8, max(column - 1, 0) : column + 8] = 0
        _rings(modules, row + 3, column + 3, 3)
    for row, column in _alignments(version):
        modules[row - 2 : row + 3, column - 2 : column + 3] = 0
        _rings(modules, row, column, 2)
        modules[row, column] = 1
    modules.setflags(write=False)
    return modules


def information(version: int, level: Level, mask: int) -> Modules:
    """Format and version information and the dark module, on a light ground."""
    edge = size(version)
    modules = np.zeros((edge, edge), dtype=np.uint8)
    modules[edge - 8, 8] = 1
    bits = format_bits(level, mask)
    near = [(row, 8) for row in (0, 1, 2, 3, 4, 5, 7, 8)] + [(8, column) for column in (7, 5, 4, 3, 2, 1, 0)]
    far = [(8, edge - 1 - place) for place in range(8)] + [(edge - 7 + place, 8) for place in range(7)]
    for place, (one, other) in enumerate(zip(near, far, strict=True)):
        modules[one] = modules[other] = bits >> place & 1
    if version >= 7:
        for place in range(18):
            dark = version_bits(version) >> place & 1
            modules[place // 3, edge - 11 + place % 3] = modules[edge - 11 + place % 3, place // 3] = dark
    return modules


@lru_cache
def mask(version: int, number: int) -> Modules:
    """The data mask pattern over the encoding region, light elsewhere (Table 10)."""
    row, column = np.indices((size(version),) * 2)
    conditions = (
        (row + column) % 2,
        row % 2,
        column % 3,
        (row + column) % 3,
        (row // 2 + column // 3) % 2,
        row * column % 2 + row * column % 3,
        (row * column % 2 + row * column % 3) % 2,
        ((row + column) % 2 + row * column % 3) % 2,
    )
    modules: Modules = ((conditions[number] == 0) & (layout(version) >= 0)).astype(np.uint8)
    modules.setflags(write=False)
    return modules


def place(codewords: bytes, version: int) -> Modules:
    """The message in its places, unmasked; everything else light. Remainder bits are 0."""
    bits = np.unpackbits(np.frombuffer(codewords, dtype=np.uint8))
    where = layout(version)
    placed: Modules = np.where(where >= 0, np.append(bits, np.zeros(8, dtype=np.uint8))[where], np.uint8(0)).astype(np.uint8)
    return placed


def _rings(modules: Modules, row: int, column: int, reach: int) -> None:
    """A dark square ring with its dark heart: a finder pattern of reach 3, the ring of an alignment pattern of 2."""
    down, across = np.indices(modules.shape)
    distance = np.maximum(abs(down - row), abs(across - column))
    modules[(distance == reach) | (distance <= reach - 2)] = 1
    modules[distance == reach - 1] = 0


def _alignments(version: int) -> list[tuple[int, int]]:
    centres = ALIGNMENT[version - 1]
    corners = {(6, 6), (6, size(version) - 7), (size(version) - 7, 6)}
    return [(row, column) for row in centres for column in centres if (row, column) not in corners]


def _reserved(version: int) -> NDArray[np.bool_]:
    edge = size(version)
    taken = np.zeros((edge, edge), dtype=np.bool_)
    taken[6, :] = taken[:, 6] = True
    taken[:9, :9] = taken[:9, edge - 8 :] = taken[edge - 8 :, :9] = True
    for row, column in _alignments(version):
        taken[row - 2 : row + 3, column - 2 : column + 3] = True
    if version >= 7:
        taken[:6, edge - 11 : edge - 8] = taken[edge - 11 : edge - 8, :6] = True
    return taken
