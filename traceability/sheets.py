"""Tables as CSV for spreadsheets, written so that none of them reckons with what stands in a cell. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet would reckon instead of show (OWASP, CSV injection), also in the full-width signs of a Chinese keyboard."""
NEGATIVE: Final = re.compile(r"-[0-9]+(\.[0-9]+)?")
"""A plain number, which may stay one."""


def written(columns: Sequence[str], table: Iterable[Iterable[str]]) -> bytes:
    """CSV in UTF-8, with a mark in front by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_shown(cell) for cell in cells] for cells in table)
    return out.getvalue().encode("utf-8-sig")


def _shown(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) and not NEGATIVE.fullmatch(cell) else cell
