"""Words on a page come from its layer, from its pixels, or from signed data; where layer and pixels disagree, that is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from suppliers import reading, recognising
from suppliers.certificates import inspecting, uploads
from tests.conftest import House
from tests.suppliers import shelf

LAYER = [
    {"page": 1, "text": "食品生产许可证", "box": [0.3, 0.1, 0.7, 0.15]},
    {"page": 1, "text": "许可证编号：SC10531011200175", "box": [0.1, 0.3, 0.6, 0.33]},
    {"page": 1, "text": "有效期至：2037年06月30日", "box": [0.1, 0.4, 0.6, 0.43]},
]


def seen_as(monkeypatch: pytest.MonkeyPatch, lines: list[dict[str, Any]] | None) -> list[int]:
    """Let the reader of letters answer this; how many pictures it was shown each time."""
    shown: list[int] = []

    def recognise(pictures: Sequence[bytes]) -> list[dict[str, Any]] | None:
        shown.append(len(pictures))
        return lines

    monkeypatch.setattr(recognising, "recognise", recognise)
    return shown


def a_page(**more: Any) -> dict[str, Any]:
    return reading.troubled(None, "pdf") | {"lines": LAYER, "lines_from": "layer"} | more


def in_pixels(end: str) -> list[dict[str, Any]]:
    return [*LAYER[:2], LAYER[2] | {"text": f"有效期至：{end}", "confidence": 0.99}]


def test_a_layer_that_says_what_nobody_sees_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = seen_as(monkeypatch, in_pixels("2027年06月30日"))
    told, fields = inspecting._worded(a_page(), [b"one", b"two"])
    assert shown == [1]
    assert [(signal["name"], signal["page"]) for signal in told["signals"]] == [("layer_differs", 1)]
    assert fields["valid_until"]["value"] == "2037-06-30"


@pytest.mark.parametrize("pixels", [in_pixels("2037 年 06 月 30 日"), None, []])
def test_a_layer_that_agrees_or_cannot_be_compared_tells_nothing(monkeypatch: pytest.MonkeyPatch, pixels: Any) -> None:
    seen_as(monkeypatch, pixels)
    told, fields = inspecting._worded(a_page(), [b"one"])
    assert told["signals"] == []
    assert fields["number"]["value"] == "SC10531011200175"


def test_what_only_the_seal_says_is_read_from_the_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    seal = {"page": 1, "text": "样本市市场监督管理局", "box": [0.6, 0.7, 0.9, 0.9], "confidence": 0.99, "channel": "seal"}
    seen_as(monkeypatch, [*LAYER, seal])
    told, fields = inspecting._worded(a_page(signatures=[shelf.TRUSTED]), [b"one"])
    assert told["signals"] == []
    assert fields["issuer_name"]["value"] == "样本市市场监督管理局"


def test_a_picture_is_read_whole_and_without_the_reader_a_person_types(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = seen_as(monkeypatch, in_pixels("2027年06月30日"))
    told, fields = inspecting._worded(a_page(lines=[], lines_from=None), [b"one", b"two"])
    assert (shown, told["lines_from"], fields["valid_until"]["value"]) == ([2], "ocr", "2027-06-30")
    seen_as(monkeypatch, None)
    told, fields = inspecting._worded(a_page(lines=[], lines_from=None), [b"one"])
    assert (told["lines_from"], fields) == (None, {})


def test_a_found_virus_refuses_and_silence_is_not_clean(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Scanner:
        def scan(self, content: bytes) -> tuple[str, str | None]:
            return "found", "Eicar-Test-Signature"

    monkeypatch.setattr(reading, "look", lambda *_args, **_more: reading.Seen(a_page()))
    seen_as(monkeypatch, None)
    with house.look("system", now=datetime(2026, 11, 22, tzinfo=UTC)) as unit:
        key = unit.outside.vault.put(shelf.PDF)
        assert inspecting.look_at(unit, key, words=False).reading["scan"] == {"state": "not_scanned", "name": None}
        unit.outside = replace(unit.outside, scanner=Scanner())
        found = inspecting.look_at(unit, key, words=False).reading
    assert found["scan"] == {"state": "found", "name": "Eicar-Test-Signature"}
    assert uploads.refuses(found)
