"""Sheets photographed well and badly: what is damaged is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.factories.sheets import Camera, draw, symbols
from traceability.inspection import SheetNotFound, examine
from traceability.inspection.examine import Examined
from traceability.inspection.layout import Layout

LAYOUT: Final = Layout(columns=8, rows=6, modules=29, pitch_x=37, pitch_y=44)
BLANK, HEAVY, LIGHT, FOREIGN = 10, 21, 30, 37
SWAPPED = (3, 44)


@cache
def _printed() -> tuple[list[str], NDArray[np.bool_], NDArray[np.uint8]]:
    """Texts and symbols as they should be, and the sheet as it came out of the printer."""
    texts, expected = symbols(49)
    printed = expected[:48].copy()
    printed[BLANK] = False
    printed[list(SWAPPED)] = printed[list(SWAPPED[::-1])]
    printed[FOREIGN] = expected[48]
    printed[HEAVY, 9:21, 9:21] = True
    printed[LIGHT, 14:17, 20:23] ^= True
    return texts[:48], expected[:48], draw(LAYOUT, printed)


def _examined(camera: Camera) -> Examined:
    texts, expected, paper = _printed()
    return examine.examine(camera.photograph(paper), LAYOUT, texts, expected, level="M")


@pytest.mark.parametrize(
    "camera",
    [
        Camera(),
        Camera(pixels=2.0, blur=0.25, noise=7, turn=3),
        Camera(turn=90),
        Camera(turn=187, shade=0.6),
        Camera(pixels=6, turn=33, noise=15),
        Camera(pixels=3, turn=-4, tilt=0.1, bulge=0.03, blur=0.3, noise=8, shade=0.4),
    ],
    ids=repr,
)
def test_damage_is_found_and_nothing_else(camera: Camera) -> None:
    found = _examined(camera)
    seen = [each for each in found.findings if each.seen]
    assert [each.place for each in found.findings] == list(range(48))
    assert len(seen) >= 44
    inside = {each.place for each in seen}
    assert {each.place for each in seen if each.missing} == {BLANK} & inside
    assert {each.place for each in seen if each.wrong} == {*SWAPPED, FOREIGN} & inside
    assert {each.place for each in seen if each.grade == "F"} == {BLANK, HEAVY, FOREIGN, *SWAPPED} & inside
    assert {each.grade for each in seen if each.place not in (BLANK, HEAVY, LIGHT, FOREIGN, *SWAPPED)} == {"A"}
    assert found.pixels == pytest.approx(camera.pixels, rel=0.2)
    assert found.sharp


def test_errors_are_counted_as_they_were_made() -> None:
    """Nine modules in a square lie in three or four codewords."""
    light = _examined(Camera()).findings[LIGHT]
    assert light.errors in (2, 3, 4)
    assert light.unused == pytest.approx(1 - 2 * light.errors / 26, abs=1e-3)
    assert (light.missing, light.wrong) == (False, False)


def test_ink_that_spreads_is_not_taken_for_errors() -> None:
    """A fifth of a module on every side: light modules between dark ones are grey in a coarse picture."""
    texts, expected, paper = _printed()
    spread = np.asarray(Image.fromarray(paper).filter(ImageFilter.MinFilter(3)))
    camera = Camera(pixels=2.5, blur=0.22, turn=2)
    found = examine.examine(camera.photograph(spread), LAYOUT, texts, expected, level="M").findings
    assert {each.grade for each in found if each.place not in (BLANK, HEAVY, LIGHT, FOREIGN, *SWAPPED)} == {"A"}
    assert {each.modulation for each in found} & {"A", "B"} == set()


def test_what_lies_outside_the_picture_is_not_judged() -> None:
    texts, expected, paper = _printed()
    whole = Camera().photograph(paper)
    part = whole[:, : whole.shape[1] // 2]
    found = examine.examine(part, LAYOUT, texts, expected, level="M").findings
    unseen = {each.place for each in found if not each.seen}
    assert unseen == {place for place in range(48) if place % 8 >= 4}
    assert {(each.grade, each.errors, each.missing, each.wrong) for each in found if not each.seen} == {("", 0, False, False)}


def test_a_small_sheet_on_a_large_table_is_found() -> None:
    texts, expected, paper = _printed()
    sheet = Camera(pixels=2.5).photograph(paper)
    table = np.full((sheet.shape[0] * 3, sheet.shape[1] * 3), 70, np.uint8)
    table[500 : 500 + sheet.shape[0], 900 : 900 + sheet.shape[1]] = sheet
    found = examine.examine(table, LAYOUT, texts, expected, level="M").findings
    assert [each.place for each in found if each.grade == "F"] == sorted([BLANK, HEAVY, FOREIGN, *SWAPPED])


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (5, 1), (1, 4)])
def test_a_strip_or_a_single_label_is_a_sheet_too(columns: int, rows: int) -> None:
    layout = Layout(columns, rows, 25, 33, 33)
    texts, expected = symbols(columns * rows, version=2, level="M", prefix="HTTPS://S.CN/")
    picture = Camera(turn=8).photograph(draw(layout, expected))
    found = examine.examine(picture, layout, texts, expected, level="M").findings
    assert {each.grade for each in found} == {"A"}


def test_a_last_sheet_may_end_early() -> None:
    texts, expected, _ = _printed()
    picture = Camera().photograph(draw(LAYOUT, expected[:19]))
    found = examine.examine(picture, LAYOUT, texts[:19], expected[:19], level="M").findings
    assert [each.grade for each in found] == ["A"] * 19


@pytest.mark.parametrize("camera", [Camera(blur=1.0), Camera(pixels=0.8)], ids=["unsharp", "tiny"])
def test_a_picture_on_which_nothing_can_be_read_is_refused(camera: Camera) -> None:
    with pytest.raises(SheetNotFound) as raised:
        _examined(camera)
    assert raised.value.errors[0]["rule"] == "picture-sheet"


def test_readable_but_too_coarse_is_said() -> None:
    with pytest.raises(SheetNotFound) as raised:
        _examined(Camera(pixels=1.6, noise=2))
    assert raised.value.errors[0]["rule"] == "picture-coarse"


def test_another_sheet_is_refused() -> None:
    texts, expected = symbols(48, seed=2)
    picture = Camera().photograph(_printed()[2])
    with pytest.raises(SheetNotFound):
        examine.examine(picture, LAYOUT, texts, expected, level="M")


def test_a_picture_too_soft_to_judge_says_so() -> None:
    found = _examined(replace(Camera(), blur=0.42, seed=3))
    assert not found.sharp
