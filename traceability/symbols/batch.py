"""Symbols by the ten thousand: one plan, one text that differs only in its last letters.

With version, level, mode and length fixed, everything from characters to modules is affine over
GF(2): Reed-Solomon codes are linear, interleaving and placement only move bits, masks add a
constant. So a symbol is a base symbol XOR one table row for each group of characters that share a
number of the stream (a pair in alphanumeric mode, a byte in byte mode), and a batch is a few table
look-ups and XORs on machine words, thousands of symbols at a time.

A row of modules is one word: column 0 is the most significant bit, 1 is dark, spare low bits are
0. Words have 32 bits up to version 3 and 64 bits above.

Pure. It must not know what the letters stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from traceability.symbols import matrix, message, standard
from traceability.symbols.penalty import Scorer
from traceability.symbols.standard import ALPHANUMERIC, Level, Mode, Padding

Words = NDArray[Any]
"""uint32 or uint64."""
Packing = Callable[[NDArray[np.uint8]], Words]
AT_ONCE: Final = 4096
"""Symbols that are XORed in one go: their words stay in a core's second-level cache."""
_NOT_OF_THE_SET: Final = 2047
_VALUE: Final = {ord(letter): value for value, letter in enumerate(ALPHANUMERIC)}


@dataclass(frozen=True)
class Group:
    """Varying characters that share one number of the stream: ``many`` of them from place ``first`` on.

    The number has ``bits`` bits from bit ``at`` on; ``fixed`` is what the prefix puts into it.
    """

    first: int
    many: int
    at: int
    bits: int
    fixed: int = 0


class Batch:
    """Symbols of ``prefix`` followed by ``letters`` characters that vary.

    ``mask`` 0 … 7 is the same for all; None chooses for each symbol the one with the lowest penalty
    (7.8.3) by the rules that belong to ``padding``: see penalty.py. Raises message.DoesNotFit.
    """

    def __init__(
        self,
        prefix: str,
        letters: int,
        *,
        version: int,
        level: Level,
        mask: int | None = 3,
        padding: Padding = "iso",
        mode: Mode | None = None,
    ) -> None:
        self.version, self.level, self.mask, self.letters = version, level, mask, letters
        self.mode: Mode = mode or standard.mode_of(prefix)
        self.size = standard.size(version)
        self.word = np.dtype(np.uint32 if self.size <= 32 else np.uint64)
        self._groups = tuple(_groups(prefix, letters, version, self.mode))
        blank = prefix + (ALPHANUMERIC[0] if self.mode == "alphanumeric" else "\0") * letters
        data = message.data(blank, version=version, level=level, mode=self.mode, padding=padding)
        self._base = _modules(data, version, level) ^ matrix.patterns(version)
        pack = _packing(self.word)
        self._rows = self._with_base(pack)
        shades = [matrix.mask(version, number) ^ matrix.information(version, level, number) for number in range(matrix.MASKS)]
        self._shades = np.stack([pack(shade) for shade in shades])
        self._scorer = None
        if mask is None:
            self._scorer = Scorer(version, level, rules=padding)
            self._lanes = self._with_base(self._scorer.lanes.pack)

    def rows(self, fields: NDArray[np.uint8]) -> Words:
        """The symbols of these letters: (n, letters) ASCII codes to (n, size) words.

        Raises ValueError where the shape is another or a letter is not of the alphanumeric set.
        """
        return self.rows_and_masks(fields)[0]

    def rows_and_masks(self, fields: NDArray[np.uint8]) -> tuple[Words, NDArray[np.uint8]]:
        """The symbols, and the mask of each."""
        if fields.ndim != 2 or fields.shape[1] != self.letters:
            raise ValueError(f"{self.letters} letters a symbol are wanted, not {fields.shape}")
        rows = np.empty((len(fields), self.size), dtype=self.word)
        masks = np.full(len(fields), self.mask or 0, dtype=np.uint8)
        for start in range(0, len(fields), AT_ONCE):
            here = slice(start, start + AT_ONCE)
            indices = self._indices(fields[here])
            _sum(self._rows, indices, rows[here])
            if self._scorer is None:
                rows[here] ^= self._shades[self.mask]
                continue
            lanes = np.empty((len(rows[here]), 2 * self._scorer.lanes.half), dtype=np.uint64)
            _sum(self._lanes, indices, lanes)
            masks[here] = self._scorer.best(lanes)
            rows[here] ^= self._shades[masks[here]]
        return rows, masks

    def _with_base(self, pack: Packing) -> list[Words]:
        """A table for each group; the base is in every row of the first one."""
        base = pack(self._base)
        if not self._groups:
            return [base[None]]
        tables = [_table(group, self.version, self.level, pack) for group in self._groups]
        return [tables[0] ^ base, *tables[1:]]

    def _indices(self, fields: NDArray[np.uint8]) -> list[NDArray[np.intp]]:
        """The row of each group's table, for every symbol."""
        if not self._groups:
            return [np.zeros(len(fields), dtype=np.intp)]
        columns = [fields[:, group.first : group.first + group.many] for group in self._groups]
        if self.mode == "byte":
            return [column[:, 0].astype(np.intp) for column in columns]
        indices = [_numbers(column) for column in columns]
        if any(index.max(initial=0) == _NOT_OF_THE_SET for index in indices):
            raise ValueError("a letter is not of the alphanumeric set")
        return indices


def _sum(tables: list[Words], indices: list[NDArray[np.intp]], out: Words) -> None:
    """The XOR of one row of every table."""
    np.take(tables[0], indices[0], axis=0, out=out, mode="clip")
    if len(tables) > 1:
        scratch = np.empty_like(out)
        for table, index in zip(tables[1:], indices[1:], strict=True):
            np.take(table, index, axis=0, out=scratch, mode="clip")
            out ^= scratch


def _groups(prefix: str, letters: int, version: int, mode: Mode) -> Iterator[Group]:
    head = 4 + standard.count_bits(version, mode)
    if mode == "byte":
        before = len(prefix.encode())
        for place in range(letters):
            yield Group(place, 1, head + 8 * (before + place), 8)
        return
    place = 0
    if letters and len(prefix) % 2:
        yield Group(0, 1, head + len(prefix) // 2 * 11, 11, fixed=45 * ALPHANUMERIC.index(prefix[-1]))
        place = 1
    while place < letters:
        many = min(2, letters - place)
        yield Group(place, many, head + (len(prefix) + place) // 2 * 11, 11 if many == 2 else 6)
        place += many


def _table(group: Group, version: int, level: Level, pack: Packing) -> Words:
    """What each value of the group's characters adds to the base symbol, in which they are all of value 0."""
    bits = standard.data_bits(version, level)
    basis = [_message_bit(bits - group.at - group.bits + bit, version, level) for bit in range(group.bits)]
    numbers = np.arange(45 * 45 if group.many == 2 else 256 if group.bits == 8 else 45)
    added = numbers + group.fixed ^ group.fixed
    table = np.zeros((len(numbers), len(pack(basis[0]))), dtype=pack(basis[0]).dtype)
    for bit, modules in enumerate(basis):
        table[(added >> bit & 1).astype(np.bool_)] ^= pack(modules)
    return table


@lru_cache(maxsize=4096)
def _message_bit(place: int, version: int, level: Level) -> NDArray[np.uint8]:
    """The modules that turn when one bit of the data turns; ``place`` counts from the last one."""
    return _modules((1 << place).to_bytes(standard.data_bits(version, level) // 8, "big"), version, level)


def _modules(data: bytes, version: int, level: Level) -> NDArray[np.uint8]:
    return matrix.place(message.codewords(data, version=version, level=level), version)


def _packing(word: np.dtype[Any]) -> Packing:
    width = word.itemsize * 8

    def pack(modules: NDArray[np.uint8]) -> Words:
        bits = np.left_shift(np.ones(len(modules), dtype=word), np.arange(width - 1, width - 1 - len(modules), -1, dtype=word))
        rows: Words = modules.astype(word) @ bits
        return rows

    return pack


@lru_cache
def _number_of() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The number of a pair, by its two bytes read as one little-endian uint16, and of a single letter, by its byte."""
    singles = np.full(256, _NOT_OF_THE_SET, dtype=np.intp)
    for code, value in _VALUE.items():
        singles[code] = value
    pairs = 45 * singles[None, :] + singles[:, None]
    pairs[pairs >= 45 * 45] = _NOT_OF_THE_SET
    return np.minimum(pairs, _NOT_OF_THE_SET).reshape(-1), singles


def _numbers(letters: NDArray[np.uint8]) -> NDArray[np.intp]:
    pairs, singles = _number_of()
    if letters.shape[1] == 1:
        return np.take(singles, letters[:, 0])
    return np.take(pairs, np.ascontiguousarray(letters).view("<u2")[:, 0])
