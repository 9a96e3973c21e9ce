"""Enlarging and thinning, against the same done one pixel at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.labels.some import a_roll, some_labels
from traceability.labels import planner, raster
from traceability.symbols import make


def _thinned(dark: np.ndarray, thin: int) -> np.ndarray:
    """Erosion by a square of ``thin`` + 1 pixels from the right and from below, light all around."""
    high, wide = dark.shape
    around = np.pad(dark, ((0, thin), (0, thin)))
    return np.minimum.reduce([around[y : y + high, x : x + wide] for y in range(thin + 1) for x in range(thin + 1)])


@given(st.integers(2, 9), st.data())
def test_symbols_grow_and_thin_as_one_pixel_at_a_time(dots: int, data: st.DataObject) -> None:
    thin = data.draw(st.integers(0, dots // 2))
    roll = a_roll(2, planner.Wish())
    plan = replace(roll.drawn, dots=dots, thin=thin)
    times = raster.step(plan)
    codes = some_labels(2)
    for scale in {times, dots}:
        lines = raster.lines(raster.words(roll, codes.serials), plan, scale)
        for packed, serial in zip(lines, codes.serials.tolist(), strict=True):
            symbol = make(roll.prefix + serial.decode(), version=plan.version, level=plan.level)
            modules = np.array([list(row) for row in symbol.matrix], dtype=np.uint8)
            expected = _thinned(modules.repeat(scale, axis=0).repeat(scale, axis=1), thin * scale // dots)
            side = len(modules) * scale
            assert (np.unpackbits(packed, axis=1)[:, :side] == expected).all()


@pytest.mark.parametrize("serial", ["A/B", "a b", "100%", "é".encode("latin-1").decode("latin-1")])
def test_only_what_a_link_cannot_hold_gets_percent_signs(serial: str) -> None:
    from urllib.parse import unquote

    (text,) = raster.escaped(np.array([serial.encode("utf-8")], dtype="S20")).tolist()
    assert unquote(text.decode()) == serial
    assert b"/" not in text
    plain = np.array([b"A-B._~9"], dtype="S20")
    assert raster.escaped(plain) is plain
