"""A file that is kept in parts, read like one.

Knows the vault and sizes; it must not know what is in the file.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from kernel.ports import Vault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Parts(io.RawIOBase):
    """Reads and seeks over ``parts``, each (key in the vault, size in bytes), holding one of them at a time."""

    def __init__(self, vault: Vault, parts: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self._vault, self._keys = vault, [key for key, _ in parts]
        self._starts = [0, *accumulate(size for _, size in parts)]
        self._at = 0
        self._held: tuple[int, bytes] | None = None

    @property
    def size(self) -> int:
        return self._starts[-1]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("before the start")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Up to the end of a part at once; 0 at the end of the file."""
        view = memoryview(buffer).cast("B")
        if self._at >= self.size or not len(view):
            return 0
        number = bisect_right(self._starts, self._at) - 1
        inside = self._at - self._starts[number]
        piece = self._part(number)[inside : inside + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _part(self, number: int) -> bytes:
        if self._held is None or self._held[0] != number:
            self._held = None
            self._held = number, self._vault.get(self._keys[number])
        return self._held[1]
