"""From text to the bits of a symbol: mode, count, characters, padding, Reed-Solomon, interleaving.

One message at a time, on plain integers; what is made by the thousand (batch.py) is a sum of
messages that this room made. It must not know where modules lie.

Source: ISO/IEC 18004:2015, 7.4 (data encoding), 7.5 (error correction), 7.6 (final message).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from traceability.symbols.standard import ALPHANUMERIC, MODE_INDICATOR, Level, Mode, Padding, blocks, count_bits, data_bits

PADS: Final = (0xEC, 0x11)
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHANUMERIC)}


class DoesNotFit(ValueError):
    """The text is longer than the version holds at this level."""


def data(text: str, *, version: int, level: Level, mode: Mode, padding: Padding = "iso") -> bytes:
    """The data codewords of a text.

    ``padding="segno"`` repeats what segno 1.6.6 does where the stream ends on a codeword boundary: one
    codeword of zeros too many (its issues 123 and 148). It is for comparisons; 7.4.10 has none.
    Raises DoesNotFit, or ValueError for a character that the mode has not.
    """
    bits = Bits()
    bits.add(MODE_INDICATOR[mode], 4)
    raw = text.encode() if mode == "byte" else b""
    bits.add(len(raw) if mode == "byte" else len(text), count_bits(version, mode))
    if mode == "byte":
        for byte in raw:
            bits.add(byte, 8)
    else:
        _alphanumeric(bits, text)
    room = data_bits(version, level)
    if bits.length > room:
        raise DoesNotFit(f"{len(text)} characters do not fit version {version} at level {level}")
    bits.add(0, min(4, room - bits.length))
    spare = -bits.length % 8
    bits.add(0, 8 if padding == "segno" and not spare else spare)
    turn = 0
    while bits.length < room:
        bits.add(PADS[turn], 8)
        turn ^= 1
    return (bits.value >> (bits.length - room)).to_bytes(room // 8, "big")


def codewords(data: bytes, *, version: int, level: Level) -> bytes:
    """Data and error correction codewords in the order in which they are placed (7.6)."""
    parts: list[bytes] = []
    checks: list[bytes] = []
    at = 0
    for length, ec in blocks(version, level):
        part = data[at : at + length]
        at += length
        parts.append(part)
        checks.append(reed_solomon(part, ec))
    longest = max(map(len, parts))
    woven = [part[place] for place in range(longest) for part in parts if place < len(part)]
    woven += [check[place] for place in range(len(checks[0])) for check in checks]
    return bytes(woven)


def reed_solomon(data: Sequence[int], ec: int) -> bytes:
    """``ec`` check codewords over GF(256) with polynomial 0x11D (7.5.2, Annex A)."""
    generator = _generator(ec)
    rest = [0] * ec
    for byte in data:
        factor = byte ^ rest[0]
        rest = [*rest[1:], 0]
        if factor:
            rest = [old ^ _times(coefficient, factor) for old, coefficient in zip(rest, generator, strict=True)]
    return bytes(rest)


class Bits:
    """Bits in the order in which they are added, the first one the most significant."""

    def __init__(self) -> None:
        self.value = 0
        self.length = 0

    def add(self, value: int, length: int) -> None:
        self.value = self.value << length | value
        self.length += length


def _alphanumeric(bits: Bits, text: str) -> None:
    try:
        values = [_VALUES[letter] for letter in text]
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is not of the alphanumeric set") from None
    for first, second in zip(values[::2], values[1::2], strict=False):
        bits.add(45 * first + second, 11)
    if len(values) % 2:
        bits.add(values[-1], 6)


@lru_cache
def _generator(degree: int) -> tuple[int, ...]:
    """Coefficients after the leading one of the product of (x - 2^i), i = 0 … degree - 1."""
    product = [1]
    root = 1
    for _ in range(degree):
        shifted = [*product, 0]
        for place, coefficient in enumerate(product):
            shifted[place + 1] ^= _times(coefficient, root)
        product = shifted
        root = _times(root, 2)
    return tuple(product[1:])


@cache
def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return product
