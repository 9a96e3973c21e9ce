"""Text with its places, words about itself, and pictures of pages."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from suppliers.reading.lines import Letter, grouped
from suppliers.reading.pages import moment
from tests.conftest import shared_data
from tests.suppliers.reading.hostile import drawn, stream
from tests.suppliers.reading.signed import signed_set


def look(content: bytes) -> dict[str, Any]:
    return signed_set().look(content)


def table(*, rotate: int = 0) -> bytes:
    out = io.BytesIO()
    sheet = Canvas(out, pagesize=(600, 800))
    sheet.setProducer("a press")  # type: ignore[no-untyped-call]
    sheet.setPageRotation(rotate)
    sheet.setFont("Helvetica", 12)
    sheet.drawString(60, 700, "Licence number")
    sheet.drawString(300, 700, "SC11532139200465")
    sheet.drawString(60, 400, "Valid until 2030-12-31")
    sheet.save()
    return out.getvalue()


def test_a_label_and_its_value_are_two_lines_with_places() -> None:
    lines = {line["text"]: line for line in look(table())["lines"]}
    assert set(lines) == {"Licence number", "SC11532139200465", "Valid until 2030-12-31"}
    left, top, right, bottom = lines["SC11532139200465"]["box"]
    assert left == pytest.approx(0.5, abs=0.01)
    assert 0.1 < top < 0.125 < bottom < 0.14
    assert right < 0.75
    assert lines["Valid until 2030-12-31"]["box"][1] == pytest.approx(0.49, abs=0.02)


def test_places_are_those_of_the_page_as_it_is_shown() -> None:
    lines = look(table(rotate=180))["lines"]
    (line,) = [line for line in lines if line["text"] == "SC11532139200465"]
    _left, top, right, bottom = line["box"]
    assert right == pytest.approx(0.5, abs=0.01)
    assert 0.86 < top < bottom < 0.9


def test_chinese_lines_of_the_given_set_are_whole() -> None:
    texts = [line["text"] for line in look(signed_set().bytes("unsigned.pdf"))["lines"]]
    assert texts[0] == "检验报告"
    assert texts[1].startswith("报告编号：SYJC-2025-00123")
    assert len(texts) == 7


def test_what_it_says_of_itself() -> None:
    reading = look(table())
    assert reading["meta"]["producer"] == "a press"
    assert reading["meta"]["created"]
    assert (reading["lines_from"], reading["previews"], reading["changed"]) == ("layer", 1, [])


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        ("D:20261121182737+08'00'", "2026-11-21T18:27:37+08:00"),
        ("D:20261121182737Z", "2026-11-21T18:27:37+00:00"),
        ("D:2026", "2026-01-01T00:00:00"),
        ("20261121", "2026-11-21T00:00:00"),
        ("D:20261399", None),
        ("D:20261121182737+99'99'", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_a_document(said: str, iso: str | None) -> None:
    assert moment(said) == iso


def test_a_scan_in_a_document_has_no_lines_and_its_symbols() -> None:
    photo = (shared_data("certificates") / "synthetic_scans" / "sc_dairy_scan.jpg").read_bytes()
    words = b"/Type/XObject/Subtype/Image/Width 1768/Height 1260/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode"
    page = b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
    reading = look(drawn(stream(b"q 595 0 0 424 0 200 cm /I Do Q"), stream(photo, words), page=page))
    assert (reading["lines"], reading["lines_from"]) == ([], None)
    assert [each["format"] for each in reading["symbols"]] == ["QRCode"]


def _letters(text: str, *, left: float, top: float, step: float = 0.01) -> list[Letter]:
    return [Letter(each, (left + step * at, top, left + step * (at + 0.9), top + 0.01)) for at, each in enumerate(text)]


def test_a_gap_parts_words_and_a_wide_one_lines() -> None:
    near = _letters("ab", left=0.1, top=0.1) + _letters("cd", left=0.125, top=0.1)
    assert [text for text, _ in grouped(near, aspect=1.0)] == ["ab cd"]
    far = _letters("ab", left=0.1, top=0.1) + _letters("cd", left=0.3, top=0.1)
    assert [text for text, _ in grouped(far, aspect=1.0)] == ["ab", "cd"]
    below = _letters("ab", left=0.1, top=0.1) + _letters("cd", left=0.12, top=0.2)
    assert [text for text, _ in grouped(below, aspect=1.0)] == ["ab", "cd"]
    chinese = _letters("有", left=0.1, top=0.1) + _letters("效", left=0.115, top=0.1)
    assert [text for text, _ in grouped(chinese, aspect=1.0)] == ["有效"]


_PLACE = st.floats(-1, 2, allow_nan=False)


@given(st.lists(st.tuples(st.sampled_from("a溯 \n"), st.one_of(st.none(), st.tuples(_PLACE, _PLACE, _PLACE, _PLACE))), max_size=40))
def test_no_letter_is_lost_and_every_box_lies_on_the_page(letters: list[tuple[str, Any]]) -> None:
    given_letters = [Letter("\n", None) if text == "\n" else Letter(text, box) for text, box in letters]
    lines = grouped(given_letters, aspect=0.7)
    placed = [letter.text for letter in given_letters if letter.text.strip() and letter.box]
    assert sum(text.replace(" ", "").count(each) for text, _ in lines for each in "a溯") >= len(placed)
    assert all(0 <= edge <= 1 for _, box in lines for edge in box)
