"""Symbols against an independent encoder and an independent reader."""

from __future__ import annotations

import csv
import io

import pytest
import zxingcpp
from PIL import Image

from tests.conftest import shared_data
from traceability.labels import symbol

LINK = "HTTPS://ID.EXAMPLE/01/06901234567892/21/0G8ZK3V9QW1T"


def test_modules_are_those_of_another_encoder_that_pads_as_the_standard_says() -> None:
    with (shared_data("codes") / "qr_symbol_vectors.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["level"] == symbol.LEVEL and int(row["mask_fixed"]) == symbol.MASK]
    for row in rows:
        ours = "".join(str(module) for line in symbol.modules(row["payload"], int(row["version"])) for module in line)
        bits = bin(int("1" + row["hex_iso_fixed"], 16))[3:]
        assert ours == bits[: len(ours)], row["payload"]
    assert len(rows) > 5


@pytest.mark.parametrize("host", range(8, 28))
def test_every_length_of_link_is_read_back(host: int) -> None:
    text = f"HTTPS://{'A' * host}/01/06901234567892/21/0G8ZK3V9QW1T"
    assert symbol.version(text) == (3 if len(text) <= 61 else 4)
    assert _read(symbol.png(text)) == text


def test_a_symbol_can_be_larger_than_it_needs() -> None:
    assert len(symbol.modules("A", 1)) == 21
    assert len(symbol.modules("A", 3)) == 29


def test_the_svg_belongs_into_a_page() -> None:
    picture = symbol.svg(LINK)
    assert picture.startswith("<svg ")
    assert 'viewBox="0 0 37 37"' in picture
    assert "width=" not in picture.split(">")[0]


def test_a_terminal_shows_the_symbol() -> None:
    lines = symbol.terminal(LINK).splitlines()
    light = {" ": "11", "█": "00", "▀": "01", "▄": "10"}
    dark = [[light[block][half] == "1" for block in line] for line in lines if line for half in (0, 1)]
    image = Image.new("1", (len(dark[0]) * 4, len(dark) * 4), 1)
    for y, row in enumerate(dark):
        for x, is_dark in enumerate(row):
            if is_dark:
                image.paste(0, (x * 4, y * 4, x * 4 + 4, y * 4 + 4))
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    assert found.text == LINK


def _read(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    return str(found.text)
