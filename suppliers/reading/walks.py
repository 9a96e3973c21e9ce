"""Walk through a JPEG or PNG without decoding a pixel: is it whole, and is it small enough to be decoded?

Runs in the limited child. What it refuses would cost more memory or time than a page is worth.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

MOST_PIXELS: Final = 50_000_000
"""A sheet of A4 at 600 dpi has 35 million."""
MOST_UNPACKED: Final = 140 << 20
"""Bytes of a decoded PNG."""
MOST_COEFFICIENTS: Final = 112 << 20
"""Bytes that a progressive JPEG needs all at once: 36 million pixels with coarse colours."""
MOST_SCANS: Final = 32
"""Of a progressive JPEG: cameras and libraries write about ten; each costs a walk over the whole picture."""


class Broken(ValueError):
    """Not a whole picture."""


class TooLarge(ValueError):
    """A picture, but more of it than is looked at."""


@dataclass(frozen=True)
class Measured:
    width: int
    height: int


def measure(content: bytes, media_type: str) -> Measured:
    """Raises Broken or TooLarge."""
    try:
        measured = _png(content) if media_type == "image/png" else _jpeg(content)
    except (IndexError, struct.error):
        raise Broken("cut") from None
    if measured.width * measured.height > MOST_PIXELS:
        raise TooLarge("pixels")
    return measured


def _png(content: bytes) -> Measured:
    """Every chunk's checksum must hold and IEND must end the file (ISO/IEC 15948)."""
    at, size, unpacked = 8, None, 0
    while True:
        length, name = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(name + body) != checksum:
            raise Broken("checksum")
        at += 12 + length
        if name == b"IHDR" and size is None:
            width, height, _, colour = struct.unpack_from(">IIBB", body)
            size, unpacked = Measured(width, height), width * height * (4 if colour in (2, 4, 6) else 1)
        if name == b"IEND":
            break
    if size is None or 0 in (size.width, size.height) or content[at:].strip(b"\0\r\n "):
        raise Broken("no size, or something after the end")
    if unpacked > MOST_UNPACKED:
        raise TooLarge("bytes")
    return size


def _jpeg(content: bytes) -> Measured:
    """A frame, a scan and an end of image must follow each other (ITU-T T.81, annex B).

    What cameras write after the end (a second picture, a short film) is left alone.
    """
    at, size, unpacked, progressive = 2, None, 0, False
    while True:
        marker, code = content[at], content[at + 1]
        if marker != 0xFF:
            raise Broken("no marker")
        if code == 0xFF:  # fill byte
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            height, width, components = struct.unpack_from(">HHB", content, at + 5)
            size, progressive = Measured(width, height), code in (0xC2, 0xC6, 0xCA, 0xCE)
            unpacked = width * height * _coefficients(content, at + 10, components)
        at += 2 + length
        if code == 0xDA:
            break
    if size is None or 0 in (size.width, size.height) or content.find(b"\xff\xd9", at) < 0:
        raise Broken("no frame, or no end")
    if progressive and (unpacked > MOST_COEFFICIENTS or content.count(b"\xff\xda", at) > MOST_SCANS):
        raise TooLarge("progressive")
    return size


def _coefficients(content: bytes, at: int, components: int) -> float:
    """Bytes a pixel: two for each coefficient, fewer where colours are sampled coarsely."""
    samplings = [content[at + 3 * index + 1] for index in range(min(components, 4))]
    areas = [(sampling >> 4) * (sampling & 15) for sampling in samplings]
    return 2 * sum(areas) / max(max(areas, default=1), 1)
