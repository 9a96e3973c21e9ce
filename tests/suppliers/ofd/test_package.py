"""Archives that no honest writer makes get a typed answer, and cost little."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers import ofd
from suppliers.ofd.errors import OfdTrouble
from suppliers.ofd.markup import located, parse
from suppliers.ofd.package import Package
from tests.suppliers.ofd.workshop import NOW, packed, plain

END = 22


def trouble(content: bytes) -> str | None:
    """What opening the archive and reading every file in it comes to."""
    try:
        package = Package(content)
        for name in package.names:
            package.read(name)
    except OfdTrouble as odd:
        return odd.code
    return None


def written(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def patched(content: bytes, mark: bytes, at: int, form: str, value: int) -> bytes:
    """``content`` with a number changed, ``at`` bytes after the last ``mark``."""
    changed = bytearray(content)
    struct.pack_into(form, changed, content.rindex(mark) + at, value)
    return bytes(changed)


def test_a_plain_one_opens() -> None:
    files = plain()
    package = Package(packed(files))
    assert {name: package.read(name) for name in package.names} == files
    streamed = io.BytesIO()

    class Pipe(io.RawIOBase):  # a writer that cannot go back leaves records after the bytes
        def writable(self) -> bool:
            return True

        def write(self, part: bytes) -> int:  # type: ignore[override]
            return streamed.write(part)

    with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert b"PK\x07\x08" in streamed.getvalue()
    assert trouble(streamed.getvalue()) is None


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names",
    [
        ("a.xml", "a.xml"), ("a.xml", "A.XML"), ("a.xml", "ａ.xml"), ("a", "a/b.xml"), ("a/", "a"), ("/a.xml",), ("../a.xml",),
        ("a/../../b",),
        ("a/./b",), ("a//b",), ("C:/a",), ("..\\a",), ("a\\b", "a/b"), ("a\nb",), ("a\u202eb",), ("x" * 300,),
    ],
)  # fmt: skip
def test_names_that_mean_two_things_or_lead_out(names: tuple[str, ...]) -> None:
    assert trouble(written(*((name, b"" if name.endswith("/") else b"1") for name in names))) == "ofd.archive"


def test_data_where_none_belongs() -> None:
    good = written(("a.xml", b"<a/>"), ("b.xml", b"<b/>"))
    assert trouble(good) is None
    second = good.index(b"PK\x03\x04", 4)
    assert trouble(good + b"\0") == trouble(b"%PDF-1.7\n" + good) == trouble(good + good) == "ofd.archive"
    assert trouble(good[:second] + b"x" + good[second:]) == "ofd.archive"
    assert trouble(patched(good, b"PK\x05\x06", 20, "<H", 3) + b"abc") == "ofd.archive"


def test_an_entry_hidden_from_the_directory() -> None:
    both, one = written(("a.xml", b"<a/>"), ("b.xml", b"<b/>")), written(("b.xml", b"<b/>"))
    hidden = both[: both.index(b"PK\x01\x02")] + one[one.index(b"PK\x01\x02") : -END]
    start = both.index(b"PK\x01\x02")
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(hidden) - start, start, 0)
    assert trouble(hidden + end) == "ofd.archive"


@pytest.mark.parametrize(
    ("mark", "at", "form", "value"),
    [
        (b"PK\x01\x02", 24, "<L", 5), (b"PK\x01\x02", 16, "<L", 1), (b"PK\x01\x02", 20, "<L", 1), (b"PK\x01\x02", 42, "<L", 1),
        (b"PK\x01\x02", 10, "<H", 12), (b"PK\x01\x02", 24, "<L", 0xFFFFFFFF), (b"PK\x01\x02", 38, "<L", 0o120777 << 16),
        (b"PK\x03\x04", 8, "<H", 0), (b"PK\x03\x04", 14, "<L", 1), (b"PK\x03\x04", 22, "<L", 9), (b"PK\x03\x04", 30, "<B", 0x7A),
        (b"PK\x05\x06", 10, "<H", 9), (b"PK\x05\x06", 8, "<H", 9), (b"PK\x05\x06", 16, "<L", 0xFFFFFFFF), (b"PK\x05\x06", 4, "<H", 1),
    ],
)  # fmt: skip
def test_lies_about_an_entry(mark: bytes, at: int, form: str, value: int) -> None:
    assert trouble(patched(written(("a.xml", b"<a/>" * 9)), mark, at, form, value)) == "ofd.archive"


def test_a_second_name_in_an_extra_field() -> None:
    info = zipfile.ZipInfo("a.xml")
    info.extra = struct.pack("<2HBL", 0x7075, 10, 1, zlib.crc32(b"a.xml")) + b"b.xml"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, b"<a/>")
    assert trouble(out.getvalue()) == "ofd.archive"


def test_encrypted_entries() -> None:
    good = written(("a.xml", b"<a/>"))
    assert trouble(patched(good, b"PK\x01\x02", 8, "<H", 1)) == "ofd.encrypted"


def test_bombs_are_not_unpacked() -> None:
    assert trouble(written(("a.xml", bytes(8 << 20)))) == "ofd.bomb"
    assert trouble(written(*((f"{n}", bytes(200_000)) for n in range(400)))) == "ofd.bomb"
    assert trouble(written(*((f"{n}", b"") for n in range(4001)))) == "ofd.too_large"
    lying = patched(patched(written(("a.xml", bytes(8 << 20))), b"PK\x01\x02", 24, "<L", 100), b"PK\x03\x04", 22, "<L", 100)
    assert trouble(lying) == "ofd.archive"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "ofd.markup"),
        (b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>', "ofd.markup"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>', "ofd.markup"),
        (b"<a>", "ofd.markup"),
        (b"", "ofd.markup"),
        (b'<?xml version="1.0" encoding="rot-13"?><a/>', "ofd.markup"),
        (b"<a>" + b"<b/>" * 300_000 + b"</a>", "ofd.too_large"),
    ],
)
def test_hostile_markup(content: bytes, code: str) -> None:
    with pytest.raises(OfdTrouble, match=code):
        parse(content)
    assert ofd.look(packed(plain() | {"OFD.xml": content}), [], NOW)["trouble"] in (code, "ofd.bomb")


def test_locations_never_climb_out() -> None:
    assert list(located("../Res/a.png", "Doc_0/Pages")) == ["Doc_0/Res/a.png"]
    assert list(located("/Doc_0/./a.xml", "x")) == ["Doc_0/a.xml"]
    assert list(located("../../../etc/passwd", "Doc_0")) == []
    assert list(located("a.xml", "Doc_0")) == ["Doc_0/a.xml", "a.xml"]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), packed({"word/document.xml": b"<a/>"}), packed({"OFD.xml": b"<a/>"})]
)
def test_what_is_no_ofd(content: bytes) -> None:
    assert ofd.look(content, [], NOW)["trouble"] in ("ofd.archive", "ofd.no_document")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_a_broken_file_never_raises(at: int, value: int, cut: bool) -> None:
    content = bytearray(packed(plain()))
    content[at % len(content)] = value
    seen = ofd.look(bytes(content[: at % len(content)] if cut else content), [], NOW)
    assert seen["kind"] == "ofd"
    assert seen["trouble"] is None or seen["trouble"].startswith("ofd.")
