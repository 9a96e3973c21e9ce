"""Walk through a JPEG or PNG without decoding a pixel: is it whole, and is it small enough to show?

Runs in the limited child. What it refuses would cost a reader's browser more than a page is worth.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any, Final

from suppliers.reading import troubled

MOST_PIXELS: Final = 50_000_000
"""A sheet of A4 at 600 dpi has 35 million."""


def look(content: bytes, media_type: str) -> dict[str, Any]:
    try:
        width, height = _png(content) if media_type == "image/png" else _jpeg(content)
    except (ValueError, IndexError, struct.error):
        return troubled("image.broken")
    if width * height > MOST_PIXELS:
        return troubled("image.too_large")
    return troubled("") | {"kind": "image", "pages": 1, "trouble": None, "width": width, "height": height}


def _png(content: bytes) -> tuple[int, int]:
    """Width and height; every chunk's checksum must hold and IEND must end the file (ISO/IEC 15948)."""
    at, size = 8, None
    while True:
        length, name = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(name + body) != checksum:
            raise ValueError("checksum")
        at += 12 + length
        if name == b"IHDR" and size is None:
            size = struct.unpack_from(">II", body)
        if name == b"IEND":
            break
    if size is None or 0 in size or content[at:].strip(b"\0\r\n "):
        raise ValueError("no size, or something after the end")
    return size[0], size[1]


def _jpeg(content: bytes) -> tuple[int, int]:
    """Width and height of the frame; a scan and an end of image must follow (ITU-T T.81, annex B).

    What cameras write after the end (a second picture, a short film) is left alone.
    """
    at, size = 2, None
    while True:
        marker, code = content[at], content[at + 1]
        if marker != 0xFF:
            raise ValueError("no marker")
        if code == 0xFF:  # fill byte
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = width, height
        at += 2 + length
        if code == 0xDA:
            break
    if size is None or 0 in size or content.find(b"\xff\xd9", at) < 0:
        raise ValueError("no frame, or no end")
    return size
