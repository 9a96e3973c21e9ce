"""Photographs and scans: whole or not, upright, small, without a word of the sender's; symbols and patches on them."""

from __future__ import annotations

import io
import zlib
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from suppliers.reading import images, look, patches, stopwatch, symbols, walks
from tests.conftest import shared_data
from tests.suppliers.reading.hostile import chunk, png


def seen(content: bytes, kind: str = "image/jpeg") -> tuple[dict[str, Any], list[bytes]]:
    stopwatch.start()
    return images.look(content, {"kind": kind})


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_photographs_are_read_and_damaged_ones_refused() -> None:
    photo = next((shared_data("certificates") / "synthetic_scans").glob("*photo.jpg")).read_bytes()
    assert seen(photo)[0]["trouble"] is None
    for cut in (3, 200, len(photo) // 2, len(photo) - 2):
        assert seen(photo[:cut])[0]["trouble"] == "image.broken"
    whole = png(100, 100, depth=8, data=zlib.compress(bytes(101 * 100)))
    assert seen(whole, "image/png")[0]["trouble"] is None
    assert seen(whole[:-3], "image/png")[0]["trouble"] == "image.broken"
    assert seen(whole[:40] + b"!" + whole[41:], "image/png")[0]["trouble"] == "image.broken"
    assert seen(png(8000, 8000), "image/png")[0]["trouble"] == "image.too_large"


def test_a_preview_is_upright_small_and_bare() -> None:
    """Red stands on the left of what is shown, however the camera was held."""
    picture = Image.new("RGB", (3000, 2000), "white")
    picture.paste((255, 0, 0), (0, 0, 1000, 2000))
    exif = Image.Exif()
    for orientation, turn in ((1, None), (3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_90), (8, Image.Transpose.ROTATE_270)):
        exif[0x0112], exif[0x0131], exif[0x8298] = orientation, "GIMP 3.0\0", "a secret"
        stored = picture if turn is None else picture.transpose(turn)
        reading, (preview,) = seen(jpeg(stored, exif=exif))
        shown = opened(preview)
        assert shown.size == (1800, 1200)
        assert b"secret" not in preview
        assert not shown.getexif()
        assert np.asarray(shown.convert("RGB"))[600, 100].tolist()[0] > 200 > np.asarray(shown.convert("RGB"))[600, 100].tolist()[1]
        assert reading["meta"]["producer"] == "GIMP 3.0"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_shown_on_white(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, "PNG")
    reading, (preview,) = seen(out.getvalue(), "image/png")
    assert reading["trouble"] is None
    colour = np.asarray(opened(preview).convert("L"))[10, 10]
    assert colour == (255 if mode in ("LA", "RGBA") else 0)


def test_broken_words_about_a_picture_break_nothing() -> None:
    data = zlib.compress(bytes(11 * 10))
    for more in (b"", b"Exif\0\0", b"MM\0*\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\xff\xff\xff\xff" * 3):
        reading, pictures = seen(png(10, 10, depth=8, data=data, more=chunk(b"eXIf", more)), "image/png")
        assert reading["trouble"] in (None, "image.broken")
        assert len(pictures) == (reading["trouble"] is None)


def test_a_progressive_jpeg_may_not_ask_for_everything_at_once() -> None:
    small = jpeg(Image.new("RGB", (64, 64)), progressive=True)
    walks.measure(small, "image/jpeg")
    frame = small.index(b"\xff\xc2")
    large = small[: frame + 5] + b"\x1b\x58\x1b\x58" + small[frame + 9 :]  # 7000 x 7000
    with pytest.raises(walks.TooLarge):
        walks.measure(large, "image/jpeg")


def test_only_the_pasted_scan_stands_out() -> None:
    found = {}
    for path in sorted((shared_data("certificates") / "synthetic_scans").glob("*.jpg")):
        found[path.name] = patches.found(np.asarray(Image.open(path).convert("L")), page=1)
    assert [name for name, signals in found.items() if signals] == ["pasted_expiry_sc.jpg"]


def _scan(seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    grain = np.random.default_rng(seed)
    sheet = Image.new("L", (900, 1200), 240)
    for line in range(60, 1150, 40):
        ImageDraw.Draw(sheet).text((60, line), "NUMBER 12345678 VALID UNTIL 2030-12-31 " * 2, fill=40)
    return (np.asarray(sheet) + grain.normal(0, 3, (1200, 900))).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", range(5))
def test_a_patch_is_found_where_it_is_and_grain_alone_is_none(seed: int) -> None:
    scan = _scan(seed)
    assert patches.found(scan, page=1) == []
    top = 200 + 160 * seed
    scan[top : top + 48, 300:600] = 240
    (signal,) = patches.found(scan, page=1)
    left, above, right, below = signal["box"]
    assert 0.3 < left < 0.4
    assert 0.6 < right < 0.7
    assert above < (top + 24) / 1200 < below
    assert patches.found(np.full((1200, 900), 250, np.uint8), page=1) == []


@pytest.mark.parametrize("name", ["QRCode", "DataMatrix", "PDF417", "Aztec", "Code128"])
@pytest.mark.parametrize("turned", [0, 90, 180, 1.5])
def test_symbols_are_read_and_placed(name: str, turned: float) -> None:
    code = zxingcpp.create_barcode("SC11532139200465", getattr(zxingcpp.BarcodeFormat, name))
    symbol = Image.fromarray(np.array(code.to_image(scale=4)))
    sheet = Image.new("L", (1240, 1754), 255)
    sheet.paste(symbol, (600, 300))
    sheet = sheet.rotate(turned, fillcolor=255, expand=turned in (90, 180))
    stopwatch.start()
    (found,) = symbols.found(np.asarray(sheet), page=3, larger=lambda: np.asarray(sheet.resize((2480, 3508))))
    assert (found["page"], found["format"], found["text"]) == (3, name, "SC11532139200465")
    left, top, right, bottom = found["box"]
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1
    if not turned:
        assert abs(left - 600 / 1240) < 0.05
        assert abs(top - 300 / 1754) < 0.05


def test_every_symbol_of_the_given_scans_is_read() -> None:
    read = 0
    for path in sorted((shared_data("certificates") / "synthetic_scans").glob("*.jpg")):
        read += len(seen(path.read_bytes())[0]["symbols"])
    assert read == 14


def test_a_photograph_through_the_child_brings_its_picture() -> None:
    answer = look(jpeg(Image.new("RGB", (50, 40), "blue")), anchors=[], at=datetime.now(UTC))
    assert (answer.reading["kind"], answer.reading["previews"]) == ("image", 1)
    assert opened(answer.pictures[0]).size == (50, 40)
