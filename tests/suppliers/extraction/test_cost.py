"""Lines that were written to keep us busy cost no more than lines that were written to be read."""

from __future__ import annotations

import time
from typing import Any

import pytest

from suppliers.extraction import MOST_LETTERS, MOST_LINES, MOST_TEXT, capped, propose

SECONDS = 3.0
"""Of processor time; a slow machine under load takes a second, and what is quadratic took forty."""


def spread(texts: list[str]) -> list[dict[str, Any]]:
    return [
        {"page": 1 + at // 400, "text": text, "box": [0.1, at % 400 / 400, 0.3, at % 400 / 400 + 0.002]} for at, text in enumerate(texts)
    ]


def heaped(texts: list[str]) -> list[dict[str, Any]]:
    return [{"page": 1, "text": text, "box": [0.31, 0.1 + at * 1e-5, 0.5, 0.12 + at * 1e-5]} for at, text in enumerate(texts)]


HOSTILE = {
    "labels": ["许可证编号"] * 4000,
    "values": [f"值{at}" for at in range(4000)],
    "letters": ["章"] * 4000,
    "both": ["许可证编号：" if at % 2 else f"x1y{at}" for at in range(4000)],
    "dates": ["有效期至 " + "2026年" * 160] * 2000,
    "colons": ["检验结论" * 3 + ":"] * 4000,
    "long colons": [("检验结论" * 3 + ":") * 38] * 2000,
    "numbers": ["No: " * 120] * 2000,
    "sentences": ["Valid until: 2026-01-01 " * 20] * 2000,
    "blanks": ["有" + " " * 498 + "效"] * 2000,
    "digits": ["1" * 500] * 2000,
}


@pytest.mark.parametrize("lay", [spread, heaped])
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_lines_cost_little(name: str, lay: Any) -> None:
    begun = time.process_time()
    propose(lay(HOSTILE[name]))
    assert time.process_time() - begun < SECONDS


def test_caps() -> None:
    kept = capped(spread(["1" * 10_000] * 5000))
    assert sum(len(line["text"]) for line in kept) == MOST_LETTERS
    assert {len(line["text"]) for line in kept} == {MOST_TEXT}
    assert len(capped(spread(["a"] * 5000))) == MOST_LINES
