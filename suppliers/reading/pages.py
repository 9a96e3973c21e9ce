"""What a person would see of a PDF: its pages as pixels, their text with its places, its own words about itself.

Runs in the limited child. Drawn by pdfium without scripts; annotations and forms are drawn too,
because that is where things are hidden.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from suppliers.reading import unseen
from suppliers.reading.lines import Box, Letter, grouped
from suppliers.reading.stopwatch import time_left

Picture = NDArray[np.uint8]
MOST_SIDE: Final = 1800
MOST_SHOWN: Final = 10
MOST_TEXT_PAGES: Final = 60
MOST_LETTERS: Final = 60_000
MOST_LINES: Final = 4_000
_MOST_SCALE: Final = 4.0
_FINE: Final = 1_000_000
"""Steps along a side of the page when places are asked for."""
_FAR: Final = 1000.0
_LATIN: Final = 0x24F
"""Up to here fonts that the file does not bring along are drawn with others."""
_PALE: Final = 20
_MOST_IMAGES: Final = 500
_TEXT_SECONDS: Final = 2.0
"""Until when pages are searched for text: their pixels must be looked at as well."""


class Book:
    """An open PDF; pages count from 1. Raises pypdfium2.PdfiumError for what cannot be opened or drawn."""

    def __init__(self, content: bytes) -> None:
        self._pdf = pdfium.PdfDocument(content)
        self._letters: dict[int, list[Letter]] = {}
        if self._pdf.get_formtype() != raw.FORMTYPE_NONE:
            self._pdf.init_forms()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pdf.close()

    def __len__(self) -> int:
        return len(self._pdf)

    def drawn(self, number: int, most_side: int, *, grey: bool = False) -> Picture:
        """(height, width, 3) in red, green, blue, or (height, width), on white."""
        page = self._pdf[number - 1]
        try:
            width, height = page.get_size()
            scale = min(most_side / max(width, height, 1), _MOST_SCALE)
            bitmap = page.render(scale=scale, rev_byteorder=not grey, grayscale=grey, maybe_alpha=False)
            try:
                pixels = bitmap.to_numpy()
                return np.array(pixels[..., :3] if pixels.ndim == 3 and not grey else pixels.reshape(pixels.shape[:2]))
            finally:
                bitmap.close()
        finally:
            page.close()

    def grey(self, number: int, most_side: int) -> Picture:
        return self.drawn(number, most_side, grey=True)

    def shown(self) -> Iterator[tuple[int, Picture]]:
        """The first pages for a reviewer, as many as there is time for, the first in any case."""
        for number in range(1, min(len(self), MOST_SHOWN) + 1):
            if number == 1 or time_left():
                yield number, self.drawn(number, MOST_SIDE)

    def lines(self) -> list[dict[str, Any]]:
        """The text layer, line by line: {page, text, box}."""
        found: list[dict[str, Any]] = []
        letters = 0
        self._letters.clear()
        for number in range(1, min(len(self), MOST_TEXT_PAGES) + 1):
            if letters > MOST_LETTERS or len(found) > MOST_LINES or not time_left(_TEXT_SECONDS):
                break
            page = self._pdf[number - 1]
            try:
                seen = _letters(page, MOST_LETTERS - letters)
                letters += len(seen)
                if number <= MOST_SHOWN:
                    self._letters[number] = seen
                width, height = page.get_size()
                rows = grouped(seen, aspect=width / max(height, 1e-6))
                found += [{"page": number, "text": text, "box": box} for text, box in rows]
            finally:
                page.close()
        return found[:MOST_LINES]

    def hidden(self, number: int, picture: Picture) -> list[dict[str, Any]]:
        """Signals of text on a page that nobody sees on its ``picture``; after ``lines``."""
        letters = self._letters.get(number)
        if not letters:
            return []
        page = self._pdf[number - 1]
        try:
            images = list(_images(page)) if any(letter.ghost for letter in letters) else []
            return unseen.found(letters, picture, images, page=number, points=page.get_size())
        finally:
            page.close()

    def meta(self) -> dict[str, str | None]:
        """Its producer, creator and dates, as it says itself."""
        said = self._pdf.get_metadata_dict()

        def words(key: str) -> str | None:
            return re.sub(r"[\x00-\x1f\x7f]+", " ", said.get(key, "")).strip()[:200] or None

        return {
            "producer": words("Producer"),
            "creator": words("Creator"),
            "created": moment(said.get("CreationDate", "")),
            "modified": moment(said.get("ModDate", "")),
        }


def _letters(page: Any, most: int) -> list[Letter]:
    """The characters of a page and where they stand on it as it is shown (rotated, cropped)."""
    text = page.get_textpage()
    try:
        place, room = _placer(page), raw.FS_RECTF()
        there = ctypes.byref(room)
        manner = _Manner(text)
        found = []
        for index in range(min(text.count_chars(), max(most, 0))):
            code = raw.FPDFText_GetUnicode(text.raw, index)
            if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
                continue
            if code <= 32 and (code < 32 or raw.FPDFText_IsGenerated(text.raw, index) == 1):
                found.append(Letter(" " if code == 32 else "\n", None))
            elif raw.FPDFText_GetLooseCharBox(text.raw, index, there):
                found.append(Letter(chr(code), place(room.left, room.bottom, room.right, room.top), *manner.of(index, code)))
        return found
    finally:
        text.close()


class _Manner:
    """How letters are written, asked once for each object of text."""

    def __init__(self, text: Any) -> None:
        self._text = text
        self._known: dict[int, tuple[bool, bool]] = {}

    def of(self, index: int, code: int) -> tuple[bool, bool]:
        """(ghost, excused) of a letter: ghosts are written without ink (ISO 32000-1, 9.3.6: modes 3 and 7)."""
        thing = raw.FPDFText_GetTextObject(self._text.raw, index)
        key = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if not key:
            return False, False
        if key not in self._known:
            ghost = raw.FPDFTextObj_GetTextRenderMode(thing) in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
            font = raw.FPDFTextObj_GetFont(thing)
            self._known[key] = ghost, bool(font) and raw.FPDFFont_GetIsEmbedded(font) != 1 and self._inked(index)
        ghost, missing = self._known[key]
        return ghost, missing and code > _LATIN

    def _inked(self, index: int) -> bool:
        """Whether its colour would be seen on paper."""
        parts = [ctypes.c_uint() for _ in range(4)]
        if not raw.FPDFText_GetFillColor(self._text.raw, index, *(ctypes.byref(part) for part in parts)):
            return True
        red, green, blue, alpha = (part.value for part in parts)
        return alpha > _PALE and min(red, green, blue) < 255 - _PALE


def _images(page: Any) -> Iterator[Box]:
    """Where pictures lie on the page as it is shown."""
    place = _placer(page)
    for thing in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), _MOST_IMAGES):
        yield place(*thing.get_bounds())


def _placer(page: Any) -> Callable[[float, float, float, float], Box]:
    """From points of the page to fractions of it as it is shown: turned, cropped. Asked of pdfium at three points, as it is linear."""
    across, down = ctypes.c_int(), ctypes.c_int()

    def point(x: float, y: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value / _FINE, down.value / _FINE

    (left, top), (xx, xy), (yx, yy) = point(0, 0), point(_FAR, 0), point(0, _FAR)
    xx, xy, yx, yy = (xx - left) / _FAR, (xy - top) / _FAR, (yx - left) / _FAR, (yy - top) / _FAR

    def place(west: float, south: float, east: float, north: float) -> Box:
        x1, y1 = left + west * xx + north * yx, top + west * xy + north * yy
        x2, y2 = left + east * xx + south * yx, top + east * xy + south * yy
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    return place


def moment(said: str) -> str | None:
    """D:20261121182737+08'00' as ISO 8601, or None (ISO 32000-1, 7.9.4). Without a zone it stays without."""
    match = re.match(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?", said)
    if not match:
        return None
    year, month, day, hour, minute, second = (
        int(part) if part else low for part, low in zip(match.groups()[:6], (1, 1, 1, 0, 0, 0), strict=True)
    )
    zone = UTC if match[7] else None
    try:
        if match[8]:
            away = timedelta(hours=int(match[9]), minutes=int(match[10] or 0))
            zone = timezone(away if match[8] == "+" else -away)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).isoformat()
    except ValueError:
        return None
