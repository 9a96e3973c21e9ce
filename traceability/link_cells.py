"""A table of links as a file: what stands in its cells, and how they are written so that no spreadsheet reckons with them.

It must not know what a link may be.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from kernel.errors import Invalid, flaw
from traceability import sheets
from traceability.link_anchors import Anchor
from traceability.link_rules import Wanted

MOST: Final = 20_000
MOST_BYTES: Final = 5_000_000
COLUMNS: Final = ("key", "link_type", "href", "title", "language", "media_type", "context", "default", "passes_query", "action")
NEEDED: Final = ("key", "link_type", "href", "title")


@dataclass
class Row:
    """One row of a file. ``place`` counts rows from 0, ``line`` lines of the file from 1; ``before``: the link as it is."""

    place: int
    line: int
    said: dict[str, str]
    outcome: str = "wrong"
    anchor: Anchor | None = None
    wanted: Wanted | None = None
    before: Wanted | None = None
    flaws: list[dict[str, Any]] = field(default_factory=list)


def written(table: Iterable[Iterable[str]]) -> bytes:
    """CSV in UTF-8, with a mark in front by which spreadsheets know it."""
    return sheets.written(COLUMNS, table)


def read(content: bytes) -> Iterator[Row]:
    """The rows under the head. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(errors=[flaw("/file", "csv-bytes", f"at most {MOST_BYTES // 1_000_000} MB", most=MOST_BYTES // 1_000_000)])
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in head]
        if missing or max(map(head.count, filter(None, head))) > 1:
            raise Invalid(
                errors=[flaw("/file", "csv-head", f"the first line must name {', '.join(NEEDED)}, each once", columns=list(NEEDED))]
            )
        place = 0
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if place == MOST:
                raise Invalid(errors=[flaw("/file", "most", f"at most {MOST} rows", most=MOST)])
            row = Row(place, reader.line_num, {name: _plain(cell) for name, cell in zip(head, cells, strict=False) if name in COLUMNS})
            if any(cell.strip() for cell in cells[len(head) :]):
                row.flaws.append(flaw(f"/rows/{place}", "csv-cells", "has more cells than the first line has columns", line=row.line))
            yield row
            place += 1
    except csv.Error:
        raise Invalid(errors=[flaw("/file", "csv", "must be a CSV file")]) from None


def _text(content: bytes) -> str:
    """UTF-8, or what Chinese spreadsheets write by themselves (GB 18030, which holds GBK)."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(errors=[flaw("/file", "csv", "must be a CSV file in UTF-8 or GBK")])


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and sheets.FORMULA.match(cell) else cell
