"""The attack table, made here: what each hostile file must get, and the ones that tests of reading make already.

A file is *stopped* when its trouble or what could run in it is named, *typed* when any typed answer came; it
is never taken for verified, and nothing of it may break out of the child.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Literal

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests.suppliers.credentials import making
from tests.suppliers.ofd import workshop
from tests.suppliers.reading import hostile
from tests.suppliers.reading.hostile import CATALOGUE, PAGE, PAGES, drawn, packed, pdf, stream

Wanted = Literal["stopped", "typed"]
Attack = tuple[str, Callable[[], bytes], Wanted]


def attacks() -> Iterator[Attack]:
    """(name, maker, what it must get). The bytes are made when they are asked for."""
    for name, make, right in hostile.files():
        yield name, make, "typed" if None in right else "stopped"
    yield from _running()
    yield from _loops()
    yield from _bombs()
    yield from _disguises()
    yield from _archives()
    yield from _claims()


def plain() -> bytes:
    return drawn(stream(b"0 0 9 9 re f"))


def _running() -> Iterator[Attack]:
    """What could run or hides in a PDF."""
    actions = {
        "JavaScript": b"/S/JavaScript/JS(app.alert(1))",
        "JavaScript in a stream": b"/S/JavaScript/JS 4 0 R",
        "Launch": b"/S/Launch/F(cmd.exe)",
        "SubmitForm": b"/S/SubmitForm/F(http://a.example)",
        "GoToR": b"/S/GoToR/F(\\\\\\\\a.example\\\\b)",
        "ImportData": b"/S/ImportData/F(x)",
        "behind another": b"/S/GoTo/D[3 0 R/Fit]/Next<</S/Launch/F(x)>>",
    }
    for name, action in actions.items():
        opening = b"<</Type/Catalog/Pages 2 0 R/OpenAction<<%s>>>>" % action
        yield f"OpenAction {name}", lambda opening=opening: pdf(opening, PAGES, PAGE, stream(b"app.alert(1)")), "stopped"  # type: ignore[misc]
        entering = PAGE[:-2] + b"/AA<</O<<%s>>>>>>" % action
        yield f"page AA {name}", lambda entering=entering: pdf(CATALOGUE, PAGES, entering, stream(b"app.alert(1)")), "stopped"  # type: ignore[misc]
    embedded = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(../../a.exe)/EF<</F 4 0 R>>>>]>>>>>>"
    yield "an embedded file", lambda: pdf(embedded, PAGES, PAGE, stream(b"MZ", b"/Type/EmbeddedFile")), "stopped"
    scripts = b"<</Type/Catalog/Pages 2 0 R/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>>>"
    yield "scripts by name", lambda: pdf(scripts, PAGES, PAGE), "stopped"
    yield "XFA", lambda: pdf(b"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA 4 0 R/Fields[]>>>>", PAGES, PAGE, stream(b"<xdp/>")), "stopped"
    for kind in (b"RichMedia", b"FileAttachment", b"Screen", b"Movie", b"3D"):
        noted = PAGE[:-2] + b"/Annots[<</Type/Annot/Subtype/%s/Rect[0 0 9 9]>>]>>" % kind
        yield f"annotation {kind.decode()}", lambda noted=noted: pdf(CATALOGUE, PAGES, noted), "stopped"  # type: ignore[misc]
    yield "locked, in name only", lambda: plain().replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Standard>>"), "stopped"
    yield "locked with a password", _locked, "stopped"


def _locked() -> bytes:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(plain())))
    writer.encrypt("owner", "user")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _loops() -> Iterator[Attack]:
    yield "a table that names itself as the one before", lambda: _previous(plain(), itself=True), "typed"
    yield "a table before that is nowhere", lambda: _previous(plain(), itself=False), "typed"
    ring = (
        b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 4 0 R>>",
        PAGES,
        PAGE,
        b"<</Type/StructTreeRoot/K 5 0 R>>",
        b"<</S/P/P 4 0 R/K[5 0 R 4 0 R]>>",
    )
    yield "a structure in a ring", lambda: pdf(*ring), "typed"
    form = (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        PAGES,
        PAGE,
        b"<</T(a)/Kids[5 0 R]>>",
        b"<</T(b)/Parent 4 0 R/Kids[4 0 R 5 0 R]>>",
    )
    yield "a form in a ring", lambda: pdf(*form), "typed"
    outline = (
        b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
        PAGES,
        PAGE,
        b"<</First 5 0 R/Last 5 0 R>>",
        b"<</Title(a)/Next 5 0 R/Parent 4 0 R>>",
    )
    yield "an outline in a ring", lambda: pdf(*outline), "typed"
    yield "an object that is itself", lambda: pdf(CATALOGUE, PAGES, PAGE, b"4 0 R"), "typed"
    deep = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % number for number in range(3, 1500)]
    yield "a tree of pages 1500 deep", lambda: pdf(CATALOGUE, *deep, b"<</Type/Page/MediaBox[0 0 9 9]>>"), "typed"
    yield "a name of a megabyte", lambda: pdf(CATALOGUE, PAGES, PAGE, b"/" + b"a" * (1 << 20)), "typed"
    yield "dictionaries 50,000 deep", lambda: pdf(CATALOGUE, PAGES, PAGE, b"<</a" * 50_000), "typed"
    yield "an endless comment", lambda: b"%PDF-1.7\n" + b"%" * (4 << 20), "stopped"
    yield "only a head", lambda: b"%PDF-1.7\n", "stopped"
    yield "half a file", lambda: plain()[: len(plain()) // 2], "typed"
    yield "a million tables' ends", lambda: plain() + b"startxref\n0\n%%EOF\n" * 200_000, "typed"


def _previous(content: bytes, *, itself: bool) -> bytes:
    at = content.rindex(b"startxref") + 10
    place = content[at : content.index(b"\n", at)] if itself else b"99999999"
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev " + place)


def lzw(size: int) -> bytes:
    """About ``size`` equal bytes, packed with ever longer strings (ISO 32000-1, 7.4.4)."""
    codes = [(256, 9)]
    made, length, known = 0, 1, 257
    while made < size:
        code = 32 if length == 1 else known
        width = 9 if known + 1 < 511 else 10 if known + 1 < 1023 else 11 if known + 1 < 2047 else 12
        codes.append((code, width))
        made += length
        known += 1 if length > 1 or known > 257 else 0
        length += 1
        if known >= 4090:
            codes.append((256, 12))
            length, known = 1, 257
    bits = "".join(f"{code:0{width}b}" for code, width in [*codes, (257, 9)])
    return int(bits + "0" * (-len(bits) % 8), 2).to_bytes((len(bits) + 7) // 8, "big")


def _bombs() -> Iterator[Attack]:
    block = lzw(6 << 20)
    yield "LZW bomb", lambda: drawn(stream(block * 40, b"/Filter/LZWDecode")), "typed"
    draw = b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
    paint = stream(b"600 0 0 800 0 0 cm /I Do")
    for side in (13_000, 60_000):
        for packing in (b"/JBIG2Decode", b"/CCITTFaxDecode", b"/JPXDecode", b"/DCTDecode"):
            name = f"{side} x {side} {packing[1:].decode()}"
            large = hostile.image(side, side, packing, b"\0" * 99)
            yield name, lambda large=large: drawn(paint, large, page=draw), "stopped"  # type: ignore[misc]
    fax = hostile.image(7000, 7000, b"/JBIG2Decode", b"\0" * 99)
    yield "7000 x 7000 JBIG2 of nothing", lambda: drawn(paint, fax, page=draw), "typed"
    table = packed(256 << 20)
    objects = stream(table, b"/Type/ObjStm/N 100/First 800/Filter/FlateDecode")
    yield "a bomb of objects", lambda: pdf(CATALOGUE, PAGES, PAGE, objects), "stopped"
    yield "a bomb of a font", lambda: pdf(CATALOGUE, PAGES, PAGE, stream(table, b"/Subtype/Type1C/Filter/FlateDecode")), "stopped"
    yield "a bomb of a profile", lambda: pdf(CATALOGUE, PAGES, PAGE, stream(table, b"/N 3/Filter/FlateDecode")), "stopped"
    yield "a bomb in 85 signs", lambda: drawn(stream(b"z" * (8 << 20) + b"~>", b"/Filter/ASCII85Decode")), "typed"
    yield "PNG 100000 x 100000", lambda: hostile.png(100_000, 100_000), "stopped"
    yield "JPEG 65500 x 65500", lambda: _jpeg().replace(struct.pack(">HH", 8, 8), struct.pack(">HH", 65_500, 65_500), 1), "stopped"
    yield "half a JPEG", lambda: _jpeg()[:-40], "stopped"


def _jpeg() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG")
    return out.getvalue()


def _disguises() -> Iterator[Attack]:
    """One file that is two, or says that it is another."""
    evil = hostile.zipped({"../../evil.sh": b"rm"})
    script = b"<html><script>alert(1)</script>"
    yield "PDF and zip", lambda: plain() + evil, "stopped"
    yield "zip and PDF", lambda: evil + plain(), "stopped"
    yield "PDF and page", lambda: plain() + script, "stopped"
    yield "page and PDF", lambda: script + plain(), "stopped"
    yield "JPEG and zip", lambda: _jpeg() + evil, "stopped"
    yield "JPEG magic and zip", lambda: b"\xff\xd8\xff\xe0" + evil, "stopped"
    yield "PNG and program", lambda: hostile.png(9, 9) + b"\x7fELF" + bytes(99), "stopped"
    yield "PDF and 7z", lambda: plain() + b"7z\xbc\xaf\x27\x1c" + bytes(99), "stopped"
    yield "SVG", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "stopped"
    yield "page", lambda: b"<!doctype html>" + script, "stopped"
    yield "Office", lambda: hostile.zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "stopped"
    yield "XML of files", lambda: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "stopped"
    yield "GIF", lambda: b"GIF89a" + bytes(99), "stopped"
    yield "PHP", lambda: b"<?php system($_GET[1]);", "stopped"
    yield "nothing", lambda: b"", "stopped"


def _entries(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _archives() -> Iterator[Attack]:
    files = workshop.plain()
    laughs = b'<!DOCTYPE a [<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    for name in ("../../evil", "/etc/passwd", "C:\\evil", "Doc_0/../../evil", "a\u202efdp.exe", "x" * 5000):
        yield f"OFD with {name[:20]!r}", lambda name=name: _entries(*files.items(), (name, b"x")), "stopped"  # type: ignore[misc]
    hidden = ("a.xml#b", b"x")
    yield "OFD with a name that ends early", lambda: _entries(*files.items(), hidden).replace(b"a.xml#b", b"a.xml\0b"), "stopped"
    yield "OFD with one name twice", lambda: _entries(*files.items(), ("OFD.xml", b"<x/>")), "stopped"
    yield "OFD with one name twice but for its case", lambda: _entries(*files.items(), ("ofd.XML", b"<x/>")), "stopped"
    yield "OFD that laughs", lambda: _entries(*{**files, "OFD.xml": laughs + b"]><a>&m;</a>" + files["OFD.xml"]}.items()), "stopped"
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    head, root = files["OFD.xml"].split(b"?>", 1)
    yield "OFD that reads files", lambda: _entries(*{**files, "OFD.xml": head + b"?>" + entity + root}.items()), "stopped"
    include = b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    page = workshop.page(include.decode())
    yield "OFD that includes", lambda: _entries(*{**files, "Doc_0/Pages/Page_0/Content.xml": page}.items()), "typed"
    yield "OFD 100,000 elements deep", lambda: _entries(*{**files, "Doc_0/Document.xml": b"<a>" * 100_000}.items()), "stopped"
    yield "OFD with a page of a gigabyte", lambda: _entries(*files.items(), ("Doc_0/Res/a.png", bytes(200 << 20))), "stopped"
    yield "OFD with 60,000 files", lambda: _entries(*files.items(), *((f"Doc_0/{n}", b"") for n in range(60_000))), "stopped"
    yield "OFD without its document", lambda: _entries(("OFD.xml", files["OFD.xml"])), "stopped"
    field = {name: body.replace(b"0 0 200 100", b"0 0 900000 900000") for name, body in files.items()}
    yield "OFD as large as a field", lambda: _entries(*field.items()), "stopped"
    yield "OFD cut short", lambda: _entries(*files.items())[:-30], "stopped"
    yield "OFD that says too little", lambda: _entries(*files.items()).replace(b"PK\x01\x02", b"PK\x01\x03", 1), "stopped"


def _claims() -> Iterator[Attack]:
    """JSON and tokens."""
    good = json.dumps(making.credential())
    yield "brackets 100,000 deep", lambda: b'{"@context":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "stopped"
    yield "objects 100,000 deep", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "stopped"
    yield "one name twice", lambda: good.replace('"issuer"', '"issuer": "did:web:evil.example", "issuer"', 1).encode(), "stopped"
    yield "one name twice in a token", lambda: making.raw_token(b'{"alg":"ES256","alg":"none","typ":"vc+jwt"}', good.encode()), "stopped"
    yield "not a number", lambda: good.replace('"validFrom"', '"x": NaN, "validFrom"', 1).encode(), "typed"
    yield "a number of a million signs", lambda: good.replace('"validFrom"', f'"x": {"9" * 1_000_000}, "validFrom"', 1).encode(), "stopped"
    yield "half a sign", lambda: good.replace("Verifiable", "\\ud800", 1).encode(), "typed"
    yield "a token of five parts", lambda: b"eyJhbGciOiJkaXIifQ..AA.AA.AA", "typed"
    yield "a token of a megabyte", lambda: making.token({"a": "b" * (1 << 20)}), "typed"
    yield "a head of a megabyte", lambda: making.token(making.credential(), header={"x": "y" * (1 << 20)}), "stopped"
    yield "envelopes within envelopes", _wrapped, "typed"
    ring = ["https://www.w3.org/ns/credentials/v2", "https://cab.example/ring", {"@import": "https://cab.example/ring"}]
    yield "a context that imports", lambda: json.dumps(making.credential(**{"@context": ring})).encode(), "typed"


def _wrapped() -> bytes:
    inner = making.token(making.credential()).decode()
    for _ in range(6):
        envelope = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": "EnvelopedVerifiableCredential",
            "id": f"data:application/vc+jwt,{inner}",
        }
        inner = making.token(envelope).decode()
    return inner.encode()


def list_bombs() -> Iterator[tuple[str, bytes, bytes]]:
    """(name, a credential of making.ISSUER, what lies at making.LIST): status lists that unpack to too much, or to nothing."""
    credential = making.token(making.credential(credentialStatus=making.entry()))
    bomb = io.BytesIO()

    with gzip.GzipFile(fileobj=bomb, mode="wb") as out:
        for _ in range(1024):
            out.write(bytes(1 << 20))
    for name, encoded in (("a list of a gigabyte", "u" + making.b64(bomb.getvalue())), ("a list of nothing", "u")):
        yield name, credential, making.token(making.status_list(encoded))
    yield "a list that is a bomb itself", credential, b'{"a":' * 100_000
