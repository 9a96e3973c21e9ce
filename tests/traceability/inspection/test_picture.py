"""A stranger's bytes: grey levels, or a flaw; never gigabytes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from traceability.inspection import NotAPicture, picture


def _bytes(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _rule(content: bytes) -> str:
    with pytest.raises(NotAPicture) as raised:
        picture.grey(content)
    (error,) = raised.value.errors
    assert error["pointer"] == "/picture"
    return str(error["rule"])


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG"])
@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_pictures_of_each_kind_become_grey_levels(kind: str, mode: str) -> None:
    image = Image.new("L", (40, 20), 255)
    image.paste(0, (0, 0, 20, 20))
    grey = picture.grey(_bytes(image.convert(mode), kind))
    assert (grey.shape, grey.dtype) == ((20, 40), np.uint8)
    assert grey[10, 5] < 10
    assert grey[10, 35] > 245


def test_sixteen_bits_and_transparency_are_understood() -> None:
    deep = Image.fromarray(np.full((4, 4), 0x8000, np.uint16))
    assert picture.grey(_bytes(deep, "PNG"))[0, 0] == 0x80
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert picture.grey(_bytes(clear, "PNG"))[0, 0] == 255


@pytest.mark.parametrize("content", [b"", b"no picture", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" * 9])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert _rule(content) == "picture"


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG"])
def test_half_a_picture_is_refused(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (90, 90), np.uint8))
    content = _bytes(noise, kind)
    assert _rule(content[: len(content) // 2]) == "picture"


def test_other_kinds_are_refused_even_where_the_library_knows_them() -> None:
    assert _rule(_bytes(Image.new("L", (9, 9)), "GIF")) == "picture"


def test_a_bomb_is_refused_by_its_header() -> None:
    """Nine thousand pixels square from two hundred bytes: nothing of it is unpacked."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 9000, 9000, 8, 0, 0, 0, 0))
    assert _rule(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")) == "picture-pixels"


def test_too_many_bytes_are_not_even_looked_at() -> None:
    assert _rule(bytes(picture.MOST_BYTES + 1)) == "picture-bytes"


@pytest.mark.parametrize("kind", [2, 5, 7, 9, 12])
def test_a_tiff_whose_header_lies_is_refused(kind: int) -> None:
    """Every tag in turn says that its value is text, a fraction, bytes, …: Pillow raises what it will."""
    whole = _bytes(Image.new("L", (8, 8)), "TIFF")
    (start,) = struct.unpack_from("<I", whole, 4)
    (tags,) = struct.unpack_from("<H", whole, start)
    for tag in range(tags):
        content = bytearray(whole)
        struct.pack_into("<H", content, start + 2 + 12 * tag + 2, kind)
        try:
            assert picture.grey(bytes(content)).shape == (8, 8)
        except NotAPicture:
            continue


def test_what_is_not_painted_is_put_on_paper_a_square_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four bytes a pixel, three times over, were more than the whole process may have."""
    sizes: list[int] = []
    put = Image.Image.alpha_composite

    def watched(paper: Image.Image, ink: Image.Image) -> None:
        sizes.append(ink.width * ink.height)
        put(paper, ink)

    monkeypatch.setattr(Image.Image, "alpha_composite", watched)
    levels = np.random.default_rng(2).integers(0, 256, (1500, 2100), np.uint8)
    ink = Image.fromarray(np.dstack([np.zeros((*levels.shape, 3), np.uint8), 255 - levels]), "RGBA")
    assert np.array_equal(picture.grey(_bytes(ink, "PNG")), levels)
    assert max(sizes) <= 1024**2
