"""A whole print sheet inspected at once, against an independent reader that reads its symbols one by one.

    python benchmarks/inspection.py [--quick]

A sheet of 33 x 47 = 1,551 symbols (GS1 link, 3-M, 29 modules) is photographed at 2.03 pixels a module (5 mm
symbols at 12 pixels a millimetre: 0.169 mm modules), a little turned, tilted and soft. A known share of the
symbols is damaged: whole ones missing or swapped, others hit by a blot or a scratch of chosen size. Every
symbol's true grade follows from the modules that were really changed. Processor time of one thread, rounds in
turn, medians. The peer is zxing-cpp on the cells cut out of the same picture, at twice their size: it is told where
they lie, and answers with texts alone.

Last line: symbols_per_second (sampling and grading) and its ratio to the peer; grading_per_second (errors and
unused error correction from modules); whole_per_second (from the picture on, finding the sheet included);
detected and damaged (true grade under C, found under C), false_alarms among sound symbols (true grade A,
found under B), exact (share with exactly the true number of wrong codewords); peer_read, the sound symbols that the peer could read.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from benchmarks.habit import arguments, emit, median, note
from tests.factories.sheets import Camera, draw, symbols
from traceability.inspection import examine, grade, sample
from traceability.inspection.layout import Layout

SHEET: Final = Layout(columns=33, rows=47, modules=29, pitch_x=37, pitch_y=37)
CAMERA: Final = Camera(pixels=2.03, turn=1.5, tilt=0.02, bulge=0.01, blur=0.25, noise=7, shade=0.3)
DAMAGED: Final = 150
PLAN: Final = grade.structure(3, "M")
QUIET: Final = 4


def damage(expected: NDArray[np.bool_], seed: int) -> NDArray[np.bool_]:
    """What came out of the printer: missing, swapped, blotted and scratched symbols."""
    random = np.random.default_rng(seed)
    printed = expected.copy()
    chosen = random.choice(len(expected), DAMAGED, replace=False)
    missing, swapped, blotted, scratched = np.split(chosen, [10, 20, 90])
    printed[missing] = False
    printed[swapped] = expected[np.roll(swapped, 1)]
    for place in blotted:
        side, (row, column) = random.integers(2, 14), random.integers(0, 22, 2)
        printed[place, row : row + side, column : column + side] = random.random() < 0.7
    for place in scratched:
        row, wide = random.integers(0, 27), random.integers(1, 3)
        printed[place, row : row + wide] = False
    return printed


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def peer(picture: NDArray[np.uint8], frames: NDArray[np.float64]) -> list[str | None]:
    """What zxing-cpp reads in each cell by itself."""
    corners = np.stack([frames[:, 0] + across * frames[:, 1] + down * frames[:, 2] for across in (-QUIET, 33) for down in (-QUIET, 33)])
    low, high = np.floor(corners.min(axis=0)).astype(int).clip(0), np.ceil(corners.max(axis=0)).astype(int)
    read = []
    for (left, above), (right, below) in zip(low.tolist(), high.tolist(), strict=True):
        cell = picture[above:below, left:right].repeat(2, axis=0).repeat(2, axis=1)
        found = zxingcpp.read_barcodes(cell, formats=zxingcpp.BarcodeFormat.QRCodeModel2, try_invert=False)
        read.append(found[0].text if found else None)
    return read


def main() -> None:
    options = arguments(__doc__ or "")
    rounds = options.rounds or (3 if options.quick else 9)
    texts, expected = symbols(SHEET.places)
    printed = damage(expected, seed=7)
    note("photographing the sheet")
    picture = CAMERA.photograph(draw(SHEET, printed))
    truth = grade.judge(PLAN, np.where(printed, 30, 235).astype(np.float32), expected)

    times: dict[str, list[float]] = {name: [] for name in ("whole", "sheet", "grading", "peer")}
    frames = sample.settle(picture, examine.locate(picture, SHEET, texts), expected)
    wrong = np.tile(printed != expected, (8, 1, 1))
    for turn in range(rounds):
        note(f"round {turn + 1} of {rounds}")
        seconds, found = timed(lambda: examine.examine(picture, SHEET, texts, expected, level="M"))
        times["whole"].append(seconds)
        times["sheet"].append(timed(lambda: grade.judge(PLAN, sample.levels(picture, frames, 29), expected))[0])
        times["grading"].append(timed(lambda: grade.unused(PLAN, grade.errors(PLAN, wrong)))[0] / 8)
        seconds, read = timed(lambda: peer(picture, frames))
        times["peer"].append(seconds)

    rate = {name: len(texts) / median(each) for name, each in times.items()}
    seen = np.array([each.seen for each in found.findings])
    grades = np.array([grade.LETTERS.find(each.grade) if each.seen else -1 for each in found.findings])
    errors = np.array([each.errors for each in found.findings])
    bad, sound = seen & (truth.overall < 2), seen & (printed == expected).all(axis=(1, 2))
    emit(
        symbols_per_second=round(rate["sheet"]),
        ratio=round(rate["sheet"] / rate["peer"], 1),
        grading_per_second=round(rate["grading"]),
        whole_per_second=round(rate["whole"]),
        whole_ratio=round(rate["whole"] / rate["peer"], 1),
        peer_per_second=round(rate["peer"]),
        symbols=int(seen.sum()),
        damaged=int(bad.sum()),
        detected=int((bad & (grades < 2)).sum()),
        sound=int(sound.sum()),
        false_alarms=int((sound & (grades < 3)).sum()),
        exact=round(float((errors == truth.errors)[seen].mean()), 4),
        missing_and_wrong=[sum(each.missing for each in found.findings), sum(each.wrong for each in found.findings)],
        peer_read=sum(text == wanted for text, wanted, good in zip(read, texts, sound, strict=True) if good),
        pixels=round(found.pixels, 2),
    )


if __name__ == "__main__":
    main()
