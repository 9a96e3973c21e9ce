"""Symbols by themselves: enlarged when that helps, never beyond measure."""

from __future__ import annotations

import numpy as np
import pytest

from tests.factories.sheets import Camera, draw, symbols
from traceability.inspection import reading
from traceability.inspection.layout import Layout

LAYOUT = Layout(columns=2, rows=2, modules=29, pitch_x=37, pitch_y=44)


def test_a_tile_that_would_be_too_large_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, expected = symbols(4)
    picture = Camera().photograph(draw(LAYOUT, expected))
    sizes: list[int] = []
    read = reading.zxingcpp.read_barcodes

    def watched(tile: np.ndarray, **more: object) -> object:
        sizes.append(tile.size)
        return read(tile, **more)

    monkeypatch.setattr(reading.zxingcpp, "read_barcodes", watched)
    enlarged = reading.symbols(picture, pitch=picture.shape[0], zoom=3)
    monkeypatch.setattr(reading, "MOST_ENLARGED", 9 * picture.size - 1)
    plain = reading.symbols(picture, pitch=picture.shape[0], zoom=3)
    assert sizes == [9 * picture.size, picture.size]
    assert sorted(each.text for each in plain) == sorted(each.text for each in enlarged) == sorted(texts)
    for seen in enlarged:
        (same,) = [each for each in plain if each.text == seen.text]
        assert np.abs(same.quad - seen.quad).max() < 3
