"""What every label format promises. A newcomer to FORMATS is tested here before it has a test of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from tests.traceability.labels.some import a_roll, links, parts, pictures, read, some_labels, whole
from traceability.labels import FORMATS, Labels, planner


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_codes_give_the_same_bytes(name: str) -> None:
    roll = a_roll(130)
    assert whole(name, roll) == whole(name, roll)
    assert whole(name, roll) != whole(name, roll, labels=some_labels(130, start=1))
    assert whole(name, roll) != whole(name, replace(roll, count=129))


@pytest.mark.parametrize("name", FORMATS)
def test_a_part_depends_on_nothing_but_its_own_codes(name: str) -> None:
    """A worker that takes over in the middle makes the same part."""
    kind, roll = FORMATS[name], a_roll(1)
    size = kind.part_size(a_roll(10**6))
    roll = replace(roll, count=size + 40)
    codes = some_labels(roll.count)
    first, second, _ = parts(name, roll, codes)
    assert kind.part(roll, 1, some_labels(40, start=size))[0] == second
    assert kind.part(roll, 0, codes.page(0, size))[0] == first


@pytest.mark.parametrize("name", FORMATS)
def test_a_single_label_is_a_file(name: str) -> None:
    assert whole(name, a_roll(1))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_what_its_files_are(name: str) -> None:
    kind = FORMATS[name]
    assert kind.suffix in (name, "zip")
    assert "/" in kind.media_type
    assert kind.part_size(a_roll(10**6)) >= 100


@pytest.mark.parametrize("name", ["pdf", "png"])
@pytest.mark.parametrize(
    "wish",
    [
        planner.Wish(),
        planner.Wish(size_mm=5, margin_mm=1.2),
        planner.Wish(size_mm=5, gain_mm=0.04),
        planner.Wish(dpi=300, size_mm=10, gain_mm=0.05),
        planner.Wish(dpi=203, size_mm=15),
        planner.Wish(size_mm=9, light_surround=True, quiet=1, level="H"),
    ],
)
def test_every_symbol_is_read_back(name: str, wish: planner.Wish) -> None:
    roll = a_roll(40, wish)
    found = read(pictures(name, whole(name, roll), roll.drawn.dpi))
    assert sorted(found) == sorted(links(roll, some_labels(40)))


@pytest.mark.parametrize("name", ["pdf", "png"])
@pytest.mark.parametrize("serials", [[b"A", b"7B-1", b"ABCDEFGHIJKLMNOPQRST"], [b"a/b", b'=1"%^~_', b"Z" * 20]])
def test_serials_made_elsewhere_are_read_back_whatever_their_length(name: str, serials: list[bytes]) -> None:
    import numpy as np

    from traceability.labels import raster

    codes = Labels(1, np.array(serials, dtype="S20"))
    texts = [text.decode() for text in raster.escaped(codes.serials).tolist()]
    roll = a_roll(len(serials), letters=max(map(len, texts)), byte=True)
    found = read(pictures(name, whole(name, roll, labels=codes), 600))
    assert sorted(found) == sorted(roll.prefix + text for text in texts)


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].draws])
def test_what_draws_needs_a_plan(name: str) -> None:
    with pytest.raises(ValueError, match="plan"):
        FORMATS[name].part_size(replace(a_roll(1), plan=None))


def test_a_process_that_only_asks_for_labels_starts_without_numpy() -> None:
    script = "import sys, traceability.printing; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
