"""ZPL, run by a small printer that knows only what the manual says."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image

from tests.traceability.labels.some import a_roll, links, read, some_labels, whole
from traceability.labels import Labels, planner, raster

COMMANDS = re.compile(r"[\^~]([A-Z][A-Z0-9]|A0)")


def _labels(content: bytes) -> list[str]:
    return content.decode("ascii").splitlines()


def _bitmap(label: str) -> Image.Image:
    """The field of the label as it is printed: ^GFA with colons for lines that come again."""
    found = re.search(r"\^FO(\d+),(\d+)\^GFA,(\d+),(\d+),(\d+),([0-9A-F:]+)\^FS", label)
    assert found
    x, y, sent, total, a_row = map(int, found.groups()[:5])
    lines: list[str] = []
    rest = found[6]
    while rest:
        again = rest.startswith(":")
        lines.append(lines[-1] if again else rest[: 2 * a_row])
        rest = rest[1:] if again else rest[2 * a_row :]
    assert sent == total == a_row * len(lines)
    bits = np.unpackbits(np.frombuffer(bytes.fromhex("".join(lines)), dtype=np.uint8).reshape(len(lines), a_row), axis=1)
    image = Image.new("L", (int(re.search(r"\^PW(\d+)", label)[1]), int(re.search(r"\^LL(\d+)", label)[1])), 255)  # type: ignore[index]
    image.paste(Image.fromarray(np.where(bits, 0, 255).astype(np.uint8)), (x, y))
    return image


@pytest.mark.parametrize("wish", [planner.Wish(), planner.Wish(size_mm=5), planner.Wish(size_mm=5, gain_mm=0.04), planner.Wish(dpi=300)])
def test_every_label_is_read_back(wish: planner.Wish) -> None:
    roll = a_roll(12, wish)
    printed = _labels(whole("zpl", roll))
    assert [read([_bitmap(label)]) for label in printed] == [[link] for link in links(roll, some_labels(12))]


@pytest.mark.parametrize("serial", [b"^XZ^XA^JUS", b"~JR", b"_5E_7E", b"^FS^FDx", b"A,B;C", b"a\\&b"])
def test_a_serial_can_give_no_command(serial: bytes) -> None:
    plain = Labels(1, np.array([b"A" * len(serial)], dtype="S20"))
    codes = Labels(1, np.array([serial], dtype="S20"))
    letters = max(len(text) for text in raster.escaped(codes.serials).tolist())
    roll = a_roll(1, planner.Wish(size_mm=20), letters=letters, byte=True)
    hostile, tame = (whole("zpl", roll, labels=one).decode("ascii") for one in (codes, plain))
    assert COMMANDS.findall(hostile) == COMMANDS.findall(tame)
    assert "~" not in hostile
    said = re.findall(r"\^FD((?:_[0-9A-F]{2})*)\^FS", hostile)
    assert [bytes.fromhex(text.replace("_", "")).decode().rstrip() for text in said] == ["(01)06901234567892", "(21)" + serial.decode()]
