"""The bit-parallel penalty against the rules read out loud, module by module."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from traceability.symbols import layout as places
from traceability.symbols import size
from traceability.symbols.matrix import information, mask
from traceability.symbols.penalty import Scorer


@given(data=st.data(), version=st.sampled_from([1, 2, 3, 4, 5]))
@settings(deadline=None, max_examples=40)
def test_the_standards_rules(data: st.DataObject, version: int) -> None:
    edge = size(version)
    modules = data.draw(npst.arrays(np.uint8, (edge, edge), elements=st.integers(0, 1)))
    check(modules, version)


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_larger_patterns_count_too(scale: int, at: int) -> None:
    for version in (3, 4, 8):
        edge = size(version)
        if 7 * scale + at > edge:
            continue
        modules = np.zeros((edge, edge), dtype=np.uint8)
        pattern = np.repeat(np.array([1, 0, 1, 1, 1, 0, 1], dtype=np.uint8), scale)
        modules[edge // 2, at : at + 7 * scale] = pattern
        modules[edge - 7 * scale - at : edge - at, edge // 3] |= pattern
        check(modules ^ mask(version, 0) ^ information(version, "M", 0), version)


def check(modules: np.ndarray, version: int) -> None:
    scorer = Scorer(version, "M", rules="iso")
    words = scorer.lanes.pack(modules)[None]
    ours = scorer.scores(words)[:, 0].tolist()
    said = [spoken(modules ^ mask(version, number) ^ information(version, "M", number)) for number in range(8)]
    assert ours == said
    assert scorer.best(words)[0] == said.index(min(said))


def spoken(modules: np.ndarray) -> int:
    edge = len(modules)
    score = 0
    for line in [*modules.tolist(), *modules.T.tolist()]:
        runs = [(colour, len(list(run))) for colour, run in groupby(line)]
        score += sum(3 + length - 5 for _, length in runs if length >= 5)
        lengths = [edge * (line[0] == 1), *(length for _, length in runs)]
        if line[0] == 0:
            lengths[1] += edge
            lengths = lengths[1:]
        if len(lengths) % 2 == 0:
            lengths.append(edge)
        else:
            lengths[-1] += edge
        for start in range(0, len(lengths) - 6, 2):
            before, *pattern, after = lengths[start : start + 7]
            unit = pattern[0]
            if pattern == [unit, unit, 3 * unit, unit, unit]:
                score += 40 * ((before >= 4 * unit and after >= unit) + (after >= 4 * unit and before >= unit))
    for row in range(edge - 1):
        for column in range(edge - 1):
            score += 3 * (len(set(modules[row : row + 2, column : column + 2].flatten().tolist())) == 1)
    share = abs(int(modules.sum()) * 20 - edge * edge * 10)
    return score + 10 * max((share + edge * edge - 1) // (edge * edge) - 1, 0)


@pytest.mark.parametrize("version", range(1, 12))
def test_every_message_bit_has_one_place(version: int) -> None:
    where = places(version)
    bits = np.sort(where[where >= 0])
    assert (bits == np.arange(len(bits))).all()
