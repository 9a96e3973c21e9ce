"""Tables as a spreadsheet (Office Open XML, ECMA-376): real dates and numbers, and text that nothing reckons with. Pure.

The one room that knows the library which writes the format.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

Cell = str | int | Decimal | date | None

_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""A cell of text stays text, whatever it begins with (OWASP, CSV injection)."""
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST: Final = 32_767
"""Characters that a cell holds."""


@dataclass(frozen=True)
class Sheet:
    """``columns``: titles with widths in characters. The head stays in sight and sorts and filters what is below."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


def written(sheets: Iterable[Sheet], *, title: str, made_at: datetime) -> bytes:
    """The file; the same bytes for the same sheets, title and moment."""
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": title, "created": made_at.astimezone(UTC).replace(tzinfo=None)})
    styles = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEEEE8", "bottom": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "amount": book.add_format({"num_format": "#,##0.######"}),
        "whole": book.add_format({"num_format": "#,##0"}),
    }
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, styles)
    book.close()
    return out.getvalue()


def _write(page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    for column, (title, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(0, column, title, styles["head"])
    row = 0
    for row, cells in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(cells):
            _put(page, row, column, cell, styles)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, row, len(sheet.columns) - 1)


def _put(page: Any, row: int, column: int, cell: Cell, styles: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        page.write_string(row, column, cell[:_LONGEST])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, styles["day"])
    else:
        whole = cell == int(cell)
        page.write_number(row, column, int(cell) if whole else float(cell), styles["whole" if whole else "amount"])
