"""A modest drawing of a page for the person who reviews it.

A preview, no proof: letters are drawn with the fonts that the file brings along and with boxes where it
brings none, strokes roughly, clippings and patterns not at all. Everything is decoded and drawn anew;
no byte of the file reaches a browser.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

from suppliers.ofd.documents import Files, Page
from suppliers.ofd.drawing import Colour, Thing, apply, colour, letters, path
from suppliers.ofd.markup import Box, attribute, child, numbers

LONG_SIDE: Final = 1400
_MOST_FONT_BYTES: Final = 64 << 20
_LEAST_FONT: Final = 1 << 20
_MOST_PIXELS: Final = 10_000_000
_MOST_LETTERS: Final = 12_000
_MOST_DECODED: Final = 60
Corner = tuple[float, float]


@dataclass(frozen=True)
class Imprint:
    """A seal's picture on a page, in millimetres."""

    content: bytes
    where: Box


class Sheet:
    """One page while it is drawn."""

    def __init__(self, files: Files, page: Page) -> None:
        self._files, self._page = files, page
        self._scale = LONG_SIDE / max(page.area[2], page.area[3])
        self._image = Image.new("RGB", (max(1, round(page.area[2] * self._scale)), max(1, round(page.area[3] * self._scale))), "white")
        self._pen = ImageDraw.Draw(self._image)
        self._fonts: dict[tuple[str, int], Any] = {}
        self._pictures: dict[str, Image.Image | None] = {}
        self._able: dict[tuple[str, str], bool] = {}
        self._decoded = 0
        self._left_for_letters = _MOST_LETTERS
        self._left_for_fonts = _MOST_FONT_BYTES

    def draw(self, thing: Thing) -> None:
        if thing.kind == "text":
            self._text(thing)
        elif thing.kind == "picture":
            self._picture(thing)
        else:
            self._path(thing)

    def stamp(self, imprint: Imprint) -> None:
        left, top, width, height = imprint.where
        self._paste(_decoded(imprint.content), self._pixel(left, top), self._pixel(left + width, top + height))

    def png(self) -> bytes:
        out = io.BytesIO()
        self._image.save(out, "PNG", optimize=False)
        return out.getvalue()

    def _pixel(self, x: float, y: float) -> Corner:
        return (x - self._page.area[0]) * self._scale, (y - self._page.area[1]) * self._scale

    def _place(self, thing: Thing, x: float, y: float) -> Corner:
        return self._pixel(*apply(thing.at, x, y))

    def _text(self, thing: Thing) -> None:
        fill = colour(child(thing.element, "FillColor")) or (0, 0, 0)
        name = self._page.resources.fonts.get(attribute(thing.element, "Font"), "")
        for code in letters(thing.element):
            for letter in code:
                if letter.sign.isspace() or not self._left_for_letters:
                    continue
                self._left_for_letters -= 1
                x, y = self._place(thing, letter.x, letter.y)
                top = self._place(thing, letter.x, letter.y - letter.size)[1]
                size = min(400, max(1, round(abs(y - top))))
                if not (self._letter(name, letter.sign, size, x, y, fill) or self._letter("", letter.sign, size, x, y, fill)):
                    right = self._place(thing, letter.x + 0.85 * letter.advance, letter.y)[0]
                    self._box((x, y + (top - y) * 0.8), (right, y), fill)

    def _letter(self, name: str, sign: str, size: int, x: float, y: float, fill: Colour) -> bool:
        """False when the font ``name`` cannot draw it."""
        font = self._font(name, size) if name or sign.isascii() else None
        if (name, sign) not in self._able:
            self._able[name, sign] = _able(font, sign)
        if self._able[name, sign] and font is not None and _near(self._image, [x, y, x, y]):
            self._pen.text((x, y), sign, fill=fill, font=font, anchor="ls")
        return self._able[name, sign]

    def _box(self, first: Corner, second: Corner, fill: Colour) -> None:
        corners = [min(first[0], second[0]), min(first[1], second[1]), max(first[0], second[0]), max(first[1], second[1])]
        if _near(self._image, corners):
            self._pen.rectangle(corners, outline=tuple((part + 510) // 3 for part in fill))

    def _font(self, name: str, size: int) -> Any:
        if (name, size) not in self._fonts:
            content = self._files.package.read(name) if name else b""
            self._left_for_fonts -= len(content) + _LEAST_FONT
            self._fonts[name, size] = _font(content, size) if self._left_for_fonts > 0 else None
        return self._fonts[name, size]

    def _picture(self, thing: Thing) -> None:
        name = self._page.resources.pictures.get(attribute(thing.element, "ResourceID"), "")
        if name not in self._pictures:
            self._decoded += 1
            if self._decoded > _MOST_DECODED:
                return
            self._pictures = {name: _decoded(self._files.package.read(name)) if name else None}  # one at a time: memory
        self._paste(self._pictures[name], *corners(thing, self._place))

    def _paste(self, picture: Image.Image | None, first: Corner, second: Corner) -> None:
        left, top, right, bottom = (round(edge) for edge in (*map(min, first, second), *map(max, first, second)))
        if picture is None or not _near(self._image, [left, top, right, bottom]):
            return
        small = picture.resize((max(1, right - left), max(1, bottom - top)))
        self._image.paste(small, (left, top), small)

    def _path(self, thing: Thing) -> None:
        stroke = colour(child(thing.element, "StrokeColor")) or (0, 0, 0)
        fill = colour(child(thing.element, "FillColor")) if attribute(thing.element, "Fill") == "true" else None
        width = next(iter(numbers(attribute(thing.element, "LineWidth"))), 0.353) * self._scale
        for line, closed in _lines(thing, self._place):
            if not _near(self._image, [min(p[0] for p in line), min(p[1] for p in line), max(p[0] for p in line), max(p[1] for p in line)]):
                continue
            if fill is not None and len(line) > 2:
                self._pen.polygon(line, fill=fill)
            if attribute(thing.element, "Stroke") != "false" and len(line) > 1:
                self._pen.line([*line, line[0]] if closed else line, fill=stroke, width=max(1, min(40, round(width))))


def _near(image: Image.Image, corners: list[float]) -> bool:
    """Numbers that a drawing library can bear, and not wholly beside the sheet."""
    left, top, right, bottom = corners
    most = 3 * LONG_SIDE
    return (
        -most < left <= right < most
        and -most < top <= bottom < most
        and right >= 0
        and bottom >= 0
        and left <= image.width
        and top <= image.height
    )


def _font(content: bytes, size: int) -> Any:
    """The font in ``content``; for Latin letters and digits where the file brings none, the drawing library's own."""
    if not content:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(io.BytesIO(content), size, layout_engine=ImageFont.Layout.BASIC)
    except (OSError, ValueError):
        return None


def _able(font: Any, sign: str) -> bool:
    """Has the font something to draw for the letter?"""
    try:
        return font is not None and font.getmask(sign).getbbox() is not None
    except (OSError, ValueError):
        return False


def _decoded(content: bytes) -> Image.Image | None:
    """The picture with its transparency, at most 1,400 pixels long; None for what is too large or no picture."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "BMP", "GIF")) as picture:
            picture.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is unpacked no larger than it is drawn
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            whole = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, OverflowError, Image.DecompressionBombError):
        return None
    whole.thumbnail((LONG_SIDE, LONG_SIDE))
    return whole


def corners(thing: Thing, place: Any) -> tuple[Corner, Corner]:
    """The unit square where the picture goes (10.2); without a matrix, its boundary."""
    if attribute(thing.element, "CTM"):
        return place(thing, 0.0, 0.0), place(thing, 1.0, 1.0)
    return place(thing, 0.0, 0.0), place(thing, thing.width, thing.height)


def _lines(thing: Thing, place: Any) -> Iterator[tuple[list[Corner], bool]]:
    """The figures of a path as lines from point to point; curves by their ends and middles."""
    line: list[Corner] = []
    for command, values in path(thing.element):
        if command in "SM":
            if line:
                yield line, False
            line = [place(thing, *values)]
        elif command == "C":
            if line:
                yield line, True
            line = []
        elif command == "B" and line:
            line += _curve(line[-1], *(place(thing, *values[at : at + 2]) for at in (0, 2, 4)))
        elif values:
            line.append(place(thing, *values[-2:]))
    if line:
        yield line, False


def _curve(a: Corner, b: Corner, c: Corner, d: Corner) -> list[Corner]:
    """A cubic Bézier curve in six steps."""
    weights = [((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3) for t in (n / 6 for n in range(1, 7))]
    return [(p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1]) for p, q, r, s in weights]
