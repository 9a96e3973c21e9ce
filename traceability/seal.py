"""Serials nobody can guess and nobody has to store: a keyed permutation of a counter.

Counter 0, 1, 2 … of a key becomes twelve letters by FF1 (NIST SP 800-38G; ff1.py),
a format-preserving cipher over AES-256, here with radix 32, n = 12 and an empty tweak. A
permutation never meets itself, so no serial is issued twice under one key and none has to be
looked up; turned round, it gives back the counter, and whether that counter was issued is one
comparison.

The odds of a guess. Twelve letters of 32 are 60 bits. One serial is tried under every key it may
belong to: all versions of its GTIN, and the brand's keys for compact and inner codes. Under each key
a random serial is some random counter, issued with probability (issued under that key) / 2⁶⁰, so the
odds add up to (all that was issued under these keys together) / 2⁶⁰, however many keys there are.
For 10⁹ that is 8.7·10⁻¹⁰, and it passes 10⁻⁸ only after 1.15·10¹⁰. A forger who tries a thousand a
second meets the first of 10⁹ after two weeks on average. (EU FMD and tobacco rules ask for less than 10⁻⁴.)

A leaked key. Whoever holds a key can write every serial of it, past and to come, and FF1
cannot tell theirs from ours. Nothing else is lost: other keys are independent, and an inner code
never follows from the outer one. The remedy is a new key version for new orders (keys.rotate), and scans of
the old one judged by how often and where they happen.

Two keys do meet. Within a key serials are unique by construction; between two keys tried for the same
serial they are as two random draws: n₁·n₂ / 2⁶⁰ pairs are expected, 8.7·10⁻⁵ for 10⁷ × 10⁷ and 0.87 for
10⁹ × 10⁹. The look-up then takes the newest key under which the counter was ordered: always the same
item, and the other one of the pair reads as this one. Who rotates once in 10⁷ codes need not think
of it; who prints 10⁹ under two keys of one GTIN should expect about one such pair.

Pure: it must not know where keys are kept or which counters were issued. ``unseal`` rather
than ``open``, which is a builtin.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

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
_AT_ONCE = 1 << 12
"""Blocks that AES and numpy take in one go: few enough to stay in the processor's cache."""
_NONE = 1 << 15
FEW = 8
"""Below so many serials, one after the other is quicker."""


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


def unseal_each(key: bytes, serials: Sequence[str]) -> list[int | None]:
    """``unseal`` of each; several at once cost little more than two."""
    fitting = [place for place, serial in enumerate(serials) if len(serial) == LETTERS and serial.isascii()]
    if len(fitting) < FEW:
        return [unseal(key, serial) for serial in serials]
    import numpy as np

    fields = np.frombuffer("".join([serials[place] for place in fitting]).encode(), dtype=np.uint8).reshape(-1, LETTERS)
    found: list[int | None] = [None] * len(serials)
    for place, counter in zip(fitting, unseal_many(key, fields).tolist(), strict=True):
        found[place] = counter if counter >= 0 else None
    return found


def seal_many(key: bytes, first: int, count: int) -> list[str]:
    """The serials of ``count`` counters from ``first`` on."""
    flat = letters(key, first, count).tobytes().decode("ascii")
    return [flat[at : at + LETTERS] for at in range(0, len(flat), LETTERS)]


def letters(key: bytes, first: int, count: int) -> NDArray[np.uint8]:
    """The serials of ``count`` counters from ``first`` on, as ASCII: (count, 12)."""
    import numpy as np

    if first < 0 or count < 0 or first + count > SPACE:
        raise ValueError("counters lie in 0 … 2^60 - 1")
    mix, (written, _) = _mixer(key, min(count, _AT_ONCE)), _pairs()
    text: NDArray[np.uint16] = np.empty((count, LETTERS // 2), dtype=np.uint16)
    for begin in range(0, count, _AT_ONCE):
        part = text[begin : begin + _AT_ONCE]
        counters = np.arange(first + begin, first + begin + len(part), dtype=np.uint64)
        left, right = (counters >> np.uint64(_HALF)).astype(np.uint32), (counters & np.uint64(_MASK)).astype(np.uint32)
        for number in range(ROUNDS):
            left, right = right, (left + mix(number, right)) & np.uint32(_MASK)
        for place, shift in enumerate((20, 10, 0)):
            part[:, place] = written[(left >> np.uint32(shift)) & np.uint32(1023)]
            part[:, place + 3] = written[(right >> np.uint32(shift)) & np.uint32(1023)]
    return text.view(np.uint8)


def unseal_many(key: bytes, fields: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The counters of serials given as ASCII (n, 12), in either case; -1 where it is no twelve letters of the alphabet."""
    import numpy as np

    if fields.ndim != 2 or fields.shape[1] != LETTERS:
        raise ValueError("fields have twelve letters each")
    mix, (_, read) = _mixer(key, min(len(fields), _AT_ONCE)), _pairs()
    counters: NDArray[np.int64] = np.empty(len(fields), dtype=np.int64)
    for begin in range(0, len(fields), _AT_ONCE):
        pairs = read[np.ascontiguousarray(fields[begin : begin + _AT_ONCE]).view(np.uint16).T]
        values = pairs.astype(np.uint32)
        left, right = ((part[0] << 20 | part[1] << 10 | part[2]) & np.uint32(_MASK) for part in (values[:3], values[3:]))
        for number in reversed(range(ROUNDS)):
            left, right = (right - mix(number, left)) & np.uint32(_MASK), left
        found = left.astype(np.int64) << _HALF | right
        found[(np.bitwise_or.reduce(pairs, axis=0) & _NONE) != 0] = -1
        counters[begin : begin + _AT_ONCE] = found
    return counters


def _mixer(key: bytes, most: int) -> Callable[[int, NDArray[np.uint32]], NDArray[np.uint32]]:
    """``_round`` for up to ``most`` halves at once: one AES call over buffers that are used again in each round."""
    import numpy as np

    aes = block_cipher(key)
    start = np.frombuffer(_start(key).to_bytes(16, "big"), dtype=">u4").astype(np.uint32)
    given, mixed = np.empty(16 * most, dtype=np.uint8), np.empty(16 * most + 15, dtype=np.uint8)  # update_into asks for 15 bytes more
    blocks, second = given.view(">u4").reshape(-1, 4), mixed[: 16 * most].view(">u4").reshape(-1, 4)[:, 1]
    blocks[:] = start

    def mix(number: int, halves: NDArray[np.uint32]) -> NDArray[np.uint32]:
        many = len(halves)
        blocks[:many, 2] = start[2] ^ np.uint32(number)
        blocks[:many, 3] = halves ^ start[3]
        aes.update_into(given[: 16 * many].data, mixed.data)
        return second[:many].astype(np.uint32)

    return mix


@cache
def _pairs() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Ten bits to two letters, as they lie in memory, and back; what is no two letters gives _NONE."""
    import numpy as np

    alphabet = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    values = np.arange(1 << 10)
    written = np.stack((alphabet[values >> 5], alphabet[values & 31]), axis=1).view(np.uint16).reshape(-1)
    read = np.full(1 << 16, _NONE, dtype=np.uint16)
    for one in (str.upper, str.lower):
        for other in (str.upper, str.lower):
            texts = [one(ALPHABET[value >> 5]) + other(ALPHABET[value & 31]) for value in values]
            read[np.frombuffer("".join(texts).encode(), dtype=np.uint16)] = values
    return written, read


@lru_cache(maxsize=256)
def _start(key: bytes) -> int:
    """AES(P), the part of every round that depends on the key alone (step 5; one block of Q follows)."""
    return int.from_bytes(block_cipher(key).update(header(32, LETTERS, 0)), "big")


def _round(start: int, aes: CipherContext, number: int, half: int) -> int:
    """Steps 6.i to 6.v for radix 32, n = 12 and no tweak: b = 4 and d = 8, so Q is one block and
    y mod 32⁶ is the low 30 bits of its first eight bytes."""
    block = aes.update((start ^ (number << 32) ^ half).to_bytes(16, "big"))
    return int.from_bytes(block[4:8], "big") & _MASK
