"""Frames with holes, and the shelf they lie on."""

from __future__ import annotations

import pytest

from app.pages.holes import Frame, Shelf, hole


def test_holes_are_filled_and_escaped() -> None:
    assert Frame(f"a {hole('name')} b {hole('name')}").fill({"name": "<x>"}) == b"a &lt;x&gt; b &lt;x&gt;"


def test_what_could_not_be_made_leaves_nothing_behind_and_may_be_made_later() -> None:
    shelf: Shelf[str] = Shelf(2)

    def fails() -> str:
        raise OSError("no template")

    for key in range(5):
        with pytest.raises(OSError, match="no template"):
            shelf.get(key, fails)
    assert not shelf._making
    assert shelf.get(0, lambda: "made") == shelf.get(0, fails) == "made"
    assert not shelf._making
