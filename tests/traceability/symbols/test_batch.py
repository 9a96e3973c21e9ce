"""Batches against two independent encoders, an independent reader, and themselves one by one."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import shared_data
from traceability.seal import ALPHABET
from traceability.symbols import ALPHANUMERIC, LEVELS, Batch, DoesNotFit, Symbol, capacity, make, size

LINK = "HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/"
LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


def fields(many: int, letters: int = 12, seed: int = 7) -> np.ndarray:
    return LETTERS[np.random.default_rng(seed).integers(0, 32, (many, letters))]


def text_of(row: np.ndarray) -> str:
    return row.tobytes().decode()


def matrices(batch: Batch, rows: np.ndarray) -> list[tuple[bytes, ...]]:
    bits = np.unpackbits(rows.astype(batch.word.newbyteorder(">")).view(np.uint8).reshape(len(rows), batch.size, -1), axis=2)
    return [tuple(line.tobytes() for line in symbol[:, : batch.size]) for symbol in bits]


def as_hex(symbol: Symbol) -> str:
    return np.packbits(np.frombuffer(b"".join(symbol.matrix), dtype=np.uint8)).tobytes().hex()


def test_every_vector_of_two_other_encoders() -> None:
    with (shared_data("codes") / "qr_symbol_vectors.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        text, version, level = row["payload"], int(row["version"]), row["level"]
        assert as_hex(make(text, version=version, level=level, mask=int(row["mask_fixed"]))) == row["hex_iso_fixed"], text
        chosen = make(text, version=version, level=level, mask=None)
        assert (chosen.mask, as_hex(chosen)) == (int(row["nayuki_auto_mask"]), row["hex_iso_nayuki_auto"]), text
        chosen = make(text, version=version, level=level, mask=None, padding="segno")
        assert (chosen.mask, as_hex(chosen)) == (int(row["segno166_auto_mask"]), row["hex_segno166_auto"]), text
    assert len(rows) >= 320


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("version", [1, 2, 3, 4, 6, 7, 10, 11])
def test_the_switch_makes_what_segno_makes_mask_and_all(version: int, level: str) -> None:
    room = capacity(version, level, "alphanumeric")  # type: ignore[arg-type]
    prefix = ("HTTPS://S.CN/" + "A" * 300)[: max(room - 12 - version % 3, 3)]
    batch = Batch(prefix, 6, version=version, level=level, mask=None, padding="segno")  # type: ignore[arg-type]
    some = fields(6, 6)
    rows, masks = batch.rows_and_masks(some)
    for field, mask, matrix in zip(some, masks, matrices(batch, rows), strict=True):
        theirs = segno.make(prefix + text_of(field), version=version, error=level, boost_error=False, micro=False)
        assert (theirs.mask, tuple(map(bytes, theirs.matrix))) == (mask, matrix)


@given(
    prefix=st.text(ALPHANUMERIC, max_size=30),
    letters=st.integers(0, 9),
    mask=st.one_of(st.none(), st.integers(0, 7)),
    data=st.data(),
)
@settings(deadline=None, max_examples=60)
def test_a_batch_is_its_symbols_one_by_one(prefix: str, letters: int, mask: int | None, data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.text(ALPHANUMERIC, min_size=letters, max_size=letters), min_size=1, max_size=4))
    batch = Batch(prefix, letters, version=3, level="M", mask=mask)
    some = np.frombuffer("".join(texts).encode(), dtype=np.uint8).reshape(len(texts), letters)
    rows, masks = batch.rows_and_masks(some)
    for text, chosen, matrix in zip(texts, masks, matrices(batch, rows), strict=True):
        assert make(prefix + text, version=3, mask=mask) == Symbol(3, "M", chosen, matrix)


@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
@settings(deadline=None, max_examples=60)
def test_any_text_is_read_back(text: str) -> None:
    symbol = make(text, level="L")
    image = 255 - 255 * np.pad(np.array([list(row) for row in symbol.matrix], dtype=np.uint8), 4).repeat(4, 0).repeat(4, 1)
    (found,) = zxingcpp.read_barcodes(image)
    assert found.bytes == text.encode()


def test_letters_in_byte_mode_vary_too() -> None:
    batch = Batch("https://s.cn/", 4, version=2, level="M")
    (row,) = matrices(batch, batch.rows(np.frombuffer(b"a~\xff0", dtype=np.uint8)[None]))
    assert row == matrices(batch, Batch("https://s.cn/a~", 2, version=2, level="M").rows(np.frombuffer(b"\xff0", dtype=np.uint8)[None]))[0]


def test_many_are_the_same_in_one_call_or_in_several() -> None:
    batch = Batch(LINK, 12, version=3, level="M", mask=None)
    some = fields(5000)
    assert (batch.rows(some) == np.concatenate([batch.rows(some[:777]), batch.rows(some[777:])])).all()
    assert batch.rows(some[:0]).shape == (0, 29)


def test_what_cannot_be_said_is_refused() -> None:
    with pytest.raises(DoesNotFit):
        Batch(LINK, 19, version=3, level="M")
    with pytest.raises(DoesNotFit):
        make("A" * 1000)
    batch = Batch(LINK, 2, version=3, level="M")
    with pytest.raises(ValueError, match="alphanumeric"):
        batch.rows(np.frombuffer(b"A?", dtype=np.uint8)[None])
    with pytest.raises(ValueError, match="2 letters"):
        batch.rows(fields(1, 3))
    assert Batch("https://s.cn/a", 0, version=size(1) and 2, level="M").mode == "byte"
