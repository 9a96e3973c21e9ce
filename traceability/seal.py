"""Serials nobody can guess and nobody has to store: a keyed permutation of a counter.

Counter 0, 1, 2 … of a GTIN becomes twelve letters by FF1 (NIST SP 800-38G; ff1.py),
a format-preserving cipher over AES-256, here with radix 32, n = 12 and an empty tweak. A
permutation never meets itself, so no serial is issued twice and none has to be looked up; turned
round, it gives back the counter, and whether that counter was issued is one comparison.

The odds of a guess. Twelve letters of 32 are 60 bits. When 10⁹ serials of a GTIN are issued, a
random one is among them with probability 10⁹ / 2⁶⁰ = 8.7·10⁻¹⁰; a forger who tries a thousand a
second meets the first after two weeks on average. (EU FMD and tobacco rules ask for less than 10⁻⁴.)

A leaked key. Whoever holds a GTIN's key can write every serial of it, past and to come, and FF1
cannot tell theirs from ours. Nothing else is lost: other GTINs have other keys. The remedy is a new
key version for new orders, and scans of the old one judged by how often and where they happen.

Pure: it must not know where keys are kept or which counters were issued. ``unseal`` rather
than ``open``, which is a builtin.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers import CipherContext

from traceability.ff1 import ROUNDS, block_cipher, header

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I L O U, so nothing is misread for a digit."""
LETTERS = 12
SPACE = 32**LETTERS
_HALF = 5 * LETTERS // 2
_MASK = (1 << _HALF) - 1
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_AT_ONCE = 1 << 16


def new_key() -> bytes:
    """32 random bytes: an AES-256 key."""
    return secrets.token_bytes(32)


def seal(key: bytes, counter: int) -> str:
    """The serial of a counter, 0 ≤ counter < 2⁶⁰."""
    if not 0 <= counter < SPACE:
        raise ValueError("a counter lies in 0 … 2^60 - 1")
    start, aes = _start(key), block_cipher(key)
    left, right = counter >> _HALF, counter & _MASK
    for number in range(ROUNDS):
        left, right = right, (left + _round(start, aes, number, right)) & _MASK
    value = (left << _HALF) | right
    return "".join([ALPHABET[(value >> shift) & 31] for shift in range(5 * (LETTERS - 1), -1, -5)])


def unseal(key: bytes, serial: str) -> int | None:
    """The counter of a serial (in either case); None when it is not twelve letters of the alphabet."""
    value = 0
    if len(serial) != LETTERS or not serial.isascii():
        return None
    for letter in serial.upper():
        digit = _VALUES.get(letter)
        if digit is None:
            return None
        value = (value << 5) | digit
    start, aes = _start(key), block_cipher(key)
    left, right = value >> _HALF, value & _MASK
    for number in reversed(range(ROUNDS)):
        left, right = (right - _round(start, aes, number, left)) & _MASK, left
    return (left << _HALF) | right


def seal_many(key: bytes, first: int, count: int) -> list[str]:
    """The serials of ``count`` counters from ``first`` on: one AES call a round for thousands of them."""
    import numpy as np

    if first < 0 or count < 0 or first + count > SPACE:
        raise ValueError("counters lie in 0 … 2^60 - 1")
    serials: list[str] = []
    for begin in range(first, first + count, _AT_ONCE):
        serials += _seal_block(key, np.arange(begin, min(begin + _AT_ONCE, first + count), dtype=np.uint64))
    return serials


def _seal_block(key: bytes, counters: NDArray[np.uint64]) -> list[str]:
    import numpy as np

    aes = block_cipher(key)
    words = np.frombuffer(_start(key).to_bytes(16, "big"), dtype=">u4")
    left, right = (counters >> np.uint64(_HALF)).astype(np.uint32), (counters & np.uint64(_MASK)).astype(np.uint32)
    blocks: NDArray[Any] = np.empty((len(counters), 4), dtype=">u4")
    for number in range(ROUNDS):
        blocks[:] = words
        blocks[:, 2] ^= number
        blocks[:, 3] ^= right
        mixed = np.frombuffer(aes.update(blocks.tobytes()), dtype=">u4").reshape(-1, 4)[:, 1]
        left, right = right, (left + mixed.astype(np.uint32)) & np.uint32(_MASK)
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    text = np.empty((len(counters), LETTERS), dtype=np.uint8)
    for place in range(LETTERS // 2):
        shift = np.uint32(5 * (LETTERS // 2 - 1 - place))
        text[:, place] = letters[(left >> shift) & np.uint32(31)]
        text[:, place + LETTERS // 2] = letters[(right >> shift) & np.uint32(31)]
    flat = text.tobytes().decode("ascii")
    return [flat[at : at + LETTERS] for at in range(0, len(flat), LETTERS)]


@lru_cache(maxsize=256)
def _start(key: bytes) -> int:
    """AES(P), the part of every round that depends on the key alone (step 5; one block of Q follows)."""
    return int.from_bytes(block_cipher(key).update(header(32, LETTERS, 0)), "big")


def _round(start: int, aes: CipherContext, number: int, half: int) -> int:
    """Steps 6.i to 6.v for radix 32, n = 12 and no tweak: b = 4 and d = 8, so Q is one block and
    y mod 32⁶ is the low 30 bits of its first eight bytes."""
    block = aes.update((start ^ (number << 32) ^ half).to_bytes(16, "big"))
    return int.from_bytes(block[4:8], "big") & _MASK
