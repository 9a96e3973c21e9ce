"""Spreadsheets: what stands in a cell is what was given, and nothing reckons with it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

from defusedxml import ElementTree

from traceability import workbook
from traceability.workbook import Sheet

MADE = datetime(2026, 11, 22, 8, tzinfo=UTC)
_NAMES = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cells_of(book: bytes, sheet: int = 1) -> dict[str, tuple[str, str, bool]]:
    """Cell → (type, text or number, whether it has a formula), as a reader of the format sees it."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        texts = ["".join(node.itertext()) for node in ElementTree.fromstring(parts.read("xl/sharedStrings.xml")).findall("x:si", _NAMES)]
        page = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{sheet}.xml"))
    found = {}
    for cell in page.iter(f"{{{_NAMES['x']}}}c"):
        value = cell.findtext("x:v", "", _NAMES)
        kind = cell.get("t", "n")
        found[cell.get("r")] = (kind, texts[int(value)] if kind == "s" else value, cell.find("x:f", _NAMES) is not None)
    return found


def _book(*rows: tuple[workbook.Cell, ...]) -> bytes:
    return workbook.written([Sheet("One", (("A", 10), ("B", 10)), rows)], title="T", made_at=MADE)


def test_text_that_looks_like_a_formula_or_a_number_stays_text() -> None:
    evil = ["=1+1", "@SUM(A1)", "+44", "-1", '=HYPERLINK("http://x")', "https://id.gs1.org/01/0", "00012", "{=A1}"]
    told = cells_of(_book(*[(text, None) for text in evil]))
    assert [told[f"A{row}"] for row in range(2, len(evil) + 2)] == [("s", text, False) for text in evil]


def test_dates_and_numbers_are_real() -> None:
    told = cells_of(_book((date(2026, 4, 18), Decimal("2.5")), (7, Decimal("25000"))))
    assert told["A2"] == ("n", str((date(2026, 4, 18) - date(1899, 12, 30)).days), False)
    assert [told[cell][1] for cell in ("B2", "A3", "B3")] == ["2.5", "7", "25000"]


def test_the_head_stays_and_filters_and_the_same_table_is_the_same_file() -> None:
    book = _book(("x", "y"))
    assert book == _book(("x", "y"))
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in page
    assert re.search(r'<autoFilter ref="A1:B2"', page)
