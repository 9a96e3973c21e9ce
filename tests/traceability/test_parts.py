"""A file in parts, against the same bytes in one piece."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Missing
from traceability.parts import Parts


class Shelf:
    """A vault in memory that counts what is asked of it."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.asked = 0

    def put(self, content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        self.kept[key] = content
        return key

    def get(self, key: str) -> bytes:
        self.asked += 1
        if key not in self.kept:
            raise Missing
        return self.kept[key]


def _both(contents: list[bytes]) -> tuple[Parts, io.BytesIO, Shelf]:
    shelf = Shelf()
    return Parts(shelf, [(shelf.put(content), len(content)) for content in contents]), io.BytesIO(b"".join(contents)), shelf


@given(st.lists(st.binary(max_size=20), max_size=6), st.lists(st.tuples(st.integers(0, 130), st.integers(0, 150)), max_size=8))
def test_it_reads_and_seeks_like_one_piece(contents: list[bytes], steps: list[tuple[int, int]]) -> None:
    parts, piece, _ = _both(contents)
    buffered = io.BufferedReader(parts, 16)
    for to, many in steps:
        assert buffered.seek(to) == piece.seek(to)
        assert buffered.read(many) == piece.read(many)
    assert parts.seek(0, io.SEEK_END) == parts.size == len(piece.getvalue())


def test_each_part_is_fetched_once_when_read_in_order() -> None:
    parts, piece, shelf = _both([b"abc" * 100, b"", b"xyz" * 100])
    read = b"".join(iter(lambda: parts.read(7), b""))
    assert read == piece.getvalue()
    assert shelf.asked == 2


def test_there_is_nothing_before_the_start() -> None:
    parts, _, _ = _both([b"abc"])
    with pytest.raises(ValueError, match="before"):
        parts.seek(-1)
    with pytest.raises(ValueError, match="before"):
        parts.seek(-4, io.SEEK_END)
