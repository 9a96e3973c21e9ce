"""A sheet is put on paper (rasterised) and looked at by libraries that know nothing of the writer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pypdfium2
import pytest

from tests.traceability.labels.some import a_roll, links, parts, pictures, read, some_labels, whole
from traceability.labels import FORMATS, Labels, layout, planner

SHEET = FORMATS["pdf"]


def test_a_second_part_goes_on_where_the_first_ends() -> None:
    roll = a_roll(1, planner.Wish(size_mm=5, margin_mm=1.2))
    size, cells = SHEET.part_size(roll), layout.sheet(roll)
    roll = replace(roll, count=size + cells.a_page + 5)
    content = whole("pdf", roll)
    document = pypdfium2.PdfDocument(content)
    assert len(document) == size // cells.a_page + 2
    last = [document[len(document) - 1].render(scale=600 / 72, grayscale=True).to_pil()]
    assert sorted(read(last)) == sorted(links(roll, some_labels(5, start=size + cells.a_page)))


def test_a_file_has_only_so_many_pages_and_says_how_many_codes_that_is() -> None:
    one_a_page = planner.Wish(size_mm=150)
    with pytest.raises(layout.TooManyPages) as caught:
        SHEET.part_size(a_roll(20_000_000, one_a_page))
    fits = caught.value.errors[0]["codes"]
    assert SHEET.part_size(a_roll(fits, one_a_page)) <= fits
    with pytest.raises(layout.TooManyPages):
        SHEET.part_size(a_roll(fits + 1, one_a_page))
    assert SHEET.part_size(a_roll(20_000_000))


def test_every_object_is_where_the_table_says() -> None:
    content = whole("pdf", a_roll(300))
    start = int(content.split()[-2])
    assert content[start : start + 4] == b"xref"
    lines = content[start:].splitlines()
    for number in range(1, int(lines[1].split()[1])):
        offset = int(lines[number + 2].split()[0])
        assert content[offset:].startswith(b"%d 0 obj\n" % number)


def test_people_can_read_every_code() -> None:
    page = pypdfium2.PdfDocument(whole("pdf", a_roll(40)))[0]
    text = page.get_textpage().get_text_range()
    assert text.count("(01)06901234567892") == 40
    assert all(f"(21){serial.decode()}" in text for serial in some_labels(40).serials.tolist())


def test_no_serial_can_end_its_string() -> None:
    codes = Labels(1, np.array([b")Tj ET (", b"<0>", b"\\)"], dtype="S20"))
    roll = a_roll(3, planner.Wish(size_mm=20), letters=24, byte=True)
    page = pypdfium2.PdfDocument(whole("pdf", roll, labels=codes))[0]
    text = page.get_textpage().get_text_range()
    assert all(f"(21){serial.decode()}" in text for serial in codes.serials.tolist())


def test_small_labels_carry_no_text() -> None:
    roll = a_roll(3, planner.Wish(size_mm=5))
    text = pypdfium2.PdfDocument(whole("pdf", roll))[0].get_textpage().get_text_range()
    assert "(01)" not in text
    assert "1-3" in text


@pytest.mark.parametrize("wish", [planner.Wish(size_mm=5), planner.Wish(size_mm=5, gain_mm=0.04), planner.Wish(gain_mm=0.03, text=False)])
def test_paper_and_picture_are_the_same_dots(wish: planner.Wish) -> None:
    """Two writers, two readers: what the PDF puts on paper is, inside the grid, dot for dot the PNG."""
    roll = a_roll(50, wish)
    (paper,) = pictures("pdf", whole("pdf", roll), 600)
    (picture,) = pictures("png", whole("png", roll), 600)
    cells = layout.sheet(roll)
    inside = np.s_[cells.top : -cells.top - 1, cells.left : -cells.left - 1]
    assert ((np.asarray(paper)[inside] < 128) == (np.asarray(picture)[inside] < 128)).all()


def test_a_page_takes_ninety_bytes_a_code() -> None:
    roll = a_roll(1551, planner.Wish(size_mm=5, margin_mm=1.2))
    assert layout.sheet(roll).a_page == 1551
    assert sum(map(len, parts("pdf", roll, some_labels(1551)))) < 100 * 1551
