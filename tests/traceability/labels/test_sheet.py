"""A sheet is put on paper (rasterised) and every symbol read by a reader that knows nothing of the writer."""

from __future__ import annotations

import time

import pypdfium2
import pytest
import zxingcpp

from tests.traceability.labels.some import some_labels
from traceability.labels import FORMATS, Label

SHEET = FORMATS["pdf"]


def _read(pdf: bytes, dpi: int) -> list[str]:
    pages = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    found = [symbol for page in pages for symbol in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)]
    return [symbol.text for symbol in found if symbol.valid]


@pytest.mark.parametrize("dpi", [300, 600])
@pytest.mark.parametrize(
    "base_url", ["https://id.example", "http://127.0.0.1:8000", "https://a-brand-with-a-long-name.example.com/in/a/path"]
)
def test_every_symbol_is_read_back(dpi: int, base_url: str) -> None:
    labels = some_labels(40, base_url)
    assert sorted(_read(SHEET.render(labels), dpi)) == sorted(label.link for label in labels)


def test_a_second_page_goes_on_where_the_first_ends() -> None:
    labels = some_labels(120)
    pdf = SHEET.render(labels)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    assert sorted(_read(pdf, 300)) == sorted(label.link for label in labels)


def test_all_symbols_of_a_sheet_have_the_size_of_the_longest() -> None:
    short, long = "HTTPS://A.CN/1", "HTTPS://A.CN/" + "1" * 60
    pdf = SHEET.render([Label(short, "(1) a"), Label(long, "(1) b")])
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=600 / 72, grayscale=True).to_pil()
    places = [symbol.position for symbol in zxingcpp.read_barcodes(page)]
    widths = [place.top_right.x - place.top_left.x for place in places]
    assert len(widths) == 2
    assert abs(widths[0] - widths[1]) <= 2


def test_people_can_read_and_type_every_code() -> None:
    labels = some_labels(40)
    page = pypdfium2.PdfDocument(SHEET.render(labels))[0]
    text = page.get_textpage().get_text_range().split()
    assert [word for word in text if word.startswith("(21)")] == [label.human.split()[1] for label in labels]


def test_a_thousand_codes_take_seconds() -> None:
    start = time.process_time()
    SHEET.render(some_labels(1000))
    assert time.process_time() - start < 10  # about 2 on an idle core
