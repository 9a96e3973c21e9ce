"""The prediction passes through the points it was read from."""

from __future__ import annotations

import pytest

from traceability.labels import fitness


@pytest.mark.parametrize(("module_mm", "rate"), fitness.BY_MODULE)
def test_it_goes_through_its_points(module_mm: float, rate: float) -> None:
    assert fitness.predict(module_mm=module_mm, version=3, level="M", quiet=4, left_gain_mm=0)[0] == pytest.approx(rate)


def test_what_lowers_it_is_named() -> None:
    rate, reasons = fitness.predict(module_mm=0.169, version=1, level="L", quiet=1, left_gain_mm=0.03)
    assert 0 < rate < 0.3
    assert reasons == ("small-module", "no-alignment", "weak-level", "dot-gain", "narrow-quiet")
    assert fitness.predict(module_mm=0.4, version=2, level="M", quiet=4, left_gain_mm=0) == (1.0, ())


def test_beyond_its_ends_it_is_flat() -> None:
    assert fitness.between(fitness.BY_MODULE, 0.0) == 0.0
    assert fitness.between(fitness.BY_MODULE, 9.0) == 1.0
    assert fitness.between(fitness.BY_GAIN, 0.0885 * 2) == pytest.approx(0.56, abs=0.02)
