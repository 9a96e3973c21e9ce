"""What ISO/IEC 18004:2015 fixes of QR code versions 1 to 11: sizes, blocks, capacities, polynomials.

Pure numbers; it must not know how symbols are made of them. Versions end at 11 because a row of
61 modules still fits one machine word of 64 bits, and an item's code is never larger.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, get_args

Mode = Literal["alphanumeric", "byte"]
Level = Literal["L", "M", "Q", "H"]
Padding = Literal["iso", "segno"]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""Error correction levels (6.5.1), weakest first."""
LARGEST: Final = 11
ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""The set of alphanumeric mode in the order of its values (Table 5)."""
MODE_INDICATOR: Final[dict[Mode, int]] = {"alphanumeric": 0b0010, "byte": 0b0100}
"""Table 2."""
QUIET: Final = 4
"""Light modules that the standard asks for around a symbol (5.3.8)."""

_TOTAL: Final = (26, 44, 70, 100, 134, 172, 196, 242, 292, 346, 404)
"""Codewords in all (Table 1)."""
_EC_PER_BLOCK: Final[dict[Level, tuple[int, ...]]] = {
    "L": (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20),
    "M": (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30),
    "Q": (13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28),
    "H": (17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24),
}
_BLOCKS: Final[dict[Level, tuple[int, ...]]] = {
    "L": (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4),
    "M": (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5),
    "Q": (1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8),
    "H": (1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11),
}
"""Table 9."""
ALIGNMENT: Final[tuple[tuple[int, ...], ...]] = (
    (), (6, 18), (6, 22), (6, 26), (6, 30), (6, 34), (6, 22, 38), (6, 24, 42), (6, 26, 46), (6, 28, 50), (6, 30, 54),
)  # fmt: skip
"""Centres of alignment patterns (Table E.1)."""


def size(version: int) -> int:
    """Modules along an edge."""
    _known(version)
    return 17 + 4 * version


@lru_cache
def blocks(version: int, level: Level) -> tuple[tuple[int, int], ...]:
    """(data codewords, error correction codewords) of each block, in the order of interleaving (Table 9)."""
    _known(version)
    many, ec = _BLOCKS[level][version - 1], _EC_PER_BLOCK[level][version - 1]
    short, longer = divmod(_TOTAL[version - 1], many)
    return ((short - ec, ec),) * (many - longer) + ((short - ec + 1, ec),) * longer


def data_bits(version: int, level: Level) -> int:
    """Bits for the message (Table 7)."""
    return 8 * sum(data for data, _ in blocks(version, level))


def count_bits(version: int, mode: Mode) -> int:
    """Length of the character count indicator (Table 3)."""
    if mode == "alphanumeric":
        return 9 if version < 10 else 11
    return 8 if version < 10 else 16


def capacity(version: int, level: Level, mode: Mode) -> int:
    """Characters that fit (Table 7); in byte mode a character is a byte."""
    room = data_bits(version, level) - 4 - count_bits(version, mode)
    return room // 11 * 2 + (room % 11 >= 6) if mode == "alphanumeric" else room // 8


def smallest(length: int, mode: Mode, level: Level) -> int | None:
    """The smallest version that holds so many characters; None when none up to 11 does."""
    return next((version for version in range(1, LARGEST + 1) if capacity(version, level, mode) >= length), None)


def mode_of(text: str) -> Mode:
    """Alphanumeric when every character is of its set, else byte."""
    return "alphanumeric" if set(text) <= set(ALPHANUMERIC) else "byte"


def format_bits(level: Level, mask: int) -> int:
    """15 bits of format information: BCH(15,5), masked (7.9, Annex C)."""
    data = {"L": 1, "M": 0, "Q": 3, "H": 2}[level] << 3 | mask
    return (data << 10 | _remainder(data, 10, 0x537)) ^ 0x5412


def version_bits(version: int) -> int:
    """18 bits of version information: BCH(18,6), from version 7 on (7.10, Annex D)."""
    return version << 12 | _remainder(version, 12, 0x1F25)


def _remainder(data: int, degree: int, generator: int) -> int:
    value = data << degree
    for place in range(value.bit_length() - 1, degree - 1, -1):
        if value >> place & 1:
            value ^= generator << (place - degree)
    return value


def _known(version: int) -> None:
    if not 1 <= version <= LARGEST:
        raise ValueError(f"versions 1 to {LARGEST} are made, not {version}")
