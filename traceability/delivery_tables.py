"""The lines of a delivery as a table: a CSV that a supplier sent along, read into plain words. Nothing is decided here."""

from __future__ import annotations

import csv
import io
from typing import Final

from kernel.errors import Invalid, flaw

MOST_BYTES: Final = 256 * 1024
COLUMNS: Final = {
    "material": ("material", "物料", "物料编码", "品名"),
    "quantity": ("quantity", "数量"),
    "uom": ("uom", "unit", "单位"),
    "supplier_lot": ("supplier_lot", "lot", "供应商批号", "批号"),
    "lot_code": ("lot_code", "我们的批号", "本厂批号"),
    "supplier_gtin": ("supplier_gtin", "gtin", "商品条码", "条码"),
}
"""Column → the names that its head may have."""
_NAMES: Final = {name: column for column, names in COLUMNS.items() for name in names}
_NEEDED: Final = ("material", "quantity")


def read(content: bytes, *, most: int) -> list[dict[str, str]]:
    """The lines that are not empty, each with a text for every column; ``material`` is a code or a name, as it was written.

    UTF-8, or GB 18030 as spreadsheets in China save it. Raises Invalid at /file.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(errors=[flaw("/file", "delivery-bytes", f"at most {MOST_BYTES} bytes", most=MOST_BYTES // 1024)])
    try:
        rows = list(csv.reader(io.StringIO(_text(content), newline=""), strict=True))
    except csv.Error:
        raise Invalid(errors=[flaw("/file", "csv", "is no CSV that can be read")]) from None
    head = [_NAMES.get(cell.strip().lower()) for cell in rows[0]] if rows else []
    if any(column not in head for column in _NEEDED):
        raise Invalid(errors=[flaw("/file", "delivery-head", "the first line names the columns", columns=", ".join(COLUMNS))])
    lines = [dict.fromkeys(COLUMNS, "") | _cells(head, row) for row in rows[1:] if any(cell.strip() for cell in row)]
    if len(lines) > most:
        raise Invalid(errors=[flaw("/file", "most", f"at most {most} lines", most=most)])
    return lines


def _cells(head: list[str | None], row: list[str]) -> dict[str, str]:
    return {column: cell.strip() for column, cell in zip(head, row, strict=False) if column}


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(errors=[flaw("/file", "csv", "is no CSV that can be read")])
