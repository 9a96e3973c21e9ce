"""The codes as CSV (RFC 4180), for printers that make symbols themselves."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from traceability import gs1
from traceability.labels.base import Label


class Rows:
    """Columns position (from 1), link, gtin, serial.

    GTIN and serial are text: a spreadsheet must import them as such, or it drops leading zeros.
    """

    media_type = "text/csv; charset=utf-8"
    suffix = "csv"

    def render(self, labels: Sequence[Label]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("position", "link", "gtin", "serial"))
        for position, label in enumerate(labels, start=1):
            link = gs1.parse(label.link)
            writer.writerow((position, *map(harmless, (label.link, link.gtin, link.serial or ""))))
        return out.getvalue().encode()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before a start that a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
