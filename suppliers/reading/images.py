"""A photograph or a scan: walked through, decoded, turned upright, and made anew for showing.

Runs in the limited child. Large JPEGs are decoded small where small is enough: their grey at most
once in full, their colours never.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile, JpegImagePlugin, PngImagePlugin

from suppliers.reading import patches, previews, symbols, troubled, walks
from suppliers.reading.stopwatch import time_left

Picture = NDArray[np.uint8]
MOST_SIDE: Final = 1800
_PLUGINS: Final = (JpegImagePlugin, PngImagePlugin)
_FORMATS: Final = {"image/jpeg": ("JPEG",), "image/png": ("PNG",)}
_STRIP: Final = 256
_TURNS: Final[dict[int, Callable[[Picture], Picture]]] = {
    2: np.fliplr,
    3: lambda pixels: np.rot90(pixels, 2),
    4: np.flipud,
    5: lambda pixels: np.swapaxes(pixels, 0, 1),
    6: lambda pixels: np.rot90(pixels, -1),
    7: lambda pixels: np.rot90(np.swapaxes(pixels, 0, 1), 2),
    8: np.rot90,
}
"""What stands a picture upright, by its EXIF orientation; 1 stands already (CIPA DC-008, 4.6.5)."""


def look(content: bytes, known: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """The reading and one preview; of the header, only ``kind`` is needed."""
    try:
        walks.measure(content, known["kind"])
        return _look(content, _FORMATS[known["kind"]])
    except walks.TooLarge:
        return troubled("image.too_large", "image"), []
    except MemoryError:
        raise
    except Exception:  # Pillow lets through whatever its decoders meet
        return troubled("image.broken", "image"), []


def _look(content: bytes, formats: tuple[str, ...]) -> tuple[dict[str, Any], list[bytes]]:
    Image.MAX_IMAGE_PIXELS = None  # measured already, by stricter rules
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    colours, pixels, meta = _decoded(content, formats)
    found = symbols.found(_at_most(pixels, symbols.LARGE), page=1, larger=_finer(pixels))
    signals = patches.found(pixels, page=1) if time_left() else []
    reading = troubled(None, "image") | {"pages": 1, "meta": meta, "symbols": found, "signals": signals}
    return reading, [previews.packed(colours)]


def _decoded(content: bytes, formats: tuple[str, ...]) -> tuple[Picture, Picture, dict[str, str | None]]:
    """A small picture in colours, a full one in grey, both upright, and what the file says of itself."""
    with Image.open(io.BytesIO(content), formats=formats) as image:
        turn, meta = _exif(image)
        colours = np.asarray(_small(image))
        pixels = None if image.format == "JPEG" else _grey(image)
    if pixels is None:
        with Image.open(io.BytesIO(content), formats=formats) as image:
            image.draft("L", image.size)  # of colours, not even the decoder knows
            pixels = _grey(image)
    return _upright(colours, turn), _upright(pixels, turn), meta


def _small(image: Image.Image) -> Image.Image:
    """At most MOST_SIDE on a side, on white, in red, green and blue."""
    image.draft("RGB", (MOST_SIDE, MOST_SIDE))
    step = max(image.size) // MOST_SIDE
    small = image.reduce(step) if step > 1 and image.mode in ("L", "RGB", "RGBA", "LA", "CMYK") else image
    small = _on_white(small)
    small.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    return small


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture in red, green and blue."""
    if image.mode.startswith("I"):  # sixteen bits of grey
        return Image.fromarray((np.asarray(image).clip(0, 65535) >> 8).astype(np.uint8)).convert("RGB")
    if "A" in image.mode or "transparency" in image.info:  # what is not painted is paper
        image = image.convert("RGBA")
        return Image.composite(image.convert("RGB"), Image.new("RGB", image.size, "white"), image.getchannel("A"))
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def _grey(image: Image.Image) -> Picture:
    """Grey levels (height, width), strip by strip: what lies between is never there for the whole picture."""
    levels = np.empty((image.height, image.width), np.uint8)
    for top in range(0, image.height, _STRIP):
        bottom = min(top + _STRIP, image.height)
        strip = image.crop((0, top, image.width, bottom))
        strip.info = image.info
        levels[top:bottom] = np.asarray(strip if strip.mode == "L" else _on_white(strip).convert("L"))
    return levels


def _upright(pixels: Picture, turn: int) -> Picture:
    return np.ascontiguousarray(_TURNS[turn](pixels)) if turn in _TURNS else pixels


def _exif(image: Image.Image) -> tuple[int, dict[str, str | None]]:
    """Orientation, and what the file says of itself. A broken EXIF says nothing."""
    try:
        said = image.getexif()
        more = said.get_ifd(ExifTags.IFD.Exif)
    except MemoryError:
        raise
    except Exception:
        return 1, troubled(None)["meta"]
    turn = said.get(ExifTags.Base.Orientation, 1)
    meta = {
        "producer": _words(said.get(ExifTags.Base.Software) or image.info.get("Software")),
        "creator": _words(said.get(ExifTags.Base.Model)),
        "created": _moment(more.get(ExifTags.Base.DateTimeOriginal)),
        "modified": _moment(said.get(ExifTags.Base.DateTime)),
    }
    return turn if isinstance(turn, int) else 1, meta


def _words(said: object) -> str | None:
    return re.sub(r"[\x00-\x1f\x7f]+", " ", said).strip()[:200] or None if isinstance(said, str) else None


def _moment(said: object) -> str | None:
    """2026:11:21 18:27:37 as ISO 8601, in the camera's own zone."""
    match = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)\0*", said) if isinstance(said, str) else None
    return f"{match[1]}-{match[2]}-{match[3]}T{match[4]}" if match else None


def _at_most(pixels: Picture, side: int) -> Picture:
    step = -(-max(pixels.shape) // side)
    return np.asarray(Image.fromarray(pixels).reduce(step)) if step > 1 else pixels


def _finer(pixels: Picture) -> Callable[[], Picture]:
    """A small picture enlarged, a large one as it is as far as there is room."""

    def fine() -> Picture:
        if max(pixels.shape) * 2 <= symbols.LARGE:
            height, width = pixels.shape
            return np.asarray(Image.fromarray(pixels).resize((width * 2, height * 2), Image.Resampling.BICUBIC))
        return _at_most(pixels, symbols.LARGEST)

    return fine
