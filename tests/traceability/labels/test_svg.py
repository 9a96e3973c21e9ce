"""The SVG, drawn by hand from its strokes."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.traceability.labels.some import a_roll, links, read, some_labels, whole
from traceability.labels import Labels, planner

SPACE = "{http://www.w3.org/2000/svg}"
STEP = re.compile(r"([hm])(-?\d+)(?: (-?\d+))?")


def _page(content: bytes) -> ET.Element:
    opened = zipfile.ZipFile(io.BytesIO(content))
    return ET.fromstring(opened.read(opened.namelist()[0]))


def _drawn(page: ET.Element) -> Image.Image:
    width, height = map(int, page.attrib["viewBox"].split()[2:])
    dots = np.full((height, width), 255, dtype=np.uint8)
    group = page.find(f"{SPACE}g")
    assert group is not None
    scale = int(group.attrib["transform"][6:-1])
    for path in group:
        begin = re.match(r"M([\d.]+) ([\d.]+)", path.attrib["d"])
        assert begin
        x, y = float(begin[1]), float(begin[2]) - 0.5
        for kind, across, down in STEP.findall(path.attrib["d"]):
            if kind == "h":
                left, top = round(x * scale), round(y * scale)
                dots[top : top + scale, left : left + int(across) * scale] = 0
            x, y = x + int(across), y + int(down or 0)
    return Image.fromarray(dots)


@pytest.mark.parametrize("wish", [planner.Wish(), planner.Wish(size_mm=5, gain_mm=0.04), planner.Wish(dpi=300, size_mm=11)])
def test_every_symbol_is_read_back(wish: planner.Wish) -> None:
    roll = a_roll(30, wish)
    assert sorted(read([_drawn(_page(whole("svg", roll)))])) == sorted(links(roll, some_labels(30)))


def test_text_stands_beside_and_cannot_become_markup() -> None:
    codes = Labels(1, np.array([b"<b>&", b"ABC"], dtype="S20"))
    roll = a_roll(2, planner.Wish(size_mm=20), letters=20, byte=True)
    texts = [text.text for text in _page(whole("svg", roll, labels=codes)).iter(f"{SPACE}text")]
    assert texts == ["(01)06901234567892", "(21)<b>&", "(01)06901234567892", "(21)ABC"]
