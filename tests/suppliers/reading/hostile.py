"""Hostile files, made here: each asks for far more than it has, or pretends to be what it is not."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final

PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
PAGES: Final = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
CATALOGUE: Final = b"<</Type/Catalog/Pages 2 0 R>>"


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    body, places = [b"%PDF-1.7\n"], []
    at = len(body[0])
    for number, content in enumerate(objects, 1):
        places.append(at)
        body.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        at += len(body[-1])
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return b"".join(body) + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at)


def stream(content: bytes, words: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), words, content)


def drawn(*objects: bytes, page: bytes = b"/Contents 4 0 R") -> bytes:
    """One page with these objects from number 4 on."""
    return pdf(CATALOGUE, PAGES, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s>>" % page, *objects)


def packed(size: int, fill: bytes = b" ") -> bytes:
    """``size`` bytes, deflated, without ever having them."""
    packer = zlib.compressobj(9)
    piece = fill * (1 << 20)
    return b"".join(packer.compress(piece) for _ in range(size >> 20)) + packer.flush()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *, colour: int = 0, depth: int = 1, data: bytes | None = None, more: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(b"\0") if data is None else data
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def image(width: int, height: int, packing: bytes, content: bytes) -> bytes:
    words = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter%s"
    return stream(content, words % (width, height, packing))


def laughing(depth: int = 12) -> bytes:
    """Forms that draw ten forms each that draw ten forms each: a billion laughs."""
    forms = [
        stream(
            b"/F Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % (number + 1),
        )
        for number in range(5, 5 + depth)
    ]
    last = stream(b"0 0 1 1 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return drawn(stream(b"/F Do"), *forms, last, page=b"/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>")


def scans(count: int) -> bytes:
    """A progressive JPEG of 4000 x 4000 in which the same scan comes ``count`` times."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4000, 4000), "white").save(out, "JPEG", progressive=True)
    content = out.getvalue()
    first = content.index(b"\xff\xda")
    second = content.index(b"\xff\xda", first + 2)
    return content[:second] + content[first:second] * count + content[second:]


def files() -> Iterator[tuple[str, Callable[[], bytes], set[str | None]]]:
    """(name, maker, the troubles that are right)."""
    gigabyte = 1 << 30
    yield "flate bomb of a page", lambda: drawn(stream(packed(gigabyte), b"/Filter/FlateDecode")), {"pdf.bomb"}
    yield "flate in flate", lambda: drawn(stream(zlib.compress(packed(gigabyte), 9), b"/Filter[/FlateDecode/FlateDecode]")), {"pdf.bomb"}
    yield "many small bombs", lambda: drawn(*[stream(packed(40 << 20), b"/Filter/FlateDecode")] * 30), {"pdf.bomb"}
    yield "run-length bomb", lambda: drawn(stream(b"\x81 " * (8 << 20), b"/Filter/RunLengthDecode")), {"pdf.bomb", "child.memory", None}
    yield (
        "bomb of a table",
        lambda: pdf(CATALOGUE, PAGES, PAGE).replace(
            b"trailer", stream(packed(gigabyte), b"/Type/XRef/W[1 2 1]/Filter/FlateDecode") + b"trailer"
        ),
        {None, "pdf.bomb", "pdf.broken"},
    )
    yield (
        "bomb behind a name nobody knows",
        lambda: drawn(stream(packed(gigabyte), b"/Filter[/Fl/Fl]")),
        {"pdf.bomb", "child.memory", "child.crashed", "child.timeout", None},
    )
    many = b" ".join(b"%d 0 R" % number for number in range(3, 100_003))
    yield (
        "100,000 pages",
        lambda: pdf(CATALOGUE, b"<</Type/Pages/Count 100000/Kids[%s]>>" % many, *[PAGE] * 100_000),
        {"pdf.too_many_pages"},
    )
    yield "a page as large as a field", lambda: pdf(CATALOGUE, PAGES, PAGE.replace(b"595", b"200000")), {"pdf.page_size"}
    yield (
        "a page that is not a number",
        lambda: pdf(CATALOGUE, PAGES, PAGE.replace(b"595", b"1e400")),
        {"pdf.page_size", "pdf.broken", None},
    )
    wall = zlib.compress(bytes(60_000 * 3) * 40)
    draw = b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
    paint = stream(b"600 0 0 800 0 0 cm /I Do")
    yield "60000 x 60000", lambda: drawn(paint, image(60_000, 60_000, b"/FlateDecode", wall), page=draw), {"pdf.image_size"}
    yield (
        "60000 x 60000, said elsewhere",
        lambda: drawn(paint, image(60_000, 60_000, b"/FlateDecode", wall).replace(b"/Width 60000", b"/Width 6 0 R"), b"60000", page=draw),
        {"pdf.image_size"},
    )
    yield (
        "7000 x 7000 of one colour",
        lambda: drawn(paint, image(7000, 7000, b"/FlateDecode", packed(141 << 20)), page=draw),
        {None, "pdf.bomb"},
    )
    inline = b"q 600 0 0 800 0 0 cm BI /W 60000 /H 60000 /BPC 8 /CS /RGB /F /Fl ID " + wall + b" EI Q"
    yield "60000 x 60000 within the page", lambda: drawn(stream(inline)), {None, "child.timeout", "child.memory", "child.crashed"}
    yield "pages in a ring", lambda: pdf(CATALOGUE, b"<</Type/Pages/Count 1/Kids[2 0 R]>>"), {"pdf.broken"}
    yield "forms in a ring", lambda: laughing(1).replace(b"/F 6 0 R", b"/F 5 0 R"), {None, "child.memory"}
    yield "a billion laughs", laughing, {None, "child.timeout", "child.memory"}
    yield "length lies short", lambda: drawn(stream(b"0 0 9 9 re f " * 50).replace(b"/Length 650", b"/Length 3")), {None, "pdf.broken"}
    yield "length lies long", lambda: drawn(stream(b"0 0 9 9 re f").replace(b"/Length 12", b"/Length 999999999")), {None, "pdf.broken"}
    yield "length in a ring", lambda: drawn(stream(b"x").replace(b"/Length 1", b"/Length 4 0 R")), {None, "pdf.broken"}
    yield "brackets without end", lambda: pdf(CATALOGUE, PAGES, PAGE, b"[" * 200_000), {"pdf.broken", "child.memory", None}
    yield (
        "a million strokes",
        lambda: drawn(stream(packed(40 << 20, b"0 0 m 9 9 l S "), b"/Filter/FlateDecode")),
        {None, "child.timeout", "pdf.bomb", "child.memory"},
    )
    yield "13000 x 13000", lambda: png(13_000, 13_000), {"image.too_large"}
    yield "49 million colours", lambda: png(7000, 7000, colour=2, depth=8, data=packed(141 << 20)), {"image.too_large", None}
    yield "36 million colours", lambda: png(6000, 6000, colour=2, depth=8, data=packed(104 << 20)), {None}
    yield "a PNG longer than it says", lambda: png(10, 10, depth=8, data=packed(gigabyte)), {None, "image.broken"}
    text = chunk(b"zTXt", b"Comment\0\0" + packed(gigabyte))
    yield "a PNG with a novel", lambda: png(10, 10, depth=8, data=zlib.compress(bytes(110)), more=text), {"image.broken", None}
    profile = chunk(b"iCCP", b"p\0\0" + packed(gigabyte))
    yield "a PNG with a profile", lambda: png(10, 10, depth=8, data=zlib.compress(bytes(110)), more=profile), {"image.broken", None}
    moving = chunk(b"acTL", struct.pack(">II", 0xFFFFFF, 0)) + chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 9, 9, 0, 0, 1, 1, 0, 0))
    yield "a moving PNG", lambda: png(10, 10, depth=8, data=zlib.compress(bytes(110)), more=moving), {"image.broken", None}
    yield "a thousand scans", lambda: scans(1000), {"image.too_large"}
    yield "20 scans", lambda: scans(20), {"image.broken", None, "child.timeout"}
    yield "OFD of zeros", lambda: zipped({"OFD.xml": b"<ofd/>" + bytes(256 << 20)}), {"ofd.bomb"}
    yield "JSON without end", lambda: b'{"@context":' + b"[" * 2_000_000, {"credential.broken", "credential.too_deep"}
    yield "JSON of a million things", lambda: b'{"a":[' + b"{}," * 4_000_000 + b"{}]}", {"credential.too_large"}
