"""Labels to draw in tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2
import zxingcpp
from PIL import Image

from traceability import seal
from traceability.labels import FORMATS, Labels, Made, Roll, planner
from traceability.symbols import mode_of

PREFIX = "HTTPS://ID.EXAMPLE/01/06901234567892/21/"
KEY = bytes(32)


def a_roll(count: int, wish: planner.Wish | None = None, *, prefix: str = PREFIX, letters: int = 12, byte: bool = False) -> Roll:
    mode = "byte" if byte else mode_of(prefix)
    plan = planner.plan(wish or planner.Wish(), text_length=len(prefix) + letters, mode=mode)
    return Roll(count, "06901234567892", prefix, ("(01)06901234567892", "(21)"), plan=plan)


def some_labels(count: int, start: int = 0) -> Labels:
    return Labels(start + 1, seal.letters(KEY, start, count).view("S12").reshape(-1))


def links(roll: Roll, labels: Labels) -> list[str]:
    return [roll.prefix + serial.decode() for serial in labels.serials.tolist()]


def whole(format: str, roll: Roll, *, labels: Labels | None = None) -> bytes:
    """A file as printing makes it: part by part, the tail at the end."""
    return b"".join(parts(format, roll, labels or some_labels(roll.count)))


def parts(format: str, roll: Roll, labels: Labels) -> list[bytes]:
    kind = FORMATS[format]
    size = kind.part_size(roll)
    contents: list[bytes] = []
    made: list[Made] = []
    for number, at in enumerate(range(0, roll.count, size)):
        content, note = kind.part(roll, number, labels.page(at, size))
        contents.append(content)
        made.append(Made(len(content), note))
    return [*contents, kind.tail(roll, made)]


def pictures(format: str, content: bytes, dpi: int) -> list[Image.Image]:
    """The pages as a printer would see them; none for a format that is no picture."""
    if format == "pdf":
        return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(content)]
    if format == "png":
        archive = zipfile.ZipFile(io.BytesIO(content))
        return [Image.open(io.BytesIO(archive.read(name))).convert("L") for name in archive.namelist()]
    return []


def read(pictures: Sequence[Image.Image]) -> list[str]:
    """What an independent reader finds on them."""
    found = [symbol for page in pictures for symbol in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)]
    return [symbol.text for symbol in found if symbol.valid]


def starting(roll: Roll, start: int) -> Roll:
    return replace(roll, start=start)
