"""Pictures of one symbol, read back by an independent reader where it can."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from traceability.symbols import draw, make

LINK = "HTTPS://ID.EXAMPLE/01/06901234567892/21/0G8ZK3V9QW1T"


@pytest.mark.parametrize("host", range(8, 28))
def test_every_length_of_link_is_read_back_from_a_png(host: int) -> None:
    text = f"HTTPS://{'A' * host}/01/06901234567892/21/0G8ZK3V9QW1T"
    symbol = make(text)
    assert symbol.version == (3 if len(text) <= 61 else 4)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(draw.picture(symbol, "png", scale=4))).convert("L"))
    assert found.text == text


def test_the_svg_belongs_into_a_page() -> None:
    picture = draw.svg(make(LINK))
    assert picture.startswith("<svg ")
    assert 'viewBox="0 0 37 37"' in picture
    assert "width=" not in picture.split(">")[0]


def test_an_eps_is_one() -> None:
    assert draw.picture(make(LINK), "eps", quiet=2).startswith(b"%!PS-Adobe-3.0 EPSF-3.0")


def test_a_kind_that_is_not_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="svg, png, eps"):
        draw.picture(make(LINK), "exe")


def test_a_terminal_shows_the_symbol() -> None:
    lines = draw.terminal(make(LINK)).splitlines()
    light = {" ": "11", "█": "00", "▀": "01", "▄": "10"}
    dark = [[light[block][half] == "1" for block in line] for line in lines if line for half in (0, 1)]
    image = Image.new("1", (len(dark[0]) * 4, len(dark) * 4), 1)
    for y, row in enumerate(dark):
        for x, is_dark in enumerate(row):
            if is_dark:
                image.paste(0, (x * 4, y * 4, x * 4 + 4, y * 4 + 4))
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    assert found.text == LINK
