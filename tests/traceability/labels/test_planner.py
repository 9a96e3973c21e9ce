"""Plans, held to the table of sizes, to what they promise, and to what they say would work."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from tests.conftest import shared_data
from traceability.labels import planner
from traceability.labels.planner import CannotBeRead, Plan, Wish, plan
from traceability.symbols import capacity, size

LENGTH = 53
"""Of a usual GS1 link in capitals."""


def _plan(wish: Wish, length: int = LENGTH) -> Plan:
    return plan(wish, text_length=length, mode="alphanumeric")


def test_every_row_of_the_table_of_sizes_is_planned_or_refused_as_it_says() -> None:
    with (shared_data("codes") / "qr_size_5mm.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["symbol"].startswith("QR v")]
    planned = 0
    for row in rows:
        version, level, dpi = int(row["symbol"][4:]), row["level"], int(row["dpi"])
        assert size(version) == int(row["modules"])
        assert capacity(version, level, "alphanumeric") == int(row["alnum_chars"])  # type: ignore[arg-type]
        assert capacity(version, level, "byte") == int(row["byte_chars"])  # type: ignore[arg-type]
        dots = planner.dots_in(5, dpi) // size(version)
        assert dots == int(row["dots_per_module_in_5mm"])
        wish = Wish(dpi=dpi, size_mm=5, level=level)  # type: ignore[arg-type]
        try:
            made = _plan(wish, int(row["alnum_chars"]))
        except CannotBeRead:
            assert not int(row["module_ge_4_dots"]) or float(row["module_mm"]) < 0.145
            continue
        planned += 1
        if made.version == version:
            assert made.module_mm == pytest.approx(float(row["module_mm"]), abs=1e-4)
            assert made.symbol_mm == pytest.approx(float(row["symbol_mm"]), abs=1e-3)
            assert made.pitch * made.module_mm == pytest.approx(float(row["with_quiet_mm"]), abs=1e-3)
        else:
            assert made.dots >= dots
    assert planned > 20


def test_the_level_rises_while_it_fits() -> None:
    assert (_plan(Wish(size_mm=5)).version, _plan(Wish(size_mm=5)).level) == (3, "M")
    assert (_plan(Wish(size_mm=5), 62).version, _plan(Wish(size_mm=5), 62).level) == (3, "L")
    assert (_plan(Wish(size_mm=5), 40).version, _plan(Wish(size_mm=5), 40).level) == (3, "Q")


def test_of_equal_modules_version_1_is_not_taken() -> None:
    assert planner.dots_in(6, 600) // 21 == planner.dots_in(6, 600) // 23  # no version between them
    tight = Wish(size_mm=4.3)
    assert planner.dots_in(4.3, 600) // 21 == planner.dots_in(4.3, 600) // 25 == 4
    assert _plan(tight, 20).version == 2
    assert _plan(Wish(size_mm=5), 20).version == 1


def test_five_millimetres_with_the_quiet_zone_need_a_light_surround() -> None:
    """The facts: v2 with 4 quiet modules has 3 dots, with 2 it has 4."""
    with pytest.raises(CannotBeRead):
        _plan(Wish(size_mm=5, with_quiet=True), 36)
    made = _plan(Wish(size_mm=5, with_quiet=True, light_surround=True), 36)
    assert (made.version, made.quiet, made.dots) == (2, 2, 4)
    assert "narrow-quiet" in made.reasons


def test_five_millimetres_at_300_dpi_are_refused_and_told_what_would_work() -> None:
    with pytest.raises(CannotBeRead) as caught:
        _plan(Wish(dpi=300, size_mm=5))
    assert caught.value.errors[0]["rule"] == "dots"
    assert caught.value.more["works"] == {"dpi": 600, "size_mm": 9.9}
    assert "600 dpi, or at least 9.9 mm at 300 dpi" in caught.value.errors[0]["detail"]


def test_modules_too_small_for_a_camera_are_refused_whatever_the_printer() -> None:
    with pytest.raises(CannotBeRead) as caught:
        _plan(Wish(dpi=2400, size_mm=3))
    assert caught.value.errors[0]["rule"] == "module"
    assert "dpi" not in caught.value.more["works"]


def test_a_text_that_fits_no_symbol_is_refused() -> None:
    with pytest.raises(CannotBeRead) as caught:
        plan(Wish(), text_length=2000, mode="byte")
    assert caught.value.errors[0]["rule"] == "text-length"


@given(
    st.builds(Wish, dpi=st.sampled_from(planner.RESOLUTIONS), size_mm=st.floats(3, 30).map(lambda size: round(size, 1))),
    st.integers(13, 150),
)
def test_a_plan_keeps_its_promises_and_a_refusal_speaks_the_truth(wish: Wish, length: int) -> None:
    try:
        made = _plan(wish, length)
    except CannotBeRead as refused:
        works = refused.more["works"]
        for name in ("dpi", "size_mm"):
            if name in works:
                assert _plan(replace(wish, **{name: works[name]}), length)
        if "size_mm" in works and works["size_mm"] > wish.size_mm + 0.1:
            with pytest.raises(CannotBeRead):
                _plan(replace(wish, size_mm=round(works["size_mm"] - 0.1, 1)), length)
        if "text_length" in works:
            assert _plan(wish, works["text_length"])
            with pytest.raises(CannotBeRead):
                _plan(wish, works["text_length"] + 1)
        return
    assert made.dots >= planner.LEAST_DOTS
    assert made.symbol_mm <= wish.size_mm + 1e-9
    assert capacity(made.version, made.level, made.mode) >= length
    assert 0 <= made.fitness <= 1


def test_ink_that_spreads_is_taken_off_in_dots() -> None:
    assert [_plan(Wish(size_mm=5, gain_mm=gain)).thin for gain in (0, 0.02, 0.04, 0.06)] == [0, 1, 2, 2]
    fit = [_plan(Wish(size_mm=5, gain_mm=gain)).fitness for gain in (0, 0.04, 0.06)]
    assert fit[0] == fit[1] > fit[2]
    assert "dot-gain" in _plan(Wish(size_mm=5, gain_mm=0.06)).reasons


def test_larger_modules_read_better() -> None:
    fit = [_plan(Wish(size_mm=size)).fitness for size in (5, 6.5, 8, 12)]
    assert fit == sorted(fit)
    assert fit[-1] == 1.0


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (Wish(dpi=0), "/dpi"),
        (Wish(size_mm=-1), "/size_mm"),
        (Wish(size_mm=float("nan")), "/size_mm"),
        (Wish(gain_mm=2), "/gain_mm"),
        (Wish(margin_mm=-5), "/margin_mm"),
        (Wish(page_mm=(0, 297)), "/page_mm"),
        (Wish(level="X"), "/level"),  # type: ignore[arg-type]
        (Wish(quiet=0, light_surround=True), "/quiet"),
        (Wish(quiet=2), "/quiet"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_its_place(wish: Wish, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        _plan(wish)
    assert [error["pointer"] for error in caught.value.errors] == [pointer]
