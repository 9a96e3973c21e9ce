"""A page with holes: rendered once for all who would see the same, filled for each reader.

A template is rendered with holes in place of the values that differ from reader to reader.
The mark of a hole holds 128 random bits made when the process starts, so that no name, reason
or address that comes from outside can be one, and it passes through escaping and URL encoding
unchanged. Only what stands in the key of the shelf may shape the rest of the page.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Final, Generic, TypeVar

from markupsafe import escape

_MARK: Final = f"Z{secrets.token_hex(16)}"
_HOLE: Final = re.compile(f"{_MARK}([a-z_]+)Z")
Kept = TypeVar("Kept")


def hole(name: str) -> str:
    """What a template is given in place of the value ``name``."""
    return f"{_MARK}{name}Z"


class Frame:
    """A rendered page, cut at its holes."""

    def __init__(self, text: str) -> None:
        pieces = _HOLE.split(text)
        self._pieces, self._names = [piece.encode() for piece in pieces], pieces[1::2]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The page with its values, escaped here, in UTF-8."""
        ready = {name: escape(value).encode() for name, value in values.items()}
        pieces = self._pieces.copy()
        pieces[1::2] = [ready[name] for name in self._names]
        return b"".join(pieces)


class Shelf(Generic[Kept]):
    """A few ready things in this process; the one kept longest gives way. When many want the same thing at
    once, one makes it and the others wait for it: after a recall a whole country asks for one page."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, Kept] = {}
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def peek(self, key: Hashable) -> Kept | None:
        """What is ready, and nothing made for it."""
        return self._kept.get(key)

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        found = self._kept.get(key)
        if found is not None:
            return found
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            found = self._kept.get(key)
            if found is None:
                try:
                    found = self._put(key, make())
                finally:
                    with self._lock:
                        self._making.pop(key, None)
        return found

    def _put(self, key: Hashable, made: Kept) -> Kept:
        with self._lock:
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = made
        return made
