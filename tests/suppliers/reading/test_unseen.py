"""Text that nobody sees is told; text that somebody sees, however printed, is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from suppliers.reading import look
from tests.conftest import shared_data
from tests.suppliers.reading import hostile

UNTIL = "Valid until: 2031-12-31"
GROUP = b"<</Type/OCG/Name(a)%s>>"


def signals(content: bytes) -> list[dict[str, Any]]:
    reading = look(content, anchors=[], at=datetime.now(UTC)).reading
    assert reading["trouble"] is None
    return [each for each in reading["signals"] if each["name"].startswith("hidden_")]


def drawn(draw: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    sheet = Canvas(out, pagesize=(595, 842))
    sheet.drawString(60, 780, "Certificate No: ISO-2026-77")
    draw(sheet)
    sheet.save()
    return out.getvalue()


def ghost(sheet: Any, text: str = UNTIL, at: tuple[float, float] = (60, 700)) -> None:
    words = sheet.beginText(*at)
    words.setTextRenderMode(3)
    words.textLine(text)
    sheet.drawText(words)


def scan(sheet: Any) -> None:
    """A picture of the page with a line of writing where 60, 700 is."""
    image = Image.new("RGB", (1190, 1520), "white")
    ImageDraw.Draw(image).text((120, 98), UNTIL, fill="black", font=ImageFont.load_default(24))
    packed = io.BytesIO()
    image.save(packed, "JPEG")
    sheet.drawImage(ImageReader(packed), 0, 0, 595, 760)


def without_ink(sheet: Any) -> None:
    sheet.setFillColorRGB(1, 1, 1)
    sheet.drawString(60, 700, UNTIL)


def on_later_pages(sheet: Any) -> None:
    sheet.showPage()
    sheet.drawString(60, 780, "Annex")
    sheet.showPage()
    ghost(sheet)


def over_other_writing(sheet: Any) -> None:
    sheet.drawString(60, 700, "Valid until: 2026-12-31")
    ghost(sheet)


def on_a_rule(sheet: Any) -> None:
    without_ink(sheet)
    sheet.line(20, 703, 560, 703)


def after_a_label(sheet: Any) -> None:
    sheet.drawString(60, 700, "Valid until: ")
    ghost(sheet, "2031-12-31", (125, 700))


def tiny(sheet: Any) -> None:
    sheet.setFont("Helvetica", 1)
    sheet.drawString(60, 700, UNTIL)


def pale_without_its_font(sheet: Any) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet.setFont("STSong-Light", 12)
    sheet.setFillColorRGB(1, 1, 1)
    sheet.drawString(60, 700, "有效期至二〇三一年十二月三十一日")


HIDDEN: list[tuple[Callable[[Any], None], int]] = [
    (without_ink, 1),
    (on_later_pages, 3),
    (over_other_writing, 1),
    (on_a_rule, 1),
    (after_a_label, 1),
    (tiny, 1),
    (pale_without_its_font, 1),
    (ghost, 1),
    (lambda sheet: sheet.drawString(60, -300, UNTIL), 1),
    (lambda sheet: (scan(sheet), ghost(sheet, at=(60, 200))), 1),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("hide", "page"), HIDDEN)
def test_hidden_text_is_told(hide: Callable[[Any], None], page: int) -> None:
    found = signals(drawn(hide))
    assert [(each["name"], each["page"]) for each in found] == [("hidden_text", page)]
    assert found[0]["strength"] >= 8
    assert all(0 <= edge <= 1 for edge in found[0]["box"])


def on_dark(sheet: Any) -> None:
    sheet.rect(0, 690, 595, 40, fill=1)
    without_ink(sheet)


def recognised(sheet: Any) -> None:
    scan(sheet)
    ghost(sheet)


def small_and_pale(sheet: Any) -> None:
    sheet.setFont("Helvetica", 5)
    sheet.setFillGray(0.85)
    sheet.drawString(60, 700, UNTIL)


def rotated(sheet: Any) -> None:
    sheet.translate(300, 300)
    sheet.rotate(45)
    sheet.drawString(0, 0, UNTIL)


def without_its_font(sheet: Any) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet.setFont("STSong-Light", 12)
    sheet.drawString(60, 700, "有效期至二〇三一年十二月三十一日")


@pytest.mark.parametrize("write", [on_dark, recognised, small_and_pale, rotated, without_its_font])
def test_honest_text_is_not(write: Callable[[Any], None]) -> None:
    assert signals(drawn(write)) == []


@pytest.mark.parametrize("folder", ["synthetic_pades"])
def test_given_documents_hide_nothing(folder: str) -> None:
    for paper in sorted((shared_data("certificates") / folder).glob("*.pdf")):
        seen = look(paper.read_bytes(), anchors=[], at=datetime.now(UTC)).reading["signals"]
        assert not [each for each in seen if each["name"].startswith("hidden_")], paper.name


@pytest.mark.parametrize(
    ("group", "config", "told"),
    [
        (b"", b"", []),
        (b"", b"/OFF[4 0 R]", ["hidden_layer"]),
        (b"", b"/BaseState/OFF", ["hidden_layer"]),
        (b"", b"/BaseState/OFF/ON[4 0 R]", []),
        (b"/Usage<</Print<</PrintState/OFF>>>>", b"", ["hidden_layer"]),
        (b"/Usage<</View<</ViewState/ON>>>>", b"/OFF[]", []),
    ],
)
def test_layers_that_are_off_are_told(group: bytes, config: bytes, told: list[str]) -> None:
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[4 0 R]/D<<%s>>>>>>" % config
    found = signals(hostile.pdf(catalogue, hostile.PAGES, hostile.PAGE, GROUP % group))
    assert [each["name"] for each in found] == told


def test_words_of_a_layer_that_is_off_are_hidden_text() -> None:
    words = hostile.stream(b"/OC /L BDC BT /F 12 Tf 60 700 Td (Valid until: 2031-12-31) Tj ET EMC")
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Properties<</L 5 0 R>>"
        b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    )
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>>>"
    found = signals(hostile.pdf(catalogue, hostile.PAGES, page, words, GROUP % b""))
    assert {each["name"] for each in found} == {"hidden_layer", "hidden_text"}
