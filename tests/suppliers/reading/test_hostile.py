"""Hostile files through the whole child: each gets a trouble of its own or none, within its memory and its time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from suppliers.reading import look, media_type_of, troubled
from tests.conftest import shared_data
from tests.suppliers.reading import hostile

MOST_MB, MOST_SECONDS = 256, 20
"""Seconds as the wall counts them; of its own processor time the child has five."""
GIVEN = {
    "bomb_under.png": "image.too_large",
    "flate2x.pdf": "pdf.bomb",
    "gifar.jpg": "file.archive",
    "hugepage.pdf": "pdf.page_size",
    "loop.pdf": "pdf.broken",
    "polyhtml.pdf": "file.unknown",
    "polyzip.pdf": "file.archive",
    "svg.svg": "file.unknown",
    "xxe_embedded.xml": "file.unknown",
}


@pytest.mark.parametrize(("name", "make", "right"), list(hostile.files()), ids=[name for name, _, _ in hostile.files()])
def test_hostile_files_cost_little_and_are_named(name: str, make: Callable[[], bytes], right: set[str | None]) -> None:
    seen = look(make(), anchors=[], at=datetime.now(UTC))
    assert seen.reading["trouble"] in right
    assert seen.seconds < MOST_SECONDS
    if seen.reading["trouble"] not in ("child.memory", "child.timeout", "child.crashed"):  # there the kernel counts this process as well
        assert 0 < seen.peak_mb <= MOST_MB


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_given_hostile_files_are_named(name: str) -> None:
    seen = look((shared_data("certificates") / "malicious_minis" / name).read_bytes(), anchors=[], at=datetime.now(UTC))
    assert seen.reading["trouble"] == GIVEN[name]
    assert 0 < seen.peak_mb <= MOST_MB


def test_what_could_run_is_named() -> None:
    seen = look((shared_data("certificates") / "malicious_minis" / "js.pdf").read_bytes(), anchors=[], at=datetime.now(UTC))
    assert seen.reading["active"] == ["EmbeddedFile", "JavaScript", "Launch"]


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        ((hostile.CATALOGUE, hostile.PAGES, hostile.PAGE), []),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>>", hostile.PAGES, hostile.PAGE), []),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/#4aavaScript/#4a#53(a)>>>>", hostile.PAGES, hostile.PAGE), ["JavaScript"]),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>", hostile.PAGES, hostile.PAGE, b"<</S 5 0 R/F(a)>>", b"/Launch"), ["Launch"]),
        ((b"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA(x)/Fields[]>>>>", hostile.PAGES, hostile.PAGE), ["XFA"]),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Hide>>>>", hostile.PAGES, hostile.PAGE), ["Hide"]),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/SetOCGState>>>>", hostile.PAGES, hostile.PAGE), ["SetOCGState"]),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/ResetForm>>>>", hostile.PAGES, hostile.PAGE), ["ResetForm"]),
        ((b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI>>>>", hostile.PAGES, hostile.PAGE), ["URI"]),
        ((b"<</Type/Catalog/Pages 2 0 R/AA<</O<</S/GoTo/Next[4 0 R]>>>>>>", hostile.PAGES, hostile.PAGE, b"<</S/URI>>"), ["URI"]),
        ((hostile.CATALOGUE, hostile.PAGES, hostile.PAGE[:-2] + b"/Annots[<</Subtype/Link/A<</S/URI/URI(a)>>>>]>>"), []),
    ],
)
def test_what_could_run_is_found_however_it_is_written(objects: tuple[bytes, ...], found: list[str]) -> None:
    reading = look(hostile.pdf(*objects), anchors=[], at=datetime.now(UTC)).reading
    assert (reading["trouble"], reading["pages"], reading["active"]) == (None, 1, found)


def test_sizes_and_pages_said_elsewhere_are_read() -> None:
    pages = (b"<</Type/Pages/Count 1/Kids 4 0 R>>", b"<</Type/Page/Parent 2 0 R/MediaBox 5 0 R>>", b"[3 0 R]")
    honest = look(hostile.pdf(hostile.CATALOGUE, *pages, b"[0 0 595 842]"), anchors=[], at=datetime.now(UTC)).reading
    assert (honest["trouble"], honest["pages"]) == (None, 1)
    huge = look(hostile.pdf(hostile.CATALOGUE, *pages, b"[0 0 595 200000]"), anchors=[], at=datetime.now(UTC)).reading
    assert huge["trouble"] == "pdf.page_size"


def test_files_that_broke_other_readers_break_nothing_here() -> None:
    """Through the child for some, for all of them without (test_signatures)."""
    for path in sorted((shared_data("certificates") / "pyhanko_pdfs").glob("*.pdf"))[::6]:
        seen = look(path.read_bytes(), anchors=[], at=datetime.now(UTC))
        assert json.loads(json.dumps(seen.reading)) == seen.reading
        assert seen.reading.keys() >= troubled("x").keys()
        assert seen.reading["trouble"] is None or seen.reading["trouble"].startswith("pdf."), path.name
        assert seen.reading["previews"] == len(seen.pictures)


ZIP = hostile.zipped({"a.txt": b"a"})
PDF = hostile.pdf(hostile.CATALOGUE, hostile.PAGES, hostile.PAGE)
PNG = hostile.png(10, 10)


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (PDF + ZIP, "file.archive"),
        (PDF + b"Rar!\x1a\x07\x01\x00 and more", "file.archive"),
        (PDF + b"7z\xbc\xaf\x27\x1c", "file.archive"),
        (PDF + b"\n<html><script>alert(1)</script>", "file.unknown"),
        (PDF + b"MZ\x90\0", "file.unknown"),
        (b"<script>alert(1)</script>\n" + PDF, "file.unknown"),
        (b"GIF89a" + ZIP, "file.unknown"),
        (PNG + ZIP, "file.archive"),
        (PNG + b"<?php system(1);", "file.unknown"),
        (PNG[:33] + hostile.chunk(b"tEXt", b"a\0%PDF-1.4") + PNG[33:], "file.unknown"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image.heic"),
        (b"", "file.unknown"),
        (b"%PDF-1.7", "pdf.broken"),
        (b"\xff\xd8\xff", "image.broken"),
        (b"PK\x03\x04 and no more", "file.unknown"),
    ],
)
def test_a_file_that_is_two_is_none(content: bytes, trouble: str) -> None:
    assert look(content, anchors=[], at=datetime.now(UTC)).reading["trouble"] == trouble


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\n%PDF-1.7", ""),
        (b"", ""),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (hostile.zipped({"OFD.xml": b"<a/>"}), "application/ofd"),
        (hostile.zipped({"word/document.xml": b"<a/>"}), ""),
        (hostile.zipped({"not-OFD.xml": b"<a/>"}), ""),
        (b'{"@context": ["https://www.w3.org/ns/credentials/v2"]}', "application/vc"),
        (b'\xef\xbb\xbf {"@context": "https://ref.gs1.org/voc/"}', "application/ld+json"),
        (b'{"a": 1}', "application/json"),
        (b"eyJhbGciOiJFZERTQSJ9.e30.AAAA\n", "application/vc+jwt"),
        (b"eyJhbGciOiJFZERTQSJ9.e30 .AAAA", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"\0\0\0\x18ftypheic", "image/heic"),
    ],
)
def test_the_first_bytes_pick_a_decoder(content: bytes, kind: str) -> None:
    assert media_type_of(content) == kind
